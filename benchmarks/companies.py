"""Five thousand organisations: the import, the directory, search as one types, pages, signing in, views a second.

    ./run bench companies [--rows 5000] [--database sqlite|postgresql|both] [--profile import|directory|profile]

Each database is new and empty; PostgreSQL is a real server from a wheel. Prints a table with the figures wanted.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
from statistics import median

from flask import Flask
from sqlalchemy import select

from benchmarks.crowd import browsing, conference, long_list
from benchmarks.measuring.databases import site
from benchmarks.measuring.servers import served
from benchmarks.measuring.work import counted, timed
from companies.models import Organisation
from core import config
from core.db import session

PAGE, IMPORT, SIGN_IN, VIEWS = 15.0, 20.0, 10.0, 200.0  # ms, s, ms, a second


class Table:
    """Prints each figure beside the one wanted; `missed` counts those that are not reached."""

    def __init__(self) -> None:
        self.missed = 0

    def line(self, what: str, value: float, unit: str, wanted: float | None = None, more: str = "") -> None:
        """One figure; more is better for rates, less for times."""
        good = wanted is None or (value >= wanted if unit == "/s" else value <= wanted)
        self.missed += not good
        mark = "" if wanted is None else f"{'>=' if unit == '/s' else '<='} {wanted:g} {unit}"
        print(f"  {what:44} {value:9.1f} {unit:3} {mark:12} {'' if good else 'MISSED':6} {more}", flush=True)


def imports(table: Table, app: Flask, rows: int, profiled: bool) -> None:
    """A list of so many organisations, then one of their products and one of awards, as the tasks do it."""
    officer = conference.officer()
    for what, data in (
        ("organisations", long_list.organisations(rows)),
        ("the same again", long_list.organisations(rows)),
        ("changes in every row", long_list.organisations(rows, employees=7)),
        ("products", long_list.products(rows)),
        ("awards", long_list.awards(rows // 5)),
    ):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        profile = cProfile.Profile()
        with counted(app) as seen:
            seconds, cpu, steps = timed(profile if profiled else None, long_list.take_in, data, officer)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        more = f"{cpu:.1f} s CPU, {len(seen)} statements, peak {after} MB (+{after - before}); {steps}"
        table.line(f"import of {what} ({len(data) // 1024} kB)", seconds, "s", IMPORT, more)
        if profiled:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(35)
            return


def pages(table: Table, app: Flask, profiled: str) -> None:
    """What the public reads, as nobody: the middle of many requests, and the statements of one."""
    with app.app_context():
        ids = session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
    for what, paths in browsing.paths(ids).items():
        client = app.test_client()
        client.get(paths[0])
        profile = cProfile.Profile()
        times, cpus = list[float](), list[float]()
        for path in paths:
            with counted(app) as seen:
                seconds, cpu, answer = timed(profile if profiled == what else None, client.get, path)
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")
            times.append(seconds * 1000)
            cpus.append(cpu * 1000)
        worst = sorted(times)[int(len(times) * 0.95)]
        table.line(
            what, median(times), "ms", PAGE, f"{median(cpus):.1f} ms CPU, p95 {worst:.1f}, {len(seen)} statements"
        )
        if profiled == what:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


def signing_in(table: Table, app: Flask) -> None:
    """Signing in without the deliberate cost of the password's hash."""
    times, cpus = browsing.sign_in_times(app, 30)
    table.line("signing in, without hashing", median(times), "ms", SIGN_IN, f"{median(cpus):.1f} ms CPU")


def views(table: Table, settings: config.Settings, seconds: float) -> None:
    """Public pages a second through gunicorn with two processes, asked by eight connections beside it."""
    with served(settings, jobs=False) as site_:
        rate, p95 = browsing.views_a_second(site_.port, [1, 7, 19, 300], seconds)
        table.line("public page views through gunicorn", rate, "/s", VIEWS, f"p95 {p95:.0f} ms")


def run(kind: str, options: argparse.Namespace) -> int:
    """All figures on one database; return how many are missed."""
    print(f"{kind}: {options.rows} organisations, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    table = Table()
    with site(kind) as app:
        with app.app_context():
            imports(table, app, options.rows, options.profile == "import")
        pages(table, app, options.profile or "")  # outside a context: each request has its own, as on the site
        signing_in(table, app)
        views(table, app.extensions["settings"], options.seconds)
    return table.missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--profile", help="import, or the name of a page as it is printed")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long page views are counted")
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    raise SystemExit(1 if sum([run(kind, options) for kind in kinds]) else 0)


if __name__ == "__main__":
    main()
