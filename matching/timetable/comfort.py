"""Comfort: fewer idle runs, evenly spread, by moving meetings in time; who meets whom stays as it is.

One participant at a time, all its meetings are dealt anew to its slots by an assignment problem: a meeting's cost in
a slot is what the other participant's agenda would look like.  Everybody else's meetings stay where they are, so the
costs simply add up and the assignment is exact.  Now and then the participant's own slots change as well.
"""

from __future__ import annotations

import math
import random
import time
from collections import defaultdict
from collections.abc import Container
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.timetable.board import Board
from matching.timetable.problem import IntArray

FloatArray = NDArray[np.float64]
NEVER = 1e6
HOT = 0.4  # discomfort that is gladly accepted at the start
OVER_LIMIT = 3.0  # what an idle run above the wanted maximum costs besides
UNEVEN = 0.02  # times the square of a participant's idle runs
KEPT = 200_000  # agendas whose cost is remembered
HUGE = 15_000  # meetings above which only long agendas are dealt
TRIES = 12  # other slots tried for one's own agenda
GAP = 0.004  # per slot between the first and the last meeting: it leads towards fewer runs


class Discomfort:
    """What an agenda costs, by the bits of its slots; the same agendas come up again and again, so they are kept."""

    def __init__(self, board: Board) -> None:
        problem = board.rules.problem
        self.slots = problem.slots
        edges = sorted({0, *problem.blocks, problem.slots})
        self._blocks = [((1 << end) - (1 << start), start) for start, end in pairwise(edges)]
        limit = problem.idle_limit
        self._price = [
            k + UNEVEN * k * k + (OVER_LIMIT * max(0, k - limit) if limit is not None else 0.0)
            for k in range(problem.slots + 1)
        ]
        self._bytes = (problem.slots + 7) // 8
        self._cost: dict[int, float] = {}
        self._rows: dict[int, FloatArray] = {}

    def runs(self, busy: int) -> int:
        """Idle runs of an agenda."""
        total = 0
        for block, _ in self._blocks:
            part = busy & block
            if part:
                total += (part & ~(part << 1)).bit_count() - 1
        return total

    def cost(self, busy: int) -> float:
        """Idle runs, dearer the more of them one participant has, and a little for every slot between them."""
        known = self._cost.get(busy)
        if known is None:
            span = 0
            for block, _ in self._blocks:
                part = busy & block
                if part:
                    span += part.bit_length() - (part & -part).bit_length()
            known = self._price[self.runs(busy)] + GAP * span
            if len(self._cost) > KEPT:
                self._cost.clear()
            self._cost[busy] = known
        return known

    def with_one_more(self, agendas: list[int]) -> FloatArray:
        """(n, T): the cost of every agenda with one more meeting in each slot."""
        new = list({mask for mask in agendas if mask not in self._rows})
        if new:
            if len(self._rows) > KEPT:
                self._rows.clear()
                new = list(set(agendas))
            packed = np.array([list(mask.to_bytes(self._bytes, "little")) for mask in new], np.uint8)
            busy = np.unpackbits(packed, axis=1, count=self.slots, bitorder="little").astype(bool)
            self._rows.update(zip(new, self._costs(busy), strict=True))
        return np.array([self._rows[mask] for mask in agendas])

    def _costs(self, busy: NDArray[np.bool_]) -> FloatArray:
        """(n, T): as `with_one_more`, for agendas (n, T)."""
        runs, change = np.zeros(len(busy), np.int64), np.zeros(busy.shape, np.int64)
        before, spans = np.zeros(len(busy), np.int64), np.zeros(busy.shape, np.int64)
        for block, start in self._blocks:
            part = busy[:, start : block.bit_length()]
            size = part.shape[1]
            near = np.zeros(part.shape, np.int64)
            near[:, 1:] += part[:, :-1]
            near[:, :-1] += part[:, 1:]
            some: NDArray[np.bool_] = np.any(part, axis=1)
            begins = part[:, 0].astype(np.int64) + (part[:, 1:] & ~part[:, :-1]).sum(axis=1)
            runs += np.maximum(0, begins - 1)
            change[:, start : start + size] = np.where(part | ~some[:, None], 0, 1 - near)
            first = np.where(some, part.argmax(axis=1), size)[:, None]
            last = np.where(some, size - 1 - part[:, ::-1].argmax(axis=1), -1)[:, None]
            span = np.where(some, (last - first)[:, 0], 0)
            place = np.arange(size)
            spans[:, start : start + size] = np.maximum(last, place) - np.minimum(first, place) - span[:, None]
            before += span
        return np.asarray(np.array(self._price)[runs[:, None] + change] + GAP * (before[:, None] + spans))


