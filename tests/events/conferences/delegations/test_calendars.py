"""The calendar of a member: its visits at an address of its own, whatever people typed into names."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
import pytest

from companies.models import Organisation
from core import clock
from core.clock import HANOI
from core.db import session, write
from events import operations as events
from events.conferences.delegations import planning, publishing, queries
from events.conferences.enums import VersionState

HOSTILE = "Nhà máy Thí Dụ\r\nEND:VEVENT, số 1; Đỗ \\n"


@pytest.fixture
def out(trip, cast):
    """The programme is published; one host has a name that could break a calendar."""
    with write():
        host = session.get(Organisation, queries.delegation(trip.event).hosts[0].organisation_id)
        host.name_vi = HOSTILE
    planning.generate(trip.event_id, by=cast.officer)
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        publishing.publish(trip.event, draft, by=cast.officer, at=clock.now())
    return trip


def address(trip, member):
    session.rollback()
    return f"/calendar/visits/{queries.calendars([member])[member].key}.ics"


def entries(answer):
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    book = icalendar.Calendar.from_ical(answer.data)
    assert [str(zone["tzid"]) for zone in book.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    return book.walk("VEVENT")


def test_a_phone_reads_the_visits_in_hanoi_time_and_hostile_names_stay_names(client, out):
    found = entries(client.get(address(out, out.firm)))
    day = out.event.days[0]
    assert found[0].decoded("dtstart") == datetime(day.year, day.month, day.day, 8, tzinfo=HANOI)
    assert {str(e["uid"]) for e in found} == {f"visit-{h}-{out.firm}@{out.event_id}.spcncl" for h in out.hosts}
    assert [str(e["summary"]) for e in found if "END:VEVENT" in str(e["summary"])]
    assert {str(e["status"]) for e in found} == {"CONFIRMED"}


def test_what_did_not_change_is_not_sent_again(client, out):
    first = client.get(address(out, out.firm))
    with clock.frozen(clock.now() + timedelta(hours=1)):
        again = client.get(address(out, out.firm), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_a_member_makes_a_new_address_and_the_old_one_is_gone(browse, cast, client, out):
    old, page = address(out, out.firm), f"{out.path}/members/{out.firm}"
    owner = browse(cast.firm_owner)
    assert old in owner.get(page).text
    assert browse(cast.rival_owner).post(f"{page}/calendar").status_code == 404
    assert owner.post(f"{page}/calendar").status_code == 302
    assert client.get(old).status_code == 404
    assert old not in owner.get(page).text and client.get(address(out, out.firm)).status_code == 200


def test_an_event_called_off_strikes_its_visits_out(client, cast, out):
    with write():
        events.cancel_event(out.event, reason_vi="Bão", reason_en="Storm", by=cast.officer, at=clock.now())
    assert {str(e["status"]) for e in entries(client.get(address(out, out.firm)))} == {"CANCELLED"}
