"""Registrations as a spreadsheet, an event as a calendar file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from companies.enums import KIND_LABELS
from core import clock
from core.documents import ics, xlsx
from core.documents.tables import Cell
from core.i18n import _, pick
from core.urls import absolute
from events.enums import REGISTRATION_STATE_LABELS, EventState
from events.models import Event, Registration


def spreadsheet(registrations: Iterable[Registration], places: dict[int, int]) -> bytes:
    """An XLSX in the reader's language. `places`: registration id -> place on the waiting list."""
    heads = [
        _("Number"),
        _("State"),
        _("Place on the waiting list"),
        _("Organisation"),
        _("Tax code"),
        _("Takes part as"),
        _("Number of people"),
        _("Registered by"),
        _("E-mail"),
        _("Registered at"),
        _("Note"),
    ]
    rows = [_row(registration, places.get(registration.id)) for registration in registrations]
    widths = [10, 18, 12, 45, 16, 20, 10, 28, 32, 18, 50]
    return xlsx.write([xlsx.Table(_("Registrations"), heads, rows, widths=widths)])


def _row(registration: Registration, place: int | None) -> list[Cell]:
    organisation = registration.organisation
    side = next((str(KIND_LABELS[k]) for k in KIND_LABELS if k.value == registration.side), registration.side)
    return [
        registration.number,
        str(REGISTRATION_STATE_LABELS[registration.state]),
        place,
        pick(organisation, "name").text if organisation else None,
        organisation.tax_code if organisation else None,
        side,
        registration.seats,
        registration.user.name,
        registration.user.email,
        clock.local(registration.created_at).replace(tzinfo=None, microsecond=0),
        registration.note,
    ]


def calendar_file(event: Event, *, at: datetime) -> bytes:
    """An ICS file with this one event; calendars replace an older version of it by its sequence number."""
    url = absolute("events.show", event_id=event.id)
    title = pick(event, "title").text
    entry = ics.Event(
        f"event-{event.id}@{url.split('/')[2]}",
        event.begins_at,
        event.ends_at,
        title,
        location=", ".join(part for part in (pick(event, "place").text, event.address) if part),
        description=pick(event, "summary").text,
        url=url,
        sequence=event.version,
        cancelled=event.state is EventState.CANCELLED,
    )
    return ics.calendar(title, [entry], at=at)
