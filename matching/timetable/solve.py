"""From a problem to a timetable: who meets whom, when, at which table, and how far from the best that can be."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from matching.timetable.board import Board
from matching.timetable.choices import others
from matching.timetable.choose import Choice, build
from matching.timetable.comfort import improve
from matching.timetable.constraints import objective, total_idle_runs
from matching.timetable.explain import explain_board, group_prices
from matching.timetable.fewest import settle
from matching.timetable.flow import bound, first_prices
from matching.timetable.place import fill
from matching.timetable.pricing import Chosen, choose, search
from matching.timetable.problem import IntArray, Meeting, Problem, Timetable, need
from matching.timetable.replan import changes, freeze
from matching.timetable.rulebook import Rulebook
from matching.timetable.seat import seat
from matching.timetable.slotting import Slotting

Progress = Callable[[str, int | None, int | None], None]
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
    one costs more than `keep` score units (None: a fifth of a full score; 0: nothing is kept but pins, and the slots
    of meetings are improved as well, starting from where they are).  Raises `InfeasiblePins` if the pinned
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
        self.slotting = Slotting(self.rules, self.rng, self.deadline, self.announced, self.past, self.bonus)

    def answer(self) -> Timetable:
        """All stages."""
        problem = self.problem
        board = self.slotting.pinned_board()
        first = self._first_answer(board)
        model = build(self.rules, self._weights(), problem.fairness)
        weighed = bool(self.announced and self.bonus) or problem.fairness > 0
        chosen = choose(model, self.deadline, None if weighed else self._new_bound)
        limit = self._plain_bound(model) if weighed else chosen.bound
        self._lap("choose", None, limit)
        lower = self.slotting.place_chosen(board, model, chosen)
        limit = limit if weighed else lower
        if self._late():
            self._rescue(board, first)
        self._lap("slots", self._value(board), limit)
        if self.bonus:
            self.slotting.go_back(board)
        if not self._late():
            rounds = _rounds(len(board.slot), bool(self.announced and self.bonus))
            improve(board, self.rng, rounds=rounds, deadline=self.deadline, stay=self.announced if self.bonus else ())
        self._lap("comfort", self._value(board), limit)
        value = self._value(board)
        proven_idle = value >= limit and self._proven_idle(board, model, chosen, value)
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
            board.bring(first)

    def _proven_idle(self, board: Board, model: Choice, chosen: Chosen, value: int) -> bool:
        """Whether no timetable of this value has fewer idle runs; improves the board if there was a better one."""

        def other_choices() -> list[set[int]] | None:
            known = np.isin(model.pairs, list(board.slot))
            found = others(model, chosen, value, known, self.deadline)
            pins = set(np.flatnonzero(self.rules.pinned).tolist())
            return None if found is None else [pins | set(model.pairs[columns].tolist()) for columns in found]

        if self._late() or self.previous is not None:
            return False
        return settle(board, (lambda: None) if self.problem.fairness else other_choices, self.deadline)

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
        self.slotting.put_announced(board, sorted(self.announced))
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


def _rounds(meetings: int, replanning: bool) -> int:
    """Rounds of comfort that pay: the larger the event, the fewer; few where only the new meetings move."""
    return 4 if replanning else max(2, min(24, 27_000 // max(1, meetings)))
