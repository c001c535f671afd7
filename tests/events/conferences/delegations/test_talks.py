"""1:1 meetings at hosts: wished by both sides, arranged within the visits, shown to both, never against a no."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from core import clock, task_runner
from core.db import session, write
from core.errors import Conflict, Invalid
from core.outbox import Mail
from events.conferences.delegations import (
    exports,
    moves,
    operations,
    planning,
    publishing,
    queries,
    rules,
    talks,
    wishing,
)
from events.conferences.delegations.models import VisitHost
from events.conferences.delegations.operations import Reception
from events.conferences.enums import VersionState, Wish

MUST, YES, NO = Wish.MUST, Wish.YES, Wish.NO
NINE = datetime(2026, 12, 1, 2, tzinfo=UTC)
SOON = timedelta(hours=1)


@dataclass
class Who:
    registration_id: int


@dataclass(eq=False)
class At:
    """A visit as the arranging sees it: at `host` from `begins`, an hour, the last 30 minutes in slots of 15."""

    id: int
    host_id: int
    begins_at: datetime
    members: tuple[int, ...]
    desks: int = 1
    coming: list[Who] = field(init=False)

    def __post_init__(self):
        self.ends_at, self.coming = self.begins_at + SOON, [Who(key) for key in self.members]
        self.host = VisitHost(desks=self.desks, talk_minutes=30, slot_minutes=15)


def arranged(visits, members=(), hosts=(), fit=()):
    found = talks.arrange(visits, dict(members), dict(hosts), dict(fit))
    return {(t.registration_id, t.visit_id, f"{clock.local(t.begins_at):%H:%M}", t.desk) for t in found}


def who(found):
    return {member for member, *_rest in found}


@pytest.mark.parametrize(
    ("members", "hosts", "fit", "meet"),
    [
        ({(1, 7): MUST, (2, 7): YES}, {}, {}, {1, 2}),  # two slots, two who wish it
        ({}, {(3, 7): MUST, (1, 7): YES}, {}, {1, 3}),  # the host's wish counts as much
        ({(1, 7): NO}, {(2, 7): NO}, {}, {3}),  # nobody meets against a no, of either side
        ({}, {}, {(2, 7): 0.9, (3, 7): 0.8, (1, 7): 0.1}, {2, 3}),  # nobody said anything: needs and offers decide
        ({(1, 7): YES}, {}, {(2, 7): 0.9, (3, 7): 0.99}, {1, 3}),  # a wish counts more than any fit
    ],
)
def test_the_two_slots_of_a_visit_go_to_those_to_whom_they_are_worth_most(members, hosts, fit, meet):
    found = arranged([At(1, 7, NINE, (1, 2, 3))], members, hosts, fit)
    assert who(found) == meet
    assert {when for _m, _v, when, _d in found} <= {"09:30", "09:45"} and len({w for _m, _v, w, _d in found}) == len(
        found
    )


def test_as_many_meet_at_once_as_there_are_desks_each_at_its_own():
    found = arranged([At(1, 7, NINE, (1, 2, 3, 4, 5), desks=2)])
    assert len(found) == 4 and {(when, desk) for _m, _v, when, desk in found} == {
        ("09:30", 1), ("09:30", 2), ("09:45", 1), ("09:45", 2),
    }  # fmt: skip


def test_a_member_meets_only_where_its_group_is_and_groups_at_one_host_share_the_desks():
    same = [At(1, 7, NINE, (1, 2), desks=2), At(2, 7, NINE + SOON / 2, (3, 4), desks=2), At(3, 8, NINE, (5,))]
    found = arranged(same)
    assert {(member, visit) for member, visit, *_ in found} == {(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)}
    assert all(desk == 1 for _m, visit, _w, desk in found if visit in (1, 2))
    assert arranged([At(1, 7, NINE, (1, 2)), At(2, 7, NINE, (3, 4))]) == set()  # one desk for two groups: nobody's


@pytest.mark.parametrize(
    ("talks", "slot", "times"),
    [(30, 15, ["09:30", "09:45"]), (40, 15, ["09:30", "09:45"]), (10, 15, []), (60, 20, ["09:00", "09:20", "09:40"])],
)
def test_meetings_fill_the_end_of_a_visit(talks, slot, times):
    found = rules.talk_slots(begins_at=NINE, ends_at=NINE + SOON, talks=talks, slot=slot)
    assert [f"{clock.local(begin):%H:%M}" for begin, _end in found] == times


@pytest.mark.parametrize(
    ("lasts", "desks", "talks", "field"),
    [(60, 2, 30, None), (60, 0, 0, None), (30, 2, 45, "talk_minutes"), (60, 1, 10, "talk_minutes")],
)
def test_the_time_for_meetings_lies_within_the_visit(lasts, desks, talks, field):
    fault = rules.fault_of_host(opens=time(8), closes=time(16), lasts=lasts, desks=desks, talks=talks, slot=15)
    assert (fault and fault[0]) == field


@pytest.fixture
def talking(trip, cast):
    """The first host has one desk for one slot; the second none."""
    assert cast.firm_owner and cast.rival_owner
    with write():
        host = queries.delegation(trip.event).hosts[0]
        what = Reception(
            opens=time(8), closes=time(16), seats=20, minutes=60, desks=1, talk_minutes=15, slot_minutes=15
        )
        operations.change_host(host, what, by=cast.officer, at=clock.now())
    return trip


def generate(trip, by):
    planning.generate(trip.event_id, by=by)
    session.rollback()
    return queries.plan_in(trip.event, VersionState.DRAFT)


def publish(trip, by):
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        return publishing.publish(trip.event, draft, by=by, at=clock.now())


def test_both_sides_read_when_they_meet_on_page_and_paper_and_a_no_stays_with_who_said_it(browse, cast, talking):
    host, owner = talking.hosts[0], browse(cast.firm_owner, "en")
    receives = f"{talking.path}/hosts/{host}/reception"
    officer = browse(cast.officer, "en")
    owner.post(f"{talking.path}/members/{talking.firm}/wishes", data={f"t{host}": "must"})
    browse(cast.rival_owner).post(f"{talking.path}/members/{talking.rival}/wishes", data={f"t{host}": "must"})
    officer.post(f"{receives}/wishes", data={f"m{talking.rival}": "no"})
    plan = generate(talking, cast.officer)
    held = {(v.registration_id, visit.host_id) for visit in plan.visits for v in visit.visitors if v.talk_from}
    assert held == {(talking.firm, host)}
    assert [(u["registration_id"], u["why"]) for u in plan.talks_unmet] == [(talking.rival, "declined")]
    [hours] = [exports.talk_hours(v) for visit in plan.visits for v in visit.visitors if v.talk_from]
    publish(talking, cast.officer)
    assert f"1:1 meeting {hours}, desk 1" in owner.get(f"{talking.path}/members/{talking.firm}").text
    assert f"1:1 meeting {hours}, desk 1" in officer.get(receives).text
    assert "does not want this meeting" in officer.get(f"{talking.path}/programme").text
    rival = browse(cast.rival_owner, "en").get(f"{talking.path}/members/{talking.rival}").text
    assert "could not be arranged" in rival and "does not want" not in rival
    event, delegation = talking.event, queries.delegation(talking.event)
    visits = [v.visit for v in queries.visits_of(talking.registration(talking.firm))]
    sheet = exports._travellers_sheet(delegation, "x", [], visits, only=talking.firm)
    assert hours in [row[0] for day in sheet["days"] for row in day["rows"]]
    assert exports.of_host(event, delegation, queries.visits_at(delegation.hosts[0]), "vi").startswith(b"%PDF")


def test_a_host_reads_its_own_page_confirms_and_is_told_of_the_programme(browse, cast, talking):
    organisation = cast.supplier_organisation.id
    with write():
        session.get(VisitHost, talking.hosts[0]).organisation_id = organisation
    supplier, page = browse(cast.supplier, "en"), f"{talking.path}/hosts/{talking.hosts[0]}/reception"
    assert supplier.get(talking.path).headers["Location"].endswith("/reception")
    assert supplier.get(f"{talking.path}/hosts/{talking.hosts[1]}/reception").status_code == 404
    assert "We receive the delegation like this" in supplier.get(page).text
    assert "Confirmed" in supplier.post(f"{page}/confirm", follow_redirects=True).text
    supplier.post(f"{page}/wishes", data={f"m{talking.rival}": "must"})
    plan = generate(talking, cast.officer)
    assert {v.registration_id for visit in plan.visits for v in visit.visitors if v.talk_from} == {talking.rival}
    publish(talking, cast.officer)
    told = session.scalars(select(Mail).where(Mail.kind == "delegation.host")).all()
    assert [mail.recipient for mail in told] == [cast.supplier.email]
    assert "Đối Thủ" in supplier.get(page).text and supplier.get(f"{page}.pdf").data.startswith(b"%PDF")
    supplier.post(f"{page}/wishes", data={f"m{talking.rival}": "no"})  # the programme is out
    assert {row.wish for row in queries.talk_rows(event=talking.event, by_host=True).values()} == {MUST}


def test_meetings_move_with_their_visit_and_are_arranged_again_when_they_do_not_fit(browse, cast, talking):
    plan = generate(talking, cast.officer)
    host = talking.hosts[0]
    with write():
        plan = queries.plan_in(talking.event, VersionState.DRAFT)
        to = moves.Place(1, host, talking.event.begins_at.replace(hour=7))
        visit, _before = moves.place(talking.event, plan, to, by=cast.officer, at=clock.now())
        assert [f"{clock.local(v.talk_from):%H:%M}" for v in visit.visitors if v.talk_from] == ["14:45"]
    with write():
        session.get(VisitHost, host).desks = 0
    with pytest.raises(Conflict):
        publish(talking, cast.officer)
    assert "/tasks/" in browse(cast.officer).post(f"{talking.path}/talks").headers["Location"]
    task_runner.run_waiting()
    publish(talking, cast.officer)
    assert not any(v.talk_from for v in queries.visits_of(talking.registration(talking.firm)))


def test_wishes_close_for_members_and_hosts_and_an_officer_still_acts_for_them(browse, cast, talking):
    with write():
        queries.delegation(talking.event).wishes_close_at = clock.now() - SOON
    host, page = talking.hosts[0], f"{talking.path}/members/{talking.firm}"
    owner = browse(cast.firm_owner, "en")
    assert "time for wishes is over" in owner.get(page).text
    owner.post(f"{page}/wishes", data={f"t{host}": "must"})
    assert queries.talk_rows(event=talking.event) == {}
    browse(cast.officer).post(f"{page}/wishes", data={f"t{host}": "must"})
    session.rollback()
    assert set(queries.talk_rows(event=talking.event)) == {(talking.firm, host)}


def test_a_wish_to_meet_is_kept_only_where_meetings_are_offered(cast, talking):
    with write():
        said = {talking.hosts[0]: YES, talking.hosts[1]: YES, 999: YES}
        wishing.wish(talking.registration(talking.firm), {}, said, by=cast.officer, at=clock.now(), on_behalf=True)
    assert set(queries.talk_rows(event=talking.event)) == {(talking.firm, talking.hosts[0])}


def test_a_host_with_too_little_time_for_meetings_is_refused(cast, talking):
    what = Reception(opens=time(8), closes=time(16), seats=20, minutes=30, desks=1, talk_minutes=45)
    with pytest.raises(Invalid) as refused, write():
        operations.change_host(session.get(VisitHost, talking.hosts[0]), what, by=cast.officer, at=clock.now())
    assert refused.value.field == "talk_minutes"
