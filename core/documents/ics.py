"""Calendars for phones, by the icalendar library: text is data, whatever line ends it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

import icalendar

import vietnamese
from core.clock import HANOI
from core.errors import Invalid
from core.i18n import _


@dataclass(frozen=True)
class Event:
    """An appointment. `uid` stays the same for ever; `sequence` grows with every change; instants are aware."""

    uid: str
    start: datetime
    end: datetime
    title: str
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, events: Sequence[Event], *, at: datetime) -> bytes:
    """An iCalendar file that phones import. Raise Invalid for what cannot be written into one."""
    book = icalendar.Calendar()
    book.add("prodid", "-//SPCNCL//vi")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", vietnamese.clean_line(name))
    book.add_component(_hanoi())
    try:
        for event in events:
            book.add_component(_written(event, at))
        return bytes(book.to_ical())
    except (ValueError, TypeError) as err:
        raise Invalid(_("The calendar cannot be written: an entry holds characters that are not allowed.")) from err


@lru_cache(maxsize=1)
def _hanoi() -> icalendar.Timezone:
    """The zone that appointments name: a calendar that names one has to hold it (RFC 5545, 3.6.5)."""
    return icalendar.Timezone.from_tzid(HANOI.key, first_date=date(2000, 1, 1), last_date=date(2100, 1, 1))


def _written(event: Event, at: datetime) -> icalendar.Event:
    if event.start.tzinfo is None or event.end.tzinfo is None or event.end < event.start:
        raise ValueError("an appointment has aware instants in their order")
    entry = icalendar.Event()
    entry.add("uid", vietnamese.clean_line(event.uid))
    entry.add("dtstamp", at)
    entry.add("dtstart", event.start.astimezone(HANOI))
    entry.add("dtend", event.end.astimezone(HANOI))
    entry.add("summary", vietnamese.clean_line(event.title))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.location:
        entry.add("location", vietnamese.clean_line(event.location))
    if event.description:
        entry.add("description", vietnamese.clean(event.description))
    if event.url:
        entry.add("url", _checked_url(event.url))
    return entry


def _checked_url(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or any(ord(c) < 33 or ord(c) == 127 for c in url):
        raise ValueError("no web address")
    return url
