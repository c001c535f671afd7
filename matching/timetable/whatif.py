"""What a change would bring: one more interpreter, table or slot, as meetings and value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matching.timetable.choose import build
from matching.timetable.pricing import choose
from matching.timetable.problem import Problem, Table
from matching.timetable.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change of the problem allows: more meetings and score units, by the best choices of pairs before and
    after (slots left aside, so that a timetable may bring a little less)."""

    meetings: int
    value: int


def gain(before: Problem, after: Problem) -> Gain:
    """What the problem `after` allows beyond `before`."""
    first, second = (choose(build(Rulebook(p), p.pairs.score, p.fairness)) for p in (before, after))
    return Gain(int(second.columns.sum()) - int(first.columns.sum()), second.value - first.value)


def one_more(problem: Problem, slots: Iterable[int], language: str | None = None) -> Gain:
    """What one more interpreter of a language in these slots would allow; without a language, one more free table."""
    wanted = set(slots)
    if language is None:
        spare = Table("", closed=frozenset(range(problem.slots)) - wanted)
        return gain(problem, replace(problem, tables=(*problem.tables, spare)))
    row = tuple(n + (t in wanted) for t, n in enumerate(problem.interpreters[language]))
    return gain(problem, replace(problem, interpreters={**problem.interpreters, language: row}))


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


def one_more_slot(problem: Problem, slot: int) -> Gain:
    """What one more slot after `slot` would allow."""
    return gain(problem, longer(problem, slot))