class Agendas:
    """The board's meetings as arrays, for moving whole agendas at once."""

    def __init__(self, board: Board, stay: Container[int] = ()) -> None:
        self.board, self.discomfort = board, Discomfort(board)
        rules, slots = board.rules, board.slots
        self.slots = slots
        pairs = sorted(board.slot)
        self.pairs = pairs
        self.slot: IntArray = np.array([board.slot[e] for e in pairs], np.int64)
        self.count: IntArray = np.array(board.count, np.int64)
        self.limit = rules.limit
        self.busy = list(board.busy)
        self.allowed = rules.usable[pairs]
        stays = np.array([e in board.frozen or e in board.homes or e in stay for e in pairs], bool)
        self.allowed[stays] = np.eye(slots, dtype=bool)[self.slot[stays]]
        mine: defaultdict[int, list[int]] = defaultdict(list)
        others: defaultdict[int, list[int]] = defaultdict(list)
        for n, e in enumerate(pairs):
            a, b = board.ends[e]
            mine[a].append(n)
            mine[b].append(n)
            others[a].append(b)
            others[b].append(a)
        movable = self.allowed.sum(axis=1) > 1
        # Two meetings with the same participant would share its agenda: their costs would not add up.
        self.people = [
            v for v, n in mine.items() if len(n) > 1 and len(set(others[v])) == len(n) and bool(movable[n].any())
        ]
        self.of = {v: np.array(mine[v]) for v in self.people}
        self.others = {v: others[v] for v in self.people}
        self.parallel = {v: max(board.limit[v]) > 1 for v in self.people}
        self.extra = {v: self._extra(mine[v]) for v in self.people}

    def _extra(self, mine: list[int]) -> list[tuple[int, NDArray[np.bool_]]]:
        """The supplies besides participants that these meetings use: (supply, which of them use it)."""
        used = [self.board.uses[self.pairs[n]][2:] for n in mine]
        return [(r, np.array([r in row for row in used])) for r in sorted({r for row in used for r in row})]

    def deal(self, v: int, dice: np.random.Generator, rng: random.Random, *, change: bool, heat: float) -> None:
        """Deal the meetings of v anew, on changed slots if wanted; kept if the agendas get better, or while hot."""
        mine, others, cost = self.of[v], self.others[v], self.discomfort
        old = self.slot[mine]
        listed = old.tolist()
        crowd = self.count[others]
        rows = np.arange(len(mine))
        crowd[rows, old] -= 1
        fit = self.allowed[mine] & (crowd < self.limit[others])
        for supply, uses in self.extra[v]:
            own = np.bincount(old[uses], minlength=self.slots)
            fit[uses] &= self.count[supply] - own < self.limit[supply]
        slots = old
        if change:
            spare = (self.limit[v] > self.count[v]) & fit.any(axis=0)
            swap = self._swap(listed, np.flatnonzero(spare).tolist(), rng, heat)
            if swap is None:
                return
            slots = old.copy()
            slots[swap[0]] = swap[1]
        alone = [
            self.busy[u] if left[t] else self.busy[u] & ~(1 << t)
            for u, t, left in zip(others, listed, crowd, strict=True)
        ]
        prices = cost.with_one_more(alone)
        prices[~fit] = NEVER
        _, columns = linear_sum_assignment(prices[:, slots] + dice.random((len(rows), len(slots))) * (heat + 1e-3))
        new = slots[columns]
        if (new == old).all():
            return
        own_is = 0
        for t in new.tolist():
            own_is |= 1 << t
        worse = float(prices[rows, new].sum() - prices[rows, old].sum()) + cost.cost(own_is) - cost.cost(self.busy[v])
        if worse > NEVER / 2 or (worse > 1e-9 and rng.random() >= math.exp(-worse / max(heat, 1e-9))):
            return
        if self._fits(v, mine, old, new):
            self._move(v, mine, old, new)

    def _swap(self, old: list[int], possible: list[int], rng: random.Random, heat: float) -> tuple[int, int] | None:
        """(which meeting's slot to give up, the slot to take instead) that suit one's own agenda best, of a few."""
        if not possible:
            return None
        best: tuple[float, int, int] | None = None
        for _ in range(TRIES):
            give, gain = rng.randrange(len(old)), rng.choice(possible)
            mask = 1 << gain
            for n, t in enumerate(old):
                if n != give:
                    mask |= 1 << t
            value = self.discomfort.cost(mask) + rng.random() * (heat + 0.05)
            if best is None or value < best[0]:
                best = value, give, gain
        return None if best is None else best[1:]

    def _fits(self, v: int, mine: IntArray, old: IntArray, new: IntArray) -> bool:
        """Whether parallel meetings of v overload no supply together, and nobody gets too many meetings in a row."""
        if self.parallel[v]:
            for supply, uses in self.extra[v]:
                load = self.count[supply] - np.bincount(old[uses], minlength=self.slots)
                if (load + np.bincount(new[uses], minlength=self.slots) > self.limit[supply]).any():
                    return False
        limit = self.board.row_limit
        if limit is None:
            return True
        self._move(v, mine, old, new)
        fine = all(self.board.longest_row(self.busy[w]) <= limit for w in (v, *self.others[v]))
        self._move(v, mine, new, old)
        return fine

    def _move(self, v: int, mine: IntArray, old: IntArray, new: IntArray) -> None:
        moved = np.flatnonzero(old != new)
        for n, s, t in zip(mine[moved].tolist(), old[moved].tolist(), new[moved].tolist(), strict=True):
            for r in self.board.uses[self.pairs[n]]:
                self.count[r, s] -= 1
                self.count[r, t] += 1
        self.slot[mine] = new
        for n, t in zip(moved.tolist(), new[moved].tolist(), strict=True):
            u, s = self.others[v][n], int(old[n])
            self.busy[u] |= 1 << t
            if not self.count[u, s]:
                self.busy[u] &= ~(1 << s)
        for t in {*old.tolist(), *new.tolist()}:
            self.busy[v] = self.busy[v] | 1 << t if self.count[v, t] else self.busy[v] & ~(1 << t)

    def total(self) -> int:
        """Idle runs of everybody."""
        return sum(self.discomfort.runs(mask) for mask in self.busy)

    def write_back(self) -> None:
        """Bring the board to these slots."""
        moved = [(e, t) for e, t in zip(self.pairs, self.slot.tolist(), strict=True) if self.board.slot[e] != t]
        for e, _ in moved:
            self.board.take(e)
        for e, t in moved:
            self.board.put(e, t)


def improve(board: Board, rng: random.Random, *, rounds: int, deadline: float, stay: Container[int] = ()) -> int:
    """Lower the discomfort on the board for some rounds over the participants; returns the idle runs left.

    Meetings in `stay` are not moved.  The search is hot at first, so that it leaves poor corners, and cools down.
    """
    agendas = Agendas(board, stay)
    dice = np.random.default_rng(rng.randrange(2**32))
    order = list(agendas.people)
    if len(agendas.pairs) > HUGE:  # time is best spent on the long agendas
        mean = sum(len(agendas.of[v]) for v in order) / max(1, len(order))
        order = [v for v in order if len(agendas.of[v]) >= mean]
    for turn in range(rounds):
        heat = HOT * max(0.0, 1 - turn / (0.8 * rounds))
        rng.shuffle(order)
        for n, v in enumerate(order):
            if not n % 16 and time.monotonic() > deadline:
                break
            agendas.deal(v, dice, rng, change=bool(turn % 2), heat=heat)
        if time.monotonic() > deadline or not agendas.total():
            break
    agendas.write_back()
    return agendas.total()
