"""The smallest set of constraints that keeps somebody below its minimum, on cases that a person can follow."""

import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from matching.timetable import Meeting, Pairs, Participant, Problem, ProblemError, Table
from matching.timetable.demands import Demands
from matching.timetable.formats import read_problem
from matching.timetable.limits import Constraint
from matching.timetable.problem import InfeasiblePins
from matching.timetable.rulebook import Rulebook
from matching.timetable.shortage import shortages
from matching.timetable.solve import solve

from .test_properties import instances


def changed(problem, **fields):
    """The problem with fields of participants replaced: f0={"minimum": 2}."""
    people = tuple(replace(p, **fields.get(p.id, {})) for p in problem.participants)
    return replace(problem, participants=people)


def explained(problem):
    """(possible, [(kind, participant, pair, language)]) of the only shortage."""
    (short,) = shortages(problem, solve(problem).meetings)
    return short.possible, [(c.kind, c.participant, c.pair, c.language) for c in short.constraints]


def test_somebody_present_too_rarely_is_told_so_and_when_it_is_there(event):
    problem = changed(event(), f0={"minimum": 2, "capacity": (0, 1, 0)})
    (short,) = shortages(problem, solve(problem).meetings)
    assert (short.participant, short.have, short.minimum, short.possible) == (0, 1, 2, 1)
    assert short.slots == (1,)
    assert [(c.kind, c.participant, c.slots) for c in short.constraints] == [("capacity", 0, (1,))]


def test_too_few_pairs_need_no_constraint(event):
    assert explained(changed(event(), f0={"minimum": 3})) == (2, [])


def test_somebody_without_any_pair_is_told_so(event):
    problem = changed(event(pairs=Pairs.of([(0, 2, 5)])), f1={"minimum": 1})
    assert explained(problem) == (0, [])


def test_a_forbidden_pair_is_named(event):
    assert explained(changed(event(forbidden=((0, 3),)), f0={"minimum": 2})) == (1, [("forbidden", None, 1, None)])


def test_partners_there_only_at_the_same_time_are_named(event):
    early = {"capacity": (1, 0, 0)}
    possible, named = explained(changed(event(), f0={"minimum": 2}, p0=early, p1=early))
    assert possible == 1
    assert named == [("capacity", v, None, None) for v in (0, 2, 3)]


def test_allowed_slots_that_collide_are_named(event):
    rows = [(0, 2, 9000), (0, 3, 5000), (1, 2, 7000), (1, 3, 100)]
    problem = changed(event(pairs=Pairs.of(rows, slots={0: [1], 1: [1]})), f0={"minimum": 2})
    assert explained(problem) == (
        1,
        [("capacity", 0, None, None), ("allowed", None, 0, None), ("allowed", None, 1, None)],
    )


def test_an_interpreter_who_is_rarely_there_is_named(event):
    pairs = Pairs.of([(0, 2, 9000), (0, 3, 5000)], language={0: "ko", 1: "ko"})
    problem = changed(event(pairs=pairs, interpreters={"ko": (0, 1, 0)}), f0={"minimum": 2})
    assert explained(problem) == (1, [("interpreter", None, None, "ko")])


def test_closed_tables_are_named(event):
    problem = changed(event(tables=(Table("t", closed=frozenset({0, 2})),)), f0={"minimum": 2})
    assert explained(problem) == (1, [("tables", None, None, None)])


def test_the_limit_of_meetings_in_a_row_is_named(event):
    possible, named = explained(changed(event(slots=2, row_limit=1), f0={"minimum": 2}))
    assert (possible, ("row", 0, None, None) in named) == (1, True)


def test_a_pin_that_takes_the_only_partner_is_named_with_the_maximum_it_fills(event):
    pairs = Pairs.of([(0, 2, 9000), (1, 2, 7000), (1, 3, 100)])
    problem = changed(event(pairs=pairs, must=(1,)), f0={"minimum": 1}, p0={"maximum": 1})
    assert explained(problem) == (0, [("maximum", 2, None, None), ("pin", None, 1, None)])


def test_two_who_need_the_same_partner_are_a_group(event):
    pairs = Pairs.of([(0, 2, 9000), (1, 2, 7000), (1, 3, 100)])
    problem = changed(
        event(pairs=pairs, forbidden=((1, 3),)), f0={"minimum": 1}, f1={"minimum": 1}, p0={"maximum": 1}
    )
    (short,) = shortages(problem, solve(problem).meetings)
    assert short.group == (1, 0)
    assert [c.kind for c in short.constraints] == ["forbidden", "maximum", "minimum"]


def test_two_who_are_both_short_by_hand_are_weighed_against_each_other(event):
    pairs = Pairs.of([(0, 2, 9000), (1, 2, 7000)])
    problem = changed(event(pairs=pairs), f0={"minimum": 1}, f1={"minimum": 1}, p0={"maximum": 1})
    first, second = shortages(problem, [])
    assert (first.group, second.group) == ((0, 1), (1, 0))


def test_three_who_would_all_meet_at_once_cannot_even_though_halves_could():
    people = tuple(Participant(name, 1, 1, (1,)) for name in "abc")
    problem = Problem(1, people, (Table("t", seats=9),), Pairs.of([(0, 1, 5), (1, 2, 5), (0, 2, 5)]))
    (short,) = shortages(problem, [Meeting(0, 0, 0)])
    assert (short.possible, sorted(short.group)) == (0, [0, 1, 2])


