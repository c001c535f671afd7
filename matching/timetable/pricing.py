"""The search for the prices of scarce groups, and the exact finish on the pairs whose reduced weight is near zero."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.timetable.choose import BoolArray, Choice
from matching.timetable.flow import FloatArray, Network, Prices, bound, first_prices
from matching.timetable.problem import IntArray

FLOWS = 12  # more do not pay: the finish settles what interpolation leaves
MANY = 20_000  # pairs from which on the flows leave out hopeless ones
ROUNDS = 6  # of column generation in the finish
NARROW = 400  # close calls opened around a fractional answer
LONGEST = 1e6  # seconds; the solver takes no infinity
OPEN = 8000  # pairs that an integer program may leave open
Report = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The best choice found (C,) of a model's columns, its value, a bound on every choice, and its prices."""

    columns: BoolArray
    value: int
    bound: int
    prices: Prices


def choose(model: Choice, deadline: float = float("inf"), report: Report | None = None) -> Chosen:
    """Solve the model; exact unless the deadline (time.monotonic) cuts it short, and the bound is valid even then.

    `report` is told of every better bound.
    """
    if not len(model.pairs):
        none = Prices(*(np.zeros(n) for n in (len(model.most), len(model.most), len(model.supply))))
        nobody = np.zeros(0, bool)
        return Chosen(nobody, model.value(nobody), model.value(nobody), none)
    first = first_prices(model)
    if report is not None:
        report(bound(model, first))
    if time.monotonic() > deadline:
        nobody = np.zeros(len(model.pairs), bool)
        return Chosen(nobody, model.value(nobody), bound(model, first), first)
    flow, prices = search(model, deadline, report)
    chosen = finish(model, flow, prices, deadline)
    return replace(chosen, bound=min(chosen.bound, bound(model, first)))


def search(model: Choice, deadline: float = float("inf"), report: Report | None = None) -> tuple[FloatArray, Prices]:
    """Group prices at which demand is close to supply: one flow a step, all groups interpolated at once."""
    network = Network(model)
    groups = len(model.supply)
    free = np.isin(np.arange(groups), network.priced)
    low, high = np.zeros(groups), np.full(groups, np.inf)
    over, under = np.zeros(groups), np.zeros(groups)
    top = float(np.quantile(model.weight, 0.9))
    step = max(1.0, top / 12)
    group = np.where(free & (model.supply < model.member.sum(axis=1)), round(step), 0).astype(np.int64)
    best: tuple[int, FloatArray, Prices] | None = None
    for turn in range(FLOWS):
        flow = network.solve(group)
        prices = network.prices(group)
        value = bound(model, prices)
        if best is None or value < best[0]:
            best = value, flow, prices
            if report is not None:
                report(value)
        excess = model.member @ flow - model.supply
        too_many = free & (excess > 0)
        slack = free & (excess < 0) & (group > 0)
        settled = ~(too_many | slack) | (np.abs(excess) <= np.maximum(2, model.supply * 0.003))
        if settled.all() or time.monotonic() > deadline:
            break
        low[too_many], over[too_many] = group[too_many], excess[too_many]
        high[slack], under[slack] = group[slack], excess[slack]
        # The others' prices move too, so that a bracket may be stale: open it again when it is.
        high[too_many & (high <= low)] = np.inf
        low[slack & (low >= high)] = 0.0
        share = np.where(over > 0, over / np.maximum(over - under, 1e-9), 0.5)
        between = low + (high - low) * np.clip(share, 0.05, 0.95)
        following = np.where(np.isinf(high), low + step * 2.0**turn / 2, between)
        moved = np.where(too_many | slack, np.rint(following).astype(np.int64), group)
        if (moved == group).all():
            break
        group = moved
        if turn in (0, 3) and len(model.pairs) > MANY:
            # Pairs far from worth their while stay out from now on; the bound is taken over all of them all the same.
            window = top / 4 if turn == 0 else top / 12
            network = Network(model, np.flatnonzero(prices.reduced(model) > -window))
    assert best is not None
    return best[1], best[2]


