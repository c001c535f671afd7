from dataclasses import replace

from matching.timetable import Meeting, Pairs, Participant, Table
from matching.timetable.explain import explain
from matching.timetable.solve import solve
from matching.timetable.whatif import Gains, longer, with_one_more


def only(reasons):
    assert len(reasons) == 1
    return reasons[0]


def test_a_pair_never_present_together_is_told_so(event):
    problem = event()
    late = replace(problem.participants[0], capacity=(0, 0, 1))
    early = replace(problem.participants[2], capacity=(1, 1, 0))
    problem = replace(problem, participants=(late, problem.participants[1], early, problem.participants[3]))
    assert only(explain(problem, solve(problem).meetings, [0])).kind == "away"


def test_a_forbidden_pair_is_told_so(event):
    problem = event(forbidden=((2, 0),))
    assert only(explain(problem, solve(problem).meetings, [0])).kind == "forbidden"


def test_a_filled_maximum_names_the_meetings_that_fill_it(event):
    problem = event()
    people = (replace(problem.participants[0], maximum=1), *problem.participants[1:])
    problem = replace(problem, participants=people)
    reason = only(explain(problem, solve(problem).meetings, [1]))
    assert (reason.kind, reason.participants, reason.instead) == ("maximum", (0,), (0,))


def test_a_sold_out_interpreter_has_a_price(event):
    problem = event(
        slots=1,
        tables=(Table("t", seats=4),),
        interpreters={"ko": (1,)},
        pairs=Pairs.of([(0, 2, 9000), (1, 3, 5000)], language={0: "ko", 1: "ko"}),
    )
    answer = solve(problem)
    reason = only(explain(problem, answer.meetings, [1], answer.prices))
    assert (reason.kind, reason.language) == ("interpreter", "ko")
    assert 5000 <= reason.worth <= 9000
    gain = Gains(problem).of(with_one_more(problem, [0], "ko"))
    assert (gain.meetings, gain.value) == (1, 5000)


def test_sold_out_tables_are_told_and_one_more_would_help(event):
    problem = event(slots=1, tables=(Table("t"),))
    assert only(explain(problem, solve(problem).meetings, [3])).kind == "tables"
    assert Gains(problem).of(with_one_more(problem, [0])).meetings == 1


def test_a_meeting_blocked_in_time_names_what_is_in_its_way_and_the_best_other_one(event):
    problem = event(slots=2, tables=(Table("t", seats=4),))
    board = [Meeting(1, 0, 0), Meeting(2, 1, 0)]
    reason = only(explain(problem, board, [0]))
    assert (reason.kind, reason.instead, reason.nearest) == ("slot", (1,), None)


def test_a_meeting_that_still_fits_is_called_open(event):
    assert only(explain(event(), [], [0])).kind == "open"


def test_one_more_slot_has_room_for_what_did_not_fit_and_keeps_locks_and_nights_in_their_place(event):
    problem = event(slots=2, tables=(Table("t"),), fixed=((3, 1),), blocks=(1,))
    assert Gains(problem).of(longer(problem, 0)).meetings == 1
    stretched = longer(problem, 0)
    assert (stretched.slots, stretched.fixed, stretched.blocks) == (3, ((3, 2),), (2,))
    assert {p.capacity for p in stretched.participants} == {(1, 1, 1)}


def test_a_meeting_blocked_in_time_names_the_nearest_that_still_fits(event):
    """f0 is free when p0 is not, and the other way round; f0 could still meet p2."""
    people = (*event(slots=2).participants, Participant("p2", 0, 3, (1, 1), "partner"))
    pairs = Pairs.of([(0, 2, 9000), (0, 3, 5000), (1, 2, 7000), (0, 4, 50), (1, 4, 60)])
    problem = event(slots=2, participants=people, pairs=pairs, tables=(Table("t", seats=4),))
    reason = only(explain(problem, [Meeting(1, 1, 0), Meeting(2, 0, 0)], [0]))
    assert (reason.kind, reason.nearest) == ("slot", 3)
