"""Who meets whom: a b-matching of greatest value, slots left aside, with an upper bound for every timetable.

    maximise  sum w_e x_e - shortfall * sum max(0, least_v - degree_v(x))
    over      degree_v(x) <= most_v,  sum of x over group g <= supply_g,  x in {0, 1}

Minima are rewards: each of the first least_v meetings of v is worth `shortfall` more.  Fairness adds a concave reward
for every further one, in layers.

A group is a set of pairs that share a supply: the free tables, the interpreters of one language, all meetings.  A
supply counts only in slots in which somebody who needs it is present, so the value bounds every timetable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.timetable.problem import IntArray
from matching.timetable.rulebook import AT_EITHER, AT_FREE, Rulebook

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The model's data.  `pairs` are the C columns as pair numbers; a, b, weight are per column, most and least per
    participant, member (G, C) and supply (G,) per group (members
    of a cut may weigh more than 1).  Pinned pairs are taken off all limits beforehand."""

    pairs: IntArray
    a: IntArray
    b: IntArray
    weight: IntArray
    most: IntArray
    least: IntArray
    member: IntArray
    supply: IntArray
    names: tuple[str, ...]
    shortfall: int
    layers: tuple[tuple[IntArray, IntArray], ...]  # (size (V,), gain (V,)): the next `size` meetings gain `gain` each
    two_sided: bool
    base: int  # value of the pinned pairs

    def value(self, chosen: BoolArray) -> int:
        """Objective of a choice of columns, in score units, pinned pairs included."""
        value = self.base + int(self.weight[chosen].sum()) - self.shortfall * int(self.least.sum())
        left = self.degree(chosen)
        for size, gain in self.layers:
            value += int((np.minimum(size, left) * gain).sum())
            left = np.maximum(0, left - size)
        return value

    def degree(self, chosen: BoolArray) -> IntArray:
        """(V,): meetings per participant."""
        people = len(self.most)
        return np.asarray(
            np.bincount(self.a[chosen], minlength=people) + np.bincount(self.b[chosen], minlength=people), np.int64
        )


def build(rules: Rulebook, weight: IntArray, fairness: int = 0) -> Choice:
    """The model for scores `weight` (E,); `fairness` as in `Problem`."""
    problem, usable = rules.problem, rules.usable
    people, pairs = len(rules.capacity), problem.pairs
    open_pairs = usable.any(axis=1) & ~rules.pinned
    columns = np.flatnonzero(open_pairs)
    everybody = np.flatnonzero(open_pairs | rules.pinned)
    a, b = pairs.a[everybody], pairs.b[everybody]
    present = np.zeros_like(rules.capacity)
    capacity = _at_home(rules)
    for t in range(problem.slots):
        here = usable[everybody, t]
        choices = np.bincount(a[here], minlength=people) + np.bincount(b[here], minlength=people)
        present[:, t] = np.minimum(capacity[:, t], choices)
    pinned = np.flatnonzero(rules.pinned)
    taken = np.bincount(pairs.a[pinned], minlength=people) + np.bincount(pairs.b[pinned], minlength=people)
    most = np.minimum(rules.maximum, present.sum(axis=1)) - taken
    side = np.array([p.side or "" for p in problem.participants])
    left, right = side[pairs.a[columns]], side[pairs.b[columns]]
    two_sided = bool((((left == "firm") & (right == "partner")) | ((left == "partner") & (right == "firm"))).all())
    groups = [("free tables", rules.place == AT_FREE, rules.limit[2 * people])]
    groups += [(name, rules.language == n, rules.limit[2 * people + 1 + n]) for n, name in enumerate(rules.languages)]
    if not two_sided:
        groups.append(("all", np.ones(len(pairs), bool), np.full(problem.slots, len(pairs), np.int64)))
    kept = [
        (name, mask[columns], int(_supply(rules, capacity, everybody, mask, row)) - int(mask[pinned].sum()))
        for name, mask, row in groups
    ]
    kept = [g for g in kept if g[1].sum() > g[2]]
    swap = left == "partner" if two_sided else np.zeros(len(columns), bool)
    ends = pairs.a[columns], pairs.b[columns]
    return Choice(
        columns,
        np.where(swap, ends[1], ends[0]),
        np.where(swap, ends[0], ends[1]),
        weight[columns],
        np.maximum(0, most),
        np.maximum(0, rules.minimum - taken),
        np.array([mask for _, mask, _ in kept], np.int64).reshape(len(kept), len(columns)),
        np.array([max(0, supply) for _, _, supply in kept], np.int64),
        tuple(name for name, _, _ in kept),
        problem.shortfall_weight,
        _layers(rules, np.maximum(0, most), taken, fairness),
        two_sided,
        int(weight[pinned].sum()),
    )


def _layers(rules: Rulebook, most: IntArray, taken: IntArray, fairness: int) -> tuple[tuple[IntArray, IntArray], ...]:
    """What the next meetings of everybody gain besides their scores, dearest first."""
    shortfall = rules.problem.shortfall_weight
    least = np.minimum(np.maximum(0, rules.minimum - taken), most)
    if not fairness:
        return ((least, np.full(len(most), shortfall, np.int64)),)
    return tuple(
        ((most >= k).astype(np.int64), np.where(least >= k, shortfall, 0) + fairness // (taken + k))
        for k in range(1, int(most.max(initial=0)) + 1)
    )


def with_cut(model: Choice, need: IntArray, limit: int, pinned: IntArray) -> Choice:
    """The model with `need @ x <= limit` besides, for `need` (E,) over all pairs; `pinned` pairs take their share."""
    return replace(
        model,
        member=np.vstack([model.member, need[model.pairs]]),
        names=(*model.names, "cut"),
        supply=np.append(model.supply, max(0, limit - int(need[pinned].sum()))),
    )


def _at_home(rules: Rulebook) -> IntArray:
    """(V, T): capacity, cut to the seats of one's own tables for those who can meet nowhere else."""
    people, pairs = len(rules.capacity), rules.problem.pairs
    at_home = rules.owns.copy()
    either = rules.place == AT_EITHER
    at_home[pairs.a[either]] = at_home[pairs.b[either]] = False
    capacity = rules.capacity.copy()
    capacity[at_home] = np.minimum(capacity, rules.limit[people : 2 * people])[at_home]
    return capacity


def _supply(rules: Rulebook, capacity: IntArray, pairs: IntArray, mask: BoolArray, row: IntArray) -> int:
    """What the supply `row` (T,) is worth: in no slot more than the people present could use."""
    people, total = len(capacity), 0
    mine = pairs[mask[pairs]]
    a, b = rules.problem.pairs.a[mine], rules.problem.pairs.b[mine]
    usable = rules.usable[mine]
    for t in range(len(row)):
        here = usable[:, t]
        at_a, at_b = (np.bincount(x[here], minlength=people) > 0 for x in (a, b))
        c = capacity[:, t]
        total += min(
            int(row[t]), int(c[at_a].sum()), int(c[at_b].sum()), int(c[at_a | at_b].sum()) // 2, int(here.sum())
        )
    return total
