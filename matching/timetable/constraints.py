"""Every rule of a timetable, stated once.

The limits are those of the `Rulebook`, against which the solver places meetings; `violations` and `judge` count
against the same ones and say, as data, which is exceeded, by whom and by how much.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matching.timetable.problem import Meeting, Problem
from matching.timetable.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule (or missed wish), for a person to be told in words.

    rule: twice, forbidden, allowed, capacity, max, table, seats, closed, interpreter, must, fixed, row, history;
    as wishes: minimum, idle.  have and limit: what is counted and what is allowed.  pairs: the meetings involved.
    """

    rule: str
    participants: tuple[int, ...] = ()
    pair: int | None = None
    slot: int | None = None
    table: int | None = None
    language: str | None = None
    have: int | None = None
    limit: int | None = None
    pairs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Put `pair` into `slot` at `table` (None: any right table that is open); slot None takes it off the board."""

    pair: int
    slot: int | None = None
    table: int | None = None


def violations(
    problem: Problem,
    meetings: Sequence[Meeting],
    previous: Sequence[Meeting] | None = None,
    from_slot: int = 0,
    *,
    rules: Rulebook | None = None,
) -> list[Violation]:
    """Every hard rule that the meetings break; with `previous`, also those changed before `from_slot`."""
    rules = rules or Rulebook(problem)
    found: list[Violation] = []
    slot_of: dict[int, int] = {}
    for m in meetings:
        if m.pair in slot_of:
            found.append(Violation("twice", problem.ends(m.pair), m.pair, m.slot, m.table, have=slot_of[m.pair]))
        slot_of[m.pair] = m.slot
        found += _alone(rules, m)
    found += _together(rules, meetings)
    for e in problem.must:
        if e not in slot_of:
            found.append(Violation("must", problem.ends(e), e))
    for e, t in problem.fixed:
        if slot_of.get(e) != t:
            found.append(Violation("fixed", problem.ends(e), e, t, have=slot_of.get(e)))
    if previous is not None:
        before, after = ({m.pair: m for m in board if m.slot < from_slot} for board in (previous, meetings))
        found += [
            Violation("history", problem.ends(e), e, (before.get(e) or after[e]).slot)
            for e in sorted(before.keys() | after.keys())
            if before.get(e) != after.get(e)
        ]
    return found


def _alone(rules: Rulebook, m: Meeting) -> list[Violation]:
    """The rules that a meeting breaks whatever the others do."""
    problem = rules.problem
    ends, allowed = problem.ends(m.pair), problem.pairs.slots[m.pair]
    found = []
    if rules.banned[m.pair]:
        found.append(Violation("forbidden", ends, m.pair, m.slot, m.table))
    if allowed is not None and m.slot not in allowed:
        found.append(Violation("allowed", ends, m.pair, m.slot, m.table))
    if m.table not in rules.tables_for(m.pair):
        found.append(Violation("table", ends, m.pair, m.slot, m.table))
    if m.slot in problem.tables[m.table].closed:
        found.append(Violation("closed", ends, m.pair, m.slot, m.table))
    return found


def _together(rules: Rulebook, meetings: Sequence[Meeting]) -> list[Violation]:
    """The limits that meetings exceed together."""
    problem = rules.problem
    person: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    table: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    spoken: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    agenda: defaultdict[int, list[int]] = defaultdict(list)
    for e, t, k in meetings:
        table[k, t].append(e)
        language = problem.pairs.language[e]
        if language is not None:
            spoken[language, t].append(e)
        for v in problem.ends(e):
            person[v, t].append(e)
            agenda[v].append(t)
    people = problem.participants
    found = [
        Violation("capacity", (v,), None, t, have=len(x), limit=people[v].capacity[t], pairs=tuple(x))
        for (v, t), x in person.items()
        if len(x) > people[v].capacity[t]
    ]
    found += [
        Violation("seats", (), None, t, k, have=len(x), limit=problem.tables[k].seats, pairs=tuple(x))
        for (k, t), x in table.items()
        if len(x) > problem.tables[k].seats
    ]
    found += [
        Violation("interpreter", (), None, t, None, name, len(x), problem.interpreters[name][t], tuple(x))
        for (name, t), x in spoken.items()
        if len(x) > problem.interpreters[name][t]
    ]
    for v, slots in agenda.items():
        if len(slots) > people[v].maximum:
            found.append(Violation("max", (v,), have=len(slots), limit=people[v].maximum))
        if problem.row_limit is not None and (row := rules.breaks_row(slots)) > problem.row_limit:
            found.append(Violation("row", (v,), have=row, limit=problem.row_limit))
    return found


def wishes(problem: Problem, meetings: Sequence[Meeting]) -> list[Violation]:
    """What is wished but not demanded: participants below their minimum, and above the wanted number of idle runs."""
    slots: defaultdict[int, list[int]] = defaultdict(list)
    for m in meetings:
        for v in problem.ends(m.pair):
            slots[v].append(m.slot)
    found = [
        Violation("minimum", (v,), have=len(slots[v]), limit=p.minimum)
        for v, p in enumerate(problem.participants)
        if len(slots[v]) < p.minimum
    ]
    if problem.idle_limit is not None:
        for v in sorted(slots):
            have = idle_runs(slots[v], problem.blocks)
            if have > problem.idle_limit:
                found.append(Violation("idle", (v,), have=have, limit=problem.idle_limit))
    return found


def judge(
    problem: Problem,
    meetings: Sequence[Meeting],
    move: Move,
    *,
    previous: Sequence[Meeting] | None = None,
    from_slot: int = 0,
) -> tuple[list[Violation], tuple[Meeting, ...]]:
    """(rules that this move breaks and that were not broken before, the board after it).

    A move to slot None is judged by the pins and the past alone.  Without a table, the first right one with a seat
    left is taken; if there is none, the first right one, so that the answer says which rule is in the way.
    """
    rules = Rulebook(problem)
    rest = [m for m in meetings if m.pair != move.pair]
    after = list(rest)
    if move.slot is not None:
        table = move.table if move.table is not None else _seat(rules, rest, move.pair, move.slot)
        after.append(Meeting(move.pair, move.slot, table))
    before = Counter(violations(problem, meetings, previous, from_slot, rules=rules))
    return list(Counter(violations(problem, after, previous, from_slot, rules=rules)) - before), tuple(sorted(after))


def _seat(rules: Rulebook, meetings: Sequence[Meeting], pair: int, slot: int) -> int:
    taken = Counter(m.table for m in meetings if m.slot == slot)
    right = rules.tables_for(pair)
    tables = rules.problem.tables
    return next(
        (k for k in right if slot not in tables[k].closed and taken[k] < tables[k].seats), right[0] if right else 0
    )


def idle_runs(slots: Iterable[int], blocks: Sequence[int] = ()) -> int:
    """Breaks of one participant: consecutive meetings with at least one slot between them, in the same block."""
    order = sorted(set(slots))
    return sum(
        after - before > 1 and not any(before < first <= after for first in blocks)
        for before, after in pairwise(order)
    )


def objective(problem: Problem, meetings: Sequence[Meeting]) -> int:
    """Sum of scores less the shortfall weight for every meeting missing to a minimum, in score units."""
    count: Counter[int] = Counter()
    for m in meetings:
        count.update(problem.ends(m.pair))
    short = sum(max(0, p.minimum - count[v]) for v, p in enumerate(problem.participants))
    return sum(int(problem.pairs.score[m.pair]) for m in meetings) - problem.shortfall_weight * short


def total_idle_runs(problem: Problem, meetings: Sequence[Meeting]) -> int:
    """Idle runs of all participants together."""
    slots: defaultdict[int, list[int]] = defaultdict(list)
    for m in meetings:
        for v in problem.ends(m.pair):
            slots[v].append(m.slot)
    return sum(idle_runs(mine, problem.blocks) for mine in slots.values())
