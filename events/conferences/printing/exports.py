"""What is printed for the day, as PDF: each pack by itself, or all of them in one archive."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import joinedload

from companies.enums import KIND_LABELS
from core import clock
from core.db import session
from core.documents import pdf, qr
from core.i18n import _, force_locale, language, pick
from core.urls import absolute
from events.conferences import agenda, delegates, exports, queries
from events.conferences.models import Conference, Meeting, Participant, Room, Table, TimetableVersion

Pack = Callable[[Conference, TimetableVersion, str], bytes]
SECONDS = 60.0


def door_list(conference: Conference, version: TimetableVersion, reader: str) -> bytes:
    """Who comes, by name, with a box to tick: for a door without any connection."""
    with force_locale(reader):
        people, named = _people(conference), delegates.by_participant(conference)
        rows = [
            ["☐", pick(p.organisation, "name").text, str(KIND_LABELS[p.kind]),
             ", ".join(d.name for d in named.get(p.id, ())), p.registration.ticket_code[-6:]]
            for p in sorted(people, key=lambda p: p.organisation.sort_key)
        ]  # fmt: skip
        data = {
            **_head(conference, version, _("Door list")),
            "lines": [],
            "header": ["", _("Organisation"), _("Takes part as"), _("Who comes"), _("Badge")],
            "rows": rows,
            "widths": [0.3, 3, 1.3, 2.2, 0.8],
        }
        return pdf.render("table.typ", data, language=reader, seconds=SECONDS)


def _people(conference: Conference) -> Sequence[Participant]:
    """Everybody who takes part, with the registrations that hold their codes."""
    query = queries.participants(conference).options(joinedload(Participant.registration))
    return session.scalars(query).all()


def signs(conference: Conference, version: TimetableVersion, reader: str) -> bytes:
    """A sign for every table: its number, large, and whose it is."""
    with force_locale(reader):
        rows = [_sign(table) for table in queries.tables(conference)]
        data = {**_head(conference, version, _("Table signs")), "signs": rows}
        return pdf.render("signs.typ", data, language=reader, seconds=SECONDS)


def _sign(table: Table) -> dict[str, Any]:
    owner = table.owner
    lines = [str(KIND_LABELS[owner.kind])] if owner else []
    if table.room:
        lines.append(table.room.name)
    return {
        "label": table.label,
        "name": pick(owner.organisation, "name").text if owner else _("Free table"),
        "lines": lines,
    }


def badges(
    conference: Conference, version: TimetableVersion | None, reader: str, only: Collection[int] | None = None
) -> bytes:
    """A badge for everybody who was named, and one without a name for participants that named nobody.

    Of all participants, or of some.
    """
    with force_locale(reader):
        named = delegates.by_participant(conference, only)
        rows = []
        for p in _people(conference):
            if only is not None and p.id not in only:
                continue
            code = qr.svg_bytes(absolute("door.ticket", code=p.registration.ticket_code)).decode()
            rows += [
                {
                    "name": name,
                    "function": function,
                    "organisation": pick(p.organisation, "name").text,
                    "kind": str(KIND_LABELS[p.kind]),
                    "qr": code,
                }
                for name, function in [(d.name, d.function) for d in named.get(p.id, ())] or [("", "")]
            ]
        data = {**_head(conference, version, pick(conference.event, "title").text), "badges": rows}
        return pdf.render("badges.typ", data, language=reader, seconds=SECONDS)


def rooms(conference: Conference, version: TimetableVersion, reader: str) -> bytes:
    """A page for each room: its plan and what is held at its tables; tables without a room come last."""
    with force_locale(reader):
        by_room: dict[int | None, list[Meeting]] = defaultdict(list)
        for m in agenda.meetings(version):
            by_room[m.table.room_id].append(m)
        found: list[Room | None] = list(conference.rooms)
        if any(t.room_id is None for t in conference.tables):
            found.append(None)
        data = {
            **_head(conference, version, _("Rooms")),
            "rooms": [_room(conference, room, by_room[room.id if room else None]) for room in found],
        }
        return pdf.render("rooms.typ", data, language=reader, seconds=SECONDS)


def _room(conference: Conference, room: Room | None, meetings: Sequence[Meeting]) -> dict[str, Any]:
    days: dict[Any, list[list[str]]] = defaultdict(list)
    for m in meetings:
        hours = f"{clock.local(m.slot.begins_at):%H:%M}–{clock.local(m.slot.ends_at):%H:%M}"
        names = [pick(p.organisation, "name").text for p in (m.firm, m.partner)]
        days[m.slot.day].append([hours, m.table.label, *names])
    tables = [t for t in conference.tables if room is not None and t.room_id == room.id]
    return {
        "name": room.name if room else _("Tables without a room"),
        "width": room.width if room else 0,
        "depth": room.depth if room else 0,
        "tables": [{"label": t.label, "x": t.x, "y": t.y, "free": t.owner_id is None} for t in tables],
        "header": [_("Time"), _("Table"), _("Firm"), _("Partner")],
        "days": [
            {"day": format_date(day, "EEEE, dd/MM/yyyy", locale=language()), "rows": rows}
            for day, rows in days.items()
        ],
    }


def _head(conference: Conference, version: TimetableVersion | None, title: str) -> dict[str, Any]:
    event = conference.event
    return {
        "title": title,
        "left": pick(event, "title").text,
        "right": pick(event, "place").text,
        "note": exports.note(version),
        "empty": _("There is nothing to print yet."),
    }


def packs() -> Mapping[str, tuple[str, Pack]]:
    """name in the address -> (name of the file in the reader's language, how it is made)."""
    return {
        "participants": (_("Timetables of the participants"), exports.participants_pack),
        "tables": (_("Sheets of the tables"), exports.tables_pack),
        "rooms": (_("Rooms"), rooms),
        "door": (_("Door list"), door_list),
        "signs": (_("Table signs"), signs),
        "badges": (_("Badges"), badges),
    }


def everything(conference: Conference, version: TimetableVersion, reader: str) -> bytes:
    """All packs in one ZIP archive, numbered in the order in which they are needed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, (name, make) in enumerate(packs().values(), 1):
            archive.writestr(f"{number}. {name}.pdf", make(conference, version, reader))
    return out.getvalue()
