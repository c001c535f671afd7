"""All choices of pairs of the greatest value, where they are few: to claim the fewest idle runs, look at each."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.timetable.choose import BoolArray, Choice
from matching.timetable.flow import bound
from matching.timetable.pricing import Chosen, Core

FEW = 6  # choices besides the one known
LONGEST = 5.0  # seconds for each


def others(model: Choice, chosen: Chosen, value: int, known: BoolArray, deadline: float) -> list[BoolArray] | None:
    """Every choice (C,) of the model but `known` with a value of at least `value`; None if there are too many, or if
    the time did not suffice.

    A pair whose reduced weight is larger than bound less value is in all of them, or in none.
    """
    reduced = chosen.prices.reduced(model)
    gap = bound(model, chosen.prices) - value
    core = Core(model, np.abs(reduced) <= gap + 1, reduced > 0)
    found: list[BoolArray] = []
    while len(found) <= FEW:
        if time.monotonic() > deadline:
            return None
        another = _best_but(core, value, [known, *found], deadline)
        if another is None:
            return None
        if not len(another):
            return found
        found.append(another)
    return None


def _best_but(core: Core, value: int, known: Sequence[BoolArray], deadline: float) -> BoolArray | None:
    """The best choice that is none of the known ones; empty if none reaches the value; None if that is not known."""
    nothing = np.zeros(0, bool)
    columns = core.columns
    if not len(columns):
        return nothing
    rows, least = [], []
    for choice in known:
        if (choice != core.fixed)[~core.open].any():
            continue  # differs outside the core, so it is none of these anyway
        held = choice[columns]
        row = np.zeros(core.matrix.shape[1])
        row[: len(columns)] = np.where(held, -1.0, 1.0)
        rows.append(row)
        least.append(1.0 - int(held.sum()))
    different = [LinearConstraint(np.array(rows), least, np.inf)] if rows else []
    answer = milp(
        core.cost,
        constraints=[LinearConstraint(core.matrix, -np.inf, core.limit), *different],
        bounds=Bounds(0, core.most),
        integrality=np.ones(len(core.cost), np.int64),
        options={"time_limit": max(0.05, min(LONGEST, deadline - time.monotonic())), "mip_rel_gap": 0.0},
    )
    if answer.status == 2:
        return nothing
    if answer.status != 0 or answer.x is None:
        return None
    choice = np.asarray(core.spread(answer.x) > 0.5)
    return choice if core.model.value(choice) >= value else nothing
