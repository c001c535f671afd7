"""A first answer at once, and no answer later than asked for."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matching.timetable import Pairs, Participant, Problem, ProblemError, Table, violations
from matching.timetable.formats import read_problem
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve

from .test_optimality import optimum
from .test_properties import instances

GRACE = 1.5  # seconds above the limit, on a busy machine


@pytest.fixture(scope="module")
def crowd():
    """300 firms, 120 partners, 24 slots, 20 % of the pairs, an interpreter too few, 40 pins."""
    dice = np.random.default_rng(4)
    firms, partners, slots = 300, 120, 24
    people = tuple(
        Participant(f"{v}", 2, 9 if v < firms else 20, (1,) * slots, "firm" if v < firms else "partner")
        for v in range(firms + partners)
    )
    rows = np.argwhere(dice.random((firms, partners)) < 0.2)
    scores = dice.integers(1, 10_001, len(rows))
    pairs = Pairs.of(
        [(int(a), firms + int(b), int(s)) for (a, b), s in zip(rows, scores, strict=True)],
        language=dict.fromkeys(range(0, len(rows), 4), "ko"),
    )
    pins = {int(a): n for n, (a, _) in enumerate(rows)}
    tables = tuple(Table(f"t{k}") for k in range(90))
    return Problem(slots, people, tables, pairs, {"ko": (12,) * slots}, must=tuple(list(pins.values())[:40]))


@pytest.mark.parametrize("limit", [0.0, 0.01, 0.3, 0.6])
def test_an_answer_that_keeps_the_pins_is_there_in_time(crowd, limit):
    started = time.monotonic()
    answer = solve(crowd, time_limit=limit)
    assert time.monotonic() - started < limit + GRACE
    assert violations(crowd, answer.meetings) == []
    assert 0.85 * answer.bound < answer.objective <= answer.bound


def test_the_first_answer_is_told_with_its_value_and_is_the_floor_of_what_comes_back(crowd):
    told = []
    answer = solve(crowd, time_limit=0.01, progress=lambda *x: told.append(x))
    stage, value, _ = told[0]
    assert stage == "greedy"
    assert answer.objective >= value > 0


def test_the_bound_only_falls_while_the_search_goes_on(crowd):
    told = []
    answer = solve(crowd, time_limit=3.0, progress=lambda *x: told.append(x))
    bounds = [bound for _, _, bound in told if bound is not None]
    assert bounds == sorted(bounds, reverse=True)
    assert answer.objective >= told[0][1]


def test_a_replanned_day_without_time_keeps_what_was_announced(crowd):
    before = solve(crowd, time_limit=0.01).meetings
    gone = 17
    people = tuple(
        replace(p, capacity=(0,) * 24, minimum=0) if v == gone else p for v, p in enumerate(crowd.participants)
    )
    must = tuple(e for e in crowd.must if gone not in crowd.ends(e))
    today = replace(crowd, participants=people, must=must)
    started = time.monotonic()
    after = solve(today, previous=before, time_limit=0.01)
    assert time.monotonic() - started < GRACE
    assert violations(today, after.meetings) == []
    kinds = [c.kind for c in after.changes]
    assert kinds.count("dropped") == sum(gone in crowd.ends(m.pair) for m in before)
    assert kinds.count("moved") <= 40  # pins are placed before the rest


def test_a_fair_answer_comes_in_time_too(crowd):
    started = time.monotonic()
    answer = solve(replace(crowd, fairness=5000), time_limit=0.01)
    assert time.monotonic() - started < GRACE
    assert answer.objective <= answer.bound


@given(instances())
@settings(max_examples=60, deadline=None)
def test_without_time_the_bound_still_holds(instance):
    try:
        problem = read_problem(instance)
    except ProblemError:
        return
    best = optimum(problem)
    try:
        answer = solve(problem, time_limit=0.0)
    except InfeasiblePins:
        assert best is None
        return
    assert violations(problem, answer.meetings) == []
    assert answer.objective <= best <= answer.bound
    assert not answer.proven or answer.objective == best
