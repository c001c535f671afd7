"""Whether no timetable of the same value has fewer idle runs: every choice of pairs of that value is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from matching.timetable.board import Board
from matching.timetable.comfort import Discomfort
from matching.timetable.idle_proof import CONFLICTS, prove

MANY = 150  # meetings up to which it is tried although other choices are possible
FEW = 50_000  # conflicts of the solver for each choice then
Others = Callable[[], "Sequence[Collection[int]] | None"]


def settle(board: Board, others: Others, deadline: float) -> bool:
    """Whether the idle runs on the board are proven to be the fewest; brings better slots to the board if it finds
    them.  `others()` are all other choices of pairs of the same value, None if they are not known."""
    best = sum(Discomfort(board).runs(mask) for mask in board.busy)
    if not best:
        return True
    choices: list[Collection[int]] = [set(board.slot)]
    conflicts = CONFLICTS
    if not only_choice(board):
        more = others() if len(board.slot) <= MANY else None
        if more is None:
            return False
        choices += more
        conflicts = FEW
    for pairs in choices:
        board.admit(pairs)
    if any(e in board.homes for pairs in choices for e in pairs):
        return False  # whose table it is would have to be chosen as well
    better, proven = None, True
    for pairs in choices:
        proof = prove(board, pairs, best, deadline, conflicts)
        if proof.slots is not None and proof.idle_runs is not None:
            better, best = proof.slots, proof.idle_runs
        proven &= proof.refuted == best - 1
        if not proven:
            break
    if better is not None:
        board.bring(better)
    return proven


def only_choice(board: Board) -> bool:
    """Whether every timetable of this value has exactly these meetings: all that are possible, none worthless."""
    rules = board.rules
    possible = np.flatnonzero(rules.usable.any(axis=1))
    worthless = (rules.problem.pairs.score[possible] == 0) & ~rules.pinned[possible]
    return len(possible) == len(board.slot) and not worthless.any()
