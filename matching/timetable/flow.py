"""The choice of pairs as a min-cost flow, with one price per scarce group; then an exact finish on the close calls.

For two sides the pairs are arcs from firms to partners, minima are reward arcs, and the free tables are a hub when
they belong to one side's participants.  The other groups carry prices, found by interpolation between flows.  Any
prices give a rigorous bound (Lagrange); a linear program over the few pairs whose reduced weight is near zero makes
the prices exact, and a small integer program settles those pairs.  For any-to-any meetings the flow runs on the
bipartite double cover, whose answer is half-integral.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matching.timetable.choose import Choice
from matching.timetable.problem import IntArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Lagrange multipliers in score units: price per meeting of v (V,), reward per meeting that v lacks (V,), price
    per unit of a group's supply (G,)."""

    price: FloatArray
    reward: FloatArray
    group: FloatArray

    def reduced(self, model: Choice) -> FloatArray:
        """(C,): what each pair is worth beyond what it uses."""
        node = self.price - self.reward
        reduced = model.weight - node[model.a] - node[model.b]
        for g in np.flatnonzero(self.group):
            reduced -= self.group[g] * model.member[g]
        return np.asarray(reduced)


def first_prices(model: Choice) -> Prices:
    """Prices that cost no search: a participant of one side (any-to-any: half of it, everybody) charges what the best
    pair beyond its maximum is worth, so that the bound counts everybody's best pairs.  The better of the two sides.
    """
    people = len(model.most)
    answers = []
    for ends in ((model.a,), (model.b,)) if model.two_sided else ((model.a, model.b),):
        who, worth = np.concatenate(ends), np.tile(model.weight, len(ends))
        order = np.lexsort((-worth, who))
        start = np.searchsorted(who[order], np.arange(people + 1))
        beyond = start[:-1] + model.most
        price = np.zeros(people)
        sold_out = beyond < start[1:]
        price[sold_out] = np.maximum(0, worth[order][beyond[sold_out]]) / len(ends)
        answers.append(Prices(price, np.zeros(people), np.zeros(len(model.supply))))
    return min(answers, key=lambda prices: bound(model, prices))


GRAIN = 1 << 10  # prices are rounded to 1/GRAIN of a score unit, so that bounds are sums of integers


def bound(model: Choice, prices: Prices) -> int:
    """The Lagrangian bound of these prices in score units, evaluated in integers: valid for any prices >= 0."""
    price, reward, group = (
        np.rint(np.maximum(0, x) * GRAIN).astype(np.int64) for x in (prices.price, prices.reward, prices.group)
    )
    node = price - reward
    reduced = model.weight * GRAIN - node[model.a] - node[model.b]
    for g in np.flatnonzero(group):
        reduced -= group[g] * model.member[g]
    total = int(price @ model.most) - model.shortfall * GRAIN * int(model.least.sum()) + int(group @ model.supply)
    total += int(np.maximum(reduced, 0).sum())
    for size, gain in model.layers:
        total += int((size * np.maximum(gain * GRAIN - reward, 0)).sum())
    return model.base + total // GRAIN


