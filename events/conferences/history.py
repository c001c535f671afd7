"""Who met before: in the published timetable of an earlier conference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import session
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Meeting, Participant, Slot, TimetableVersion


def met_before(
    conference: Conference, *, at: datetime, organisation_id: int | None = None
) -> Mapping[tuple[int, int], date]:
    """(organisation, organisation), both ways round -> the day of their latest meeting: one query.

    Of those that take part in the conference; of one of them, where it is named. Sides may have changed since.
    """
    firm, partner = aliased(Participant), aliased(Participant)
    here = select(Participant.organisation_id).where(Participant.conference_id == conference.id)
    query = (
        select(firm.organisation_id, partner.organisation_id, func.max(Slot.begins_at))
        .select_from(Meeting)
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .join(firm, firm.id == Meeting.firm_id)
        .join(partner, partner.id == Meeting.partner_id)
        .where(
            TimetableVersion.state == VersionState.PUBLISHED,
            TimetableVersion.conference_id != conference.id,
            Slot.ends_at < min(at, conference.event.begins_at),
            firm.organisation_id.in_(here),
            partner.organisation_id.in_(here),
        )
        .group_by(firm.organisation_id, partner.organisation_id)
    )
    if organisation_id is not None:
        query = query.where(or_(firm.organisation_id == organisation_id, partner.organisation_id == organisation_id))
    found: dict[tuple[int, int], date] = {}
    for one, other, begins_at in session.execute(query):
        day = clock.local(begins_at).date()
        for pair in ((one, other), (other, one)):
            found[pair] = max(day, found.get(pair, day))
    return found
