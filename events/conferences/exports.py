"""What a timetable looks like outside the site: sheets to print, a calendar to subscribe to."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from companies.enums import KIND_LABELS
from core import clock, dates
from core.documents import ics, pdf, qr
from core.i18n import _, force_locale, language, ngettext, pick
from core.urls import absolute
from events.conferences import agenda, queries
from events.conferences.models import Conference, Meeting, Participant, Table, TimetableVersion

SECONDS = 60.0  # for one document


@dataclass(frozen=True)
class Appointment:
    """A meeting as one of the two reads it."""

    meeting: Meeting
    other: Participant
    after_break: bool = False  # a night, a meal or another gap of the programme lies before it

    @property
    def begins_at(self) -> datetime:
        return self.meeting.slot.begins_at

    @property
    def ends_at(self) -> datetime:
        return self.meeting.slot.ends_at

    @property
    def table(self) -> str:
        return self.meeting.table.label


def appointments(participant: Participant, meetings: Sequence[Meeting]) -> list[Appointment]:
    """A participant's own view of its meetings, in order of time."""
    mine = [m for m in meetings if participant.id in (m.firm_id, m.partner_id)]
    mine.sort(key=lambda m: (m.slot.begins_at, m.table.position))
    blocks = [s.begins_at for s in participant.conference.slots if s.begins_block]
    rows: list[Appointment] = []
    for m in mine:
        before, begins = (rows[-1].begins_at if rows else None), m.slot.begins_at
        gap = before is not None and any(before < block <= begins for block in blocks)
        rows.append(Appointment(m, m.partner if m.firm_id == participant.id else m.firm, gap))
    return rows


# --- calendars -------------------------------------------------------------------------------------------------


def feed(participant: Participant, meetings: Sequence[Meeting], *, at: datetime) -> bytes:
    """The calendar of a participant. Its people choose no language there, so a partner from abroad reads English."""
    event = participant.conference.event
    with force_locale(_language(participant)):
        title, place = str(pick(event, "title")), str(pick(event, "place"))
        rows = [
            ics.Event(
                uid=f"meeting-{a.meeting.firm_id}-{a.meeting.partner_id}@{event.id}.spcncl",
                start=a.begins_at,
                end=a.ends_at,
                title=_("Meeting with %(name)s", name=str(pick(a.other.organisation, "name"))),
                location=a.meeting.table.link or _("Table %(table)s, %(place)s", table=a.table, place=place),
                description=title,
                url=a.meeting.table.link,
            )
            for a in appointments(participant, meetings)
        ]
        return ics.calendar(title, rows, at=at)


def fingerprint(data: bytes) -> str:
    """An entity tag for a calendar: what does not change with the time of asking."""
    lines = [line for line in data.splitlines() if not line.startswith(b"DTSTAMP")]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:32]


def calendar_tag(participant: Participant, lines: Sequence[Any]) -> str:
    """An entity tag for a participant's calendar from what it tells (`agenda.calendar_lines`), without writing it."""
    event = participant.conference.event
    head = (event.title_vi, event.title_en, event.place_vi, event.place_en, _language(participant))
    return hashlib.sha256(repr((head, [tuple(line) for line in lines])).encode()).hexdigest()[:32]


def _language(participant: Participant) -> str:
    return "vi" if participant.organisation.country in (None, "", "VN") else "en"


# --- sheets to print -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """What is to be printed, in the words of the present language: a template and what fills it.

    `number`: of the version of the timetable. The foot with the time of printing is added when it is drawn, so that
    two documents that would say the same are equal.
    """

    template: str
    data: Mapping[str, Any]
    number: int | None

    def pdf(self) -> bytes:
        """Drawn. Outside a write block; reads no rows."""
        data = {**self.data, "note": note(self.number)}
        return pdf.render(self.template, data, language=language(), seconds=SECONDS)


def participant_sheet(conference: Conference, version: TimetableVersion | None, participant: Participant) -> Document:
    """One participant's sheet."""
    sheet = _participant_sheet(conference, participant, agenda.published_meetings(participant))
    return _document(conference, version, [sheet])


