from dataclasses import replace

import pytest

from matching.timetable import Pairs, Table, violations
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve


def absent(problem, v, slots):
    person = problem.participants[v]
    capacity = tuple(0 if t in slots else c for t, c in enumerate(person.capacity))
    people = (*problem.participants[:v], replace(person, capacity=capacity), *problem.participants[v + 1 :])
    return replace(problem, participants=people)


def test_what_was_announced_stays(event):
    before = solve(event())
    after = solve(event(), previous=before.meetings)
    assert after.meetings == before.meetings
    assert after.changes == ()


def test_who_leaves_early_loses_the_meetings_after_that(event):
    before = solve(event())
    problem = absent(event(), 0, {1, 2})
    after = solve(problem, previous=before.meetings, from_slot=1)
    assert [m for m in after.meetings if m.slot == 0] == [m for m in before.meetings if m.slot == 0]
    assert violations(problem, after.meetings, before.meetings, 1) == []
    assert all(0 in c.participants for c in after.changes if c.kind == "dropped")


def test_a_walk_in_is_fitted_in_without_moving_the_others(event):
    small = event(slots=4, pairs=Pairs.of([(0, 2, 9000), (1, 3, 8000)]))
    before = solve(small)
    late = replace(small, pairs=Pairs.of([(0, 2, 9000), (1, 3, 8000), (0, 3, 100)]))
    after = solve(late, previous=before.meetings)
    assert set(before.meetings) <= set(after.meetings)
    assert [c.kind for c in after.changes] == ["added"]


def test_a_lost_table_changes_the_table_only(event):
    two = (Table("t0", seats=2), Table("t1", seats=2))
    before = solve(event(tables=two))
    used = {m.table for m in before.meetings}
    closed = tuple(
        replace(t, closed=frozenset({0, 1, 2})) if k in used and k == min(used) else t for k, t in enumerate(two)
    )
    after = solve(event(tables=closed), previous=before.meetings)
    assert {c.kind for c in after.changes} == {"table"}


def test_the_past_stays_even_where_it_would_not_be_allowed_today(event):
    before = solve(event())
    problem = absent(event(), 0, {0, 1, 2})
    after = solve(problem, previous=before.meetings, from_slot=2)
    assert {m for m in before.meetings if m.slot < 2} <= set(after.meetings)


def test_a_lock_to_a_slot_that_is_over_is_refused_in_words(event):
    before = solve(event(fixed=((3, 0),)))
    with pytest.raises(InfeasiblePins, match="Pair 1 is fixed to slot 0, which is over"):
        solve(event(fixed=((1, 0),)), previous=before.meetings, from_slot=1)


def test_a_much_better_meeting_displaces_an_announced_one_a_little_better_does_not(event):
    before = solve(event(slots=1, pairs=Pairs.of([(0, 2, 3000)])))
    for score, kept in ((4000, True), (9000, False)):
        problem = event(slots=1, pairs=Pairs.of([(0, 2, 3000), (1, 2, score)]))
        after = solve(problem, previous=before.meetings)
        assert (0 in {m.pair for m in after.meetings}) is kept
