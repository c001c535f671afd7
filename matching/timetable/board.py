"""Meetings on a board of slots, with every supply counted: the state that slotting and comfort work on.

Slots are bits of Python integers, so that "where could this meeting still go" is a handful of `&` and `~`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from matching.timetable.problem import IntArray
from matching.timetable.rulebook import Rulebook


def bits(mask: int) -> list[int]:
    """The slots in a mask, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def masks(rows: np.ndarray) -> list[int]:
    """(n, T) booleans -> n integers, slot t as bit t."""
    packed = np.packbits(rows, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


class Board:
    """Placed meetings.  `slot[e]` is the slot of pair e; `full[r]` the slots in which supply r is used up."""

    def __init__(self, rules: Rulebook, pairs: Iterable[int]) -> None:
        self.rules = rules
        problem = rules.problem
        self.slots = problem.slots
        self.slot: dict[int, int] = {}
        self.frozen: set[int] = set()
        people = len(rules.capacity)
        self.people = people
        self.limit: list[list[int]] = rules.limit.tolist()
        self.full: list[int] = masks(rules.limit <= 0)
        self.count: list[list[int]] = [[0] * self.slots for _ in self.limit]
        self.held: list[list[list[int]]] = [[[] for _ in range(self.slots)] for _ in self.limit]
        self.busy: list[int] = [0] * people
        # Own tables with a seat for every delegate never run out; they need no counting.
        self._ample: list[bool] = np.all(rules.limit[people : 2 * people] >= rules.capacity, axis=1).tolist()
        self.allowed: dict[int, int] = {}
        self.uses: dict[int, tuple[int, ...]] = {}
        self.homes: dict[int, tuple[int, ...]] = {}  # pairs of two owners whose tables can both run out
        self._home: dict[int, int] = {}
        self.ends: dict[int, tuple[int, int]] = {}
        self.block_starts = sum(1 << t for t in set(problem.blocks) if t > 0)
        self.row_limit = problem.row_limit
        self.admit(pairs)

    def admit(self, pairs: Iterable[int]) -> None:
        """Make pairs known to the board, without placing them."""
        new = [e for e in pairs if e not in self.uses]
        if not new:
            return
        people = self.people
        for e, mask in zip(new, masks(self.rules.usable[new]), strict=True):
            always, homes = self.rules.supplies(e)
            counted = tuple(r for r in homes if r >= 2 * people or not self._ample[r - people])
            if len(counted) == len(homes) == 1:
                always += counted
            elif len(counted) == len(homes):
                self.homes[e] = homes
            self.allowed[e], self.uses[e], self.ends[e] = mask, always, (always[0], always[1])

    def open(self, e: int) -> int:
        """The slots in which meeting e could be placed now."""
        mask, full = self.allowed[e], self.full
        for r in self.uses[e]:
            mask &= ~full[r]
        if mask and e in self.homes:
            a, b = self.homes[e]
            mask &= ~(full[a] & full[b])
        if mask and self.row_limit is not None:
            mask = sum(1 << t for t in bits(mask) if self.row_fits(e, t))
        return mask

    def row_fits(self, e: int, t: int) -> bool:
        """Whether meeting e in slot t leaves nobody with too many meetings in a row."""
        return self.row_limit is None or all(
            self.longest_row(self.busy[v] | 1 << t) <= self.row_limit for v in self.ends[e]
        )

    def rows(self) -> list[list[int]]:
        """The shortest runs of slots that nobody may be busy in throughout."""
        if self.row_limit is None:
            return []
        runs = [list(range(t, t + self.row_limit + 1)) for t in range(self.slots - self.row_limit)]
        return [run for run in runs if not any(self.block_starts >> t & 1 for t in run[1:])]

    def longest_row(self, busy: int) -> int:
        """The most meetings in a row in a mask, new blocks ending a row."""
        length, row = 0, busy
        while row:
            length += 1
            row &= (row << 1) & ~self.block_starts & busy
        return length

    def put(self, e: int, t: int) -> None:
        """Place meeting e in slot t; the slot has to be open for it."""
        bit = 1 << t
        used = self.uses[e]
        if e in self.homes:
            home = next(r for r in self.homes[e] if not self.full[r] & bit)
            self._home[e] = home
            used = (*used, home)
        for r in used:
            row = self.count[r]
            row[t] += 1
            self.held[r][t].append(e)
            if row[t] >= self.limit[r][t]:
                self.full[r] |= bit
        self.slot[e] = t
        for v in self.ends[e]:
            self.busy[v] |= bit

    def take(self, e: int) -> int:
        """Remove meeting e; returns its slot."""
        t = self.slot.pop(e)
        bit = 1 << t
        used = self.uses[e]
        if e in self.homes:
            used = (*used, self._home.pop(e))
        for r in used:
            row = self.count[r]
            row[t] -= 1
            self.held[r][t].remove(e)
            if row[t] < self.limit[r][t]:
                self.full[r] &= ~bit
        for v in self.ends[e]:
            if not self.count[v][t]:
                self.busy[v] &= ~bit
        return t

    def bring(self, slots: Mapping[int, int]) -> None:
        """Hold exactly these meetings: pair -> slot."""
        self.admit(slots)
        for e, t in list(self.slot.items()):
            if slots.get(e) != t:
                self.take(e)
        for e, t in slots.items():
            if e not in self.slot:
                self.put(e, t)

    def home(self, e: int) -> int | None:
        """The owner at whose tables a pair of two owners was placed, if that had to be chosen."""
        r = self._home.get(e)
        return None if r is None else r - self.people

    def draws_on(self, e: int, r: int) -> bool:
        """Whether the placed meeting e uses up supply r."""
        return r in self.uses[e] or self._home.get(e) == r

    def blockers(self, e: int, t: int) -> list[int]:
        """The supplies that meeting e lacks in slot t."""
        bit = 1 << t
        lacking = [r for r in self.uses[e] if self.full[r] & bit]
        if e in self.homes and all(self.full[r] & bit for r in self.homes[e]):
            lacking.append(min(self.homes[e], key=lambda r: len(self.held[r][t]) == 0))
        return lacking

    def degrees(self) -> IntArray:
        """(V,): meetings placed per participant."""
        degree = np.zeros(self.people, np.int64)
        for a, b in (self.ends[e] for e in self.slot):
            degree[a] += 1
            degree[b] += 1
        return degree
