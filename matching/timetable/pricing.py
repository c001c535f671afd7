"""The search for the prices of scarce groups, and the exact finish on the pairs whose reduced weight is near zero."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.timetable.choose import BoolArray, Choice
from matching.timetable.flow import FloatArray, Network, Prices, bound
from matching.timetable.problem import IntArray

FLOWS = 12  # more do not pay: the finish settles what interpolation leaves
ROUNDS = 6  # of column generation in the finish
Report = Callable[[int | None, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The best choice found (C,) of a model's columns, its value, a bound on every choice, and the prices behind it."""

    columns: BoolArray
    value: int
    bound: int
    prices: Prices


def choose(model: Choice, deadline: float = float("inf"), warm: Prices | None = None) -> Chosen:
    """Solve the model; exact unless the deadline (time.monotonic) cuts it short, and the bound is valid even then."""
    if not len(model.pairs):
        none = Prices(*(np.zeros(n) for n in (len(model.most), len(model.most), len(model.supply))))
        nobody = np.zeros(0, bool)
        return Chosen(nobody, model.value(nobody), model.value(nobody), none)
    flow, prices = search(model, deadline) if warm is None else (None, warm)
    return finish(model, flow, prices, deadline)


def search(model: Choice, deadline: float = float("inf")) -> tuple[FloatArray, Prices]:
    """Group prices at which demand is close to supply: one flow a step, all groups interpolated at once."""
    network = Network(model)
    groups = len(model.supply)
    free = np.isin(np.arange(groups), network.priced)
    low, high = np.zeros(groups), np.full(groups, np.inf)
    over, under = np.zeros(groups), np.zeros(groups)
    group = np.zeros(groups, np.int64)
    best: tuple[int, FloatArray, Prices] | None = None
    step = max(1.0, float(np.median(model.weight)) / 8)
    for turn in range(FLOWS):
        flow = network.solve(group)
        prices = network.prices(group)
        value = bound(model, prices)
        if best is None or value < best[0]:
            best = value, flow, prices
        excess = model.member @ flow - model.supply
        too_many = free & (excess > 0)
        slack = free & (excess < 0) & (group > 0)
        settled = ~(too_many | slack) | (np.abs(excess) <= model.supply * 0.003)
        if settled.all() or time.monotonic() > deadline:
            break
        low[too_many], over[too_many] = group[too_many], excess[too_many]
        high[slack], under[slack] = group[slack], excess[slack]
        # The others' prices move too, so that a bracket may be stale: open it again when it is.
        high[too_many & (high <= low)] = np.inf
        low[slack & (low >= high)] = 0.0
        between = low + (high - low) * np.clip(over / np.maximum(over - under, 1e-9), 0.05, 0.95)
        following = np.where(np.isinf(high), low + step * 2.0 ** turn, between)
        moved = np.where(too_many | slack, np.rint(following).astype(np.int64), group)
        if (moved == group).all():
            break
        group = moved
        if turn == 3 and len(model.pairs) > 20_000:
            # Prices move little from here on: pairs far from worth their while stay out, and the finish checks them.
            network = Network(model, np.flatnonzero(prices.reduced(model) > -4 * step))
    assert best is not None
    return best[1], best[2]


def finish(model: Choice, flow: FloatArray | None, prices: Prices, deadline: float) -> Chosen:
    """Settle the close calls: a linear program over them for exact prices, then an integer program for the choice."""
    reduced = prices.reduced(model)
    size = min(len(reduced), 400 + 2 * len(model.most))
    near = np.argpartition(np.abs(reduced), size - 1)[:size]
    core = np.zeros(len(reduced), bool)
    core[near] = True
    if flow is not None:
        core |= np.abs(flow - (reduced > 0)) > 0.25
    best_bound, best = bound(model, prices), prices
    settled = reduced > 0
    for _ in range(ROUNDS):
        program = _Core(model, core, settled)
        answer, dual = program.relax()
        value = bound(model, dual)
        if value < best_bound:
            best_bound, best = value, dual
        reduced = dual.reduced(model)
        wrong = ~core & np.where(settled, reduced < -1e-6, reduced > 1e-6)
        if not wrong.any() or time.monotonic() > deadline:
            break
        core |= wrong
    columns = program.settle(answer, deadline)
    if columns is None:  # no integer answer in the core: greedy from the linear one
        columns = _round(model, answer, best)
    return Chosen(columns, model.value(columns), best_bound, best)


