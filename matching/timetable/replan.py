"""Re-planning: the past is frozen, announced meetings stay unless that costs too much, and who must be told what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.timetable.limits import Constraint
from matching.timetable.problem import InfeasiblePins, Meeting, Problem
from matching.timetable.rulebook import Rulebook


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
        kind = "added" if old is None else "dropped" if new is None else "moved" if old.slot != new.slot else "table"
        found.append(Change(kind, e, problem.ends(e), old, new))
    return tuple(sorted(found, key=lambda c: (min(m.slot for m in (c.before, c.after) if m is not None), c.pair)))


def freeze(rules: Rulebook, past: Sequence[Meeting], from_slot: int) -> None:
    """Make the past part of the rules: its meetings are pinned where they were, and nothing else happens before
    `from_slot`.  What has happened is allowed, even where today's limits would forbid it."""
    problem = rules.problem
    held = {m.pair: m.slot for m in past}
    for e, t in problem.fixed:
        if t < from_slot and held.get(e) != t:
            why = f"Pair {e} is fixed to slot {t}, which is over, and it was not held then."
            raise InfeasiblePins([why], [Constraint("past", pair=e, slots=(t,))])
    rules.usable[:, :from_slot] = False
    pairs, slots = (np.array([m[n] for m in past], np.int64) for n in (0, 1))
    rules.usable[pairs] = False
    rules.usable[pairs, slots] = True
    rules.pinned[pairs] = True
    used = np.zeros_like(rules.limit)
    degree = np.zeros(len(rules.maximum), np.int64)
    for m in past:
        always, homes = rules.supplies(m.pair)
        owner = problem.tables[m.table].owner
        home = homes[0] if owner is None else len(rules.capacity) + owner
        for r in (*always, home):
            used[r, m.slot] += 1
        degree[list(problem.ends(m.pair))] += 1
    rules.limit[:, :from_slot] = np.maximum(rules.limit, used)[:, :from_slot]
    rules.capacity = rules.limit[: len(rules.capacity)]
    rules.maximum = np.maximum(rules.maximum, degree)