def participants_sheets(
    conference: Conference, version: TimetableVersion, only: Collection[int] | None = None
) -> Document:
    """A sheet for every participant (or for some), firms first, each beginning on a page of its own."""
    by_person: dict[int, list[Meeting]] = defaultdict(list)
    for m in agenda.meetings(version):
        by_person[m.firm_id].append(m)
        by_person[m.partner_id].append(m)
    sheets = [
        _participant_sheet(conference, p, by_person[p.id])
        for p in queries.all_participants(conference)
        if by_person[p.id] and (only is None or p.id in only)
    ]
    return _document(conference, version, sheets)


def tables_sheets(conference: Conference, version: TimetableVersion) -> Document:
    """A sheet for every table, to lie on it: who comes when."""
    by_table: dict[int, list[Meeting]] = defaultdict(list)
    for m in agenda.meetings(version):
        by_table[m.table_id].append(m)
    sheets = [_table_sheet(table, by_table[table.id]) for table in conference.tables if by_table[table.id]]
    return _document(conference, version, sheets)


def _table_sheet(table: Table, meetings: Sequence[Meeting]) -> dict[str, Any]:
    """Who comes to a table. The partner is named once where the table is its own."""
    days: dict[date, list[list[Any]]] = defaultdict(list)
    for m in meetings:
        firm, partner = str(pick(m.firm.organisation, "name")), str(pick(m.partner.organisation, "name"))
        days[m.slot.day].append([_hours(m), firm] + ([] if table.owner else [partner]))
    return {
        "name": _("Table %(table)s", table=table.label),
        "lines": [str(pick(table.owner.organisation, "name")) if table.owner else _("Free table")],
        "header": [_("Time"), _("Firm")] + ([] if table.owner else [_("Partner")]),
        "widths": [34, 0] if table.owner else [34, 0, 70],
        "strong": [0],
        "days": _days(days),
        "qr": None,
        "scan": "",
    }


def _participant_sheet(
    conference: Conference, participant: Participant, meetings: Sequence[Meeting]
) -> dict[str, Any]:
    """Where a participant has to be when, and whom it meets there; with room for notes."""
    days: dict[date, list[list[Any]]] = defaultdict(list)
    for a in appointments(participant, meetings):
        other = [str(pick(a.other.organisation, "name")), str(KIND_LABELS[a.other.kind])]
        days[a.meeting.slot.day].append([_hours(a.meeting), a.table, other, ""])
    page = absolute("schedule.show", conference_id=conference.id, participant_id=participant.id)
    count = sum(len(rows) for rows in days.values())
    return {
        "name": str(pick(participant.organisation, "name")),
        "lines": [str(KIND_LABELS[participant.kind]), ngettext("%(num)d meeting", "%(num)d meetings", count)],
        "header": [_("Time"), _("Table"), _("Meeting with"), _("Notes")],
        "widths": [34, 18, 0, 45],
        "strong": [0, 1],
        "days": _days(days),
        "qr": qr.svg_bytes(page).decode(),
        "scan": _("The present state of this timetable, after signing in"),
    }


def _days(days: Mapping[date, list[list[Any]]]) -> list[dict[str, Any]]:
    return [
        {"day": format_date(day, "EEEE, dd/MM/yyyy", locale=language()), "rows": rows} for day, rows in days.items()
    ]


def _hours(meeting: Meeting) -> str:
    begin, end = clock.local(meeting.slot.begins_at), clock.local(meeting.slot.ends_at)
    return f"{begin:%H:%M}–{end:%H:%M}"


def note(number: int | None) -> str:
    """The foot of what is printed: of which version, and when."""
    at = dates.moment(clock.now())
    if number is None:
        return _("Printed %(at)s", at=at)
    return _("Version %(number)d, printed %(at)s", number=number, at=at)


def _document(conference: Conference, version: TimetableVersion | None, sheets: list[dict[str, Any]]) -> Document:
    event = conference.event
    data = {
        "title": str(pick(event, "title")),
        "place": ", ".join(t for t in (str(pick(event, "place")), event.address) if t),
        "empty": _("No meetings are planned."),
        "sheets": sheets,
    }
    return Document("meetings.typ", data, version.number if version else None)
