"""From a problem to a timetable: who meets whom, when, at which table, and how far from the best that can be."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from matching.timetable.board import Board
from matching.timetable.choose import Choice, build, with_cut
from matching.timetable.comfort import Discomfort, improve
from matching.timetable.conflict import fit, slots_for_pins
from matching.timetable.constraints import Rulebook, objective, total_idle_runs
from matching.timetable.cuts import cut
from matching.timetable.explain import explain_board, group_prices
from matching.timetable.flow import bound, first_prices
from matching.timetable.idle_proof import prove
from matching.timetable.place import fill, place
from matching.timetable.pricing import Chosen, choose, finish, search
from matching.timetable.problem import IntArray, Meeting, Problem, Timetable, need
from matching.timetable.replan import changes, freeze
from matching.timetable.seat import seat

Progress = Callable[[str, int | None, int | None], None]
REPAIRS = 40  # times that pairs without a slot are replaced by others
TEACHABLE = 40_000  # meetings times slots up to which a cut is computed when meetings do not fit
FIRST, EFFORT = 400, 3000  # steps of ejection for one meeting before a cut is looked for, before it is replaced
CONFLICTS = 20_000  # of the exact search for slots
KEEP = 5  # an announced meeting is worth 1/KEEP of a full score more than a new one, unless said otherwise


def solve(
    problem: Problem,
    *,
    previous: Sequence[Meeting] | None = None,
    from_slot: int = 0,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    keep: int | None = None,
) -> Timetable:
    """The best timetable found within `time_limit` seconds (None: until nothing more is worth trying).

    A greedy answer that keeps every pin is there first, however short the time, and is what comes back when the time
    ends before a better one.

    With `previous`, meetings before `from_slot` are history and stay as they are; later ones are kept unless keeping
    one costs more than `keep` score units (None: a fifth of a full score).  Raises `InfeasiblePins` if the pinned
    meetings cannot all be held.  `progress(stage, value, bound)` is called as the answer grows, in score units.
    The same seed gives the same answer unless time runs out.
    """
    return _Run(problem, previous, from_slot, time_limit, seed, progress, keep).answer()


class _Run:
    """One call of `solve`, stage by stage."""

    def __init__(
        self,
        problem: Problem,
        previous: Sequence[Meeting] | None,
        from_slot: int,
        time_limit: float | None,
        seed: int,
        progress: Progress | None,
        keep: int | None,
    ) -> None:
        need(0 <= from_slot <= problem.slots, "from_slot", f"slots run from 0 to {problem.slots - 1}.")
        self.problem, self.previous, self.from_slot = problem, previous, from_slot
        self.started = time.monotonic()
        self.deadline = self.started + (1e9 if time_limit is None else time_limit)
        self.rng = random.Random(seed)  # noqa: S311 - for search, not for secrets
        self.progress, self.lowest = progress, math.inf
        self.seconds: dict[str, float] = {}
        self.rules = Rulebook(problem)
        past = [m for m in previous or () if m.slot < from_slot]
        if from_slot:
            freeze(self.rules, past, from_slot)
        self.past = {m.pair for m in past}
        self.announced = {m.pair: m for m in previous or () if m.slot >= from_slot}
        self.bonus = problem.score_scale // KEEP if keep is None else keep

    def answer(self) -> Timetable:
        """All stages."""
        problem = self.problem
        board = self._pinned_board()
        first = self._first_answer(board)
        model = build(self.rules, self._weights(), problem.fairness)
        weighed = bool(self.announced and self.bonus) or problem.fairness > 0
        chosen = choose(model, self.deadline, None if weighed else self._new_bound)
        limit = self._plain_bound(model) if weighed else chosen.bound
        self._lap("choose", None, limit)
        lower = self._slots(board, model, chosen)
        limit = limit if weighed else lower
        if self._late():
            self._rescue(board, first)
        self._lap("slots", self._value(board), limit)
        self._go_back(board)
        if not self._late():
            rounds = _rounds(len(board.slot), self.previous is not None)
            improve(board, self.rng, rounds=rounds, deadline=self.deadline, stay=self.announced)
        self._lap("comfort", self._value(board), limit)
        value = self._value(board)
        proven_idle = value >= limit and self._proven_idle(board)
        self._lap("proof", value, limit)
        kept = {m.pair: m.table for m in self.previous or () if board.slot.get(m.pair) == m.slot}
        meetings = seat(board, kept)
        self._lap("tables", self._value(board), limit)
        value = objective(problem, meetings)
        prices = group_prices(model.names, chosen)
        self.seconds["total"] = time.monotonic() - self.started
        return Timetable(
            meetings,
            value,
            max(limit, value),
            value >= limit,
            proven_idle,
            total_idle_runs(problem, meetings),
            self.seconds,
            explain_board(board, prices=prices),
            () if self.previous is None else changes(problem, self.previous, meetings),
            prices,
        )

    def _late(self) -> bool:
        return time.monotonic() > self.deadline

    def _first_answer(self, board: Board) -> dict[int, int]:
        """Pair -> slot of a greedy answer around what is on the board, which stays as it is."""
        held = set(board.slot)
        fill(board, self.announced.values())
        first = dict(board.slot)
        self._lap("greedy", self._value(board), None)
        for e in first.keys() - held:
            board.take(e)
        return first

    def _rescue(self, board: Board, first: dict[int, int]) -> None:
        """Time ran out: fill the board greedily, or bring the first answer back if that is worth more."""
        fill(board)
        if self._value(board) < self._worth(first):
            _put(board, first)

    def _proven_idle(self, board: Board) -> bool:
        """Whether no timetable of this value has fewer idle runs; improves the board if there was a better one."""
        idle = sum(Discomfort(board).runs(mask) for mask in board.busy)
        if not idle:
            return True
        if self._late() or self.previous is not None or not self._only_choice(board):
            return False
        proof = prove(board, idle, self.deadline)
        if proof.slots is not None:
            _put(board, proof.slots)
        return proof.proven

    def _only_choice(self, board: Board) -> bool:
        """Whether every timetable of this value has exactly these meetings: all that are possible, none worthless."""
        possible = np.flatnonzero(self.rules.usable.any(axis=1))
        worthless = (self.problem.pairs.score[possible] == 0) & ~self.rules.pinned[possible]
        return len(possible) == len(board.slot) and not worthless.any()

    def _new_bound(self, limit: int) -> None:
        if self.progress is not None and limit < self.lowest:
            self.progress("prices", None, limit)
        self.lowest = min(limit, self.lowest)

    def _lap(self, stage: str, value: int | None, limit: int | None) -> None:
        self.seconds[stage] = time.monotonic() - self.started - sum(self.seconds.values())
        if self.progress is not None:
            self.progress(stage, value, limit)

    def _weights(self) -> IntArray:
        """Scores (E,), with `bonus` more for announced pairs, and as much less for new ones that no open slot awaits:
        to fit them in, an announced meeting has to move."""
        weight: IntArray = self.problem.pairs.score.copy()
        if not self.announced or not self.bonus:
            return weight
        board = Board(self.rules, sorted(self.announced))
        self._put_announced(board, sorted(self.announced))
        weight[~self.rules.awaits(np.array(board.count))] -= self.bonus
        weight[list(self.announced)] = self.problem.pairs.score[list(self.announced)] + self.bonus
        return weight

    def _plain_bound(self, model: Choice) -> int:
        """A bound on the plain objective, without what fairness and announced meetings are worth."""
        score: IntArray = self.problem.pairs.score
        plain = (
            build(self.rules, score)
            if self.problem.fairness
            else replace(model, weight=score[model.pairs], base=int(score[self.rules.pinned].sum()))
        )
        if not len(plain.pairs):
            return plain.value(np.zeros(0, bool))
        return bound(plain, first_prices(plain) if self._late() else search(plain, self.deadline)[1])

    def _value(self, board: Board) -> int:
        return self._worth(board.slot)

    def _worth(self, pairs: Iterable[int]) -> int:
        """The plain objective of these meetings."""
        held, listed = np.array(list(pairs), np.int64), self.problem.pairs
        degree = np.bincount(np.concatenate([listed.a[held], listed.b[held]]), minlength=len(self.rules.minimum))
        short = np.maximum(0, np.array([p.minimum for p in self.problem.participants]) - degree).sum()
        return int(listed.score[held].sum()) - self.problem.shortfall_weight * int(short)

    def _pinned_board(self) -> Board:
        """A board with every pinned meeting on it, and the past frozen."""
        pins = np.flatnonzero(self.rules.pinned).tolist()
        board = Board(self.rules, pins)
        board.frozen = set(self.past)
        for e in sorted(self.past):
            board.put(e, board.allowed[e].bit_length() - 1)
        self._put_announced(board, pins)
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

    def _put_announced(self, board: Board, wanted: Sequence[int]) -> None:
        for e in wanted:
            m = self.announced.get(e)
            if m is not None and e not in board.slot and board.open(e) >> m.slot & 1:
                board.put(e, m.slot)

    def _slots(self, board: Board, model: Choice, chosen: Chosen) -> int:
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
            if left and teachable:
                lesson = cut(board, sorted(everybody), left, self.deadline)
                if lesson is None:
                    left = self._fit(board, everybody, EFFORT)
                if left and lesson is None and not self.announced:
                    lesson = self._settle(board, everybody)
                    left = left if lesson is not None else [e for e in everybody if e not in board.slot]
            if not left or turn == REPAIRS - 1 or self._late():
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
        _put(board, slots)
        return None

    def _fit(self, board: Board, wanted: set[int], effort: int) -> list[int]:
        """Bring the board to these pairs; returns those for which there is no slot."""
        board.admit(sorted(wanted))
        for e in [e for e in board.slot if e not in wanted]:
            board.take(e)
        self._put_announced(board, sorted(wanted))
        left = place(
            board,
            sorted(e for e in wanted if e not in board.slot),
            self.rng,
            steps=effort,
            deadline=self.deadline,
            heavy=self.announced,
        )
        return self._pins_first(board, left) if any(e in self.pin_slots for e in left) else left

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

    def _go_back(self, board: Board) -> None:
        """Announced meetings that were moved return to their slot where it is open again."""
        for e, m in self.announced.items():
            if e in board.slot and board.slot[e] != m.slot and e not in board.frozen:
                was = board.take(e)
                board.put(e, m.slot if board.open(e) >> m.slot & 1 else was)


def _put(board: Board, slots: Mapping[int, int]) -> None:
    """Bring the board to exactly these meetings."""
    board.admit(slots)
    for e, t in list(board.slot.items()):
        if slots.get(e) != t:
            board.take(e)
    for e, t in slots.items():
        if e not in board.slot:
            board.put(e, t)


def _rounds(meetings: int, replanning: bool) -> int:
    """Rounds of comfort that pay: the larger the event, the fewer; few where only the new meetings move."""
    return 4 if replanning else max(2, min(16, 20_000 // max(1, meetings)))