def finish(model: Choice, flow: FloatArray, prices: Prices, deadline: float) -> Chosen:
    """Settle the close calls: a linear program over them for exact prices, then an integer program for the choice.

    Outside the core every pair stays as the flow, or the sign of its reduced weight, has it.
    """
    reduced = prices.reduced(model)
    size = min(len(reduced), 2000 + 3 * len(model.most) // 2)
    core = np.zeros(len(reduced), bool)
    core[np.argpartition(np.abs(reduced), size - 1)[:size]] = True
    halves = (flow > 0.25) & (flow < 0.75)
    core |= halves
    settled = np.where(halves, reduced > 0, flow > 0.5)
    best_bound, best = bound(model, prices), prices
    answer: FloatArray | None = None
    for _ in range(ROUNDS):
        relaxed = Core(model, core, settled).relax(deadline)
        if relaxed is None:
            break
        answer, dual = relaxed
        value = bound(model, dual)
        if value < best_bound:
            best_bound, best = value, dual
        reduced = dual.reduced(model)
        wrong = ~core & np.where(settled, reduced < -1e-6, reduced > 1e-6)
        if not wrong.any() or wrong.sum() > size or time.monotonic() > deadline:
            break
        core |= wrong
    if answer is None or time.monotonic() > deadline:
        columns = _round(model, flow if answer is None else answer, best)
    else:
        columns = _integral(model, answer, best, deadline)
    return prove(model, Chosen(columns, model.value(columns), best_bound, best), deadline)


def _integral(model: Choice, answer: FloatArray, prices: Prices, deadline: float) -> BoolArray:
    """A good integer choice near a linear answer: only the closest calls are left open."""
    halves = np.abs(answer - np.rint(answer)) > 1e-6
    settled = answer > 0.5
    if not halves.any():
        return np.asarray(settled)
    distance = np.abs(prices.reduced(model))
    narrow = min(len(answer), (NARROW if model.two_sided else 100) + 2 * int(halves.sum()))
    core = halves | (distance <= np.partition(distance, narrow - 1)[narrow - 1])
    found, _ = Core(model, core, settled).settle(deadline, gap=1e-5)
    return _round(model, answer, prices) if found is None else found


def prove(model: Choice, best: Chosen, deadline: float) -> Chosen:
    """Close the gap between value and bound if an integer program over few pairs can.

    A pair whose reduced weight exceeds the gap is in every better choice, or in none: only the others stay open.
    """
    gap = best.bound - best.value
    if gap <= 0:
        return best
    reduced = best.prices.reduced(model)
    core = np.abs(reduced) <= gap + 1
    if core.sum() > OPEN or time.monotonic() > deadline:
        return best
    found, proven = Core(model, core, reduced > 0).settle(deadline, gap=0.0)
    columns, value = best.columns, best.value
    if found is not None and model.value(found) > value:
        columns, value = found, model.value(found)
    return Chosen(columns, value, value if proven else best.bound, best.prices)


class Core:
    """The model with every column outside `core` kept as in `settled`."""

    def __init__(self, model: Choice, core: BoolArray, settled: BoolArray) -> None:
        self.model, self.open, self.columns = model, core, np.flatnonzero(core)
        self.fixed = settled & ~core
        a, b = model.a[self.columns], model.b[self.columns]
        degree = model.degree(self.fixed)
        touched = np.unique(np.concatenate([a, b]))
        self.people = touched
        count, width = len(self.columns), len(touched)
        rows = np.concatenate([np.searchsorted(touched, a), np.searchsorted(touched, b)])
        incidence = sp.csr_matrix((np.ones(2 * count), (rows, np.tile(np.arange(count), 2))), shape=(width, count))
        who, size, gain = self._rewards(degree)
        self.wanting, reward_row = np.unique(who, return_inverse=True)
        lack = sp.csr_matrix(
            (np.ones(len(who)), (reward_row, np.arange(len(who)))), shape=(len(self.wanting), len(who))
        )
        groups = sp.csr_matrix(model.member[:, self.columns].astype(float))
        left: Any = sp.vstack([incidence, groups, -incidence[self.wanting]])
        right: Any = sp.vstack([sp.csr_matrix((width + len(model.supply), len(who))), lack])
        self.matrix: Any = sp.hstack([left, right], format="csc")
        self.limit = np.concatenate(
            [
                np.maximum(0, (model.most - degree)[touched]),
                np.maximum(0, model.supply - model.member[:, self.fixed].sum(axis=1)),
                np.zeros(len(self.wanting)),
            ]
        ).astype(float)
        self.cost = -np.concatenate([model.weight[self.columns], gain]).astype(float)
        self.most = np.concatenate([np.ones(count), size]).astype(float)

    def _rewards(self, degree: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """(who, as a row of `people`; size; gain) of the rewards that the fixed pairs leave to win."""
        left, parts = degree[self.people], []
        for size, gain in self.model.layers:
            mine = size[self.people]
            open_ = np.maximum(0, mine - left)
            left = np.maximum(0, left - mine)
            who = np.flatnonzero(open_ * gain[self.people])
            parts.append((who, open_[who], gain[self.people][who]))
        who, size, gain = (np.concatenate(column) for column in zip(*parts, strict=True))
        return who, size, gain

    def relax(self, deadline: float) -> tuple[FloatArray, Prices] | None:
        """(C,) the linear answer, and its prices; None if there was no time."""
        model = self.model
        bounds: Any = np.column_stack([np.zeros(len(self.most)), self.most])
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            return None
        answer = linprog(
            self.cost,
            A_ub=self.matrix,
            b_ub=self.limit,
            bounds=bounds,
            method="highs-ds",
            options={"time_limit": min(seconds, LONGEST)},
        )
        if answer.status == 1:
            return None
        if answer.status != 0 or answer.x is None:
            raise ArithmeticError(f"the linear program was not solved: {answer.message}")
        dual = -np.asarray(answer.ineqlin.marginals)
        width, groups = len(self.people), len(model.supply)
        price, reward = np.zeros(len(model.most)), np.zeros(len(model.most))
        price[self.people] = dual[:width]
        reward[self.people[self.wanting]] = dual[width + groups :]
        return self.spread(answer.x), Prices(price, reward, dual[width : width + groups])

    def spread(self, x: FloatArray) -> FloatArray:
        """(C,): the answer for the core, and what is settled outside it."""
        full = self.fixed.astype(float)
        full[self.columns] = x[: len(self.columns)]
        return full

    def settle(self, deadline: float, gap: float) -> tuple[BoolArray | None, bool]:
        """((C,) the best integer answer found or None, whether there is no better one), within a relative gap."""
        if not len(self.columns):
            return self.fixed, bool((self.limit >= 0).all())
        seconds = max(0.05, min(10.0, deadline - time.monotonic()))
        found = milp(
            self.cost,
            constraints=LinearConstraint(self.matrix, -np.inf, self.limit),
            bounds=Bounds(0, self.most),
            integrality=np.ones(len(self.cost), np.int64),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
        done = found.status in (0, 2) and gap == 0
        return (None if found.x is None else np.asarray(self.spread(found.x) > 0.5)), done


def _round(model: Choice, answer: FloatArray, prices: Prices) -> BoolArray:
    """Whole pairs first, then by reduced weight whatever still fits."""
    order = np.lexsort((-prices.reduced(model), -answer))
    room, supply = model.most.copy(), model.supply.copy()
    chosen = np.zeros(len(answer), bool)
    for c in order[: int((answer > 1e-6).sum()) * 2]:
        a, b, member = model.a[c], model.b[c], model.member[:, c]
        if room[a] > 0 and room[b] > 0 and (supply >= member).all():
            chosen[c] = True
            room[[a, b]] -= 1
            supply -= member
    return chosen
