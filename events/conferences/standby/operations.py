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
from events.conferences.day.presence import hall
from events.conferences.models import Conference, Participant, TimetableVersion
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

    Judged like a move on the board, and published at once: those concerned are told and nobody else. Meetings of
    others that cannot be held stay as they are: what becomes of them is a matter of the next plan. Raise Conflict
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
    standing = {m.pair for m in queries.cannot_be_held(present)} - {m.pair for m in chance.instead}
    for m in chance.instead:
        if m.pair != (firm, partner):
            session.delete(moves.meeting_of(version, *m.pair))
    session.flush()
    where = moves.Place(opening.meeting.slot_id, chance.table.id)
    version.frozen_until = at if at > min(s.begins_at for s in conference.slots) else None
    moves.place(version, firm, partner, where, without=standing, by=by, at=at)
    told = day.publish(version, unheld=standing, by=by, at=at)
    audit.record("standby.assign", version, by=by, at=at, firm=firm, partner=partner, slot=where.slot_id)
    return version, told
