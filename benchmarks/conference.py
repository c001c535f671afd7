"""A conference in the middle of its day, small and large: pages, timetable, the rest planned anew, print, calendars.

    ./run bench conference [--sizes 70x40,500x200] [--database sqlite|postgresql|both] [--profile PAGE]

Each database is new and empty; PostgreSQL is a real server from a wheel. The conference is made by the functions that
the pages call. Prints a table with the figures wanted, the statements of each page beside them.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import time
from dataclasses import dataclass
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.crowd import officer, print_shop, visitors
from benchmarks.crowd.gathering import Gathering, gather
from benchmarks.measuring import servers
from benchmarks.measuring.databases import settle, site
from benchmarks.measuring.work import counted, timed
from core.db import session
from core.memory import keep_loaded

SIZES = ((70, 40), (500, 200))
# Seconds wanted at these two sizes; None: nothing was promised.
PAGE, PRINTED, TIMETABLE, ANEW = (0.030, 0.080), (5.0, 25.0), (2.0, None), (1.0, None)
HELPS = 90.0  # at any size; what is found is shown as it comes
BOARD_READ = 6.0  # seconds, with and without calendars that poll


@dataclass(frozen=True)
class Measure:
    """Seconds of the clock (the middle of many) and of the processor, and statements where they were counted."""

    clock: float
    cpu: float
    statements: int | None = None
    wanted: float | None = None
    note: str = ""

    @property
    def faults(self) -> list[str]:
        """What is wrong with it, in words."""
        late = self.wanted is not None and self.clock > self.wanted
        return [f"wanted {shown(self.wanted).strip()}"] if late and self.wanted is not None else []


def shown(seconds: float) -> str:
    """A time in the unit in which one thinks of it."""
    return f"{seconds * 1000:7.1f} ms" if seconds < 0.5 else f"{seconds:7.2f} s "


Column = dict[str, Measure]


def pages(app: Flask, found: Gathering, wanted: float | None, profiled: str) -> Column:
    """Every page as its readers open it, one reader after the other."""
    measures, browsers = {}, dict[int, FlaskClient]()
    for name, page in visitors.pages(found).items():
        profile = cProfile.Profile()
        times, cpus, statements = list[float](), list[float](), list[int]()
        for user, path in page.addresses:
            browser = browsers.get(user) or browsers.setdefault(user, visitors.sign_in(app, user))
            if page.warm:
                browser.get(path)
            with counted(app) as seen:
                seconds, cpu, answer = timed(profile if profiled == name else None, browser.get, path)
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")
            times.append(seconds)
            cpus.append(cpu)
            statements.append(len(seen))
        measures[name] = Measure(median(times), median(cpus), max(statements), wanted if page.wanted else None)
        if profiled == name:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return measures


def served_pages(
    app: Flask, found: Gathering, timetable: float | None, anew: float | None, printed: float | None
) -> Column:
    """What goes through the server and the job process: timetable, the rest planned anew, print, calendars."""
    measures: Column = {}
    with servers.served(app.extensions["settings"]) as running:
        reader = officer.signed_in(app, running, found)
        reader.get("/")
        running.settle()
        for name, wanted, work in (
            ("timetable, from click to board", timetable, officer.make_timetable),
            ("planned anew: a firm is absent", anew, officer.without_a_firm),
            ("planned anew: a table is lost", anew, officer.without_a_table),
        ):
            before, seconds = running.cpu(), work(reader, found)
            measures[name] = Measure(seconds, (running.cpu() - before) / officer.TIMES, wanted=wanted)
        before, seconds = running.cpu(), officer.what_helps(reader, found)
        measures["what one more would allow"] = Measure(seconds, running.cpu() - before, wanted=HELPS)
        measures["everything to print, click to file"] = printing(app, reader, running, found, printed)
        alone = officer.read_board(reader, found, BOARD_READ)
        calendars = officer.Calendars(running.port, found.feeds)
        with calendars.polled():
            beside = officer.read_board(reader, found, BOARD_READ)
        measures["board through the server"] = Measure(alone, 0.0)
        measures["the same while calendars poll"] = Measure(
            beside, 0.0, note=f"{calendars.asked} asked in {BOARD_READ:g} s, {calendars.unchanged} answered 304"
        )
    return measures


def printing(
    app: Flask, reader: servers.Reader, running: servers.Served, found: Gathering, wanted: float | None
) -> Measure:
    """Everything to print, and whether every participant is in it once with all of its meetings."""
    before = running.cpu()
    seconds, made = print_shop.everything(reader, found.conference)
    cpu = running.cpu() - before
    with app.app_context():
        sheets, planned = print_shop.sheets_of(found.version), print_shop.planned(found.version)
        session.rollback()
    names = [sheet["name"] for sheet in sheets]
    if print_shop.printed(sheets) != planned or len(set(names)) != len(names):
        raise SystemExit("the print pack and the rows differ")
    note = f"{len(sheets)} sheets with {planned.total()} lines as in the rows, {sum(map(len, made)) // 2**20} MB"
    return Measure(seconds, cpu, wanted=wanted, note=note)


def table(kind: str, sizes: list[tuple[int, int]], columns: list[Column]) -> int:
    """Print the figures of one database side by side; return how many are missed."""
    missed = 0
    heads = "".join(f" | {f'{firms} x {partners}':>10} {'CPU':>10} {'queries':>7}" for firms, partners in sizes)
    print(f"\n  {kind:37}{heads} |")
    for name in columns[0]:
        found = [column[name] for column in columns]
        cells = [f" | {shown(m.clock)} {shown(m.cpu)} {m.statements or '':>7}" for m in found]
        wrong = [fault for m in found for fault in m.faults]
        if len({m.statements for m in found}) > 1:
            wrong.append("queries grow")
        missed += len(wrong)
        notes = [m.note for m in found if m.note]
        print(f"  {name:37}{''.join(cells)} | {', '.join(wrong).upper()} {'; '.join(notes)}".rstrip(), flush=True)
    return missed


def run(kind: str, sizes: list[tuple[int, int]], options: argparse.Namespace) -> int:
    """All figures on one database; return how many are missed."""
    columns = []
    for size in sizes:
        began = time.perf_counter()
        with site(kind) as app:
            with app.app_context():
                found = gather(*size)
                settle()
            keep_loaded()  # as the processes of the site do
            made = time.perf_counter() - began
            n = SIZES.index(size) if size in SIZES else 1
            column = pages(app, found, PAGE[n], options.profile)
            columns.append(column | served_pages(app, found, TIMETABLE[n], ANEW[n], PRINTED[n]))
        spent = time.perf_counter() - began
        head = f"{kind}, {size[0]} x {size[1]}: made in {made:.0f} s, together {spent:.0f} s"
        print(f"{head}, load {os.getloadavg()[0]:.1f}", flush=True)
    return table(kind, sizes, columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(f"{a}x{b}" for a, b in SIZES))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--profile", default="", help="a page as it is printed")
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    sizes = [(int(a), int(b)) for a, b in (size.split("x") for size in options.sizes.split(","))]
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    raise SystemExit(1 if sum([run(kind, sizes, options) for kind in kinds]) else 0)


if __name__ == "__main__":
    main()
