"""`proven_idle` against a constraint program that has every rule and every timetable of the value in plain sight."""

from dataclasses import replace

from hypothesis import given, settings
from ortools.sat.python import cp_model

from matching.timetable import Pairs, Participant, Problem, ProblemError, Table
from matching.timetable.constraints import total_idle_runs
from matching.timetable.formats import read_problem
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve

from .test_properties import instances


def fewest(problem, value):
    """The fewest idle runs of a timetable with this objective: by booleans for (pair, slot, table)."""
    model = cp_model.CpModel()
    pairs, slots = problem.pairs, range(problem.slots)
    banned = {frozenset(x) for x in problem.forbidden}
    owned = {t.owner for t in problem.tables}
    at = {}
    for e in range(len(pairs)):
        homes = [v for v in problem.ends(e) if v in owned]
        for t in slots if frozenset(problem.ends(e)) not in banned else ():
            if pairs.slots[e] is None or t in pairs.slots[e]:
                for k, table in enumerate(problem.tables):
                    if t not in table.closed and (table.owner in homes if homes else table.owner is None):
                        at[e, t, k] = model.new_bool_var("")

    def some(which):
        return sum(x for cell, x in at.items() if which(*cell))

    pinned = set(problem.must) | {e for e, _ in problem.fixed}
    for e in range(len(pairs)):
        model.add(some(lambda f, t, k, e=e: f == e) == 1 if e in pinned else some(lambda f, t, k, e=e: f == e) <= 1)
    for e, s in problem.fixed:
        model.add(some(lambda f, t, k, e=e, s=s: f == e and t == s) == 1)
    for k, table in enumerate(problem.tables):
        for s in slots:
            model.add(some(lambda f, t, j, k=k, s=s: j == k and t == s) <= table.seats)
    for name, row in problem.interpreters.items():
        for s in slots:
            model.add(some(lambda f, t, j, name=name, s=s: pairs.language[f] == name and t == s) <= row[s])
    lacks, runs = [], []
    for v, person in enumerate(problem.participants):
        mine = some(lambda f, t, k, v=v: v in problem.ends(f))
        model.add(mine <= person.maximum)
        lack = model.new_int_var(0, person.minimum, "")
        model.add(lack >= person.minimum - mine)
        lacks.append(lack)
        busy = [model.new_bool_var("") for _ in slots]
        for s in slots:
            here = some(lambda f, t, k, v=v, s=s: v in problem.ends(f) and t == s)
            model.add(here <= person.capacity[s])
            model.add(here >= busy[s])
            model.add(here <= person.capacity[s] * busy[s])
        for s in slots:
            for u in range(s + 2, problem.slots):
                if not any(s < first <= u for first in problem.blocks):
                    run = model.new_bool_var("")
                    model.add_bool_or([run, ~busy[s], ~busy[u], *busy[s + 1 : u]])
                    runs.append(run)
    score = sum(int(pairs.score[e]) * x for (e, _, _), x in at.items())
    model.add(score - problem.shortfall_weight * sum(lacks) == value)
    model.minimize(sum(runs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@given(instances())
@settings(max_examples=30, deadline=None)
def test_what_is_called_the_fewest_idle_runs_is(instance):
    try:
        problem = read_problem(instance)
        answer = solve(problem)
    except (ProblemError, InfeasiblePins):
        return
    if answer.proven_idle:
        assert answer.idle_runs == fewest(problem, answer.objective)


def crossed(scores):
    """Two firms with two partners each, of whom none is there in the middle slot: breaks cannot be avoided."""
    people = tuple(
        Participant(name, 0, 2, (1, 0, 1), side)
        for name, side in (("f0", "firm"), ("f1", "firm"), ("p0", "partner"), ("p1", "partner"))
    )
    rows = [(a, b, score) for (a, b), score in zip(((0, 2), (0, 3), (1, 2), (1, 3)), scores, strict=True)]
    return Problem(3, people, (Table("t", seats=2),), Pairs.of(rows))


def test_breaks_that_cannot_be_avoided_are_proven_where_every_pair_meets():
    answer = solve(crossed((9, 8, 7, 6)))
    assert (answer.idle_runs, answer.proven, answer.proven_idle) == (4, True, True)


def test_breaks_are_proven_where_other_pairs_could_meet_but_no_other_choice_is_worth_as_much():
    problem = crossed((9, 8, 7, 6))
    people = (*problem.participants[:3], replace(problem.participants[3], maximum=1))
    answer = solve(replace(problem, participants=people))
    assert {m.pair for m in answer.meetings} == {0, 1, 2}
    assert (answer.idle_runs, answer.proven_idle) == (2, True)


def test_of_several_choices_of_the_same_value_all_are_looked_at():
    """Either firm may have the one free place of p1; both ways there are two breaks."""
    problem = crossed((9, 8, 7, 8))
    people = (*problem.participants[:3], replace(problem.participants[3], maximum=1))
    problem = replace(problem, participants=people)
    answer = solve(problem)
    assert answer.proven_idle
    assert answer.idle_runs == fewest(problem, answer.objective) == total_idle_runs(problem, answer.meetings) == 2


def test_a_pair_of_two_table_owners_is_never_claimed(event):
    problem = event(
        slots=3,
        tables=(Table("a", owner=0, closed=frozenset({1})), Table("b", owner=2, closed=frozenset({1}))),
        pairs=Pairs.of([(0, 2, 10), (0, 2, 10)]),
    )
    answer = solve(problem)
    assert answer.idle_runs == 2
    assert not answer.proven_idle
