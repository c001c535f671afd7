"""Every rule of a timetable, stated once.

`Rulebook` turns a problem into limits: what may happen in which slot, and which supplies a meeting draws on.  The
solver places meetings against these limits; `violations` and `judge` count against the same ones and say, as data,
which is exceeded, by whom and by how much.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.timetable.problem import IntArray, Meeting, Problem

AT_FREE, AT_A, AT_B, AT_EITHER = 0, 1, 2, 3  # where a pair meets: a free table, a's, b's, either's


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


class Rulebook:
    """The limits of a problem as arrays: V participants, T slots, E pairs, L languages, R supplies.

    A supply is something that a meeting uses up in its slot: a participant (row v), the tables of owner v (V + v),
    the free tables (2V), the interpreters of language l (2V + 1 + l).  `limit` is (R, T).
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        pairs, people, slots = problem.pairs, problem.participants, problem.slots
        self.capacity: IntArray = np.array([p.capacity for p in people], np.int64).reshape(len(people), slots)
        self.minimum: IntArray = np.array([p.minimum for p in people], np.int64)
        self.maximum: IntArray = np.array([p.maximum for p in people], np.int64)
        self.languages = tuple(problem.interpreters)
        self.owns: NDArray[np.bool_] = np.zeros(len(people), bool)
        home_seats, free_seats = np.zeros_like(self.capacity), np.zeros((1, slots), np.int64)
        for table in problem.tables:
            seats = np.array([0 if t in table.closed else table.seats for t in range(slots)], np.int64)
            if table.owner is None:
                free_seats[0] += seats
            else:
                home_seats[table.owner] += seats
                self.owns[table.owner] = True
        duty = np.array(list(problem.interpreters.values()), np.int64).reshape(len(self.languages), slots)
        self.limit: IntArray = np.concatenate([self.capacity, home_seats, free_seats, duty])
        # (E,): where the pair meets, and its language as a number (-1: none)
        self.place: NDArray[np.int8] = (self.owns[pairs.a] * AT_A + self.owns[pairs.b] * AT_B).astype(np.int8)
        number = {name: n for n, name in enumerate(self.languages)} | {None: -1}
        self.language: IntArray = np.array([number[name] for name in pairs.language], np.int64)
        self.pinned: NDArray[np.bool_] = np.zeros(len(pairs), bool)
        self.pinned[[*problem.must, *(e for e, _ in problem.fixed)]] = True

    @cached_property
    def banned(self) -> NDArray[np.bool_]:
        """(E,): the pair is forbidden."""
        pairs, count = self.problem.pairs, len(self.problem.participants)
        if not self.problem.forbidden:
            return np.zeros(len(pairs), bool)
        listed = np.sort(np.array(self.problem.forbidden, np.int64), axis=1)
        both = np.minimum(pairs.a, pairs.b) * count + np.maximum(pairs.a, pairs.b)
        return np.isin(both, listed[:, 0] * count + listed[:, 1])

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """(E, T): the pair, were it alone, could meet in the slot."""
        pairs, people = self.problem.pairs, len(self.capacity)
        present, home = self.capacity > 0, self.limit[people : 2 * people] > 0
        usable = present[pairs.a] & present[pairs.b]
        for place, seats in ((AT_FREE, self.limit[2 * people] > 0), (AT_A, None), (AT_B, None), (AT_EITHER, None)):
            rows = np.flatnonzero(self.place == place)
            if len(rows):
                a, b = home[pairs.a[rows]], home[pairs.b[rows]]
                at_home = a if place == AT_A else b if place == AT_B else a | b
                usable[rows] &= at_home if seats is None else seats
        for n in range(len(self.languages)):
            duty = self.limit[2 * people + 1 + n] > 0
            if not duty.all():
                usable[self.language == n] &= duty
        for e, allowed in enumerate(pairs.slots):
            if allowed is not None:
                usable[e] &= np.isin(np.arange(self.problem.slots), allowed)
        for e, t in self.problem.fixed:
            usable[e] &= np.arange(self.problem.slots) == t
        usable[self.banned] = False
        return usable

    def awaits(self, count: IntArray) -> NDArray[np.bool_]:
        """(E,): some slot is open for the pair besides the meetings that use up `count` (R, T)."""
        pairs, people = self.problem.pairs, len(self.capacity)
        left = count < self.limit
        room = left[pairs.a] & left[pairs.b] & self.usable
        home = left[people : 2 * people]
        at_a, at_b = self.place == AT_A, self.place == AT_B
        room[at_a] &= home[pairs.a[at_a]]
        room[at_b] &= home[pairs.b[at_b]]
        room[self.place == AT_FREE] &= left[2 * people]
        spoken = self.language >= 0
        room[spoken] &= left[2 * people + 1 + self.language[spoken]]
        return np.asarray(room.any(axis=1))

    def supplies(self, pair: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(always, one of): the supplies every meeting of the pair uses, and the tables of which it uses one."""
        a, b = self.problem.ends(pair)
        people, spoken = len(self.capacity), int(self.language[pair])
        always = (a, b) if spoken < 0 else (a, b, 2 * people + 1 + spoken)
        place = int(self.place[pair])
        homes = {
            AT_FREE: (2 * people,),
            AT_A: (people + a,),
            AT_B: (people + b,),
            AT_EITHER: (people + a, people + b),
        }
        return always, homes[place]

    @cached_property
    def tables_of(self) -> dict[int | None, tuple[int, ...]]:
        """Owner (None: free) -> table numbers."""
        found: defaultdict[int | None, list[int]] = defaultdict(list)
        for k, table in enumerate(self.problem.tables):
            found[table.owner].append(k)
        return {owner: tuple(tables) for owner, tables in found.items()}

    def tables_for(self, pair: int) -> tuple[int, ...]:
        """The tables at which a pair may meet: its owners', or else the free ones."""
        homes = tuple(k for v in self.problem.ends(pair) for k in self.tables_of.get(v, ()))
        return homes or self.tables_of.get(None, ())

    def breaks_row(self, slots: Iterable[int]) -> int:
        """The most meetings in a row, with no free slot or new block between, in these slots of one person."""
        longest = run = 0
        last = -2
        for t in sorted(set(slots)):
            run = run + 1 if t == last + 1 and t not in self.problem.blocks else 1
            longest, last = max(longest, run), t
        return longest


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
