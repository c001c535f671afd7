"""What a new timetable means for those who hold the old one."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.timetable.problem import Meeting, Problem


@dataclass(frozen=True, slots=True)
class Change:
    """What both `participants` of a pair have to be told: kind is moved (another slot), table (same slot), dropped or
    added; before and after are None where there is no such meeting."""

    kind: str
    pair: int
    participants: tuple[int, int]
    before: Meeting | None
    after: Meeting | None


def changes(problem: Problem, previous: Sequence[Meeting], meetings: Sequence[Meeting]) -> tuple[Change, ...]:
    """The differences between two timetables, in order of the slots they touch."""
    before, after = ({m.pair: m for m in board} for board in (previous, meetings))
    found = []
    for e in before.keys() | after.keys():
        old, new = before.get(e), after.get(e)
        if old == new:
            continue
        kind = ("added" if old is None else "dropped" if new is None else
                "moved" if old.slot != new.slot else "table")
        found.append(Change(kind, e, problem.ends(e), old, new))
    return tuple(sorted(found, key=lambda c: (min(m.slot for m in (c.before, c.after) if m is not None), c.pair)))
