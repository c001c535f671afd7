"""From a problem to a timetable: who meets whom, when, at which table, and how far from the best that can be."""
from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import numpy as np

from matching.timetable.board import Board
from matching.timetable.choose import build
from matching.timetable.constraints import Rulebook, objective, total_idle_runs
from matching.timetable.place import place
from matching.timetable.pricing import choose
from matching.timetable.problem import Meeting, Problem, Timetable
from matching.timetable.seat import seat

Progress = Callable[[str, int | None, int | None], None]
REPAIRS = 30  # times that pairs without a slot are replaced by others


def solve(problem: Problem, *, previous: Sequence[Meeting] | None = None, from_slot: int = 0,
          time_limit: float | None = None, seed: int = 0, progress: Progress | None = None) -> Timetable:
    """The best timetable found within `time_limit` seconds (None: until nothing more is worth trying).

    Raises `InfeasiblePins` if the pinned meetings cannot all be held.  `progress(stage, value, bound)` is called as
    the value grows and the bound falls, in score units.  The same seed gives the same answer unless time runs out.
    """
    started = time.monotonic()
    deadline = started + (time_limit if time_limit is not None else 1e9)
    rng = random.Random(seed)  # noqa: S311 - for search, not for secrets
    seconds: dict[str, float] = {}
    rules = Rulebook(problem)
    score = problem.pairs.score
    blocked = np.zeros(len(score), bool)
    model = build(rules, score)
    chosen = choose(model, deadline)
    bound = chosen.bound
    seconds["choose"] = time.monotonic() - started
    pinned = np.flatnonzero(rules.pinned).tolist()
    board = Board(rules, pinned)
    place(board, pinned, rng, steps=20_000, deadline=deadline)
    wanted = set(model.pairs[chosen.columns].tolist()) | set(pinned)
    for _ in range(REPAIRS):
        board.admit(wanted)
        for e in [e for e in board.slot if e not in wanted]:
            board.take(e)
        left = place(board, [e for e in wanted if e not in board.slot], rng,
                     steps=20_000 + 20 * len(wanted), deadline=deadline)
        if progress is not None:
            progress("slots", objective(problem, seat(board)), bound)
        if not left or time.monotonic() > deadline:
            break
        blocked[left] = True
        model = build(rules, score, blocked)
        again = choose(model, deadline)
        wanted = set(model.pairs[again.columns].tolist()) | set(pinned)
    seconds["slots"] = time.monotonic() - started - seconds["choose"]
    meetings = seat(board)
    value = objective(problem, meetings)
    seconds["total"] = time.monotonic() - started
    return Timetable(meetings, value, bound, value >= bound, False, total_idle_runs(problem, meetings), seconds)
