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

from benchmarks.crowd import visitors
from benchmarks.crowd.gathering import Gathering, gather
from benchmarks.measuring.databases import site
from benchmarks.measuring.work import counted, timed
from core.db import session

SIZES = ((70, 40), (500, 200))
PAGE = (30.0, 80.0)  # ms at these two sizes


@dataclass(frozen=True)
class Measure:
    """The middle of many times: milliseconds of the clock and the processor, and the statements of each."""

    clock: float
    cpu: float
    statements: int | None = None
    wanted: float | None = None

    @property
    def missed(self) -> bool:
        return self.wanted is not None and self.clock > self.wanted


def pages(app: Flask, found: Gathering, wanted: float, profiled: str) -> dict[str, Measure]:
    """Every page as its readers open it, one reader after the other."""
    measures, browsers = {}, {}
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
            times.append(seconds * 1000)
            cpus.append(cpu * 1000)
            statements.append(len(seen))
        limit = wanted if page.wanted else None
        measures[name] = Measure(median(times), median(cpus), max(statements), limit)
        if profiled == name:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return measures


def table(kind: str, sizes: list[tuple[int, int]], columns: list[dict[str, Measure]]) -> int:
    """Print the figures of one database side by side; return how many are missed."""
    missed = 0
    heads = "".join(f" | {f'{firms} x {partners}':>12} {'CPU':>8} {'queries':>7}" for firms, partners in sizes)
    print(f"\n  {kind + ', ms':40}{heads} |")
    for name in columns[0]:
        found = [column[name] for column in columns]
        cells = [
            f" | {m.clock:12.1f} {m.cpu:8.1f} {m.statements if m.statements is not None else '':>7}" for m in found
        ]
        wrong = [f"wanted {m.wanted:g}" for m in found if m.missed]
        if len({m.statements for m in found}) > 1:
            wrong.append("queries grow")
        missed += len(wrong)
        print(f"  {name:40}{''.join(cells)} | {', '.join(wrong)}", flush=True)
    return missed


def run(kind: str, sizes: list[tuple[int, int]], options: argparse.Namespace) -> int:
    """All figures on one database; return how many are missed."""
    columns = []
    for size in sizes:
        began = time.perf_counter()
        with site(kind) as app:
            with app.app_context():
                found = gather(*size)
                session.remove()
            made = time.perf_counter() - began
            wanted = dict(zip(SIZES, PAGE, strict=True)).get(size, PAGE[-1])
            columns.append(pages(app, found, wanted, options.profile))
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
