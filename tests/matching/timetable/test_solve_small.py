from matching.timetable import Pairs, Participant, Problem, Table, violations
from matching.timetable.solve import solve


def event(slots=3, **more):
    """Two firms and two partners, one free table with two seats."""
    people = tuple(Participant(name, 0, 3, (1,) * slots, side)
                   for name, side in (("f0", "firm"), ("f1", "firm"), ("p0", "partner"), ("p1", "partner")))
    fields = {"slots": slots, "participants": people, "tables": (Table("t0", seats=2),),
              "pairs": Pairs.of([(0, 2, 9000), (0, 3, 5000), (1, 2, 7000), (1, 3, 100)])}
    return Problem(**{**fields, **more})


def test_everybody_meets_when_there_is_room():
    answer = solve(event())
    assert {m.pair for m in answer.meetings} == {0, 1, 2, 3}
    assert answer.objective == answer.bound == 21100
    assert answer.proven
    assert violations(event(), answer.meetings) == []


def test_a_single_slot_keeps_the_best_choice():
    answer = solve(event(slots=1))
    assert {m.pair for m in answer.meetings} == {1, 2}
    assert answer.proven
