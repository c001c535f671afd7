from dataclasses import replace

import pytest

from matching.timetable import Pairs, Participant, Table, violations
from matching.timetable.problem import InfeasiblePins
from matching.timetable.rulebook import Rulebook
from matching.timetable.solve import solve


def test_everybody_meets_when_there_is_room(event):
    answer = solve(event())
    assert {m.pair for m in answer.meetings} == {0, 1, 2, 3}
    assert answer.objective == answer.bound == 21100
    assert answer.proven
    assert violations(event(), answer.meetings) == []


def test_a_single_slot_keeps_the_best_choice(event):
    answer = solve(event(slots=1))
    assert {m.pair for m in answer.meetings} == {1, 2}
    assert answer.proven


def test_a_pinned_meeting_is_held_even_when_it_is_worth_less(event):
    assert {m.pair for m in solve(event(slots=1, must=(3,))).meetings} == {0, 3}


def test_a_fixed_meeting_is_held_in_its_slot(event):
    answer = solve(event(fixed=((3, 2),)))
    assert [m.slot for m in answer.meetings if m.pair == 3] == [2]


def test_a_minimum_is_worth_more_than_a_good_score(event):
    one_each = event(slots=1)
    people = list(one_each.participants)
    people[3] = replace(people[3], minimum=1)
    pairs = Pairs.of([(0, 2, 9000), (1, 2, 9000), (0, 3, 10)])
    answer = solve(replace(one_each, participants=tuple(people), pairs=pairs))
    assert {m.pair for m in answer.meetings} == {1, 2}


def test_pins_that_clash_are_named_with_the_limit_in_their_way(event):
    with pytest.raises(InfeasiblePins) as caught:
        solve(event(slots=2, fixed=((0, 1), (1, 1))))
    assert "pair 0 (f0 with p0), pair 1 (f0 with p1)" in str(caught.value)
    assert "the capacity of f0" in str(caught.value)
    assert "p1 with" not in str(caught.value)


def test_a_pin_without_an_interpreter_is_named(event):
    pairs = Pairs.of([(0, 2, 9000), (1, 3, 10)], language={0: "ko"})
    with pytest.raises(InfeasiblePins, match=r"pair 0 .*no slot"):
        solve(event(pairs=pairs, must=(0,), interpreters={"ko": (0, 0, 0)}))


def test_nobody_has_more_meetings_in_a_row_than_wished(event):
    people = tuple(
        [Participant("f0", 0, 9, (1,) * 5, "firm")]
        + [Participant(f"p{n}", 0, 1, (1,) * 5, "partner") for n in range(5)]
    )
    problem = event(slots=5, participants=people, pairs=Pairs.of([(0, n, 1000) for n in range(1, 6)]), row_limit=2)
    answer = solve(problem)
    assert len(answer.meetings) == 4
    assert violations(problem, answer.meetings) == []


def test_the_same_seed_gives_the_same_answer(event):
    assert solve(event(), seed=3).meetings == solve(event(), seed=3).meetings


def test_progress_tells_stage_value_and_bound(event):
    told = []
    solve(event(), progress=lambda *x: told.append(x))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["greedy", "prices", "choose", "slots", "comfort", "proof", "tables"]
    assert told[-1][1:] == (21100, 21100)


def test_a_pair_of_two_owners_meets_at_either_table(event):
    problem = event(
        tables=(Table("a", owner=0, closed=frozenset({0, 1})), Table("b", owner=2, closed=frozenset({2}))),
        pairs=Pairs.of([(0, 2, 10), (0, 2, 10), (0, 2, 10)]),
    )
    answer = solve(problem)
    assert violations(problem, answer.meetings) == []
    assert {(m.slot, m.table) for m in answer.meetings} == {(0, 1), (1, 1), (2, 0)}


def test_the_rules_know_where_a_pair_may_meet(event):
    problem = event(tables=(Table("t0"), Table("home", owner=2)))
    rules = Rulebook(problem)
    assert [rules.tables_for(e) for e in range(4)] == [(1,), (0,), (1,), (0,)]
