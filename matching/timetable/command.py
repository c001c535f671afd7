"""`python -m matching timetable < instance.json > timetable.json`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from matching.timetable.formats import parse, read_meetings, read_problem, write_timetable
from matching.timetable.problem import InfeasiblePins, ProblemError
from matching.timetable.solve import solve


def main(arguments: Sequence[str]) -> int:
    """Exit status 0: a timetable was written; 1: the pins cannot all be kept; 2: the input is wrong."""
    options = _options().parse_args(arguments)
    try:
        problem = read_problem(parse(sys.stdin.buffer.read(), "instance"))
        previous = None
        if options.previous is not None:
            previous = read_meetings(parse(options.previous.read_bytes(), "previous timetable"), problem)
        if not 0 <= options.from_slot <= problem.slots:
            raise ProblemError("--from-slot", f"slots run from 0 to {problem.slots - 1}.")
        if options.from_slot and previous is None:
            raise ProblemError("--from-slot", "it needs --previous, the timetable whose past is kept.")
        timetable = solve(
            problem, previous=previous, from_slot=options.from_slot, time_limit=options.time_limit, seed=options.seed
        )
    except (ProblemError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except InfeasiblePins as error:
        print(error, file=sys.stderr)
        return 1
    json.dump(write_timetable(timetable), sys.stdout, separators=(",", ":"))
    print()
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching timetable", description=__doc__)
    parser.add_argument("--previous", type=Path, help="an announced timetable to keep as far as possible")
    parser.add_argument("--from-slot", type=int, default=0, metavar="N", help="slots before N are history")
    parser.add_argument("--time-limit", type=float, default=None, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=0)
    return parser
