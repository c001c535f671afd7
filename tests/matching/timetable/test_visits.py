from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.timetable import ProblemError, visits
from matching.timetable.visits import (
    Group,
    Host,
    Visit,
    VisitDay,
    plan_in_turn,
    plan_programme,
    plan_visits,
    violations,
)


def day(**more):
    fields = {
        "hosts": (Host("A", 0, 8, 2), Host("B", 0, 8, 2)),
        "groups": (Group("g", 9, 0, 8, 2),),
        "scores": ((5, 3),),
        "travel": ((0, 2), (2, 0)),
    }
    return VisitDay(**{**fields, **more})


def test_a_group_visits_both_hosts_with_time_to_travel():
    plan = plan_visits(day())
    assert plan.visits == (Visit(0, 0, 0), Visit(0, 1, 4)) or plan.visits == (Visit(0, 1, 0), Visit(0, 0, 4))
    assert (plan.value, plan.bound, plan.proven) == (8, 8, True)


def test_too_little_time_leaves_the_better_host():
    assert [x.host for x in plan_visits(day(groups=(Group("g", 9, 0, 5, 2),))).visits] == [0]


def test_a_host_receives_as_many_groups_at_once_as_it_says():
    two = (Group("g", 9, 0, 2, 1), Group("k", 9, 0, 2, 1))
    one_host = {"hosts": (Host("A", 0, 8, 2),), "travel": ((0,),), "groups": two, "scores": ((5,), (4,))}
    assert plan_visits(day(**one_host)).value == 5
    assert plan_visits(day(**{**one_host, "hosts": (Host("A", 0, 8, 2, groups=2),)})).value == 9


def test_a_group_too_large_for_a_host_does_not_go_there():
    assert plan_visits(day(hosts=(Host("A", 0, 8, 2, seats=5), Host("B", 0, 8, 2)))).value == 3


def test_no_visit_touches_the_time_in_which_a_host_is_shut():
    lunch = Host("A", 0, 8, 2, shut=((1, 5),))
    one = day(hosts=(lunch,), groups=(Group("g", 9, 0, 8, 1),), scores=((5,),), travel=((0,),))
    assert list(one.starts(0, 0)) == [5, 6]
    assert plan_visits(one).visits == (Visit(0, 0, 5),)
    assert [v.rule for v in violations(one, [Visit(0, 0, 4)])] == ["away"]
    with pytest.raises(ProblemError, match=r"hosts\[0\]"):
        day(hosts=(Host("A", 0, 8, 2, shut=((3, 3),)), Host("B", 0, 8, 2)))


def test_a_hand_made_plan_is_told_what_is_wrong_with_it():
    plan = [Visit(0, 0, 0), Visit(0, 1, 3), Visit(0, 0, 7)]
    assert {v.rule for v in violations(day(), plan)} == {"travel", "max", "twice", "away"}
    travel = next(v for v in violations(day(), plan) if v.rule == "travel")
    assert (travel.have, travel.limit) == (3, 4)


def test_a_pin_outside_the_opening_hours_is_refused():
    with pytest.raises(ProblemError, match=r"pinned\[0\]"):
        day(pinned=(Visit(0, 0, 7),))


def test_pins_that_clash_are_refused():
    with pytest.raises(ProblemError, match="cannot all take place"):
        plan_visits(day(pinned=(Visit(0, 0, 0), Visit(0, 1, 1))))


def test_a_programme_too_large_for_the_time_is_still_a_full_one(monkeypatch):
    """Where the search for all groups at once finds nothing in time, what was found group after group stands."""
    hosts = tuple(Host(str(h), 0, 40, 3, groups=2) for h in range(5))
    groups = tuple(Group(str(g), 9, 0, 40, 5) for g in range(3))
    travel = tuple(tuple(0 if a == b else 1 + (a + b) % 3 for b in range(5)) for a in range(5))
    large = VisitDay(hosts, groups, ((2,) * 5,) * 3, travel)
    search = visits.plan_visits

    def no_answer(problem, *, time_limit):
        if sum(map(any, problem.scores)) > 1:
            raise ProblemError("pinned", "these visits cannot all take place.")
        return search(problem, time_limit=time_limit)

    monkeypatch.setattr(visits, "plan_visits", no_answer)
    plan = plan_programme(large)
    assert violations(large, plan.visits) == [] and len(plan.visits) == 15 and not plan.proven


def best(problem):
    """The value of the best plan, by trying every order of hosts for every group, in every order of groups."""
    value = 0
    orders = [list(permutations(range(len(problem.hosts)), n)) for n in range(len(problem.hosts) + 1)]
    routes = [route for some in orders for route in some]
    times = range(max(h.closes for h in problem.hosts))
    for chosen in product(routes, repeat=len(problem.groups)):
        worth = sum(problem.scores[g][h] for g, route in enumerate(chosen) for h in route)
        if worth > value and feasible(problem, chosen, times):
            value = worth
    return value


def feasible(problem, routes, times, visits=()):
    g = next((g for g, route in enumerate(routes) if sum(x.group == g for x in visits) < len(route)), None)
    if g is None:
        return True
    done = [x for x in visits if x.group == g]
    return any(
        feasible(problem, routes, times, (*visits, x))
        for t in times
        for x in [Visit(g, routes[g][len(done)], t)]
        if (not done or t > done[-1].start) and not violations(problem, (*visits, x))
    )


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_plans_are_as_good_as_trying_everything(dice):
    hosts = tuple(
        Host(str(h), dice.randrange(2), dice.randint(3, 5), dice.randint(1, 2), shut=((2, 3),) * dice.randrange(2))
        for h in range(2)
    )
    groups = tuple(
        Group(str(g), dice.randint(1, 9), dice.randrange(2), dice.randint(3, 5), dice.randint(1, 2)) for g in range(2)
    )
    problem = VisitDay(
        hosts,
        groups,
        tuple(tuple(dice.randint(0, 3) for _ in hosts) for _ in groups),
        tuple(tuple(0 if h == k else dice.randint(0, 2) for k in range(2)) for h in range(2)),
    )
    plan = plan_visits(problem)
    assert violations(problem, plan.visits) == []
    assert plan.proven
    assert plan.value == best(problem) == plan_programme(problem).value
    quick = plan_in_turn(problem)
    assert violations(problem, quick.visits) == [] and quick.value <= plan.value <= quick.bound