class _Core:
    """The model with every column outside `core` kept as in `settled`."""

    def __init__(self, model: Choice, core: BoolArray, settled: BoolArray) -> None:
        self.model, self.columns = model, np.flatnonzero(core)
        self.fixed = settled & ~core
        a, b = model.a[self.columns], model.b[self.columns]
        degree = model.degree(self.fixed)
        touched = np.unique(np.concatenate([a, b]))
        self.people = touched
        count, width = len(self.columns), len(touched)
        rows = np.concatenate([np.searchsorted(touched, a), np.searchsorted(touched, b)])
        incidence = sp.csr_matrix((np.ones(2 * count), (rows, np.tile(np.arange(count), 2))), shape=(width, count))
        self.need = np.maximum(0, model.least - degree)[touched]
        short = np.flatnonzero(self.need)
        self.short = short
        lack = sp.csr_matrix((-np.ones(len(short)), (np.arange(len(short)), np.arange(len(short)))),
                             shape=(len(short), len(short)))
        groups = sp.csr_matrix(model.member[:, self.columns].astype(float))
        self.matrix = sp.bmat([[incidence, None], [groups, None], [-incidence[short], lack]], format="csc") \
            if len(short) else sp.vstack([incidence, groups], format="csc")
        self.limit = np.concatenate([np.maximum(0, (model.most - degree)[touched]),
                                     np.maximum(0, model.supply - model.member[:, self.fixed].sum(axis=1)),
                                     -self.need[short]]).astype(float)
        self.cost = np.concatenate([-model.weight[self.columns], np.full(len(short), model.shortfall)]).astype(float)
        self.most = np.concatenate([np.ones(count), self.need[short]])

    def relax(self) -> tuple[FloatArray, Prices]:
        """(C,) the linear answer, and its prices."""
        model = self.model
        answer = linprog(self.cost, A_ub=self.matrix, b_ub=self.limit,
                         bounds=np.column_stack([np.zeros(len(self.most)), self.most]), method="highs-ds")
        if answer.status != 0:
            raise ArithmeticError(f"the linear program was not solved: {answer.message}")
        dual = -np.asarray(answer.ineqlin.marginals)
        width, groups = len(self.people), len(model.supply)
        price, reward = np.zeros(len(model.most)), np.zeros(len(model.most))
        price[self.people] = dual[:width]
        reward[self.people[self.short]] = dual[width + groups:]
        return self._spread(answer.x), Prices(price, reward, dual[width:width + groups])

    def _spread(self, x: FloatArray) -> FloatArray:
        full = self.fixed.astype(float)
        full[self.columns] = x[:len(self.columns)]
        return full

    def settle(self, answer: FloatArray, deadline: float) -> BoolArray | None:
        """(C,) the best integer answer, or None if none was found."""
        if (np.abs(answer - np.rint(answer)) < 1e-6).all():
            return np.asarray(answer > 0.5)
        seconds = max(0.05, min(20.0, deadline - time.monotonic()))
        found = milp(self.cost, constraints=LinearConstraint(self.matrix, -np.inf, self.limit),
                     bounds=Bounds(0, self.most), integrality=np.ones(len(self.cost)),
                     options={"time_limit": seconds, "mip_rel_gap": 0.0})
        return None if found.x is None else np.asarray(self._spread(found.x) > 0.5)


def _round(model: Choice, answer: FloatArray, prices: Prices) -> BoolArray:
    """Whole pairs first, then by reduced weight whatever still fits."""
    order = np.lexsort((-prices.reduced(model), -answer))
    room, supply = model.most.copy(), model.supply.copy()
    chosen = np.zeros(len(answer), bool)
    for c in order[: int((answer > 1e-6).sum()) * 2]:
        a, b, member = model.a[c], model.b[c], model.member[:, c]
        if room[a] > 0 and room[b] > 0 and (supply[member] > 0).all():
            chosen[c] = True
            room[[a, b]] -= 1
            supply[member] -= 1
    return chosen


__all__ = ["Chosen", "IntArray", "choose", "finish", "search"]
