"""Fills an empty demo: organisations by the import, the year's events, one conference computed before one's eyes.

    python -m demo [--fresh]

A second start finds everything there and only prints where it is.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from core import clock, config
from core.db import db, session, write
from demo import conference, delegation, past, people, personal_data, preparing, profiles
from demo import directory as demo_directory
from demo import events as demo_events
from demo import organisations as demo_organisations
from demo import portal as demo_portal
from events.conferences.browsing import ranking


def main() -> None:
    settings = config.read()
    if settings.mode != "demo":
        raise SystemExit("The demo runs with MODE=demo only; it makes accounts whose password everybody knows.")
    fresh = "--fresh" in sys.argv[1:]
    if fresh and settings.sqlite:
        _forget(settings)
    app = create_app(settings)
    with app.app_context():
        if fresh and not settings.sqlite:
            _drop_everything()
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        if people.present():
            print("The demo data is there already (./run demo --fresh begins anew).")
        else:
            _fill(app)
        _tell(settings)


def _fill(app: Flask) -> None:

    at = clock.now()
    with step("Accounts"), write():
        officer = people.make_staff(at=at).id
    with step("Organisations, products, needs and offers, by the import"), write():
        demo_organisations.load(by=people.by_id(officer), at=at)
    with step("People of organisations"), write():
        people.make_members(at=at)
        people.make_joiners(by=people.by_id(officer), at=at)
        personal_data.load(by=people.by_id(officer), at=at)
        demo_directory.load(by=people.by_id(officer), at=at)
    with step("Certificates, years and details of some firms"), write():
        profiles.load(by=people.by_id(officer), at=at)
    profiles.photograph(by=people.by_id(officer), at=at)
    with step("The year's events, and the participants of the demo conference"), write():
        demo_events.load(by=people.by_id(officer), at=at)
    session.rollback()
    with step("A conference of last season, and what its (invented) answers teach"):
        past.load(officer)
    with step("Introductions, what firms say of their situation, news"), write():
        demo_portal.load(by=people.by_id(officer), at=at)
    session.rollback()
    conference.compute(officer)
    with step("First answers to it; candidates for the next conference, a few of them decided"):
        preparing.answer(conference.shown().id, officer)
        preparing.choose(officer)
    session.rollback()
    with step("The firms ranked for every partner who browses"):
        ranking.rank_first(clock.now())
    with step("A delegation, its hosts and its programme of visits"):
        delegation.load(officer)


class step:
    """Prints what is being done and how long it took; a word, as it is used like one."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began = time.perf_counter()
        print(f"  {self.what} …", end="", flush=True)

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        print(f" {time.perf_counter() - self.began:.1f} s" if kind is None else " failed", flush=True)


def _forget(settings: config.Settings) -> None:
    """Delete the embedded database and what lies beside it."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    for folder in ("mail", "files"):
        shutil.rmtree(settings.data_dir / folder, ignore_errors=True)


def _drop_everything() -> None:
    with db.engine.begin() as connection:
        db.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")


def _tell(settings: config.Settings) -> None:
    port = os.environ.get("PORT") or "8000"
    print(f"\n  Site     http://127.0.0.1:{port}   (Ctrl-C stops it)")
    print(f"  Mail     {settings.mail_dir} (every mail of the demo as a file)")
    print(f"  Password of all demo accounts: {people.PASSWORD}\n")
    for name, email, what in people.known():
        print(f"  {email:34} {what:34} {name}")
    print(flush=True)


if __name__ == "__main__":
    main()
