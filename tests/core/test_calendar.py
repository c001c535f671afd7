"""Calendars that phones import, whatever people typed into them; QR codes that fit the site's policy."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
import pytest

from core.clock import HANOI
from core.documents import ics, qr
from core.errors import Invalid
from tests.conftest import NOON

HOSTILE = "Gặp mặt\r\nEND:VEVENT\r\nATTENDEE:mailto:x@evil.vn\nBEGIN:VEVENT; , \\n \u2028 Đỗ"


@pytest.fixture(autouse=True)
def _texts(app):
    """Messages need an app."""


def event(**more):
    given = {"uid": "meeting-1@spcncl", "start": NOON, "end": NOON + timedelta(minutes=25), "title": "Gặp Công ty A"}
    return ics.Event(**(given | more))


def parsed(*events):
    return icalendar.Calendar.from_ical(ics.calendar("Lịch của tôi", events, at=NOON))


def test_an_appointment_stands_in_hanoi_time_with_a_lasting_uid():
    (entry,) = parsed(event(location="Bàn 7", description="Dòng 1\nDòng 2", url="https://a.vn/x", sequence=3)).walk(
        "VEVENT"
    )
    assert entry.decoded("dtstart") == datetime(2026, 11, 22, 9, tzinfo=HANOI)
    assert (str(entry["uid"]), entry["sequence"], str(entry["location"])) == ("meeting-1@spcncl", 3, "Bàn 7")
    assert (str(entry["summary"]), str(entry["description"])) == ("Gặp Công ty A", "Dòng 1\nDòng 2")
    assert str(entry["url"]) == "https://a.vn/x" and str(entry["status"]) == "CONFIRMED"


def test_text_cannot_break_out_of_its_entry():
    calendar = parsed(event(title=HOSTILE, location=HOSTILE, description=HOSTILE, uid=HOSTILE), event(uid="2"))
    entries = calendar.walk("VEVENT")
    assert len(entries) == 2 and all("ATTENDEE" not in e for e in entries)
    assert "END:VEVENT" in str(entries[0]["summary"])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.vn\r\nATTENDEE:x", "data:text/html,x", "//a.vn"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(Invalid):
        ics.calendar("x", [event(url=url)], at=NOON)


def test_appointments_without_a_zone_or_that_end_before_they_begin_are_refused():
    for wrong in (event(start=NOON.replace(tzinfo=None)), event(end=NOON - timedelta(minutes=1))):
        with pytest.raises(Invalid):
            ics.calendar("x", [wrong], at=NOON)


def test_a_cancelled_appointment_says_so():
    (entry,) = parsed(event(cancelled=True, sequence=4)).walk("VEVENT")
    assert str(entry["status"]) == "CANCELLED"


def test_a_qr_code_has_no_style_and_its_label_is_escaped():
    drawn = qr.svg("https://a.vn/tickets/abc", label='Vé "<script>"')
    assert "style" not in drawn and "<script>" not in drawn and 'role="img"' in drawn and "viewBox" in drawn
    assert 'aria-hidden="true"' in qr.svg("x")
    assert qr.svg_bytes("x").startswith(b"<svg ")
