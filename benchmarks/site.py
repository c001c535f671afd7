"""From an uploaded list to a published timetable through the site's own functions: seconds, value, mails.

    ./run bench site [--firms 200,500] [--partners 60] [--slots 16] [--out DIR] [--profile]

Each size gets an empty SQLite database of its own (DATABASE_URL names another one, which has to be empty; then one
size a run). With REFEREE_DIR the instance and the timetable go to its verifier. `--out` keeps the two files.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select

from app import create_app
from benchmarks.crowd import conference as crowd
from benchmarks.crowd.organisations import workbook
from core import clock, config
from core.db import db, get, session, write
from core.outbox import Mail
from events.conferences import agenda, freshness, suggestions, timetable
from events.conferences.models import Conference, TimetableVersion

Answer = TypeVar("Answer")
WANTED = 30.0  # seconds for all steps at 200 firms


class Clockwork:
    """Prints what each step took, in seconds of the clock and of the processor."""

    def __init__(self, profiled: bool) -> None:
        self.total, self.cpu, self.profiled = 0.0, 0.0, profiled

    def step(self, what: str, work: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        profile = cProfile.Profile()
        began, cpu = time.perf_counter(), time.process_time()
        answer = profile.runcall(work, *args, **kwargs) if self.profiled else work(*args, **kwargs)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        self.total, self.cpu = self.total + seconds, self.cpu + cpu
        print(f"  {what:44} {seconds:7.2f} s {cpu:7.2f} CPU", flush=True)
        if self.profiled:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(28)
        return answer


def run(firms: int, partners: int, slots: int, options: argparse.Namespace) -> bool:
    """One size; return whether the verifier, if there is one, accepted the timetable."""
    print(f"{firms} firms x {partners} partners x {slots} slots")
    data = workbook(firms, partners)
    clockwork = Clockwork(options.profile)
    step = clockwork.step
    officer = crowd.officer()
    upload = step(f"upload and check of the list ({len(data) // 1024} kB)", crowd.upload, data, officer)
    fingerprint = step("preview", crowd.preview, upload)
    step("import", crowd.apply, upload, fingerprint, officer)
    crowd.people()
    key = step("conference, slots, free tables", crowd.set_up, slots, officer)
    count = step("everybody takes part", crowd.join, key, officer)
    step("absences and delegates", crowd.say_presence, key, officer)
    lines = step("suggestions", suggestions.refresh, key)
    said = step("wishes", crowd.wish, key, officer)
    step("suggestions again", suggestions.refresh, key)
    edited = crowd.edit_need(key, officer)
    step("own list of a firm that edited a need", suggestions.refresh_edited, clock.now())
    assert edited not in freshness.edited(_row(Conference, key))
    print(f"  first places of firms' lists by kind of partner: {crowd.first_places(key)}")
    version = step("timetable", timetable.generate, key, by=officer).id
    encoded = timetable.encode(_row(Conference, key))
    told = step("publishing", publish, version, officer)
    print(f"  {'together':44} {clockwork.total:7.2f} s {clockwork.cpu:7.2f} CPU")
    quality = _row(TimetableVersion, version).quality
    print(
        f"  {count} participants, {lines} lines of suggestions, {said} wishes; {quality['meetings']} meetings, "
        f"{quality['share']:.4%} of the bound{' (proven)' if quality['proven'] else ''}, "
        f"{len(quality['under_minimum'])} under their minimum, {quality['idle_runs']} idle runs; "
        f"{told} told, {session.scalar(select(func.count()).select_from(Mail))} mails"
    )
    if firms == 200 and clockwork.total > WANTED:
        print(f"  more than the {WANTED:.0f} s wanted on two calm cores")
    meetings = agenda.meetings(_row(TimetableVersion, version))
    pair = crowd.instance(encoded), crowd.timetable_file(encoded, meetings, quality)
    return refereed(*pair, f"{firms}x{partners}x{slots}", options.out)


def publish(version: int, officer: int) -> int:
    with write():
        return timetable.publish(_row(TimetableVersion, version), by=officer, at=clock.now())


def refereed(instance: dict[str, Any], answer: dict[str, Any], name: str, folder: Path) -> bool:
    """Write the two files, and have the independent verifier judge them where it is at hand."""
    paths = crowd.write_files(folder, f"site-{name}", instance, answer)
    given = os.environ.get("REFEREE_DIR")
    if not given:
        print("  not verified: REFEREE_DIR is not set\n")
        return True
    report = crowd.referee(Path(given), paths)
    print(f"  verifier: {'accepted' if report['feasible'] else 'REFUSED'} {json.dumps(report)}\n")
    return bool(report["feasible"])


def _row(model: Any, key: int) -> Any:
    found = get(model, key)
    assert found is not None
    return found


def main() -> int:
    """Run the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", default="200,500")
    parser.add_argument("--partners", type=int, default=60)
    parser.add_argument("--slots", type=int, default=16)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir(), "spcncl-bench"))
    parser.add_argument("--profile", action="store_true", help="print the costly functions of each step")
    options = parser.parse_args()
    accepted = True
    for firms in map(int, options.firms.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            environment = {"MODE": "test", "DATA_DIR": folder, "LOG_LEVEL": "WARNING"}
            given = {"DATABASE_URL": os.environ["DATABASE_URL"]} if os.environ.get("DATABASE_URL") else {}
            with create_app(config.read(environment | given)).app_context():
                db.create_all()
                accepted &= run(firms, options.partners, options.slots, options)
                db.session.remove()
                db.engine.dispose()
    return 0 if accepted else 1


if __name__ == "__main__":
    sys.exit(main())