def test_a_minimum_that_costs_more_than_it_is_worth_is_not_called_impossible(event):
    pairs = Pairs.of([(0, 2, 9000), (1, 2, 10)])
    problem = changed(event(pairs=pairs, shortfall_weight=0), f1={"minimum": 1}, p0={"maximum": 1})
    assert explained(problem) == (1, [])


def test_without_time_nothing_is_claimed_of_one_alone(event):
    problem = changed(event(forbidden=((0, 3),)), f0={"minimum": 2})
    (short,) = shortages(problem, solve(problem).meetings, time_limit=0.0)
    assert (short.possible, short.constraints, short.complete) == (2, (), False)


def impossible(problem, short):
    """Whether the minimum and the constraints named cannot hold together, by the slotted program."""
    minima = [short.participant, *short.group[1:]]
    pins = [c.pair for c in short.constraints if c.kind == "pin"]
    system = Demands(Rulebook(problem), minima, pins)
    return not system.feasible([Constraint("minimum", short.participant), *short.constraints], time.monotonic() + 60)


# v0 and v4 each want the only table twice, at two times: beside the minimum of v0, v4 could have less than it has.
EXCLUDING = {
    "format": "meeting-instance/2", "slots": 3, "score_scale": 10_000, "shortfall_weight": 20_000,
    "participants": [
        {"id": f"v{n}", "side": side, "min": least, "max": most, "capacity": capacity}
        for n, (side, least, most, capacity) in enumerate([
            ("partner", 2, 7, [1, 1, 1]), ("partner", 1, 3, [2, 2, 1]), (None, 0, 0, [1, 1, 2]),
            ("partner", 1, 2, [1, 2, 1]), ("firm", 2, 7, [1, 1, 1]),
        ])
    ],
    "tables": [{"id": "t0", "x": 1.0, "y": 0.0, "owner": None, "seats": 1, "closed": [0]}],
    "interpreters": {"ko": [0, 1, 1]},
    "pairs": {
        "a": [4, 4, 0, 2, 2, 0, 1, 0, 3, 3], "b": [3, 1, 2, 1, 1, 1, 3, 3, 4, 0],
        "score": [9000, 500, 9000, 9000, 9000, 9000, 0, 0, 0, 0],
        "language": ["ko", "ko", None, "ko", "ko", "ko", "ko", "ko", "ko", None],
        "slots": [None, [], None, [0, 1, 2], None, [], None, None, None, None],
    },
    "must": [], "fixed": [], "forbidden": [], "blocks": [1, 2], "idle_limit": 1,
}  # fmt: skip


@pytest.mark.parametrize("limit", [0.0, 10.0])
@given(instances())
@example(EXCLUDING)
@settings(max_examples=40, deadline=None)
def test_the_constraints_named_are_impossible_together_even_without_time(limit, instance):
    try:
        problem = read_problem(instance)
        answer = solve(problem)
    except (ProblemError, InfeasiblePins):
        return
    for short in shortages(problem, answer.meetings, time_limit=limit):
        assert short.possible >= short.have
        if short.constraints:
            assert impossible(problem, short)


@pytest.mark.parametrize("limit", [0.0, 2.0])
def test_when_many_are_short_at_once_each_of_them_is_told_why(limit):
    """30 firms that want three meetings each of 12 partners who have room for 60."""
    people = [Participant(f"f{v}", 3, 4, (1,) * 8, "firm") for v in range(30)]
    people += [Participant(f"p{v}", 0, 5, (1,) * 8, "partner") for v in range(12)]
    pairs = Pairs.of([(a, 30 + b, 1 + (7 * a + b) % 50) for a in range(30) for b in range(12)])
    problem = Problem(8, tuple(people), (Table("t", seats=20),), pairs, shortfall_weight=20_000)
    found = shortages(problem, solve(problem).meetings, time_limit=limit)
    assert sum(s.minimum - s.have for s in found) == 30
    assert all(s.constraints for s in found)
    partners = {c.participant for s in found for c in s.constraints if c.kind == "maximum"}
    assert partners == set(range(30, 42))
    assert {v for s in found for v in s.group} == set(range(30))


@given(instances())
@settings(max_examples=40, deadline=None)
def test_what_is_called_possible_alone_is_what_the_solver_reaches(instance):
    try:
        problem = read_problem(instance)
        answer = solve(problem)
    except (ProblemError, InfeasiblePins):
        return
    for short in shortages(problem, answer.meetings):
        if {c.kind for c in short.constraints} & {"pin", "minimum"} or short.possible == short.minimum:
            continue
        v = short.participant
        people = tuple(p if u == v else replace(p, minimum=0) for u, p in enumerate(problem.participants))
        alone = replace(problem, participants=people, must=(), fixed=(), shortfall_weight=10**9)
        assert sum(v in problem.ends(m.pair) for m in solve(alone).meetings) == short.possible


@pytest.mark.parametrize("preset", ["small"])
def test_an_event_of_common_size_is_explained_in_seconds(referee, preset):
    problem = read_problem(referee.generate(preset, seed=1))
    people = tuple(replace(p, minimum=min(p.maximum, p.minimum + 4)) for p in problem.participants)
    hard = replace(problem, participants=people)
    found = shortages(hard, solve(hard).meetings, time_limit=20.0)
    assert all(s.constraints for s in found if s.possible < s.minimum and len(s.pairs) >= s.minimum)
