"""Verbs of the standby list: offering oneself, taking that back, and giving a freed time to two who are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import audit
from core.db import lock, session
from core.errors import Conflict
from core.i18n import _
from events.conferences import moves
from events.conferences.day import operations as day
from events.conferences.day.enums import FallsOut
from events.conferences.day.presence import Hall, hall
from events.conferences.models import Conference, Meeting, Participant, TimetableVersion
from events.conferences.standby import queries
from events.conferences.standby.models import StandbyOffer


def offer(participant: Participant, *, by: Any, at: datetime, on_behalf: bool = False) -> None:
    """Say that one is free for more meetings; said twice, it counts once."""
    lock(Participant, participant.id)
    if queries.offer_of(participant) is not None:
        return
    row = StandbyOffer(participant_id=participant.id, at=at, by_id=getattr(by, "id", None))
    session.add(row)
    session.flush()
    audit.record("standby.offer", participant, by=by, at=at, on_behalf_of=_behalf(participant, on_behalf))


def withdraw(participant: Participant, *, by: Any, at: datetime, on_behalf: bool = False) -> None:
    """Take it back."""
    lock(Participant, participant.id)
    if (row := queries.offer_of(participant)) is None:
        return
    session.delete(row)
    session.flush()
    audit.record("standby.withdraw", participant, by=by, at=at, on_behalf_of=_behalf(participant, on_behalf))


def _behalf(participant: Participant, on_behalf: bool) -> str | None:
    return f"participant:{participant.id}" if on_behalf else None


def assign(
    conference: Conference, fallen: int, firm: int, partner: int, *, by: Any, at: datetime
) -> tuple[TimetableVersion, int]:
    """Give the time of a meeting that falls out to two who are free; return the new timetable and how many are told.

    Judged like a move on the board, and published at once: those concerned are told and nobody else. Raise Conflict
    where somebody else was quicker, or where a draft is being worked on.
    """
    lock(Conference, conference.id)
    present = hall(conference, at=at)
    opening = next((o for o in queries.openings(present) if o.meeting.id == fallen), None)
    chance = next(
        (c for c in (opening.chances if opening else ()) if (c.pair.firm, c.pair.partner) == (firm, partner)), None
    )
    if opening is None or chance is None or present.published is None:
        raise Conflict(_("This time is taken by now, or one of the two is not free any more."))
    version = moves.edit_copy(present.published, by=by, at=at)
    _clear(version, present, opening.meeting, {firm, partner})
    where = moves.Place(opening.meeting.slot_id, chance.table.id)
    version.frozen_until = at if at > min(s.begins_at for s in conference.slots) else None
    moves.place(version, firm, partner, where, by=by, at=at)
    told = day.publish(version, by=by, at=at)
    audit.record("standby.assign", version, by=by, at=at, firm=firm, partner=partner, slot=where.slot_id)
    return version, told


def _clear(version: TimetableVersion, present: Hall, freed: Meeting, taking: set[int]) -> None:
    """Take off what cannot be held: the meeting whose time is given away, and what no plan may hold any more.

    Declined meetings of others stay: they are a matter of the next plan.
    """
    impossible = {FallsOut.AWAY, FallsOut.TABLE, FallsOut.DISPLACED}
    gone = set()
    for m in present.meetings:
        why = present.falls_out(m) if m.slot.ends_at > present.at else None
        same_time = m.slot_id == freed.slot_id and bool(taking & set(m.pair))
        if why in impossible or (why is not None and (m is freed or same_time)):
            gone.add(m.pair)
    version.meetings[:] = [m for m in version.meetings if m.pair not in gone]
    session.flush()
