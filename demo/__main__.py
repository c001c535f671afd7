"""Fills an empty demo: organisations by the import, the year's events, one conference computed before one's eyes.

    python -m demo [--fresh]

A second start finds everything there and only prints where it is.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from core import config
from core.db import db
from demo import filling, people


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
            filling.fill()
        _tell(settings)


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
