from matching.timetable import Meeting, Move, Table, Violation, judge, violations, wishes
from matching.timetable.constraints import idle_runs


def test_a_move_into_a_taken_slot_names_whom_it_would_double_book(event):
    board = (Meeting(0, 0, 0), Meeting(3, 0, 0))
    broken, after = judge(event(tables=(Table("t", seats=9),)), board, Move(1, 0))
    assert [(v.rule, v.participants, v.have, v.limit, v.pairs) for v in broken] == [
        ("capacity", (0,), 2, 1, (0, 1)),
        ("capacity", (3,), 2, 1, (3, 1)),
    ]
    assert Meeting(1, 0, 0) in after


def test_a_move_that_breaks_nothing_is_free(event):
    broken, after = judge(event(), (Meeting(0, 0, 0),), Move(0, 2))
    assert broken == []
    assert after == (Meeting(0, 2, 0),)


def test_a_move_is_not_blamed_for_what_was_broken_before(event):
    board = (Meeting(0, 0, 0), Meeting(1, 0, 0))
    assert judge(event(), board, Move(3, 2))[0] == []


def test_a_pinned_meeting_cannot_be_taken_off_the_board(event):
    broken, after = judge(event(must=(0,)), (Meeting(0, 0, 0),), Move(0))
    assert [v.rule for v in broken] == ["must"]
    assert after == ()


def test_the_past_cannot_be_changed_by_hand(event):
    board = (Meeting(0, 0, 0),)
    broken, _ = judge(event(), board, Move(0, 2), previous=board, from_slot=1)
    assert [v.rule for v in broken] == ["history"]


def test_a_table_without_a_seat_left_is_named(event):
    board = (Meeting(0, 0, 0), Meeting(3, 0, 0))
    broken, _ = judge(event(tables=(Table("t"),)), board[:1], Move(3, 0))
    assert [(v.rule, v.table, v.slot, v.have, v.limit) for v in broken] == [("seats", 0, 0, 2, 1)]


def test_wishes_tell_minima_missed_and_idle_runs_above_the_wanted_maximum(event):
    problem = event(idle_limit=0)
    assert wishes(problem, (Meeting(0, 0, 0), Meeting(1, 2, 0))) == [Violation("idle", (0,), have=1, limit=0)]


def test_idle_runs_end_at_nights_and_count_gaps_of_any_length_once():
    assert idle_runs([0, 1, 5, 9]) == 2
    assert idle_runs([0, 1, 5, 9], blocks=[5]) == 1
    assert idle_runs([0, 2], blocks=[1]) == 0


def test_violations_of_an_empty_board_are_the_pins(event):
    assert {v.rule for v in violations(event(must=(0,), fixed=((3, 1),)), ())} == {"must", "fixed"}


def test_a_host_receives_several_guests_at_once(event):
    """Round mode: parallel meetings of a host at one table with as many seats."""
    problem = event(slots=1, tables=(Table("round", owner=2, seats=2), Table("t")))
    people = list(problem.participants)
    from dataclasses import replace

    from matching.timetable.solve import solve

    people[2] = replace(people[2], capacity=(2,))
    answer = solve(replace(problem, participants=tuple(people)))
    assert {(m.pair, m.table) for m in answer.meetings} == {(0, 0), (2, 0)}
