"""A programme changed by hand and on the day: judged by the engine, undone, planned again around what stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core import clock, task_runner
from core.db import session, write
from core.errors import Conflict
from events import operations as events
from events.conferences.delegations import moves, operations, planning, publishing, queries, reporting, visited
from events.conferences.delegations.models import Delegation
from events.conferences.delegations.rules import Member, regrouped
from events.conferences.enums import VersionState
from tests.events.conferences.delegations.conftest import make_trip


@pytest.mark.parametrize(
    ("known", "members", "together"),
    [
        ([[1], [2]], [(1, 2), (2, 2)], [[1], [2]]),  # as they are, though one group would hold them
        ([[1, 3], [2]], [(2, 2), (3, 2)], [[3], [2]]),  # without who left
        ([[1], [2]], [(2, 2)], [[], [2]]),  # an empty group keeps its number
        ([[1, 2]], [(1, 2), (2, 2), (3, 2)], [[1, 2], [3]]),  # who is new has no room: a new group
        ([[1], [2, 3]], [(1, 2), (2, 2), (3, 2), (4, 2)], [[1, 4], [2, 3]]),
    ],
)
def test_groups_stay_together_when_the_rest_is_planned_again(known, members, together):
    found = regrouped(known, [Member(key, people, {}) for key, people in members], size=4)
    assert [[m.key for m in group] for group in found] == together


def draft(trip):
    session.rollback()
    return queries.plan_in(trip.event, VersionState.DRAFT)


def published(trip):
    session.rollback()
    return queries.plan_in(trip.event, VersionState.PUBLISHED)


def publish(trip, by):
    with write():
        return publishing.publish(trip.event, draft(trip), by=by, at=clock.now())


def at(trip, hour, minute=0):
    return trip.event.begins_at.replace(hour=hour - 7, minute=minute)


def times(plan):
    return sorted((v.group_number, v.host_id, clock.local(v.begins_at).strftime("%H:%M")) for v in plan.visits)


def place(trip, group, host, moment, by):
    with write():
        plan = queries.plan_in(trip.event, VersionState.DRAFT)
        _visit, before = moves.place(trip.event, plan, moves.Place(group, host, moment), by=by, at=clock.now())
        return before


@pytest.fixture
def planned(trip, cast):
    planning.generate(trip.event_id, by=cast.officer)
    return trip


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (15, 30, "closed"),  # one hour does not fit before 16:00
        (11, 0, "break"),
        (9, 15, "no time is left to get there"),  # the other visit ends at 09:00, half an hour away
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_with_the_rule(browse, cast, planned, hour, minute, words):
    plan = draft(planned)
    second = max(plan.visits, key=lambda v: v.begins_at)
    data = {"group": 1, "host": second.host_id, "begins": int(at(planned, hour, minute).timestamp()) // 60}
    was = times(plan)
    answer = browse(cast.officer, "en").post(
        f"{planned.path}/plans/{plan.id}/place", data=data, follow_redirects=True
    )
    assert words in answer.text and times(draft(planned)) == was


def test_an_officer_moves_a_visit_sees_why_not_elsewhere_and_takes_it_back(browse, cast, planned):
    plan = draft(planned)
    visit = max(plan.visits, key=lambda v: v.begins_at)
    officer, host, was = browse(cast.officer, "en"), visit.host_id, times(plan)
    page = officer.get(f"{planned.path}/plans/{plan.id}/visits/{visit.id}").text
    offered = {int(n) for n in re.findall(r'<option value="(\d+)"', page)}
    assert int(at(planned, 14).timestamp()) // 60 in offered and int(at(planned, 12).timestamp()) // 60 not in offered
    assert "Why not at the other times" in page and "no time is left to get there" in page
    data = {"group": 1, "host": host, "begins": int(at(planned, 14).timestamp()) // 60}
    after = officer.post(f"{planned.path}/plans/{plan.id}/place", data=data, follow_redirects=True).text
    assert (1, host, "14:00") in times(draft(planned)) and "Locked" in after
    undo = dict(re.findall(r'name="(group|host|begins|locked)" value="(\d+)"', after))
    officer.post(f"{planned.path}/plans/{plan.id}/undo", data=undo)
    assert times(draft(planned)) == was and not any(v.locked for v in draft(planned).visits)


def test_taken_off_and_put_back(browse, cast, planned):
    plan, officer = draft(planned), browse(cast.officer, "en")
    visit, was = plan.visits[0], times(plan)
    after = officer.post(f"{planned.path}/plans/{plan.id}/visits/{visit.id}/remove", follow_redirects=True).text
    assert len(draft(planned).visits) == 1
    undo = dict(re.findall(r'name="(group|host|begins|locked)" value="(\d+)"', after))
    officer.post(f"{planned.path}/plans/{plan.id}/undo", data=undo)
    assert times(draft(planned)) == was


def test_a_locked_visit_stays_when_the_rest_is_planned_again(cast, planned):
    first = min(draft(planned).visits, key=lambda v: v.begins_at).host_id
    place(planned, 1, first, at(planned, 15), cast.officer)
    planning.generate(planned.event_id, by=cast.officer)
    again = draft(planned)
    assert (1, first, "15:00") in times(again) and len(again.visits) == 2
    assert {v.host_id: v.locked for v in again.visits}[first]


def test_a_draft_changed_by_hand_while_the_engine_worked_is_not_overwritten(cast, planned, monkeypatch):
    host = draft(planned).visits[0].host_id

    def meanwhile():
        with write():
            plan = queries.plan_in(planned.event, VersionState.DRAFT)
            moves.place(planned.event, plan, moves.Place(1, host, at(planned, 15)), by=cast.officer, at=clock.now())

    solve = planning.plan_programme

    def slow(day, **more):
        answer = solve(day, **more)
        session.rollback()
        meanwhile()
        return answer

    monkeypatch.setattr(planning, "plan_programme", slow)
    with pytest.raises(Conflict):
        planning.generate(planned.event_id, by=cast.officer)
    assert (1, host, "15:00") in times(draft(planned))


def test_the_last_places_of_a_host_are_filled_once(cast):
    """Two groups of two, a host with room for one: the second move is judged with the first in place."""
    trip = make_trip(cast, seats=2)
    with write():
        session.get(Delegation, trip.event_id).group_size = 2
    planning.generate(trip.event_id, by=cast.officer)
    host = trip.hosts[0]
    place(trip, 1, host, at(trip, 14), cast.officer)
    with pytest.raises(Conflict, match=r"(?i)đoàn khác|nhóm khác"):
        place(trip, 2, host, at(trip, 14, 30), cast.officer)
    assert (2, host, "14:30") not in times(draft(trip))


def test_only_a_draft_is_changed_and_a_copy_of_the_published_programme_is_one(browse, cast, planned):
    publish(planned, cast.officer)
    plan, officer = published(planned), browse(cast.officer)
    visit = plan.visits[0]
    for path in (f"visits/{visit.id}/remove", f"visits/{visit.id}/lock"):
        officer.post(f"{planned.path}/plans/{plan.id}/{path}")
    assert len(published(planned).visits) == 2 and draft(planned) is None
    officer.post(f"{planned.path}/plans/{plan.id}/copy")
    assert times(draft(planned)) == times(published(planned))
    assert publish(planned, cast.officer) == 0  # nothing changed: nobody is told


def test_a_visit_of_another_delegation_is_not_reached_through_this_one(browse, cast, planned):
    plan, visit = draft(planned), draft(planned).visits[0]
    other = make_trip(cast)
    assert browse(cast.officer).get(f"{other.path}/plans/{plan.id}/visits/{visit.id}").status_code == 404


def test_on_the_day_a_host_cancels_and_the_rest_is_planned_around_what_has_begun(browse, cast, planned):
    assert cast.firm_owner
    publish(planned, cast.officer)
    first, second = sorted(published(planned).visits, key=lambda v: v.begins_at)
    first_host, second_host = first.host_id, second.host_id
    with clock.frozen(at(planned, 8, 20)):
        with write():
            reporting.report(
                planned.registration(planned.firm), first_host, {"held": True, "note": "Tốt"}, by=cast.officer,
                at=clock.now(),
            )  # fmt: skip
        officer = browse(cast.officer, "en")
        answer = officer.post(f"{planned.path}/hosts/{second_host}/cancel", data={"reason": "Mất điện"})
        assert "/tasks/" in answer.headers["Location"]
        assert "Called off" in browse(cast.firm_owner, "en").get(f"{planned.path}/members/{planned.firm}").text
        task_runner.run_waiting()
        assert times(draft(planned)) == [(1, first_host, "08:00")]
        assert publish(planned, cast.officer) == 1
        said = visited.reports_of(planned.registration(planned.firm))
        assert [(host, row.held, row.note) for host, row in said.items()] == [(first_host, True, "Tốt")]
        officer.post(f"{planned.path}/hosts/{second_host}/cancel", data={"receives": "1"})
        task_runner.run_waiting()
        assert set(times(draft(planned))) == {(1, first_host, "08:00"), (1, second_host, "09:30")}
        with pytest.raises(Conflict):
            place(planned, 1, second_host, at(planned, 8, 15), cast.officer)  # in the past


def test_who_drops_out_is_on_no_sheet_and_the_group_goes_on(browse, cast, planned):
    publish(planned, cast.officer)
    with write():
        events.cancel(planned.registration(planned.rival), by=cast.officer, at=clock.now())
    visits = published(planned).visits
    assert {v.registration_id for visit in visits for v in visit.coming} == {planned.firm}
    assert "Đối Thủ" not in browse(cast.officer).get(f"{planned.path}/programme").text


def test_once_all_is_over_nothing_is_planned(cast, planned):
    with clock.frozen(planned.event.ends_at + timedelta(hours=1)), pytest.raises(Conflict), write():
        planning.ask(planned.event, by=cast.officer, at=clock.now())


def test_a_host_cancels_once(cast, planned):
    def cancel():
        with write():
            host = queries.delegation(planned.event).hosts[0]
            operations.cancel_reception(host, "", by=cast.officer, at=clock.now())

    cancel()
    with pytest.raises(Conflict):
        cancel()
