"""Who met before: as published for an earlier conference, unless both sides deny it, or as imported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, cast, func, null, or_, select, union_all
from sqlalchemy.orm import aliased

from core import clock
from core.db import UTCDateTime, session
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Meeting, Participant, Slot, TimetableVersion

Firm, Partner = aliased(Participant), aliased(Participant)
Past = Callable[..., Select[int, int, date]]
NotHeld = Callable[[Any, Any], ColumnElement[bool]]
Wanted = Callable[..., Iterable[Select[int, int]]]
_not_held: list[NotHeld] = []
_wanted: list[Wanted] = []
_past: list[Past] = []


def register_not_held(condition: NotHeld) -> NotHeld:
    """Plug in what tells, of two columns of participants' ids, that both said they did not meet."""
    if condition not in _not_held:
        _not_held.append(condition)
    return condition


def register_past(read: Past) -> Past:
    """Plug in meetings that the site did not plan: `read(before=..., within=..., of=...)`, a query.

    It asks for (organisation, organisation, day). `within`: a query of the organisations that both are among, or
    None; `of`: those of whom one is among the two, or None.
    """
    if read not in _past:
        _past.append(read)
    return read


def register_wanted_again(read: Wanted) -> Wanted:
    """Plug in who sees something coming of an earlier meeting: `read(apart_from=..., within=..., of=...)`, queries.

    They ask for (whose word, of whom) as organisations. `apart_from`: the conference that is not looked at; `within`
    as above; `of`: whose words alone are asked for, or None.
    """
    if read not in _wanted:
        _wanted.append(read)
    return read


def wanted_again(conference: Conference, *, organisation_id: int | None = None) -> set[tuple[int, int]]:
    """(whose word, of whom): who sees something coming of an earlier meeting, by its own words alone.

    Of those that take part in the conference, or the words of one of them: one query. Nobody is told another's
    words by it.
    """
    here = select(Participant.organisation_id).where(Participant.conference_id == conference.id)
    asked = [query for read in _wanted for query in read(apart_from=conference.id, within=here, of=organisation_id)]
    return {(own, whom) for own, whom in session.execute(union_all(*asked))} if asked else set()


def met_before(
    conference: Conference, *, at: datetime, of: Collection[int] | None = None
) -> Mapping[tuple[int, int], date]:
    """(organisation, organisation), both ways round -> the day of their latest meeting: one query.

    Of those that take part in the conference; where some of them are named, only what these had. Sides may have
    changed since.
    """
    here = select(Participant.organisation_id).where(Participant.conference_id == conference.id)
    before = min(at, conference.event.begins_at)
    query = _meetings(before=before).where(
        TimetableVersion.conference_id != conference.id,
        Firm.organisation_id.in_(here),
        Partner.organisation_id.in_(here),
    )
    if of is not None:
        query = query.where(_of(of))
    return _both_ways(query, before, within=here, of=of)


def met_with(organisation_id: int, *, at: datetime) -> Mapping[int, date]:
    """Those whom an organisation met at any conference -> the day of their latest meeting: one query."""
    found = _both_ways(_meetings(before=at).where(_of([organisation_id])), at, within=None, of=[organisation_id])
    return {other: day for (one, other), day in found.items() if one == organisation_id}


def _meetings(*, before: datetime) -> Select[int, int, date, datetime]:
    """The two organisations of each published meeting that ended before then, and when they met last.

    The day is left empty: it is Hanoi's, which a database does not know.
    """
    return (
        select(Firm.organisation_id, Partner.organisation_id, cast(null(), Date), func.max(Slot.begins_at))
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


def _of(organisations: Collection[int]) -> ColumnElement[bool]:
    return or_(Firm.organisation_id.in_(organisations), Partner.organisation_id.in_(organisations))


def _both_ways(
    query: Select[int, int, date, datetime],
    before: datetime,
    *,
    within: Select[int] | None,
    of: Collection[int] | None,
) -> dict[tuple[int, int], date]:
    day = clock.local(before).date()
    past = [read(before=day, within=within, of=of).add_columns(cast(null(), UTCDateTime())) for read in _past]
    rows = session.execute(union_all(query, *past)).all()
    days = {begins_at: clock.local(begins_at).date() for begins_at in {row[3] for row in rows} - {None}}
    found: dict[tuple[int, int], date] = {}
    for one, other, told, begins_at in rows:
        met = told or days[begins_at]
        for pair in ((one, other), (other, one)):
            found[pair] = max(met, found.get(pair, met))
    return found
