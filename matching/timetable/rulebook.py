"""The limits of a problem, stated once: what may happen in which slot, and which supplies a meeting draws on.

The solver places meetings against these limits; `constraints` counts against the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.timetable.problem import IntArray, Problem

AT_FREE, AT_A, AT_B, AT_EITHER = 0, 1, 2, 3  # where a pair meets: a free table, a's, b's, either's


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
