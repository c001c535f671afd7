"""Taking the furniture of an earlier conference over: everything but people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import audit
from core.db import session
from events.conferences.enums import Mode
from events.conferences.models import Conference, Interpreter, Room, Table


def take_over(conference: Conference, earlier: Conference, *, by: Any, at: datetime) -> None:
    """Furnish a new conference as an earlier one: its rooms, free tables and interpreters, but nobody's own."""
    rooms = {
        room.id: Room(name=room.name, position=room.position, width=room.width, depth=room.depth)
        for room in earlier.rooms
    }
    conference.rooms[:] = list(rooms.values())
    conference.interpreters[:] = [Interpreter(label=i.label, language=i.language) for i in earlier.interpreters]
    free = [t for t in earlier.tables if t.owner_id is None]
    online = conference.mode is Mode.ONLINE
    session.flush()
    conference.tables[:] = [
        Table(
            label=t.label,
            position=t.position,
            seats=t.seats,
            x=t.x,
            y=t.y,
            room=rooms.get(t.room_id) if t.room_id else None,
            link=t.link if online else "",
        )
        for t in free
    ]
    session.flush()
    audit.record("conference.take_over", conference, by=by, at=at, earlier=earlier.id)
