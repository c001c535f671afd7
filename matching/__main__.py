"""`python -m matching timetable | rank | explain`: the engine at the command line, JSON in and JSON out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

USAGE = "usage: python -m matching {timetable,rank,explain} [options] < input.json > output.json"


def main(arguments: Sequence[str]) -> int:
    """Run one subcommand and return its exit status."""
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if command == "timetable":
        # Each branch imports its own engine, so that neither pays for the other's libraries.
        from matching.timetable.command import main as timetable  # noqa: PLC0415

        return timetable(rest)
    if command in ("rank", "explain"):
        from matching.rank_command import main as rank  # noqa: PLC0415 - as above

        return rank([command, *rest])
    print(USAGE, file=sys.stdout if command in ("-h", "--help") else sys.stderr)
    return 0 if command in ("-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
