"""Value and bound against the time-indexed integer program, which is slow but has every rule in plain sight."""

import numpy as np
from hypothesis import given, settings
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.timetable import ProblemError
from matching.timetable.formats import read_problem
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve

from .test_properties import instances


def optimum(problem):
    """The largest objective: binaries for (pair, slot, table), integers for what is missing to a minimum."""
    pairs, people = problem.pairs, problem.participants
    banned = {frozenset(x) for x in problem.forbidden}
    owned = {t.owner for t in problem.tables}
    cells = []
    for e in range(len(pairs)):
        ends = problem.ends(e)
        if frozenset(ends) in banned:
            continue
        homes = [v for v in ends if v in owned]
        for t in range(problem.slots):
            if pairs.slots[e] is None or t in pairs.slots[e]:
                cells += [
                    (e, t, k)
                    for k, table in enumerate(problem.tables)
                    if t not in table.closed and (table.owner in homes if homes else table.owner is None)
                ]
    rows, low, high = [], [], []
    width = len(cells) + len(people)

    def limit(which, most, least=-np.inf, short=None):
        row = np.zeros(width)
        row[[n for n, cell in enumerate(cells) if which(*cell)]] = 1
        if short is not None:
            row[len(cells) + short] = 1
        rows.append(row)
        low.append(least)
        high.append(most)

    pinned = set(problem.must)
    for e in {cell[0] for cell in cells} | pinned:
        limit(lambda f, t, k, e=e: f == e, 1, 1 if e in pinned else 0)
    for e, s in problem.fixed:
        limit(lambda f, t, k, e=e, s=s: f == e and t == s, 1, 1)
    for v, person in enumerate(people):
        limit(lambda f, t, k, v=v: v in problem.ends(f), person.maximum)
        limit(lambda f, t, k, v=v: v in problem.ends(f), np.inf, person.minimum, v)
        for s in range(problem.slots):
            limit(lambda f, t, k, v=v, s=s: v in problem.ends(f) and t == s, person.capacity[s])
    for s in range(problem.slots):
        for j, table in enumerate(problem.tables):
            limit(lambda f, t, k, j=j, s=s: k == j and t == s, table.seats)
        for name, row in problem.interpreters.items():
            limit(lambda f, t, k, name=name, s=s: pairs.language[f] == name and t == s, row[s])
    gain = np.array([-float(pairs.score[e]) for e, _, _ in cells] + [float(problem.shortfall_weight)] * len(people))
    top = np.array([1.0] * len(cells) + [float(p.minimum) for p in people])
    found = milp(
        gain,
        constraints=LinearConstraint(np.array(rows), low, high),
        bounds=Bounds(0, top),
        integrality=np.ones(width),
        options={"mip_rel_gap": 0},
    )
    return None if found.x is None else round(-found.fun)


@given(instances())
@settings(max_examples=120, deadline=None)
def test_no_timetable_is_above_the_bound_and_proven_ones_are_optimal(instance):
    try:
        problem = read_problem(instance)
    except ProblemError:
        return
    best = optimum(problem)
    try:
        answer = solve(problem)
    except InfeasiblePins:
        assert best is None
        return
    assert answer.objective <= best <= answer.bound
    assert not answer.proven or answer.objective == best
