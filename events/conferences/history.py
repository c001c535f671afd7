"""Who met before: in the published timetable of an earlier conference, unless both sides said it was not held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import session
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Meeting, Participant, Slot, TimetableVersion

Firm, Partner = aliased(Participant), aliased(Participant)
NotHeld = Callable[[Any, Any], ColumnElement[bool]]
_not_held: list[NotHeld] = []


def register_not_held(condition: NotHeld) -> NotHeld:
    """Plug in what tells, of two columns of participants' ids, that both said they did not meet."""
    if condition not in _not_held:
        _not_held.append(condition)
    return condition


def met_before(
    conference: Conference, *, at: datetime, organisation_id: int | None = None
) -> Mapping[tuple[int, int], date]:
    """(organisation, organisation), both ways round -> the day of their latest meeting: one query.

    Of those that take part in the conference; of one of them, where it is named. Sides may have changed since.
    """
    here = select(Participant.organisation_id).where(Participant.conference_id == conference.id)
    query = _meetings(before=min(at, conference.event.begins_at)).where(
        TimetableVersion.conference_id != conference.id,
        Firm.organisation_id.in_(here),
        Partner.organisation_id.in_(here),
    )
    return _both_ways(query if organisation_id is None else query.where(_of(organisation_id)))


def met_with(organisation_id: int, *, at: datetime) -> Mapping[int, date]:
    """Those whom an organisation met at any conference -> the day of their latest meeting: one query."""
    found = _both_ways(_meetings(before=at).where(_of(organisation_id)))
    return {other: day for (one, other), day in found.items() if one == organisation_id}


def _meetings(*, before: datetime) -> Select[int, int, datetime]:
    """The two organisations of each published meeting that ended before then, and when they met last."""
    return (
        select(Firm.organisation_id, Partner.organisation_id, func.max(Slot.begins_at))
        .select_from(Meeting)
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .join(Firm, Firm.id == Meeting.firm_id)
        .join(Partner, Partner.id == Meeting.partner_id)
        .where(
            TimetableVersion.state == VersionState.PUBLISHED,
            Slot.ends_at < before,
            *(~condition(Firm.id, Partner.id) for condition in _not_held),
        )
        .group_by(Firm.organisation_id, Partner.organisation_id)
    )


def _of(organisation_id: int) -> ColumnElement[bool]:
    return or_(Firm.organisation_id == organisation_id, Partner.organisation_id == organisation_id)


def _both_ways(query: Select[int, int, datetime]) -> dict[tuple[int, int], date]:
    found: dict[tuple[int, int], date] = {}
    for one, other, begins_at in session.execute(query):
        day = clock.local(begins_at).date()
        for pair in ((one, other), (other, one)):
            found[pair] = max(day, found.get(pair, day))
    return found
