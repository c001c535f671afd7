"""What a problem can say, shown in its answers: delegates, blocks, rows, fairness, languages, a million pairs."""

import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from matching.timetable import Pairs, Participant, Problem, Table, violations
from matching.timetable.solve import solve
from matching.timetable.whatif import Gains, with_one_more


def hosts(count, slots, **more):
    """One firm that may meet `count` partners, at one table with seats for all."""
    people = (Participant("f", 0, count, (1,) * slots, "firm"),)
    people += tuple(Participant(f"p{n}", 0, 1, (1,) * slots, "partner") for n in range(count))
    pairs = Pairs.of([(0, n + 1, 1000 + n) for n in range(count)])
    return Problem(slots, people, (Table("t", seats=count),), pairs, **more)


def test_two_delegates_hold_two_meetings_at_once_and_no_third():
    problem = hosts(5, 2)
    two = replace(problem.participants[0], capacity=(2, 1))
    answer = solve(replace(problem, participants=(two, *problem.participants[1:])))
    assert Counter(m.slot for m in answer.meetings) == {0: 2, 1: 1}
    assert {m.pair for m in answer.meetings} == {2, 3, 4}
    assert answer.proven


def test_meetings_on_both_sides_of_a_night_are_no_idle_run():
    """The firm is there at the beginning and the end only: one break, none if a night lies between."""
    away = (1, 0, 0, 1)
    for blocks, runs in (((), 1), ((2,), 0)):
        problem = hosts(2, 4, blocks=blocks)
        people = (replace(problem.participants[0], capacity=away), *problem.participants[1:])
        answer = solve(replace(problem, participants=people))
        assert len(answer.meetings) == 2
        assert (answer.idle_runs, answer.proven_idle) == (runs, True)


@pytest.mark.parametrize(("limit", "held"), [(1, 3), (2, 4), (None, 5)])
def test_a_limit_of_meetings_in_a_row_leaves_free_slots_between(limit, held):
    problem = hosts(5, 5, row_limit=limit)
    answer = solve(problem)
    assert len(answer.meetings) == held
    assert violations(problem, answer.meetings) == []


def test_a_night_ends_a_row():
    problem = hosts(4, 4, row_limit=2, blocks=(2,))
    assert len(solve(problem).meetings) == 4


def test_fairness_gives_the_third_meeting_of_the_least_served_before_the_tenth_of_the_best():
    """Two firms want the last place of three partners: one is worth more to each, the other has none otherwise."""
    people = (
        Participant("rich", 0, 9, (1,) * 4, "firm"),
        Participant("poor", 0, 9, (1,) * 4, "firm"),
        *(Participant(f"p{n}", 0, 1, (1,) * 4, "partner") for n in range(4)),
    )
    rows = [(0, n, 600) for n in range(2, 6)] + [(1, n, 500) for n in range(2, 6)]
    problem = Problem(4, people, (Table("t", seats=9),), Pairs.of(rows))

    def served(fairness):
        answer = solve(replace(problem, fairness=fairness))
        return Counter(v for m in answer.meetings for v in problem.ends(m.pair) if v < 2)

    assert served(0) == {0: 4}
    assert served(2000) == {0: 2, 1: 2}


def test_one_more_interpreter_in_one_half_of_the_day_is_worth_what_it_would_allow():
    """Ten firms speak Korean with ten partners; one interpreter, who is off in the second morning's four slots."""
    slots = 8
    people = tuple(
        Participant(f"{side}{n}", 0, 2, (1,) * slots, side) for side in ("firm", "partner") for n in range(10)
    )
    pairs = Pairs.of([(n, 10 + n, 500) for n in range(10)], language=dict.fromkeys(range(10), "ko"))
    problem = Problem(slots, people, (Table("t", seats=9),), pairs, {"ko": (1, 1, 1, 0, 0, 0, 0, 0)})
    assert len(solve(problem).meetings) == 3
    gain = Gains(problem).of(with_one_more(problem, range(4, 8), "ko"))
    assert (gain.meetings, gain.value) == (4, 2000)


def test_the_first_answer_is_told_before_anything_is_optimised(event):
    told = []
    solve(event(), progress=lambda *x: told.append(x))
    assert told[0][0] == "greedy"
    assert told[0][1] is not None


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_gives_the_same_answer_to_a_problem_with_many_answers(seed):
    dice = np.random.default_rng(3)
    people = tuple(Participant(str(v), 1, 5, (1,) * 8, "firm" if v < 25 else "partner") for v in range(40))
    pairs = Pairs.of([(a, b, int(dice.integers(1, 4))) for a in range(25) for b in range(25, 40)])
    problem = Problem(8, people, tuple(Table(str(k)) for k in range(12)), pairs)
    assert solve(problem, seed=seed).meetings == solve(problem, seed=seed).meetings


def test_a_million_pairs_are_a_problem_like_any_other():
    dice, n, slots = np.random.default_rng(1), 1000, 20
    people = tuple(Participant(str(v), 1, 8, (1,) * slots, "firm" if v < n else "partner") for v in range(2 * n))
    a, b = np.divmod(np.arange(n * n), n)
    pairs = Pairs(a, b + n, dice.integers(1, 10_001, n * n), (None,) * (n * n), (None,) * (n * n))
    problem = Problem(slots, people, tuple(Table(str(k)) for k in range(600)), pairs)
    started = time.process_time()
    answer = solve(problem, time_limit=0.5)
    assert time.process_time() - started < 10
    assert violations(problem, answer.meetings) == []
    assert 0.85 * answer.bound < answer.objective <= answer.bound
