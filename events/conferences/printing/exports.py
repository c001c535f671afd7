"""What is printed for the day: each document by itself, or all of them in one archive."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import joinedload

from companies.enums import KIND_LABELS
from core import clock
from core.db import session
from core.documents import qr
from core.i18n import _, _l, language, pick
from core.urls import absolute
from events.conferences import agenda, delegates, exports, queries
from events.conferences.exports import Document
from events.conferences.models import Conference, Meeting, Participant, Room, Table, TimetableVersion


def door_list(conference: Conference, version: TimetableVersion) -> Document:
    """Who comes, by name, with a box to tick: for a door without any connection."""
    people, named = _people(conference), delegates.by_participant(conference)
    rows = [
        ["☐", pick(p.organisation, "name").text, str(KIND_LABELS[p.kind]),
         ", ".join(d.name for d in named.get(p.id, ())), p.registration.ticket_code[-6:]]
        for p in sorted(people, key=lambda p: p.organisation.sort_key)
    ]  # fmt: skip
    more = {
        "lines": [],
        "header": ["", _("Organisation"), _("Takes part as"), _("Who comes"), _("Badge")],
        "rows": rows,
        "widths": [0.3, 3, 1.3, 2.2, 0.8],
    }
    return _document("table.typ", conference, version, _("Door list"), more)


def _people(conference: Conference) -> Sequence[Participant]:
    """Everybody who takes part, with the registrations that hold their codes."""
    query = queries.participants(conference).options(joinedload(Participant.registration))
    return session.scalars(query).all()


def signs(conference: Conference, version: TimetableVersion) -> Document:
    """A sign for every table: its number, large, and whose it is."""
    rows = [_sign(table) for table in queries.tables(conference)]
    return _document("signs.typ", conference, version, _("Table signs"), {"signs": rows})


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


def badges(conference: Conference, version: TimetableVersion | None, only: Collection[int] | None = None) -> Document:
    """A badge for everybody who was named, and one without a name for participants that named nobody.

    Of all participants, or of some.
    """
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
    title = pick(conference.event, "title").text
    return _document("badges.typ", conference, version, title, {"badges": rows})


def rooms(conference: Conference, version: TimetableVersion) -> Document:
    """A page for each room: its plan and what is held at its tables; tables without a room come last."""
    by_room: dict[int | None, list[Meeting]] = defaultdict(list)
    for m in agenda.meetings(version):
        by_room[m.table.room_id].append(m)
    found: list[Room | None] = list(conference.rooms)
    if any(t.room_id is None for t in conference.tables):
        found.append(None)
    rows = [_room(conference, room, by_room[room.id if room else None]) for room in found]
    return _document("rooms.typ", conference, version, _("Rooms"), {"rooms": rows})


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


def _document(
    template: str, conference: Conference, version: TimetableVersion | None, title: str, more: Mapping[str, Any]
) -> Document:
    event = conference.event
    head = {
        "title": title,
        "left": pick(event, "title").text,
        "right": pick(event, "place").text,
        "empty": _("There is nothing to print yet."),
    }
    return Document(template, {**head, **more}, version.number if version else None)


# name in the address -> (name of the file, what stands in it), in the order in which they are needed
PACKS: Mapping[str, tuple[Any, Callable[[Conference, TimetableVersion], Document]]] = {
    "participants": (_l("Timetables of the participants"), exports.participants_sheets),
    "tables": (_l("Sheets of the tables"), exports.tables_sheets),
    "rooms": (_l("Rooms"), rooms),
    "door": (_l("Door list"), door_list),
    "signs": (_l("Table signs"), signs),
    "badges": (_l("Badges"), badges),
}


def documents(conference: Conference, version: TimetableVersion) -> dict[str, Document]:
    """All of them, read together: none can tell of something that another does not know yet."""
    return {name: make(conference, version) for name, (_label, make) in PACKS.items()}


def fingerprint(found: Mapping[str, Document]) -> str:
    """The same while everything that would be printed is the same."""
    content = [(name, d.template, d.number, d.data) for name, d in found.items()]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def archive(drawn: Mapping[str, bytes]) -> bytes:
    """The PDF files in one ZIP archive, numbered in the order in which they are needed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for number, (name, data) in enumerate(drawn.items(), 1):
            packed.writestr(f"{number}. {PACKS[name][0]}.pdf", data)
    return out.getvalue()
