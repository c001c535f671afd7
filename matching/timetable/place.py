"""When: a slot for every chosen meeting, by greedy placement and guided ejection; and the greedy answer in no time.

The hardest meetings go first, next to meetings already placed.  A meeting without an open slot takes one from the
meetings in its way: those that can simply move go first, then those that were rarely stuck themselves.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Container, Iterable

import numpy as np

from matching.timetable.board import Board, bits
from matching.timetable.problem import Meeting

CHUNK = 4000  # pairs that the greedy answer looks at at once
FIRST = 400  # steps spent on each stuck meeting in the first round
WAYS = 12  # ways tried to fit a meeting between announced ones
HEAVY = 4  # what moving an announced meeting weighs against moving another
SAMPLE = 6  # of the holders of a large supply, this many are considered for ejection


class Patience:
    """How many announced meetings a pair may move, `most(pair)`; pairs that would have to move more are `refused`."""

    def __init__(self, most: Callable[[int], float]) -> None:
        self.most = most
        self.refused: set[int] = set()


def place(
    board: Board,
    pairs: Iterable[int],
    rng: random.Random,
    *,
    steps: int,
    deadline: float,
    heavy: Container[int] = (),
    patience: Patience | None = None,
) -> list[int]:
    """Place the pairs on the board, moving others if needed (`heavy` ones last, and no more of them than `patience`
    allows for a pair); returns those that found no slot."""
    waiting = _hardest_first(board, list(pairs))
    stuck = [e for e in waiting if not _greedy(board, e)]
    return eject(board, stuck, rng, steps=steps, deadline=deadline, heavy=heavy, patience=patience)


def fill(board: Board, announced: Iterable[Meeting] = ()) -> None:
    """Add meetings greedily: announced ones where they were, then, best score first, those that somebody lacks to a
    minimum, then whatever still fits."""
    rules, pairs = board.rules, board.rules.problem.pairs
    held = board.degrees()
    room, lack = (rules.maximum - held).tolist(), (rules.minimum - held).tolist()

    def use(e: int) -> None:
        for v in board.ends[e]:
            room[v] -= 1
            lack[v] -= 1

    old = {m.pair: m.slot for m in announced}
    for e in _known(board, sorted(old)):
        if min(room[v] for v in board.ends[e]) > 0 and board.open(e) >> old[e] & 1:
            board.put(e, old[e])
            use(e)
    possible = np.asarray(rules.usable.any(axis=1))
    possible[list(board.slot)] = False
    listed = np.flatnonzero(possible)
    order = listed[np.argsort(-pairs.score[listed], kind="stable")]
    for wanting in (True, False):
        for start in range(0, len(order), CHUNK):
            part = order[start : start + CHUNK]
            a, b = pairs.a[part], pairs.b[part]
            left, short = np.array(room) > 0, np.array(lack) > 0
            hopeful = left[a] & left[b] & (short[a] | short[b] if wanting else True)
            for e in _known(board, part[hopeful].tolist()):
                v, w = board.ends[e]
                if room[v] > 0 and room[w] > 0 and (not wanting or lack[v] > 0 or lack[w] > 0) and _greedy(board, e):
                    use(e)


def _known(board: Board, pairs: list[int]) -> list[int]:
    """Those of the pairs that are not placed, all known to the board."""
    board.admit(pairs)
    return [e for e in pairs if e not in board.slot]


def _hardest_first(board: Board, pairs: list[int]) -> list[int]:
    load = np.zeros(board.people, np.int64)
    for e in pairs:
        for v in board.ends[e]:
            load[v] += 1
    room = [
        sum(max(0, most - held) for most, held in zip(board.limit[v], board.count[v], strict=True))
        for v in range(board.people)
    ]
    slack = [room[v] / load[v] if load[v] else 99.0 for v in range(board.people)]

    def ease(e: int) -> tuple[float, float, int]:
        a, b = board.ends[e]
        scarce = len(board.uses[e]) > 2
        low, high = sorted((slack[a], slack[b]))
        return low - 0.3 * scarce, high, e

    return sorted(pairs, key=ease)


def _greedy(board: Board, e: int) -> bool:
    mask = board.open(e)
    if not mask:
        return False
    board.put(e, best_slot(board, e, mask))
    return True


def best_slot(board: Board, e: int, mask: int) -> int:
    """Of the open slots, the first next to meetings of both participants, else of one, else the first."""
    near = []
    for v in board.ends[e]:
        busy = board.busy[v]
        near.append((busy << 1 | busy >> 1) if busy else 0)
    for wanted in (near[0] & near[1], near[0] | near[1], -1):
        if mask & wanted:
            mask &= wanted
            break
    return (mask & -mask).bit_length() - 1


def eject(
    board: Board,
    stuck: list[int],
    rng: random.Random,
    *,
    steps: int,
    deadline: float,
    heavy: Container[int] = (),
    patience: Patience | None = None,
) -> list[int]:
    """Guided ejection search for each stuck meeting in turn; returns those for which no way was found.

    A first round spends little on each, so that a hopeless one does not keep the others waiting.
    """
    weight = {e: HEAVY for e in board.slot if e in heavy} if heavy else {}
    for effort in (min(steps, FIRST), steps):
        stuck = [
            e
            for e in stuck
            if not (
                _insert_gently(board, e, weight, rng, effort, deadline, heavy, patience)
                if heavy
                else _insert(board, e, weight, rng, effort, deadline) is not None
            )
        ]
        if not stuck or effort == steps:
            break
    return stuck


def _insert_gently(
    board: Board,
    e: int,
    weight: dict[int, int],
    rng: random.Random,
    steps: int,
    deadline: float,
    heavy: Container[int],
    patience: Patience | None,
) -> bool:
    """Of several ways to place one meeting, the one that moves the fewest others; none if these are too many."""
    if patience is not None and e in patience.refused:
        return False
    best: dict[int, int] | None = None
    for _ in range(WAYS):
        journal = _insert(board, e, weight, rng, steps, deadline)
        if journal is None:
            break
        moved = {f: board.slot[f] for f, _ in journal}
        _undo(board, journal)
        moved = {f: t for f, t in moved.items() if board.slot.get(f) != t}
        if best is None or len(moved) < len(best):
            best = moved
        if len(best) <= 2:
            break
    if best is None:
        return False
    if patience is not None and sum(f in heavy for f in best) > patience.most(e):
        patience.refused.add(e)
        return False
    for f in best:
        if f in board.slot:
            board.take(f)
    for f, t in best.items():
        board.put(f, t)
    return True


def _undo(board: Board, journal: list[tuple[int, int | None]]) -> None:
    for e, was in reversed(journal):
        if was is None:
            board.take(e)
        else:
            board.put(e, was)


def _insert(
    board: Board, e: int, weight: dict[int, int], rng: random.Random, steps: int, deadline: float
) -> list[tuple[int, int | None]] | None:
    """Place one meeting at the cost of others, and those again, until all have a slot; or leave all as it was.

    Returns what was done: (meeting, None) for one placed, (meeting, slot) for one taken from there; None if no way
    was found.
    """
    stack = [e]
    recent: dict[tuple[int, int], int] = {}
    journal: list[tuple[int, int | None]] = []  # what undoes the steps
    for step in range(steps):
        e = stack.pop()
        mask = board.open(e)
        if mask:
            board.put(e, rng.choice(bits(mask)))
            journal.append((e, None))
            if not stack:
                return journal
            continue
        if not step % 64 and time.monotonic() > deadline:
            break
        weight[e] = weight.get(e, 1) + 1
        found = _cheapest(board, e, weight, recent, step, rng)
        if found is None:
            break
        t, victims = found
        for f in victims:
            was = board.take(f)
            recent[f, was] = step + 8 + rng.randrange(8)
            journal.append((f, was))
        board.put(e, t)
        journal.append((e, None))
        stack.extend(victims)
    _undo(board, journal)
    return None


def _cheapest(
    board: Board, e: int, weight: dict[int, int], recent: dict[tuple[int, int], int], step: int, rng: random.Random
) -> tuple[int, list[int]] | None:
    """(slot, meetings to eject) of least weight; meetings that have another open slot weigh next to nothing."""
    best: tuple[float, int, list[int]] | None = None
    for t in bits(board.allowed[e]):
        if recent.get((e, t), 0) > step or not board.row_fits(e, t):
            continue
        cost = rng.random() * 0.1
        victims: list[int] = []
        for r in board.blockers(e, t):
            held = board.held[r][t]
            if victims and any(board.draws_on(f, r) for f in victims):
                continue
            if len(held) > SAMPLE:
                held = rng.sample(held, SAMPLE)
            choice: tuple[float, int] | None = None
            for f in held:
                if f in board.frozen:
                    continue
                price = weight.get(f, 1) * (0.5 if board.open(f) else 1.0)
                if choice is None or price < choice[0]:
                    choice = price, f
            if choice is None:
                cost = float("inf")
                break
            cost += choice[0]
            victims.append(choice[1])
        if cost < (best[0] if best else float("inf")):
            best = cost, t, victims
    return None if best is None else (best[1], best[2])
