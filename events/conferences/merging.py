"""What becomes of participants, wishes and meetings when two records turn out to be one organisation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from companies import moving
from events.conferences.models import Conference, Meeting, Participant
from events.enums import LIVE
from events.models import Registration

PARTICIPANTS = Participant.__table__


@moving.on_clash(Participant.organisation_id)
def _both_take_part(mover: moving.Mover, row: Any, new: int) -> None:
    """Both sit on the same side of one conference: one participant with as many delegates as both, and all meetings.

    What both have (a wish for the same partner) stays with the one that goes, whose registration has ended.
    """
    same = (PARTICIPANTS.c.conference_id == row.conference_id, PARTICIPANTS.c.side == row.side)
    kept = moving.rows(select(PARTICIPANTS).where(PARTICIPANTS.c.organisation_id == new, *same))[0]
    for column in moving.references("participant"):
        mover.repoint(column, row.id, kept.id)
    away = [slot for slot in kept.away_slots if slot in row.away_slots]
    mover.set(PARTICIPANTS, kept.id, delegates=min(20, kept.delegates + row.delegates), away_slots=away)


@moving.on_clash(Meeting.firm_id)
@moving.on_clash(Meeting.partner_id)
def _same_meeting(mover: moving.Mover, row: Any, new: int) -> None:
    """Both were to meet the same partner in one timetable: once is enough."""
    mover.delete(Meeting.__table__, row.id)


@moving.afterwards
def _stand_on_what_counts(mover: moving.Mover, old: int, new: int) -> None:
    """Every participant of the organisation stands on the registration for its event that counts."""
    registrations = Registration.__table__
    rows = moving.rows(
        select(PARTICIPANTS.c.id, PARTICIPANTS.c.registration_id, registrations.c.id.label("live"))
        .join(Conference, Conference.id == PARTICIPANTS.c.conference_id)
        .join(registrations, registrations.c.event_id == Conference.event_id)
        .where(PARTICIPANTS.c.organisation_id == new, registrations.c.organisation_id == new)
        .where(registrations.c.state.in_(LIVE))
    )
    for row in rows:
        if row.registration_id != row.live:
            mover.set(PARTICIPANTS, row.id, registration_id=row.live)
