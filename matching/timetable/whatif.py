"""What a change would bring: one more interpreter, table or slot, as meetings and value."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from matching.timetable.choose import Choice, build
from matching.timetable.pricing import choose
from matching.timetable.problem import Problem, Table
from matching.timetable.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change of the problem allows: more meetings and score units, by the best choices of pairs before and
    after (slots left aside, so that a timetable may bring a little less)."""

    meetings: int
    value: int


class Gains:
    """What changes of a problem would allow. It is solved itself once, until `deadline` (time.monotonic)."""

    def __init__(self, problem: Problem, deadline: float = math.inf) -> None:
        self.model = _model(problem)
        self.chosen = choose(self.model, deadline)

    def of(self, after: Problem, deadline: float = math.inf) -> Gain | None:
        """What the problem `after` allows beyond this one; None where the time ended before that was known."""
        model = _model(after)
        if _same(model, self.model):  # nothing that is scarce has become more
            return Gain(0, 0)
        chosen = choose(model, deadline)
        if time.monotonic() > deadline:
            return None
        return Gain(int(chosen.columns.sum()) - int(self.chosen.columns.sum()), chosen.value - self.chosen.value)


def _model(problem: Problem) -> Choice:
    return build(Rulebook(problem), problem.pairs.score, problem.fairness)


def _same(one: Choice, other: Choice) -> bool:
    """Whether two models ask the same: minima, layers and worth follow from the pairs, who may meet how often, and
    the supplies of groups."""
    return one.names == other.names and all(
        np.array_equal(a, b)
        for a, b in ((one.pairs, other.pairs), (one.most, other.most), (one.supply, other.supply))
    )


def with_one_more(problem: Problem, slots: Iterable[int], language: str | None = None) -> Problem:
    """The problem with one more interpreter of a language in these slots; without a language, one more free table."""
    wanted = set(slots)
    if language is None:
        spare = Table("", closed=frozenset(range(problem.slots)) - wanted)
        return replace(problem, tables=(*problem.tables, spare))
    row = tuple(n + (t in wanted) for t, n in enumerate(problem.interpreters[language]))
    return replace(problem, interpreters={**problem.interpreters, language: row})


def longer(problem: Problem, slot: int) -> Problem:
    """The problem with one more slot after `slot`, in which everybody and everything is as in `slot`."""

    def shift(t: int) -> int:
        return t + (t > slot)

    def stretch(row: tuple[int, ...]) -> tuple[int, ...]:
        return (*row[: slot + 1], *row[slot:])

    def moved(slots: Iterable[int]) -> list[int]:
        return [u for t in slots for u in ((t, t + 1) if t == slot else (shift(t),))]

    pairs = problem.pairs
    return replace(
        problem,
        slots=problem.slots + 1,
        participants=tuple(replace(p, capacity=stretch(p.capacity)) for p in problem.participants),
        tables=tuple(replace(t, closed=frozenset(moved(t.closed))) for t in problem.tables),
        interpreters={name: stretch(row) for name, row in problem.interpreters.items()},
        pairs=replace(pairs, slots=tuple(None if s is None else tuple(moved(s)) for s in pairs.slots)),
        fixed=tuple((e, shift(t)) for e, t in problem.fixed),
        blocks=tuple(shift(t) for t in problem.blocks),
    )
