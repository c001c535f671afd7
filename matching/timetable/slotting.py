"""From chosen pairs to a board with a slot for each: pins first, announced meetings where they were, then the others;
where they do not fit, a cut is learnt or others are chosen in their stead."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from matching.timetable.board import Board
from matching.timetable.choose import Choice, with_cut
from matching.timetable.conflict import fit, slots_for_pins
from matching.timetable.cuts import cut
from matching.timetable.place import Patience, place
from matching.timetable.pricing import Chosen, finish
from matching.timetable.problem import IntArray, Meeting
from matching.timetable.rulebook import Rulebook

REPAIRS = 40  # times that pairs without a slot are replaced by others
GENTLE = 2  # the same while announced meetings stay
TEACHABLE = 40_000  # meetings times slots up to which a cut is computed when meetings do not fit
FIRST, EFFORT = 400, 3000  # steps of ejection for one meeting before a cut is looked for, before it is replaced
CONFLICTS = 20_000  # of the exact search for slots


class Slotting:
    """Places meetings under the rules; `announced` ones (pair -> meeting) stay where they were if they can, and what
    is in `past` is history.  Moving an announced meeting costs `bonus` score units."""

    def __init__(
        self,
        rules: Rulebook,
        rng: random.Random,
        deadline: float,
        announced: Mapping[int, Meeting],
        past: Iterable[int],
        bonus: int,
    ) -> None:
        self.rules, self.rng, self.deadline, self.bonus = rules, rng, deadline, bonus
        self.announced, self.past = announced, set(past)
        self.pin_slots: dict[int, int] = {}
        self.patience: Patience | None = None

    def pinned_board(self) -> Board:
        """A board with every pinned meeting on it, and the past frozen."""
        pins = np.flatnonzero(self.rules.pinned).tolist()
        board = Board(self.rules, pins)
        board.frozen = set(self.past)
        for e in sorted(self.past):
            board.put(e, board.allowed[e].bit_length() - 1)
        self.put_announced(board, pins)
        if place(board, [e for e in pins if e not in board.slot], self.rng, steps=EFFORT, deadline=self.deadline):
            slots = slots_for_pins(Board(self.rules, pins), pins)
            for e in pins:
                if e in board.slot and e not in self.past:
                    board.take(e)
            for e in pins:
                if e not in board.slot:
                    board.put(e, slots[e])
        self.pin_slots = dict(board.slot)
        return board

    def put_announced(self, board: Board, wanted: Sequence[int]) -> None:
        for e in wanted:
            m = self.announced.get(e)
            if m is not None and e not in board.slot and board.open(e) >> m.slot & 1:
                board.put(e, m.slot)

    def place_chosen(self, board: Board, model: Choice, chosen: Chosen) -> int:
        """Place the chosen pairs; when some find no slot, learn a cut or replace them, until all have one.

        Returns the bound, which every cut may lower.
        """
        column = {e: c for c, e in enumerate(model.pairs.tolist())}
        pins = np.flatnonzero(self.rules.pinned)
        wanted, limit, prices = set(model.pairs[chosen.columns].tolist()), chosen.bound, chosen.prices
        blocked = False
        for turn in range(REPAIRS):
            everybody, lesson = wanted | set(self.pin_slots), None
            teachable = len(wanted) * board.slots <= TEACHABLE
            left = self._fit(board, everybody, FIRST if teachable else EFFORT)
            refused = self.patience.refused if self.patience is not None else set()
            if left and teachable and not refused.issuperset(left):
                lesson = cut(board, sorted(everybody), left, self.deadline)
                if lesson is None:
                    left = self._fit(board, everybody, EFFORT)
                if left and lesson is None and not self.announced:
                    lesson = self._settle(board, everybody)
                    left = left if lesson is not None else [e for e in everybody if e not in board.slot]
            if not left or turn == (GENTLE if self.announced else REPAIRS) - 1 or time.monotonic() > self.deadline:
                break
            flow = np.zeros(len(model.pairs))
            flow[[column[e] for e in wanted if e in column]] = 1.0
            if lesson is not None:
                model = with_cut(model, *lesson, pins)
                prices = replace(prices, group=np.append(prices.group, 0.0))
            else:
                weight = model.weight.copy()
                weight[[column[e] for e in left]] = -(2**40)
                flow[[column[e] for e in left]] = 0.0
                model, blocked = replace(model, weight=weight), True
            again = finish(model, flow, prices, self.deadline)
            wanted, prices = set(model.pairs[again.columns].tolist()), again.prices
            if not blocked:  # with pairs blocked it would bound only what is left
                limit = min(limit, again.bound)
        return limit

    def _settle(self, board: Board, wanted: set[int]) -> tuple[IntArray, int] | None:
        """Place all of these pairs by exact search, or learn which of them cannot all be held; None if placed, or if
        the search was too long."""
        slots, clash = fit(Board(self.rules, sorted(wanted)), sorted(wanted), CONFLICTS, self.deadline)
        if slots is None:
            members = [e for kind, e in clash if kind == "pair"]
            need = np.zeros(len(self.rules.pinned), np.int64)
            need[members] = 1
            return (need, len(members) - 1) if members else None
        board.bring(slots)
        return None

    def _fit(self, board: Board, wanted: set[int], effort: int) -> list[int]:
        """Bring the board to these pairs; returns those for which there is no slot."""
        board.admit(sorted(wanted))
        for e in [e for e in board.slot if e not in wanted]:
            board.take(e)
        self.put_announced(board, sorted(wanted))
        left = place(
            board,
            sorted(e for e in wanted if e not in board.slot),
            self.rng,
            steps=effort,
            deadline=self.deadline,
            heavy=self.announced,
            patience=self._patience(board),
        )
        return self._pins_first(board, left) if any(e in self.pin_slots for e in left) else left

    def _patience(self, board: Board) -> Patience | None:
        """Moving announced meetings costs `bonus` each: a pair may move as many as it is worth."""
        if not self.announced or not self.bonus:
            return None
        if self.patience is None:
            self.patience = Patience(lambda e: self._worth(board, e) / self.bonus)
        return self.patience

    def _worth(self, board: Board, e: int) -> int:
        """What a pair is worth that is not on the board: pins and announced meetings more than what they move."""
        if e in self.announced or self.rules.pinned[e]:
            return 2**40
        problem, held = self.rules.problem, board.degrees()
        lacking = sum(int(held[v] < self.rules.minimum[v]) for v in problem.ends(e))
        return int(problem.pairs.score[e]) + problem.shortfall_weight * lacking

    def _pins_first(self, board: Board, left: list[int]) -> list[int]:
        """Put the pins back where they are known to fit, at the cost of the others; returns who has no slot now."""
        others = [e for e in board.slot if e not in self.pin_slots]
        was = {e: board.slot[e] for e in others}
        for e in list(board.slot):
            board.take(e)
        for e, t in self.pin_slots.items():
            board.put(e, t)
        board.frozen |= set(self.pin_slots)
        for e in others:
            if board.open(e) >> was[e] & 1:
                board.put(e, was[e])
        again = [e for e in [*others, *left] if e not in board.slot]
        return place(board, again, self.rng, steps=EFFORT, deadline=self.deadline)

    def go_back(self, board: Board) -> None:
        """Announced meetings that were moved return to their slot where it is open again."""
        for e, m in self.announced.items():
            if e in board.slot and board.slot[e] != m.slot and e not in board.frozen:
                was = board.take(e)
                board.put(e, m.slot if board.open(e) >> m.slot & 1 else was)
