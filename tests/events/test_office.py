"""The pages on which officers make events and run their registrations."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from core import clock, outbox
from core.audit import AuditLine
from core.db import session, write
from events.enums import EventState
from events.models import Event, Registration
from tests.events.test_pages import key_of

DRAFT = {
    "kind": "class", "title_vi": "Lớp xuất khẩu", "title_en": "Export class", "organiser": "department",
    "begins_at": "2027-03-01T08:30", "ends_at": "2027-03-03T17:00", "place_vi": "Hội trường", "capacity": "40",
    "waiting_list": "y", "open_to": ["firm"], "plan_code": "V.4",
}  # fmt: skip


def test_an_officer_makes_publishes_changes_and_cancels_an_event(browse, cast, join):
    client = browse(cast.officer)
    assert client.get("/events/new").status_code == 200
    answer = client.post("/events/new", data=DRAFT)
    event = session.scalars(select(Event)).one()
    assert answer.location == f"/events/{event.id}"
    assert (event.kind, event.state, event.capacity, event.open_to) == ("class", "draft", 40, ["firm"])
    assert clock.local(event.begins_at).strftime("%d/%m/%Y %H:%M") == "01/03/2027 08:30"
    page = client.get(f"/events/{event.id}/edit")
    assert 'value="2027-03-01T08:30"' in page.text and "checked" in page.text
    client.post(f"/events/{event.id}/publish")
    assert event.state is EventState.PUBLISHED
    join(event, cast.firm, cast.firm_owner)
    session.expire_all()
    data = {k: v for k, v in DRAFT.items() if k not in ("begins_at", "ends_at", "place_vi", "kind")}
    assert "begins_at" not in client.get(f"/events/{event.id}/edit").text
    assert (
        client.post(f"/events/{event.id}/edit", data={**data, "capacity": "", "version": event.version}).status_code
        == 302
    )
    assert event.capacity is None
    moved = {
        "begins_at": "2027-03-08T08:30",
        "ends_at": "2027-03-10T17:00",
        "place_vi": "Nhà máy",
        "version": event.version,
    }
    assert client.get(f"/events/{event.id}/move").status_code == 200
    assert client.post(f"/events/{event.id}/move", data=moved).status_code == 302
    assert event.place_vi == "Nhà máy" and event.postponed_from is not None
    assert client.get(f"/events/{event.id}/cancel").status_code == 200
    assert client.post(f"/events/{event.id}/cancel", data={"reason_vi": "Bão"}).status_code == 422
    assert (
        client.post(f"/events/{event.id}/cancel", data={"reason_vi": "Bão", "reason_en": "Storm"}).status_code == 302
    )
    assert event.state is EventState.CANCELLED
    kinds = session.scalars(select(outbox.Mail.kind).order_by(outbox.Mail.id)).all()
    assert kinds == ["registration.received", "event.moved", "event.cancelled"]
    assert "Bão" in browse().get(f"/events/{event.id}").text


def test_sign_ups_do_not_get_in_the_way_of_an_officer_who_edits(browse, make_event, join, cast):
    event = make_event(capacity=5)
    version = event.version
    join(event, cast.firm, cast.firm_owner)
    data = {"title_vi": "Mới", "organiser": "department", "version": version}
    assert browse(cast.officer).post(f"/events/{event.id}/edit", data=data).status_code == 302
    assert event.title_vi == "Mới"


def test_an_edit_without_its_version_or_with_a_senseless_one_is_still_an_edit(browse, make_event, cast):
    event = make_event()
    client = browse(cast.officer)
    data = {"title_vi": "Mới", "organiser": "department"}
    for more in ({}, {"version": ""}, {"version": "x"}, {"version": "9" * 30}):
        assert client.post(f"/events/{event.id}/edit", data={**data, **more}).status_code == 302


def test_a_field_that_was_not_sent_stays_as_it_was(browse, make_event, cast):
    opens, closes = clock.now() + timedelta(days=1), clock.now() + timedelta(days=20)
    event = make_event(
        registration_opens_at=opens,
        registration_closes_at=closes,
        capacity=30,
        summary_en="Three days",
        plan_code="III.2",
    )
    data = {"title_vi": "Mới", "organiser": "department", "version": event.version}
    assert browse(cast.officer).post(f"/events/{event.id}/edit", data=data).status_code == 302
    assert (event.title_vi, event.title_en, event.summary_en) == ("Mới", "Class on production", "Three days")
    assert (event.registration_opens_at, event.registration_closes_at) == (opens, closes)
    assert (event.capacity, event.plan_code) == (30, "III.2")


def test_the_second_of_two_officers_is_told_and_keeps_what_he_typed(browse, make_event, cast):
    event = make_event()
    data = {"title_vi": "Của người thứ nhất", "organiser": "department", "version": event.version}
    assert browse(cast.officer).post(f"/events/{event.id}/edit", data=data).status_code == 302
    client = browse(cast.administrator)
    answer = client.post(f"/events/{event.id}/edit", data={**data, "title_vi": "Của người thứ hai"})
    assert answer.status_code == 409
    assert "Của người thứ hai" in answer.text
    assert f'name="version" type="hidden" value="{event.version}"' in answer.text
    assert event.title_vi == "Của người thứ nhất"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": "2027-03-01T08:00"}, "ends_at"),
        ({"title_vi": ""}, "title_vi"),
        ({"capacity": "0"}, "capacity"),
        ({"plan_code": "<b>"}, "plan_code"),
        ({"begins_at": "31/02/2027 08:00"}, "begins_at"),
        ({"kind": "party"}, "kind"),
        ({"open_to": ["pirate"]}, "open_to"),
        ({"registration_opens_at": "2027-04-01T08:00"}, "registration_opens_at"),
    ],
)
def test_a_draft_that_cannot_be_saved_says_why_beside_the_field(browse, cast, change, field):
    answer = browse(cast.officer).post("/events/new", data={**DRAFT, **change})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert session.scalars(select(Event)).all() == []


def test_the_live_check_names_the_field_and_changes_nothing(browse, cast):
    answer = browse(cast.officer, "en").post("/events/check", data={**DRAFT, "ends_at": "2027-03-01T08:00"})
    assert answer.json == {"errors": {"ends_at": "The event has to end after it begins."}}
    assert session.scalars(select(Event)).all() == []


@pytest.mark.parametrize("who", ["firm_owner", "door_staff", "council_secretary", "introducer"])
def test_only_officers_run_events(browse, make_event, join, cast, who):
    event = make_event()
    row = join(event, cast.rival, cast.rival_owner)
    client = browse(getattr(cast, who))
    for path in ("edit", "move", "cancel", "registrations", "registrations/new", "registrations.xlsx"):
        assert client.get(f"/events/{event.id}/{path}").status_code == 403, path
    for path in ("publish", "edit", "move", "cancel", "registrations/new"):
        assert client.post(f"/events/{event.id}/{path}").status_code == 403, path
    for path in ("promote", "cancel"):
        assert client.post(f"/events/{event.id}/registrations/{row.id}/{path}").status_code == 404, path
    assert client.get("/events/new").status_code == client.post("/events/new").status_code == 403


def test_the_list_of_registrations_asks_as_often_for_three_rows_as_for_one(browse, make_event, join, cast, queries):
    event = make_event(capacity=1)
    join(event, cast.firm, cast.firm_owner)
    client = browse(cast.officer)
    counts = []
    for organisation, who in ((None, None), (cast.rival, cast.rival_owner), (cast.bank_organisation, cast.bank)):
        if who:
            join(event, organisation, who)
        session.expire_all()
        queries.clear()
        assert client.get(f"/events/{event.id}/registrations").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_an_officer_confirms_withdraws_and_exports(browse, make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    second = join(event, cast.rival, cast.rival_owner, note='=HYPERLINK("http://evil")')
    third = join(event, cast.bank_organisation, cast.bank)
    client = browse(cast.officer, "en")
    page = client.post(f"/events/{event.id}/registrations/{third.id}/promote", follow_redirects=True)
    assert "not enough free seats" in page.text
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/events/{event.id}/registrations.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[:4] for row in rows[1:]] == [
        (1, "Confirmed", None, cast.firm.name_vi),
        (2, "On the waiting list", 1, cast.rival.name_vi),
        (3, "On the waiting list", 2, cast.bank_organisation.name_vi),
    ]
    assert rows[2][-1] == '=HYPERLINK("http://evil")' and book.active["K3"].data_type == "s"
    assert session.scalars(select(AuditLine.act).where(AuditLine.act == "registration.export")).all()
    client.post(f"/events/{event.id}/registrations/{first.id}/cancel")
    session.expire_all()
    assert [r.state.value for r in (first, second, third)] == ["cancelled", "confirmed", "waiting"]


def test_an_officer_registers_and_invites_on_behalf(browse, make_event, cast):
    assert cast.firm_owner and cast.rival_owner
    event = make_event(registration_opens_at=clock.now() + timedelta(days=1))
    client = browse(cast.officer)
    page = client.get(f"/events/{event.id}/registrations/new?q=minh hoa")
    assert cast.firm.name_vi in page.text and cast.rival.name_vi not in page.text
    path = f"/events/{event.id}/registrations/new"
    data = {"key": key_of(page), "organisation": cast.firm.id, "seats": 2, "act": "register"}
    assert client.post(path, data=data).status_code == 302
    data = {"key": "k" * 20, "organisation": cast.rival.id, "seats": 1, "act": "invite"}
    assert client.post(path, data=data).status_code == 302
    rows = session.scalars(select(Registration).order_by(Registration.id)).all()
    assert [(r.organisation_id, r.state.value, r.seats) for r in rows] == [
        (cast.firm.id, "confirmed", 2),
        (cast.rival.id, "invited", 1),
    ]
    assert client.post(path, data={**data, "organisation": "99999", "key": "x" * 20}).status_code == 422
    assert client.post(path, data={**data, "key": "y" * 20}).status_code == 409
    with write():
        event.registration_opens_at = clock.now()
    page = browse(cast.rival_owner, "en").get(f"/events/{event.id}")
    assert f"/registrations/{rows[1].id}/withdraw" in page.text
    assert "Accept the invitation" in page.text
