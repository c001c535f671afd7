"""Why minima cannot be met together, by numbers alone: the prices of one flow are a certificate at any size.

The pair model with nothing to gain but minima says how many meetings have to be missing.  Where its bound is below
nothing, whatever has a price - maxima, supplies, minima - is impossible together (Hall's condition, by duality).
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from matching.timetable.choose import Choice, build
from matching.timetable.flow import bound
from matching.timetable.limits import Constraint
from matching.timetable.pricing import search
from matching.timetable.problem import IntArray
from matching.timetable.rulebook import AT_EITHER, AT_FREE, Rulebook

WORTH = 1000  # of a meeting towards a minimum: prices are whole numbers, and a share of it is tried


def certificate(rules: Rulebook, deadline: float = math.inf) -> tuple[int, tuple[Constraint, ...]]:
    """(how many meetings have to be missing to minima in every timetable; constraints that are impossible together if
    it is any).  The number may be too low, and is never too high."""
    model = _minima_alone(rules)
    if not len(model.pairs) or not model.least.any() or time.monotonic() > deadline:
        return 0, ()
    _, prices = search(model, deadline)
    missing = -(bound(model, prices) // WORTH)
    if missing <= 0:
        return 0, ()
    priced, limits = prices.price > 0, _limits(rules)
    found = [_limit(limits, rules, v) for v in np.flatnonzero(priced).tolist()]
    for g in np.flatnonzero(prices.group > 0).tolist():
        name = model.names[g]
        found.append(Constraint("tables") if name == "free tables" else Constraint("interpreter", language=name))
    pairs, scarce = rules.problem.pairs, bool((prices.group > 0).any())
    pinned = rules.pinned & (scarce | priced[pairs.a] | priced[pairs.b])
    found += [Constraint("pin", pair=e) for e in np.flatnonzero(pinned).tolist()]
    # Pairs that cannot be held, and would help if they could.
    node = prices.price - prices.reward
    closed = ~rules.usable.any(axis=1) & (node[pairs.a] + node[pairs.b] < 0)
    found += [c for e in np.flatnonzero(closed).tolist() for c in _closed(rules, e)]
    wanting = (prices.reward > 0) & (model.least > 0)
    found += [Constraint("minimum", v) for v in np.flatnonzero(wanting).tolist()]
    return missing, tuple(dict.fromkeys(found))


def _closed(rules: Rulebook, e: int) -> list[Constraint]:
    """Why a pair cannot be held."""
    allowed, ends = rules.problem.pairs.slots[e], rules.problem.ends(e)
    if rules.banned[e]:
        return [Constraint("forbidden", pair=e)]
    found = [_presence(rules, v) for v in ends]
    together = (rules.capacity[list(ends)] > 0).all(axis=0)
    if not together.any():
        return found
    if allowed is not None:
        found.append(Constraint("allowed", pair=e, slots=tuple(allowed)))
    owners = [v for v in ends if rules.owns[v]]
    found += [Constraint("tables", v) for v in owners] or [Constraint("tables")]
    language = rules.problem.pairs.language[e]
    return found if language is None else [*found, Constraint("interpreter", language=language)]


def _presence(rules: Rulebook, v: int) -> Constraint:
    return Constraint("capacity", v, slots=tuple(np.flatnonzero(rules.capacity[v] > 0).tolist()))


def _minima_alone(rules: Rulebook) -> Choice:
    """The pair model in which only minima count, with limits as they are listed (not as presence tightens them, so
    that a price names one constraint)."""
    model = build(rules, np.zeros(len(rules.pinned), np.int64))
    pairs, people, pinned = rules.problem.pairs, len(rules.capacity), np.flatnonzero(rules.pinned)
    taken = np.bincount(pairs.a[pinned], minlength=people) + np.bincount(pairs.b[pinned], minlength=people)
    most = np.maximum(0, np.minimum.reduce([listed for _, listed in _limits(rules)]) - taken)
    reach = np.bincount(model.a, minlength=people) + np.bincount(model.b, minlength=people)
    least = np.minimum.reduce([model.least, most, reach])  # who cannot have its minimum alone is in nobody's way
    row = {"free tables": 2 * people} | {name: 2 * people + 1 + n for n, name in enumerate(rules.languages)}
    kept = [g for g, name in enumerate(model.names) if name in row]
    names = tuple(model.names[g] for g in kept)
    used = [
        int(((rules.place if name == "free tables" else rules.language)[pinned] == value).sum())
        for name in names
        for value in [AT_FREE if name == "free tables" else rules.languages.index(name)]
    ]
    supply = [max(0, int(rules.limit[row[name]].sum()) - n) for name, n in zip(names, used, strict=True)]
    return replace(
        model,
        most=most,
        least=least,
        member=model.member[kept],
        supply=np.array(supply, np.int64),
        names=names,
        shortfall=WORTH,
        layers=((least, np.full(people, WORTH, np.int64)),),
    )


def _limits(rules: Rulebook) -> list[tuple[str, IntArray]]:
    """What limits the meetings of everybody: kind -> (V,), the kinds that are told first before the others."""
    people, pairs = len(rules.capacity), rules.problem.pairs
    anywhere = ~rules.owns
    either = rules.place == AT_EITHER
    anywhere[pairs.a[either]] = anywhere[pairs.b[either]] = True
    seats = np.where(anywhere, np.iinfo(np.int64).max, rules.limit[people : 2 * people].sum(axis=1))
    return [("maximum", rules.maximum), ("capacity", rules.capacity.sum(axis=1)), ("tables", seats)]


def _limit(limits: list[tuple[str, IntArray]], rules: Rulebook, v: int) -> Constraint:
    """What keeps a participant from more meetings: its maximum, that it is there so rarely, or its own tables."""
    kind, _ = min(limits, key=lambda limit: int(limit[1][v]))
    return _presence(rules, v) if kind == "capacity" else Constraint(kind, v)
