"""The pages of events, for everybody and for officers."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from events import operations
from events.enums import EventKind
from events.models import Registration


def key_of(page) -> str:
    return re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1]


def register(client, event, firm, **more):
    key = "a-key-of-a-form-0001"
    return client.post(f"/events/{event.id}/register", data={"key": key, "organisation": firm.id, "seats": 1, **more})


@pytest.mark.parametrize(
    "path",
    [
        "/events",
        "/events?past=1",
        "/events?month=2026-12",
        "/events?kind=fair&q=zzz",
        "/events?page=9x&month=x&kind=x",
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_calendar_opens_for_everybody(browse, make_event, path, language):
    make_event()
    assert browse(None, language).get(path).status_code == 200


def test_the_calendar_shows_what_comes_and_hides_drafts(browse, make_event, cast):
    make_event(title_vi="Hội chợ mùa xuân")
    make_event(title_vi="Bản nháp kín", published=False)
    page = browse().get("/events").text
    assert "Hội chợ mùa xuân" in page and "Bản nháp kín" not in page
    assert "Bản nháp kín" in browse(cast.officer).get("/events").text


def test_the_calendar_finds_without_marks_and_by_kind(browse, make_event):
    make_event(title_vi="Hội chợ mùa xuân", kind=EventKind.FAIR)
    make_event(title_vi="Lớp khí nhà kính")
    assert "Hội chợ mùa xuân" in browse().get("/events?q=hoi cho").text
    page = browse().get("/events?kind=class").text
    assert "Lớp khí nhà kính" in page and "Hội chợ mùa xuân" not in page


def test_the_calendar_asks_the_database_as_often_for_three_events_as_for_one(browse, make_event, queries):
    make_event()
    client = browse()
    client.get("/events")
    queries.clear()
    client.get("/events")
    once = len(queries)
    make_event()
    make_event()
    session.expire_all()
    queries.clear()
    client.get("/events")
    assert len(queries) == once


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("who", [None, "officer", "firm_owner", "bank", "door_staff"])
def test_the_page_of_an_event_opens_for_everybody(browse, make_event, cast, who, language):
    event = make_event(capacity=3, open_to=("firm",))
    page = browse(who and getattr(cast, who), language).get(f"/events/{event.id}")
    assert page.status_code == 200
    assert ("Class on production" if language == "en" else "Lớp quản trị sản xuất") in page.text


def test_a_draft_is_no_page_but_for_staff(browse, make_event, cast):
    draft = make_event(published=False)
    assert browse().get(f"/events/{draft.id}").status_code == 404
    assert browse(cast.firm_owner).get(f"/events/{draft.id}").status_code == 404
    assert browse(cast.officer).get(f"/events/{draft.id}").status_code == 200


def test_a_firm_registers_and_withdraws(browse, make_event, cast):
    event = make_event(capacity=1)
    client = browse(cast.firm_owner)
    key = key_of(client.get(f"/events/{event.id}"))
    answer = register(client, event, cast.firm, key=key)
    assert (answer.status_code, answer.location) == (302, f"/events/{event.id}")
    row = session.scalars(select(Registration)).one()
    assert (row.organisation_id, row.user_id, row.state, row.number) == (
        cast.firm.id,
        cast.firm_owner.id,
        "confirmed",
        1,
    )
    page = client.get(f"/events/{event.id}")
    assert f"/events/{event.id}/registrations/{row.id}/withdraw" in page.text
    client.post(f"/events/{event.id}/registrations/{row.id}/withdraw")
    session.expire_all()
    assert row.state == "cancelled"


def test_a_second_try_is_a_friendly_409(browse, make_event, cast):
    event = make_event()
    client = browse(cast.firm_owner, "en")
    register(client, event, cast.firm)
    answer = register(client, event, cast.firm, key="another-key-of-a-form")
    assert answer.status_code == 409
    assert "registered already" in answer.text
    assert session.scalars(select(Registration.number)).all() == [1]


def test_nobody_registers_the_organisation_of_others(browse, make_event, cast):
    event = make_event()
    assert cast.firm_owner
    assert register(browse(cast.rival_owner), event, cast.firm).status_code == 422
    assert register(browse(cast.door_staff), event, cast.firm).status_code == 403
    assert register(browse(), event, cast.firm).status_code == 302
    assert session.scalars(select(Registration)).all() == []


def test_a_rival_cannot_withdraw_and_does_not_learn_that_there_is_one(browse, make_event, join, cast):
    event = make_event()
    row = join(event, cast.firm, cast.firm_owner)
    path = f"/events/{event.id}/registrations/{{}}/withdraw"
    rival = browse(cast.rival_owner)
    assert rival.post(path.format(row.id)).status_code == rival.post(path.format(999)).status_code == 404
    session.expire_all()
    assert row.state == "confirmed"


def test_a_registration_under_the_address_of_another_event_is_none(browse, make_event, join, cast):
    event, other = make_event(), make_event()
    row = join(event, cast.firm, cast.firm_owner)
    client = browse(cast.firm_owner)
    assert client.post(f"/events/{other.id}/registrations/{row.id}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"seats": "0"}, 422),
        ({"seats": "51"}, 422),
        ({"seats": "x"}, 422),
        ({"key": ""}, 422),
        ({"key": "short"}, 422),
        ({"organisation": "x"}, 422),
        ({"note": "x" * 1001}, 422),
        ({"seats": "2"}, 302),
        ({"state": "confirmed", "number": "1"}, 302),
    ],
)
def test_what_cannot_be_registered_says_so(browse, make_event, cast, data, status):
    event = make_event()
    assert register(browse(cast.firm_owner), event, cast.firm, **data).status_code == status


def test_a_registration_before_the_opening_is_refused(browse, make_event, cast):
    event = make_event(registration_opens_at=clock.now() + timedelta(seconds=1))
    assert register(browse(cast.firm_owner), event, cast.firm).status_code == 409
    assert session.scalars(select(Registration)).all() == []


def test_the_calendar_file_holds_one_event_whatever_its_title_says(browse, make_event, cast):
    event = make_event(
        title_vi="Lớp; END:VEVENT, ATTENDEE:mailto:x@y.vn", summary_vi="a\r\nEND:VEVENT\r\nBEGIN:VEVENT"
    )
    answer = browse().get(f"/events/{event.id}/event.ics")
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(found) == 1
    assert str(found[0]["summary"]) == event.title_vi
    assert found[0]["dtstart"].dt == event.begins_at
    assert "attendee" not in found[0]


def test_a_conference_is_joined_and_left_on_its_own_page_alone(browse, make_event, join, cast):
    event = make_event(kind=EventKind.CONFERENCE)
    row = join(event, cast.firm, cast.firm_owner)
    firm, officer = browse(cast.firm_owner), browse(cast.officer)
    page = firm.get(f"/events/{event.id}").text
    assert "/withdraw" not in page and "/register" not in page
    assert firm.post(f"/events/{event.id}/registrations/{row.id}/withdraw").status_code == 409
    assert register(browse(cast.rival_owner), event, cast.rival).status_code == 409
    assert officer.post(f"/events/{event.id}/registrations/{row.id}/cancel").status_code == 409
    data = {"key": "k" * 20, "organisation": cast.rival.id, "seats": 1}
    path = f"/events/{event.id}/registrations/new"
    assert officer.post(path, data={**data, "act": "register"}).status_code == 409
    assert officer.post(path, data={**data, "act": "invite"}).status_code == 302
    invited = session.scalars(select(Registration).where(Registration.state == "invited")).one()
    rival = browse(cast.rival_owner)
    assert rival.post(f"/events/{event.id}/registrations/{invited.id}/withdraw").status_code == 302
    session.expire_all()
    assert (row.state, invited.state) == ("confirmed", "declined")


def test_my_registrations_are_mine(browse, make_event, join, cast):
    join(make_event(title_vi="Sự kiện của tôi"), cast.firm, cast.firm_owner)
    join(make_event(title_vi="Sự kiện của đối thủ"), cast.rival, cast.rival_owner)
    page = browse(cast.firm_owner).get("/events/mine").text
    assert "Sự kiện của tôi" in page and "Sự kiện của đối thủ" not in page
    assert browse().get("/events/mine").status_code == 302
    assert browse(cast.bank).get("/events/mine").status_code == 200


def test_hostile_text_is_inert_on_every_page(browse, make_event, join, cast):
    hostile = '"><script>alert(1)</script>{{7*7}}'
    event = make_event(title_vi=hostile, title_en=hostile, summary_vi=hostile)
    join(event, cast.firm, cast.firm_owner, note=hostile)
    with write():
        operations.cancel_event(event, reason_vi=hostile, reason_en=hostile, by=cast.officer, at=clock.now())
    client = browse(cast.officer)
    for path in ("/events", f"/events/{event.id}", f"/events/{event.id}/registrations", f"/events/{event.id}/cancel"):
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "{{7*7}}" in page, path
    assert "<script>alert" not in browse(cast.firm_owner).get("/events/mine").text
