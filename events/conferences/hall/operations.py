"""Verbs of rooms, tables and interpreters, and of taking a set-up over from an earlier conference."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _
from events.conferences import operations
from events.conferences.models import Conference, Interpreter, Meeting, Room, Table


@dataclass(frozen=True)
class Place:
    """What the form states of a table."""

    label: str
    seats: int
    x: float
    y: float
    room_id: int | None = None
    link: str = ""
    closed_slots: Collection[int] = ()


def change_table(table: Table, place: Place, *, by: Any, at: datetime) -> None:
    """Change a table. Raise Invalid for a room or time of another conference, Conflict for a label that is taken."""
    conference = table.conference
    rooms = {room.id: room for room in conference.rooms}
    if place.room_id is not None and place.room_id not in rooms:
        raise Invalid(_("This room does not belong to the conference."), field="room_id")
    if place.room_id is not None:
        room = rooms[place.room_id]
        if place.x > room.width or place.y > room.depth:
            raise Invalid(
                _(
                    "This lies outside the room, which is %(width)g × %(depth)g metres.",
                    width=room.width,
                    depth=room.depth,
                ),
                field="x",
            )
    _check_link(conference, place.link)
    table.label, table.seats, table.room_id = place.label, place.seats, place.room_id
    table.x, table.y, table.link = place.x, place.y, place.link
    table.closed_slots = sorted(set(place.closed_slots) & {slot.id for slot in conference.slots})
    _keep(table, "table", _("Another table has this name."), by=by, at=at)


def _check_link(conference: Conference, link: str) -> None:
    if link and not link.startswith(("https://", "http://")):
        raise Invalid(_("A link begins with https:// or http://."), field="link")


def add_table(conference: Conference, *, by: Any, at: datetime) -> Table:
    """One more free table."""
    table = operations.add_table(conference, None)
    session.flush()
    audit.record("table.add", table, by=by, at=at)
    return table


def remove_table(table: Table, *, by: Any, at: datetime) -> None:
    """Take a free table away. Raise Conflict where it is somebody's, or has meetings."""
    if table.owner_id is not None:
        raise Conflict(_("Table %(label)s belongs to a partner.", label=table.label))
    if session.scalar(select(func.count()).where(Meeting.table_id == table.id)):
        raise Conflict(_("Table %(label)s has meetings and cannot be removed.", label=table.label))
    audit.record("table.remove", table, by=by, at=at)
    table.conference.tables.remove(table)
    session.flush()


def lay_out(tables: Collection[Table], room: Room) -> None:
    """Stand tables in rows, as wide apart as the room allows and at most three metres."""
    apart = operations.TABLE_SPACING
    across = int((room.width - 2) // apart) + 1
    rows = -(-len(tables) // across)
    down = min(apart, max(1.0, (room.depth - 2) / max(rows - 1, 1)))
    for n, table in enumerate(sorted(tables, key=lambda t: (t.position, t.label))):
        table.x, table.y = 1.0 + apart * (n % across), 1.0 + down * (n // across)


# --- rooms -----------------------------------------------------------------------------------------------------


def save_room(
    conference: Conference, room: Room | None, *, name: str, width: float, depth: float, by: Any, at: datetime
) -> Room:
    """Change a room, or add one; the tables without a room go into the first one."""
    if room is None:
        room = Room(conference_id=conference.id, position=len(conference.rooms))
        conference.rooms.append(room)
    room.name, room.width, room.depth = name, width, depth
    _keep(room, "room", _("Another room has this name."), by=by, at=at)
    if len(conference.rooms) == 1:
        for table in conference.tables:
            table.room = room
        lay_out(conference.tables, room)
        session.flush()
    return room


def remove_room(room: Room, *, by: Any, at: datetime) -> None:
    """Take a room away; its tables stay, without a room."""
    audit.record("room.remove", room, by=by, at=at)
    room.conference.rooms.remove(room)
    session.flush()


# --- interpreters ----------------------------------------------------------------------------------------------


def save_interpreter(
    conference: Conference,
    interpreter: Interpreter | None,
    *,
    label: str,
    language: str,
    away_slots: Collection[int],
    by: Any,
    at: datetime,
) -> Interpreter:
    """Change an interpreter, or add one. The timetable counts on it wherever it is not away."""
    if interpreter is None:
        interpreter = Interpreter(conference_id=conference.id)
        conference.interpreters.append(interpreter)
    interpreter.label, interpreter.language = label, language
    interpreter.away_slots = sorted(set(away_slots) & {slot.id for slot in conference.slots})
    _keep(interpreter, "interpreter", _("Another interpreter has this name."), by=by, at=at)
    return interpreter


def remove_interpreter(interpreter: Interpreter, *, by: Any, at: datetime) -> None:
    """Take an interpreter away; the next timetable does without."""
    audit.record("interpreter.remove", interpreter, by=by, at=at)
    interpreter.conference.interpreters.remove(interpreter)
    session.flush()


def _keep(row: Table | Room | Interpreter, what: str, taken: str, *, by: Any, at: datetime) -> None:
    columns = audit.changed_columns(row)
    try:
        session.flush()
    except IntegrityError as err:
        raise Conflict(taken, field="label" if what != "room" else "name") from err
    audit.record(f"{what}.save", row, by=by, at=at, columns=columns)
