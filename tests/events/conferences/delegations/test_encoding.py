"""A delegation as the engine sees it, and why a host is out of reach: tables of cases without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from events.conferences.delegations import encoding, wording
from events.conferences.delegations.models import Delegation, DelegationDay, VisitHost, VisitWay
from events.conferences.delegations.rules import Member
from events.conferences.enums import Wish
from matching.timetable.visits import Visit, plan_visits, violations

FIRST = date(2026, 12, 1)


def host(key, *, opens=8, closes=17, seats=20, minutes=60):
    return VisitHost(id=key, opens=time(opens), closes=time(closes), seats=seats, minutes=minutes)


def day(number, *, begins=8, ends=17, pause=(12, 13)):
    first, last = (time(pause[0]), time(pause[1])) if pause else (None, None)
    on = FIRST + timedelta(days=number)
    return DelegationDay(on=on, begins=time(begins), ends=time(ends), break_from=first, break_until=last)


def delegation(*hosts, days=(), ways=(), travel=30):
    return Delegation(
        travel=travel,
        hosts=list(hosts),
        days=list(days) or [day(0)],
        ways=[VisitWay(one_id=a, other_id=b, minutes=minutes) for a, b, minutes in ways],
    )


def group(*members):
    return [Member(key, people, wishes) for key, people, wishes in members]


def test_hours_become_steps_without_breaks_and_nights():
    found = encoding.encode(delegation(host(1, opens=9, closes=16), days=[day(0), day(1)]), [group((1, 2, {}))])
    [only] = found.day.hosts
    assert (only.opens, only.closes, only.duration) == (9 * 4, (24 + 16) * 4, 4)
    assert only.shut == ((12 * 4, 13 * 4), (16 * 4, (24 + 9) * 4), ((24 + 12) * 4, (24 + 13) * 4))
    assert found.moment(36) == datetime(2026, 12, 1, 2, tzinfo=UTC) and found.step(found.moment(36)) == 36


@pytest.mark.parametrize(("way", "steps"), [((), 2), (((1, 2, 50),), 4), (((1, 2, 0),), 0)])
def test_the_way_is_the_usual_one_unless_stated_and_is_rounded_up(way, steps):
    found = encoding.encode(delegation(host(1), host(2), ways=way), [group((1, 2, {}))])
    assert found.day.travel == ((0, steps), (steps, 0))


@pytest.mark.parametrize(
    ("seats", "people", "at_once"), [(20, (10, 8), 2), (20, (11, 8), 1), (9, (10, 8), 1), (5, (10, 8), 1)]
)
def test_a_host_receives_as_many_groups_as_it_has_seats_for(seats, people, at_once):
    groups = [group((n, size, {})) for n, size in enumerate(people)]
    assert encoding.encode(delegation(host(1, seats=seats)), groups).day.hosts[0].groups == at_once


def test_who_says_no_stays_away_and_the_group_goes():
    found = encoding.encode(
        delegation(host(7)), [group((1, 2, {7: Wish.NO}), (2, 2, {7: Wish.MUST})), group((3, 2, {7: Wish.NO}))]
    )
    assert found.travellers(0, 0) == [2]
    assert found.day.scores == ((12,), (0,))
    assert {visit.group for visit in plan_visits(found.day).visits} == {0}


@pytest.mark.parametrize(
    ("hosts", "days", "groups", "rules"),
    [
        ([host(1, seats=5)], [day(0)], [group((1, 9, {}))], ["too_large"]),
        ([host(1, closes=9, minutes=120)], [day(0)], [group((1, 9, {}))], ["closed"]),
        ([host(1), host(2, closes=9)], [day(0, ends=9, pause=None)], [group((1, 9, {1: Wish.MUST}))], ["travel"]),
        ([host(1, closes=9)], [day(0)], [group((1, 15, {1: Wish.MUST})), group((2, 15, {}))], ["seats"]),
    ],
)
def test_what_keeps_a_group_from_a_host_is_said_by_the_rule(hosts, days, groups, rules):
    found = encoding.encode(delegation(*hosts, days=days), groups)
    plan = plan_visits(found.day)
    missed = [
        (g, h) for g in range(len(groups)) for h in range(len(hosts)) if (g, h) not in {x[:2] for x in plan.visits}
    ]
    assert [wording.hindrance(found, plan.visits, g, h)["rules"] for g, h in missed] == [rules]


def test_two_days_hold_what_one_cannot_and_no_visit_touches_a_break():
    hosts = [host(n, minutes=120) for n in range(1, 6)]
    one = encoding.encode(delegation(*hosts, days=[day(0)]), [group((1, 9, {}))])
    two = encoding.encode(delegation(*hosts, days=[day(0), day(1)]), [group((1, 9, {}))])
    assert len(plan_visits(one.day).visits) == 2
    visits = plan_visits(two.day).visits
    assert len(visits) == 4 and violations(two.day, visits) == []
    assert [v.rule for v in violations(two.day, [Visit(0, 0, 11 * 4)])] == ["away"]
