"""Comfort: fewer idle runs, evenly spread, by moving meetings in time; who meets whom stays as it is.

One participant at a time, all its meetings are dealt anew to its slots by an assignment problem: a meeting's cost in
a slot is what the other participant's agenda would look like.  Everybody else's meetings stay where they are, so the
costs simply add up and the assignment is exact.  Now and then the participant's own slots change as well.
"""
from __future__ import annotations

import random
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.timetable.board import Board
from matching.timetable.problem import IntArray

FloatArray = NDArray[np.float64]
NEVER = 1e6
OVER_LIMIT = 3.0  # what an idle run above the wanted maximum costs besides
UNEVEN = 0.02  # times the square of a participant's idle runs
GAP = 0.004  # per slot between the first and the last meeting: it leads towards fewer runs


class Agendas:
    """The board's meetings as arrays, for moving whole agendas at once."""

    def __init__(self, board: Board) -> None:
        self.board = board
        rules = board.rules
        self.pairs = np.array(sorted(board.slot), np.int64)
        self.slot = np.array([board.slot[e] for e in self.pairs.tolist()], np.int64)
        problem = rules.problem
        self.a, self.b = problem.pairs.a[self.pairs], problem.pairs.b[self.pairs]
        self.count: IntArray = np.array(board.count, np.int64)
        self.limit = rules.limit
        self.allowed = rules.usable[self.pairs]
        stays = np.array([e in board.frozen or e in board.homes for e in self.pairs.tolist()], bool)
        self.allowed[stays] = np.eye(problem.slots, dtype=bool)[self.slot[stays]]
        edges = sorted({0, *problem.blocks, problem.slots})
        self.blocks = list(zip(edges[:-1], edges[1:], strict=True))
        self.idle_limit = problem.idle_limit
        self.of: list[IntArray] = [np.zeros(0, np.int64)] * board.people
        both = np.concatenate([self.a, self.b])
        order = np.argsort(both, kind="stable")
        who, first = np.unique(both[order], return_index=True)
        for v, mine in zip(who.tolist(), np.split(order % max(1, len(self.pairs)), first[1:]), strict=True):
            self.of[v] = mine
        self.extra = {v: self._extra(v) for v in who.tolist()}
        levels = np.arange(problem.slots + 2, dtype=float)
        self.price = levels + UNEVEN * levels**2
        if self.idle_limit is not None:
            self.price += OVER_LIMIT * np.maximum(0, levels - self.idle_limit)

    def _extra(self, v: int) -> list[tuple[int, NDArray[np.bool_]]]:
        """The supplies besides participants that v's meetings use: (supply, which of its meetings)."""
        used = [self.board.uses[e][2:] for e in self.pairs[self.of[v]].tolist()]
        return [(r, np.array([r in row for row in used])) for r in sorted({r for row in used for r in row})]

    def runs(self, busy: NDArray[np.bool_]) -> IntArray:
        """(n,): idle runs of agendas (n, T)."""
        total = np.zeros(len(busy), np.int64)
        for start, end in self.blocks:
            part = busy[:, start:end]
            begins = part[:, 0].astype(np.int64) + (part[:, 1:] & ~part[:, :-1]).sum(axis=1)
            total += np.maximum(0, begins - 1)
        return total

    def cost(self, busy: NDArray[np.bool_]) -> FloatArray:
        """(n,): the discomfort of agendas (n, T)."""
        return np.asarray(self.price[self.runs(busy)] + GAP * self._spans(busy))

    def _spans(self, busy: NDArray[np.bool_]) -> FloatArray:
        total = np.zeros(len(busy))
        for start, end in self.blocks:
            part = busy[:, start:end]
            some = part.any(axis=1)
            total += np.where(some, end - start - part.argmax(axis=1) - part[:, ::-1].argmax(axis=1) - 1, 0)
        return total

    def with_one_more(self, busy: NDArray[np.bool_]) -> FloatArray:
        """(n, T): the discomfort of agendas (n, T) with one more meeting in each slot."""
        runs = self.runs(busy)
        change = np.zeros(busy.shape, np.int64)
        spans = np.zeros(busy.shape)
        for start, end in self.blocks:
            part = busy[:, start:end]
            size = end - start
            near = np.zeros(part.shape, np.int64)
            near[:, 1:] += part[:, :-1]
            near[:, :-1] += part[:, 1:]
            some = part.any(axis=1)[:, None]
            change[:, start:end] = np.where(part | ~some, 0, 1 - near)
            place = np.arange(size)
            first = np.where(some[:, 0], part.argmax(axis=1), size)[:, None]
            last = np.where(some[:, 0], size - 1 - part[:, ::-1].argmax(axis=1), -1)[:, None]
            wide = np.maximum(last, place) - np.minimum(first, place)
            spans[:, start:end] = wide - np.where(some, last - first, 0)
        return np.asarray(self.price[runs[:, None] + change] + GAP * (self._spans(busy)[:, None] + spans))

    def deal(self, v: int, rng: np.random.Generator, *, change: bool, heat: float = 0.0) -> bool:
        """Deal the meetings of v anew, on changed slots if wanted; true if the agendas got better or as good."""
        mine = self.of[v]
        old = self.slot[mine]
        other = np.where(self.a[mine] == v, self.b[mine], self.a[mine])
        if len(np.unique(other)) < len(other):
            return False  # two meetings with the same participant: their costs would not add up
        rows = np.arange(len(mine))
        taken = np.zeros(self.count.shape[1], np.int64)
        np.add.at(taken, old, 1)
        spare = self.limit[v] - taken
        fit = self.allowed[mine]
        crowd = self.count[other]
        crowd[rows, old] -= 1
        fit &= crowd < self.limit[other]
        for supply, uses in self.extra[v]:
            own = np.bincount(old[uses], minlength=len(taken))
            fit[uses] &= self.count[supply] - own < self.limit[supply]
        slots = old.copy()
        if change:
            swap = self._swap(old, np.flatnonzero((spare > 0) & fit.any(axis=0)), rng, heat)
            if swap is None:
                return False
            slots[swap[0]] = swap[1]
        busy = crowd > 0
        prices = self.with_one_more(busy)
        prices[~fit] = NEVER
        rows, columns = linear_sum_assignment(prices[:, slots] + rng.random((len(rows), len(slots))) * (heat + 1e-3))
        new = slots[columns]
        if (new == old).all():
            return False
        value, was = prices[rows, new].sum(), prices[rows, old].sum()
        pattern = np.zeros((2, len(taken)), bool)
        pattern[0, old] = pattern[1, new] = True
        own_was, own_is = self.cost(pattern)
        worse = value + own_is - was - own_was
        if worse > 1e-9 and (worse >= NEVER / 2 or rng.random() >= np.exp(-worse / max(heat, 1e-9))) or not self._fits(v, mine, old, new):
            return False
        self._move(mine, old, new)
        return True

    def _swap(self, old: IntArray, possible: IntArray, rng: np.random.Generator,
              heat: float) -> tuple[int, int] | None:
        """(which meeting's slot to give up, the slot to take instead) that suit one's own agenda best."""
        if not len(possible):
            return None
        size = self.count.shape[1]
        held = np.bincount(old, minlength=size)
        patterns = np.repeat(held[None, :], len(old) * len(possible), axis=0)
        give, gain = np.repeat(np.arange(len(old)), len(possible)), np.tile(possible, len(old))
        rows = np.arange(len(patterns))
        patterns[rows, old[give]] -= 1
        patterns[rows, gain] += 1
        best = int(np.argmin(self.cost(patterns > 0) + rng.random(len(rows)) * (heat + 0.05)))
        return int(give[best]), int(gain[best])

    def _fits(self, v: int, mine: IntArray, old: IntArray, new: IntArray) -> bool:
        """Whether parallel meetings of v overload a supply together, or somebody gets too many meetings in a row."""
        if int(self.limit[v].max()) > 1:
            for supply, uses in self.extra[v]:
                size = self.count.shape[1]
                load = self.count[supply] - np.bincount(old[uses], minlength=size) + np.bincount(new[uses],
                                                                                                minlength=size)
                if (load > self.limit[supply]).any():
                    return False
        if self.board.row_limit is None:
            return True
        self._move(mine, old, new)
        fine = all(self.board.longest_row(int(sum(1 << t for t in np.flatnonzero(self.count[w]).tolist())))
                   <= self.board.row_limit for w in {*self.a[mine].tolist(), *self.b[mine].tolist()})
        self._move(mine, new, old)
        return fine

    def _move(self, mine: IntArray, old: IntArray, new: IntArray) -> None:
        moved = np.flatnonzero(old != new)
        for m, s, t in zip(mine[moved].tolist(), old[moved].tolist(), new[moved].tolist(), strict=True):
            for r in self.board.uses[int(self.pairs[m])]:
                self.count[r, s] -= 1
                self.count[r, t] += 1
        self.slot[mine] = new

    def total(self) -> tuple[float, int]:
        """(discomfort, idle runs) of everybody."""
        busy = self.count[:self.board.people] > 0
        return float(self.cost(busy).sum()), int(self.runs(busy).sum())

    def write_back(self) -> None:
        """Bring the board to these slots."""
        moved = [(e, t) for e, t in zip(self.pairs.tolist(), self.slot.tolist(), strict=True)
                 if self.board.slot[e] != t]
        for e, _ in moved:
            self.board.take(e)
        for e, t in moved:
            self.board.put(e, t)


def improve(board: Board, rng: random.Random, *, rounds: int, deadline: float,
            people: Sequence[int] | None = None) -> int:
    """Lower the discomfort on the board for some rounds over the participants; returns the idle runs left."""
    agendas = Agendas(board)
    dice = np.random.default_rng(rng.randrange(2**32))
    busy = [v for v in (range(board.people) if people is None else people) if len(agendas.of[v]) > 1]
    for turn in range(rounds):
        order = dice.permutation(busy)
        done = False
        for n, v in enumerate(order.tolist()):
            if not n % 16 and time.monotonic() > deadline:
                done = True
                break
            agendas.deal(v, dice, change=bool(turn % 2))
        if done or not agendas.total()[1]:
            break
    agendas.write_back()
    return agendas.total()[1]