class Network:
    """The flow of one model; `solve` answers for one vector of group prices."""

    def __init__(self, model: Choice, columns: IntArray | None = None) -> None:
        self.model = model
        self.columns = np.arange(len(model.pairs)) if columns is None else columns
        people = len(model.most)
        a, b = model.a[self.columns], model.b[self.columns]
        self.hub = -1  # the group that is an arc of its own
        through = np.zeros(people, bool)
        if model.two_sided and "free tables" in model.names:
            g = model.names.index("free tables")
            through[model.b[model.member[g] > 0]] = True
            if bool((through[model.b] == (model.member[g] > 0)).all()):
                self.hub = g
        self.priced = [g for g in range(len(model.supply)) if g != self.hub]
        source, sink, hub = 2 * people, 2 * people + 1, 2 * people + 2
        node = np.arange(people)
        goal = np.where(through, hub, sink) if self.hub >= 0 else np.full(people, sink)
        rest = model.most - sum(size for size, _ in model.layers)
        layers = [*((size, -gain) for size, gain in model.layers), (rest, np.zeros(people, np.int64))]
        tails, heads = [a], [people + b]
        capacity, cost = [np.ones(len(a), np.int64)], [np.zeros(len(a), np.int64)]
        if not model.two_sided:  # the double cover: every pair in both directions
            tails, heads = [a, b], [people + b, people + a]
            capacity, cost = capacity * 2, cost * 2
        for start, end in ((np.full(people, source), node), (people + node, goal)):
            for size, unit in layers:
                tails.append(start)
                heads.append(end)
                capacity.append(size)
                cost.append(unit)
        tails += [np.array([hub, sink])]
        heads += [np.array([sink, source])]
        capacity += [np.array([model.supply[self.hub] if self.hub >= 0 else 0, int(model.most.sum())])]
        cost += [np.zeros(2, np.int64)]
        self._through, self._is_left = through, np.isin(node, a)
        self._flow = np.zeros(0, np.int64)
        self._arcs = [np.concatenate(x).astype(np.int64) for x in (tails, heads, capacity, cost)]

    def solve(self, group: IntArray) -> FloatArray:
        """(C,): 1 for chosen pairs (1/2 for half of a pair, any-to-any only), at integer prices `group` (G,)."""
        model, columns = self.model, self.columns
        weight = model.weight[columns].copy()
        for g in self.priced:
            weight -= group[g] * model.member[g][columns]
        tails, heads, capacity, cost = self._arcs
        count = len(columns)
        cost[:count] = -weight
        copies = 1 if model.two_sided else 2
        if copies == 2:
            cost[count : 2 * count] = -weight
        useful = capacity > 0
        network = min_cost_flow.SimpleMinCostFlow()
        arcs = network.add_arcs_with_capacity_and_unit_cost(
            tails[useful], heads[useful], capacity[useful], cost[useful]
        )
        if network.solve() != network.OPTIMAL:
            raise ArithmeticError("the flow was not solved")
        self._flow = np.zeros(len(capacity), np.int64)
        self._flow[useful] = network.flows(arcs)
        chosen = np.zeros(len(model.pairs))
        chosen[columns] = self._flow[: copies * count].reshape(copies, count).mean(axis=0)
        return chosen

    def prices(self, group: IntArray) -> Prices:
        """Optimal multipliers of the last flow, solved at these group prices: shortest distances in its residual.

        Bellman-Ford on arrays: every round relaxes all arcs at once.
        """
        model, people = self.model, len(self.model.most)
        tails, heads, capacity, cost = self._arcs
        flow = self._flow
        forward, backward = flow < capacity, flow > 0
        start = np.concatenate([tails[forward], heads[backward]])
        end = np.concatenate([heads[forward], tails[backward]])
        length = np.concatenate([cost[forward], -cost[backward]])
        order = np.argsort(end, kind="stable")
        start, end, length = start[order], end[order], length[order]
        first = np.flatnonzero(np.r_[True, end[1:] != end[:-1]])
        goal = end[first]
        distance = np.zeros(2 * people + 3, np.int64)
        for _ in range(2 * people + 3):
            nearer = np.minimum.reduceat(distance[start] + length, first)
            better = nearer < distance[goal]
            if not better.any():
                break
            distance[goal[better]] = nearer[better]
        source, sink, hub = distance[2 * people :]
        exit_ = np.where(self._through, hub, sink)
        left, right = distance[:people] - source, exit_ - distance[people : 2 * people]
        # With two sides a participant is a node on one of them; on the double cover it is both, and takes the mean.
        node = np.where(self._is_left, left, right).astype(float) if model.two_sided else (left + right) / 2
        highest = np.max([np.where(size > 0, gain, 0) for size, gain in model.layers], axis=0, initial=0.0)
        node = np.maximum(node, -highest)
        full = group.astype(float)
        if self.hub >= 0:
            full[self.hub] = max(0, int(sink - hub))
        return Prices(np.maximum(node, 0), np.maximum(-node, 0), full)
