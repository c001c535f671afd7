"""Whether some demands - minima, pins - can be met together, and which constraints are in their way.

A linear program over (pair, slot, table owner), in whole numbers where it is small; or, much smaller, over pairs with
slots left aside.  Every constraint is a group of its rows, so that it can be left out.  Prices of the linear program
(Farkas multipliers) name constraints that are impossible together; QuickXplain (Junker 2004) leaves out all that are
not needed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.timetable.board import Board
from matching.timetable.choose import BoolArray
from matching.timetable.limits import Constraint
from matching.timetable.problem import IntArray
from matching.timetable.rulebook import AT_A, AT_EITHER, AT_FREE, Rulebook

CELLS = 60_000  # columns up to which slots are looked at; above, only numbers of meetings
EXACT = 3_000  # columns up to which whole numbers are demanded
TINY = 1e-6
# Of several explanations the one with earlier kinds is preferred.
ORDER = ("capacity", "allowed", "forbidden", "row", "maximum", "tables", "interpreter", "pin", "minimum")


class OutOfTime(Exception):
    """The time was over before anything could be said."""


class Demands:
    """The linear program of some demands: everybody in `minima` has its minimum, all `pins` are held.

    `slotted`: whether slots are looked at (never above CELLS columns).  Impossible without them is impossible.
    """

    def __init__(self, rules: Rulebook, minima: Iterable[int], pins: Sequence[int], slotted: bool = True) -> None:
        self.rules = rules
        pairs, people = rules.problem.pairs, len(rules.capacity)
        minima = list(dict.fromkeys(minima))
        wanted = np.zeros(people, bool)
        wanted[minima] = True
        member = wanted[pairs.a] | wanted[pairs.b]
        member[list(pins)] = True
        chosen = np.flatnonzero(member)
        either = chosen[rules.place[chosen] == AT_EITHER]
        pair, place = np.concatenate([chosen, either]), rules.place[np.concatenate([chosen, either])]
        home = np.where(place == AT_FREE, 2 * people, people + np.where(place == AT_A, pairs.a[pair], pairs.b[pair]))
        home[: len(chosen)] = np.where(
            place[: len(chosen)] == AT_EITHER, people + pairs.a[chosen], home[: len(chosen)]
        )
        self.slotted = slotted and len(pair) * rules.problem.slots <= CELLS
        self.span = rules.problem.slots if self.slotted else 1
        self.limit: IntArray = rules.limit if self.slotted else rules.limit.sum(axis=1, keepdims=True)
        self.pair, self.home = np.repeat(pair, self.span), np.repeat(home, self.span)
        self.slot = np.tile(np.arange(self.span), len(pair))
        self.size = len(self.pair)
        self.names: dict[Constraint, int] = {}
        self._rows: list[Any] = []
        self._right: list[float] = []
        self._groups: list[tuple[int, ...]] = []
        self._demand: dict[int, int] = {}  # participant -> row
        self._limits()
        self._demands(minima, pins)
        self.matrix: Any = sp.csr_matrix(sp.vstack(self._rows))
        self.right = np.array(self._right)

    def _add(self, where: IntArray, key: IntArray, right: Any, name: Any, sign: float = 1.0) -> None:
        """One row for each key: the columns `where` (n,) with that key (n,) add up to at most right(key)."""
        if not len(where):
            return
        keys, number = np.unique(key, return_inverse=True)
        limits = np.array([right(int(k)) for k in keys], float)
        block = sp.csr_matrix((np.full(len(where), sign), (number, where)), shape=(len(keys), self.size))
        # A limit that its columns cannot exceed says nothing.
        kept = np.flatnonzero((np.bincount(number) > limits) | (sign < 0))
        self._rows.append(block[kept])
        self._right += limits[kept].tolist()
        for k in keys[kept].tolist():
            names = name(k)
            self._groups.append(tuple(self.names.setdefault(c, len(self.names)) for c in names))

    def _limits(self) -> None:
        rules, span, every = self.rules, self.span, np.arange(self.size)
        problem, people = rules.problem, len(rules.capacity)
        listed, ends = problem.pairs, (problem.pairs.a[self.pair], problem.pairs.b[self.pair])
        both, person = np.tile(every, 2), np.concatenate(ends)

        def supply(key: int) -> int:
            return int(self.limit[key // span, key % span])

        self._add(every, self.pair, lambda e: 1, lambda e: ())
        self._add(both, person * span + np.tile(self.slot, 2), supply, lambda k: (self._presence(k // span),))
        self._add(both, person, lambda v: int(rules.maximum[v]), lambda v: (Constraint("maximum", v),))
        self._add(
            every,
            self.home * span + self.slot,
            supply,
            lambda k: (Constraint("tables", None if k // span == 2 * people else k // span - people),),
        )
        spoken = np.flatnonzero(rules.language[self.pair] >= 0)
        self._add(
            spoken,
            (2 * people + 1 + rules.language[self.pair[spoken]]) * span + self.slot[spoken],
            supply,
            lambda k: (Constraint("interpreter", language=rules.languages[k // span - 2 * people - 1]),),
        )
        banned = np.flatnonzero(rules.banned[self.pair])
        self._add(banned, self.pair[banned], lambda e: 0, lambda e: (Constraint("forbidden", pair=e),))
        if not self.slotted:
            return
        closed = [
            n
            for n, (e, t) in enumerate(zip(self.pair.tolist(), self.slot.tolist(), strict=True))
            if (allowed := listed.slots[e]) is not None and t not in allowed
        ]
        self._add(
            np.array(closed, np.int64),
            self.pair[closed],
            lambda e: 0,
            lambda e: (Constraint("allowed", pair=e, slots=tuple(listed.slots[e] or ())),),
        )
        limit = problem.row_limit
        for run in Board(rules, ()).rows() if limit is not None else ():
            # Meetings are counted, not busy slots: the same for those who have no two at once.
            here = np.flatnonzero(np.isin(np.tile(self.slot, 2), run) & (rules.capacity.max(axis=1) <= 1)[person])
            self._add(
                both[here],
                person[here],
                lambda v, most=limit: most,
                lambda v: (Constraint("row", v), self._presence(v)),
            )

    def _presence(self, v: int) -> Constraint:
        return Constraint("capacity", v, slots=tuple(np.flatnonzero(self.rules.capacity[v] > 0).tolist()))

    def _demands(self, minima: Iterable[int], pins: Sequence[int]) -> None:
        rules, pairs = self.rules, self.rules.problem.pairs
        for v in minima:
            mine = np.flatnonzero((pairs.a[self.pair] == v) | (pairs.b[self.pair] == v))
            self._add(
                mine,
                np.full(len(mine), v),
                lambda v: -int(rules.minimum[v]),
                lambda v: (Constraint("minimum", v),),
                -1.0,
            )
            self._demand[v] = len(self._right) - 1
        fixed = dict(rules.problem.fixed)
        held = np.zeros(len(pairs), bool)
        held[list(pins)] = True
        moment = np.array([fixed.get(e, -1) for e in self.pair.tolist()])
        mine = np.flatnonzero(held[self.pair] & ((moment < 0) | (moment == self.slot) | (not self.slotted)))
        self._add(mine, self.pair[mine], lambda e: -1, lambda e: (Constraint("pin", pair=e),), -1.0)

    def lacking(self, wanting: Sequence[int], deadline: float) -> tuple[float, list[Constraint]]:
        """(how many meetings those in `wanting` have to lack together; the constraints that matter if it is any).

        Slots in fractions, so that less may be lacking than in truth.  Raises `OutOfTime`.
        """
        rows = [self._demand[v] for v in wanting]
        lack = sp.csr_matrix((-np.ones(len(rows)), (rows, range(len(rows)))), shape=(len(self.right), len(rows)))
        answer = linprog(
            np.append(np.zeros(self.size), np.ones(len(rows))),
            A_ub=sp.hstack([self.matrix, lack], format="csc"),
            b_ub=self.right,
            bounds=[(0, 1)] * self.size + [(0, None)] * len(rows),
            method="highs",
            options={"time_limit": _left(deadline)},
        )
        if answer.status != 0 or answer.x is None:
            raise OutOfTime  # or even the other demands cannot be met: nothing can be said either
        total = float(answer.fun or 0.0)
        if total <= TINY:
            return 0.0, []
        price = np.abs(np.asarray(answer.ineqlin.marginals)) > TINY
        matter = {g for n in np.flatnonzero(price).tolist() for g in self._groups[n]}
        return total, [c for g, c in enumerate(self.names) if g in matter]

    def most(self, v: int, deadline: float) -> tuple[int, list[Constraint]]:
        """(how many meetings v can have, up to its minimum; constraints that allow no more).  Raises `OutOfTime`."""
        least = int(self.rules.minimum[v])
        lacking, matter = self.lacking([v], deadline)
        if lacking:
            return least - int(np.ceil(lacking - TINY)), matter
        names = list(self.names)
        if self.size > EXACT or self.feasible(names, deadline):
            return least, []
        return self._most_whole(v, deadline), names

    def _most_whole(self, v: int, deadline: float) -> int:
        """How many meetings v can have, in whole numbers; its minimum is known to be too many."""
        right = self.right.copy()
        for number in range(int(self.rules.minimum[v]) - 1, -1, -1):
            right[self._demand[v]] = -number
            if self._solve(np.ones(len(right), bool), right, deadline):
                return number
        return 0

    def smallest(self, v: int, constraints: Iterable[Constraint], deadline: float) -> tuple[list[Constraint], bool]:
        """(of constraints that together make the minimum of v impossible, those that are needed; whether none of
        these can be left out: not all can be tried when the time is over)."""
        own = Constraint("minimum", v)
        listed = sorted((c for c in constraints if c != own and c in self.names), key=lambda c: self.rank(c, v))
        self._unsure = False
        found = self._explain([own], listed, False, deadline)
        return sorted(found, key=lambda c: self.rank(c, v)), not self._unsure

    def rank(self, c: Constraint, v: int) -> tuple[bool, int, bool, int]:
        """Earlier constraints are told rather than later ones."""
        strange = c.participant not in (None, v) and c.kind != "tables"
        strange |= c.pair is not None and v not in self.rules.problem.ends(c.pair)
        return c.kind in ("pin", "minimum"), ORDER.index(c.kind), strange, c.participant or c.pair or 0

    def _explain(
        self, kept: list[Constraint], rest: list[Constraint], tested: bool, deadline: float
    ) -> list[Constraint]:
        """QuickXplain: of `rest`, a smallest set that is impossible together with `kept`, earlier ones preferred.

        What is not tried in time counts as possible, so that too much is kept rather than too little.
        """
        if tested and not self._might(kept, deadline):
            return []
        if len(rest) <= 1:
            return rest if tested or not rest or self._might(kept, deadline) else []
        half = len(rest) // 2
        later = self._explain([*kept, *rest[:half]], rest[half:], True, deadline)
        earlier = self._explain([*kept, *later], rest[:half], bool(later), deadline)
        return [*earlier, *later]

    def _might(self, constraints: Iterable[Constraint], deadline: float) -> bool:
        try:
            return self.feasible(constraints, deadline)
        except OutOfTime:
            self._unsure = True
            return True

    def feasible(self, constraints: Iterable[Constraint], deadline: float) -> bool:
        """Whether these constraints can hold together.  Raises `OutOfTime`."""
        active = {self.names[c] for c in constraints if c in self.names}
        rows = np.array([active.issuperset(groups) for groups in self._groups], bool)
        return self._solve(rows, self.right, deadline)

    def _solve(self, rows: BoolArray, right: Any, deadline: float) -> bool:
        if time.monotonic() > deadline:
            raise OutOfTime
        found = milp(
            np.zeros(self.size),
            constraints=LinearConstraint(self.matrix[np.flatnonzero(rows)], -np.inf, right[rows]),
            bounds=Bounds(0, 1),
            integrality=np.full(self.size, int(self.size <= EXACT)),
            options={"time_limit": _left(deadline)},
        )
        if found.status not in (0, 2):
            raise OutOfTime
        return bool(found.status == 0)


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())
