"""The programme of a delegation: planned, published, told, printed, and reported on."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from core import clock, task_runner
from core.db import session, write
from core.errors import Conflict
from core.outbox import Mail
from events import operations as events
from events.conferences.delegations import exports, operations, planning, publishing, queries, visited, wishing
from events.conferences.delegations.operations import Hours
from events.conferences.enums import VersionState, Wish


def draft(trip):
    session.rollback()
    return queries.plan_in(trip.event, VersionState.DRAFT)


def published(trip):
    session.rollback()
    return queries.plan_in(trip.event, VersionState.PUBLISHED)


def publish(trip, by):
    planning.generate(trip.event_id, by=by)
    with write():
        return publishing.publish(trip.event, draft(trip), by=by, at=clock.now())


def mails():
    session.rollback()
    return session.scalars(select(Mail).where(Mail.kind == "delegation.published").order_by(Mail.id)).all()


def wish(trip, member, wishes, by):
    with write():
        wishing.wish(trip.registration(member), wishes, {}, by=by, at=clock.now(), on_behalf=True)


def hosts_of(trip, member):
    session.rollback()
    return [v.visit.host_id for v in queries.visits_of(trip.registration(member))]


def test_an_officer_plans_in_the_background_publishes_and_members_are_told_in_their_language(browse, cast, trip):
    owner, rival = cast.firm_owner, cast.rival_owner
    with write():
        session.merge(rival).language = "en"
    wish(trip, trip.rival, {trip.hosts[1]: Wish.NO}, cast.officer)
    officer = browse(cast.officer, "en")
    assert "/tasks/" in officer.post(f"{trip.path}/plan").headers["Location"]
    task_runner.run_waiting()
    page = officer.get(f"{trip.path}/programme").text
    assert "This is a draft" in page and "08:00 – 09:00" in page
    member = browse(owner).get(f"{trip.path}/members/{trip.firm}").text
    assert "08:00 – 09:00" not in member
    stale = officer.post(f"{trip.path}/publish", data={"plan": "999"})
    assert stale.status_code == 302 and published(trip) is None
    officer.post(f"{trip.path}/publish", data={"plan": draft(trip).id})
    assert sorted(hosts_of(trip, trip.firm)) == trip.hosts
    assert hosts_of(trip, trip.rival) == trip.hosts[:1]
    told = {mail.recipient: mail for mail in mails()}
    assert set(told) == {owner.email, cast.rival_owner.email}
    assert told[owner.email].subject.startswith("Lịch thăm, làm việc của đơn vị")
    assert told[cast.rival_owner.email].subject.startswith("Your programme of visits")
    assert f"/members/{trip.firm}" in told[owner.email].body
    member = browse(owner, "en").get(f"{trip.path}/members/{trip.firm}").text
    assert "08:00 – 09:00" in member and "Group 1" in member and "call the organiser" in member


def test_what_could_not_be_fitted_is_told_with_its_reason_in_the_readers_language(browse, cast, trip):
    with write():
        host = queries.delegation(trip.event).hosts[0]
        host.seats = 1
    wish(trip, trip.firm, {trip.hosts[0]: Wish.MUST}, cast.officer)
    publish(trip, cast.officer)
    for language, words in (("en", "The group of 4 people is larger than the 1"), ("vi", "Nhóm 4 người đông hơn")):
        assert words in browse(cast.officer, language).get(f"{trip.path}/programme").text
        assert words in browse(cast.firm_owner, language).get(f"{trip.path}/members/{trip.firm}").text
        assert words not in browse(cast.rival_owner, language).get(f"{trip.path}/members/{trip.rival}").text


def test_planned_again_only_those_whose_visits_changed_are_told(cast, trip):
    assert cast.firm_owner and cast.rival_owner
    assert publish(trip, cast.officer) == 2
    assert publish(trip, cast.officer) == 0
    assert draft(trip) is None
    wish(trip, trip.firm, {trip.hosts[0]: Wish.NO}, cast.officer)
    assert publish(trip, cast.officer) == 1
    assert {mail.recipient for mail in mails()[2:]} == {cast.firm_owner.email}
    assert hosts_of(trip, trip.firm) == trip.hosts[1:]


def test_a_draft_that_breaks_a_rule_by_now_is_not_published(cast, trip):
    planning.generate(trip.event_id, by=cast.officer)
    with write():
        queries.delegation(trip.event).hosts[0].opens = time(14)
    with pytest.raises(Conflict, match="Nhà máy Thí Dụ 0"), write():
        publishing.publish(trip.event, draft(trip), by=cast.officer, at=clock.now())
    assert published(trip) is None and not mails()


def test_who_withdraws_before_publishing_is_on_no_visit(cast, trip):
    planning.generate(trip.event_id, by=cast.officer)
    with write():
        events.cancel(trip.registration(trip.rival), by=cast.officer, at=clock.now())
    with write():
        publishing.publish(trip.event, draft(trip), by=cast.officer, at=clock.now())
    assert {v.registration_id for visit in published(trip).visits for v in visit.visitors} == {trip.firm}


def test_after_publishing_members_call_and_officers_change_wishes(browse, cast, trip):
    publish(trip, cast.officer)
    page = f"{trip.path}/members/{trip.firm}/wishes"
    browse(cast.firm_owner).post(page, data={f"h{trip.hosts[0]}": "no"})
    assert queries.wishes(trip.event) == {}
    browse(cast.officer).post(page, data={f"h{trip.hosts[0]}": "no"})
    session.rollback()
    assert queries.wishes(trip.event) == {trip.firm: {trip.hosts[0]: Wish.NO}}


def test_a_host_stays_once_begun_and_without_members_nothing_is_planned(browse, cast, trip):
    publish(trip, cast.officer)
    with clock.frozen(trip.event.begins_at + timedelta(hours=1)):
        browse(cast.officer).post(f"{trip.path}/hosts/{trip.hosts[0]}/remove")
        assert len(queries.delegation(trip.event).hosts) == 2
    for member in (trip.firm, trip.rival):
        with write():
            events.cancel(trip.registration(member), by=cast.officer, at=clock.now())
    with pytest.raises(Conflict), write():
        planning.ask(trip.event, by=cast.officer, at=clock.now())
    assert "/tasks/" not in browse(cast.officer).post(f"{trip.path}/plan").headers["Location"]


def test_a_host_taken_off_takes_its_visits_along(browse, cast, trip):
    publish(trip, cast.officer)
    browse(cast.officer).post(f"{trip.path}/hosts/{trip.hosts[0]}/remove")
    assert {visit.host_id for visit in published(trip).visits} == {trip.hosts[1]}


@pytest.mark.one_database
def test_the_programme_is_printed_for_everybody_and_for_each_member(browse, cast, trip, monkeypatch):
    printed, render = [], exports.pdf.render

    def note(template, data, **more):
        printed.append([(sheet["name"], str(sheet)) for sheet in data["sheets"]])
        return render(template, data, **more)

    monkeypatch.setattr(exports.pdf, "render", note)
    assert browse(cast.officer).get(f"{trip.path}/programme.pdf").status_code == 404
    assert browse(cast.firm_owner).get(f"{trip.path}/members/{trip.firm}/programme.pdf").status_code == 404
    wish(trip, trip.rival, {trip.hosts[1]: Wish.NO}, cast.officer)
    publish(trip, cast.officer)
    for user, path in ((cast.officer, ""), (cast.rival_owner, f"/members/{trip.rival}")):
        answer = browse(user, "en").get(f"{trip.path}{path}/programme.pdf")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
    everybody, own = printed
    assert [name for name, _sheet in everybody] == ["Group 1", "Nhà máy Thí Dụ 0", "Nhà máy Thí Dụ 1"]
    assert all(cast.firm.name_vi in sheet for _name, sheet in everybody)
    assert [cast.rival.name_vi in sheet for _name, sheet in everybody] == [True, True, False]
    [(name, sheet)] = own
    assert name == cast.rival.name_vi and re.search(r"\d\d:\d\d – \d\d:\d\d", sheet)
    assert "Nhà máy Thí Dụ 0" in sheet and "Nhà máy Thí Dụ 1" not in sheet and cast.firm.name_vi not in sheet
    assert "On the way: 30 minutes" in everybody[0][1] and "On the way" not in sheet  # one visit: no way between
    assert "Group 1 · 4 people" in everybody[1][1] and "Group 1 · 2 people" in everybody[2][1]


def test_the_way_between_two_hosts_is_told_on_the_same_day_only(browse, cast, trip):
    publish(trip, cast.officer)
    with write():
        operations.set_way(trip.event, *trip.hosts, 75, by=cast.officer, at=clock.now())
    row, visits = queries.delegation(trip.event), published(trip).visits
    first, second = sorted(visits, key=lambda v: v.begins_at)
    assert [row.way_to(first, None), row.way_to(second, first), row.way_to(second, second)] == [None, 75, None]
    assert "On the way: 75 minutes" in browse(cast.firm_owner, "en").get(f"{trip.path}/members/{trip.firm}").text
    second.begins_at += timedelta(days=1)
    assert row.way_to(second, first) is None
    session.rollback()


def test_a_member_says_how_a_visit_was_and_the_totals_add_up(browse, cast, trip):
    publish(trip, cast.officer)
    first = queries.visits_of(trip.registration(trip.firm))[0].visit.host_id
    owner, said = browse(cast.firm_owner, "en"), f"{trip.path}/members/{trip.firm}/said"
    owner.post(said, data={"other": first, "held": "yes"})
    assert visited.reports_of(trip.registration(trip.firm)) == {}  # it has not begun
    with clock.frozen(trip.event.begins_at + timedelta(minutes=30)):
        owner = browse(cast.firm_owner, "en")  # days later
        owner.post(said, data={"other": first, "useful": "yes"})
        owner.post(said, data={"other": first, "label": "agreed"})
        owner.post(said, data={"other": first, "note": "Chỉ mình tôi đọc"})
        browse(cast.officer).post(f"{trip.path}/members/{trip.rival}/said", data={"other": first, "held": "no"})
        assert browse(cast.rival_owner).post(said, data={"other": first, "held": "no"}).status_code == 404
        session.rollback()
        mine, theirs = (visited.reports_of(trip.registration(key))[first] for key in (trip.firm, trip.rival))
        assert (mine.held, mine.useful, mine.label, mine.note) == (True, True, "agreed", "Chỉ mình tôi đọc")
        assert (theirs.held, theirs.by_id) == (False, cast.officer.id)
        page = browse(cast.officer, "en").get(f"{trip.path}/programme").text
        assert "Chỉ mình tôi đọc" not in page and "Agreed: 1" in page and "visits of members so far" in page
        assert "Chỉ mình tôi đọc" in owner.get(f"{trip.path}/members/{trip.firm}").text
        owner.post(said, data={"other": first, "held": "no"})
        session.rollback()
        assert visited.reports_of(trip.registration(trip.firm))[first].useful is None


def test_two_days_are_planned_as_one_programme(cast, trip):
    event, at = trip.event, clock.now()
    with write():
        event = trip.event
        event.ends_at = event.ends_at + timedelta(days=1)
        delegation = queries.delegation(event)
        for host in delegation.hosts:
            host.minutes = 180
        days = [Hours(day, time(13), time(17)) for day in event.days]
        operations.set_up(
            event,
            operations.Destination(destination_vi="Hải Phòng", group_size=10),
            days,
            by=cast.officer,
            at=at,
        )
    plan = planning.generate(trip.event_id, by=cast.officer)
    assert [clock.local(v.begins_at).hour for v in plan.visits] == [13, 13]
    assert len({clock.local(v.begins_at).date() for v in plan.visits}) == 2
    assert plan.proven and plan.unmet == []


def test_a_draft_is_discarded_and_the_published_programme_stays(browse, cast, trip):
    publish(trip, cast.officer)
    kept, officer = published(trip).id, browse(cast.officer, "en")
    planning.generate(trip.event_id, by=cast.officer)
    discarded = draft(trip).id
    page = officer.get(f"{trip.path}/programme").text
    assert "Discard this draft" in page
    told = officer.post(f"{trip.path}/programme/discard", data={"plan": discarded}, follow_redirects=True).text
    assert "The draft is deleted." in told
    assert draft(trip) is None and published(trip).id == kept
    officer.post(f"{trip.path}/programme/discard", data={"plan": kept})
    assert published(trip).id == kept
