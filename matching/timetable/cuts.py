"""What a set of meetings without slots teaches the choice of pairs: an inequality that every timetable obeys.

The linear program that places as many of the meetings as possible has prices sigma >= 0 for every supply in every
slot.  A pair needs at least c_e = min over its slots of the prices of all it uses there, so every timetable has
sum c_e x_e <= sum sigma * limit (Benders).  If the meetings do not even fit in parts, this cuts them off.
"""

from __future__ import annotations

import time

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from matching.timetable.board import Board
from matching.timetable.problem import IntArray

GRAIN = 12  # prices are rounded to twelfths: halves, thirds and quarters stay exact


def cut(board: Board, meetings: list[int], stuck: list[int], deadline: float) -> tuple[IntArray, int] | None:
    """(c (E,), limit): c @ x <= limit holds for every timetable and fails for these meetings; None if they fit, or at
    the deadline.

    Looks first at the meetings around the stuck ones, then in wider circles: what does not fit alone does not fit.
    """
    circle, seen = set(stuck), 0
    while len(circle) > seen and time.monotonic() < deadline:
        seen = len(circle)
        near = {r for e in circle for r in board.uses[e] if r != 2 * board.people}
        circle |= {e for e in meetings if not near.isdisjoint(board.uses[e])}
        if len(circle) > 0.6 * len(meetings):
            circle = set(meetings)
        found = _cut(board, sorted(circle), deadline)
        if found is not None:
            return found
    return None


def _cut(board: Board, meetings: list[int], deadline: float) -> tuple[IntArray, int] | None:
    rules = board.rules
    size = board.slots
    usable = rules.usable[meetings]
    row, slot = np.nonzero(usable)
    used = [board.uses[e] for e in meetings]
    columns, supplies = [], []
    for depth in range(max(len(u) for u in used)):
        supply = np.array([u[depth] if depth < len(u) else -1 for u in used])[row]
        here = np.flatnonzero(supply >= 0)
        columns.append(here)
        supplies.append(supply[here] * size + slot[here])
    column, supply = np.concatenate(columns), np.concatenate(supplies)
    kinds, number = np.unique(supply, return_inverse=True)
    limit = rules.limit.reshape(-1)[kinds]
    left = sp.vstack(
        [
            sp.csr_matrix((np.ones(len(row)), (row, np.arange(len(row)))), shape=(len(meetings), len(row))),
            sp.csr_matrix((np.ones(len(column)), (number, column)), shape=(len(kinds), len(row))),
        ],
        format="csc",
    )
    answer = linprog(
        -np.ones(len(row)),
        A_ub=left,
        b_ub=np.concatenate([np.ones(len(meetings)), limit]),
        bounds=(0, None),
        method="highs",
        options={"time_limit": min(max(0.01, deadline - time.monotonic()), 1e6)},
    )
    if answer.status != 0 or answer.x is None or float(np.sum(answer.x)) > len(meetings) - 1e-6:
        return None
    price = np.zeros(rules.limit.size, np.int64)
    price[kinds] = np.rint(-np.asarray(answer.ineqlin.marginals)[len(meetings) :] * GRAIN)
    per_slot = price.reshape(rules.limit.shape)
    need = _needs(board, per_slot)
    right = int((per_slot * rules.limit).sum())
    common = int(np.gcd.reduce(need[need > 0])) if (need > 0).any() else 1
    need //= common
    right //= common  # whole meetings only: rounding down is right
    return (need, right) if int(need[meetings].sum()) > right else None


def _needs(board: Board, price: IntArray) -> IntArray:
    """(E,): the least a pair pays in any of its slots; 0 for pairs that have none."""
    rules, pairs = board.rules, board.rules.problem.pairs
    people = board.people
    cost = price[pairs.a] + price[pairs.b]
    spoken = rules.language >= 0
    cost[spoken] += price[2 * people + 1 + rules.language[spoken]]
    for place, who in ((1, pairs.a), (2, pairs.b)):
        here = rules.place == place
        cost[here] += price[people + who[here]]
    cost[rules.place == 0] += price[2 * people]
    cost[~rules.usable] = np.iinfo(np.int64).max // 4
    least = cost.min(axis=1)
    least[~rules.usable.any(axis=1)] = 0
    return np.asarray(least, np.int64)
