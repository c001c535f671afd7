from dataclasses import replace

import pytest

from matching.timetable import Meeting, Pairs, Participant, Table, violations
from matching.timetable.constraints import objective, total_idle_runs
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve
from matching.timetable.today import absent, cancelled, overrun, table_lost


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
    lost = min(m.table for m in before.meetings)
    after = solve(table_lost(event(tables=two), lost, range(3)), previous=before.meetings)
    assert {c.kind for c in after.changes} == {"table"}
    assert {c.pair for c in after.changes} == {m.pair for m in before.meetings if m.table == lost}


def told(answer):
    """participant -> what it has to be told."""
    found = {}
    for c in answer.changes:
        for v in c.participants:
            found.setdefault(v, []).append((c.kind, c.pair))
    return found


def test_only_the_partners_of_somebody_absent_are_told(event):
    before = solve(event())
    after = solve(absent(event(), 0, range(3)), previous=before.meetings)
    assert {v: sorted(what) for v, what in told(after).items()} == {
        0: [("dropped", 0), ("dropped", 1)],
        2: [("dropped", 0)],
        3: [("dropped", 1)],
    }


def test_who_comes_late_has_the_early_meeting_moved_behind(event):
    """f0 has two meetings and three slots; it misses the first slot, and nobody else has to move."""
    early = event(pairs=Pairs.of([(0, 2, 9000), (0, 3, 5000)]), fixed=((0, 0), (1, 1)))
    before = solve(early)
    late = absent(early, 0, [0])
    assert late.fixed == ((1, 1),)
    after = solve(late, previous=before.meetings)
    assert told(after) == {0: [("moved", 0)], 2: [("moved", 0)]}
    assert {m.pair: m.slot for m in after.meetings} == {0: 2, 1: 1}


def test_a_cancelled_meeting_is_dropped_and_its_time_given_to_another(event):
    """One slot: f0 meets p0; once that is cancelled, both can meet whom they wanted less."""
    problem = event(slots=1)
    before = solve(problem)
    assert {m.pair for m in before.meetings} == {1, 2}
    after = solve(cancelled(problem, 1), previous=before.meetings)
    assert {c.pair: c.kind for c in after.changes}[1] == "dropped"
    assert 1 not in {m.pair for m in after.meetings}


def test_a_meeting_that_takes_longer_moves_what_its_people_have_next_and_nobody_else(event):
    problem = event(slots=4, tables=(Table("t0"), Table("t1")), fixed=((0, 0), (1, 1), (3, 2), (2, 3)))
    before = solve(problem)
    long = next(m for m in before.meetings if m.pair == 0)
    free = replace(problem, fixed=())
    after = solve(overrun(free, long), previous=before.meetings, from_slot=1)
    assert {m.pair: m.slot for m in after.meetings}[0] == 0
    assert [m for m in after.meetings if m.slot == 1 and m.pair == 1] == []
    assert {(c.kind, c.pair) for c in after.changes} == {("moved", 1)}
    assert violations(overrun(free, long), after.meetings, before.meetings, 1) == []


def test_an_overrun_in_the_last_slot_changes_nothing(event):
    assert overrun(event(), Meeting(0, 2, 0)).participants == event().participants


def test_before_the_day_what_is_not_locked_is_improved_and_locks_stay(event):
    """By hand 1 and 2 were put far apart; keeping nothing but the lock, the others move for fewer breaks."""
    by_hand = (Meeting(0, 0, 0), Meeting(1, 4, 0), Meeting(2, 4, 0), Meeting(3, 2, 0))
    problem = event(slots=5, fixed=((3, 2),))
    better = solve(problem, previous=by_hand, keep=0)
    assert {m.pair: m.slot for m in better.meetings}[3] == 2
    assert better.idle_runs < total_idle_runs(problem, by_hand)
    assert better.objective == objective(problem, by_hand)


def test_a_late_registration_is_fitted_in_and_nobody_announced_moves(event):
    """A sixth participant appended, with pairs at the end, as the previous pair numbers stay."""
    before = solve(event(slots=4))
    people = (*event(slots=4).participants, Participant("f2", 1, 2, (1,) * 4, "firm"))
    rows = [(0, 2, 9000), (0, 3, 5000), (1, 2, 7000), (1, 3, 100), (4, 2, 800), (4, 3, 900)]
    after = solve(event(slots=4, participants=people, pairs=Pairs.of(rows)), previous=before.meetings)
    assert {c.kind for c in after.changes} == {"added"}
    assert {c.pair for c in after.changes} == {4, 5}


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


def test_a_new_meeting_moves_no_more_announced_ones_than_it_is_worth(event):
    """f0 and p1 can meet in the first slot only: both announced meetings of p0 would have to change places for it."""
    announced = (Meeting(0, 0, 0), Meeting(1, 1, 0))
    for score, held in ((3000, False), (9000, True)):
        pairs = Pairs.of([(0, 2, 5000), (1, 2, 5000), (0, 3, score)], slots={2: [0]})
        after = solve(event(slots=2, pairs=pairs), previous=announced)
        assert (2 in {m.pair for m in after.meetings}) is held
        assert [c.kind for c in after.changes].count("moved") == (2 if held else 0)
