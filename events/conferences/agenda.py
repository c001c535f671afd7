"""Named reads of timetables and of their meetings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, or_, select, type_coerce
from sqlalchemy.orm import aliased, joinedload

from companies.models import Organisation
from companies.queries import by_name
from core.db import session
from events.conferences.enums import Origin, VersionState
from events.conferences.models import (
    Conference,
    Meeting,
    Participant,
    Slot,
    Table,
    TimetableVersion,
)


def versions(conference: Conference) -> Sequence[TimetableVersion]:
    """All timetables of a conference, the newest first."""
    return session.scalars(
        select(TimetableVersion)
        .where(TimetableVersion.conference_id == conference.id)
        .order_by(TimetableVersion.number.desc())
    ).all()


def version_in(conference: Conference, state: VersionState) -> TimetableVersion | None:
    """The timetable that is a draft, or the one that is published."""
    return session.scalars(
        select(TimetableVersion).where(
            TimetableVersion.conference_id == conference.id, TimetableVersion.state == state
        )
    ).one_or_none()


def meetings(version: TimetableVersion) -> Sequence[Meeting]:
    """The meetings of a timetable with everything a page shows of them, in order of time and table."""
    return session.scalars(_meetings().where(Meeting.version_id == version.id)).all()


class Line(NamedTuple):
    """A meeting as a plain row: thousands of them are read and written without an object for each."""

    id: int
    firm_id: int
    partner_id: int
    slot_id: int
    table_id: int
    fit: float
    locked: bool
    origin: Origin

    @property
    def pair(self) -> tuple[int, int]:
        return self.firm_id, self.partner_id


def lines(version: TimetableVersion) -> list[Line]:
    """The meetings of a timetable as plain rows."""
    m = Meeting
    found = session.execute(
        select(m.id, m.firm_id, m.partner_id, m.slot_id, m.table_id, m.fit, m.locked, m.origin)
        .where(m.version_id == version.id)
        .order_by(m.id)
    )
    return [Line(*row) for row in found]


def pairs(version: TimetableVersion) -> Sequence[Any]:
    """(firm, partner, whether put there by hand) of every meeting of a timetable, as plain rows."""
    by_hand = type_coerce(Meeting.origin == Origin.HAND, Integer)  # thousands of rows: nothing to convert in Python
    return session.execute(
        select(Meeting.firm_id, Meeting.partner_id, by_hand).where(Meeting.version_id == version.id)
    ).all()


def placed(version: TimetableVersion, tables: Collection[int]) -> Sequence[Any]:
    """The meetings of a timetable at these tables, as plain rows of what the board shows of them."""
    m = Meeting
    return session.execute(
        select(m.id, m.firm_id, m.partner_id, m.slot_id, m.table_id, m.locked, m.fit)
        .where(m.version_id == version.id, m.table_id.in_(tables))
        .order_by(m.id)
    ).all()


def meetings_of(version: TimetableVersion, participant: Participant) -> Sequence[Meeting]:
    """A participant's meetings in a timetable, in order of time."""
    mine = or_(Meeting.firm_id == participant.id, Meeting.partner_id == participant.id)
    return session.scalars(_meetings().where(Meeting.version_id == version.id, mine)).all()


def dropped(conference: Conference, slots: Collection[int]) -> Sequence[Meeting]:
    """What earlier published timetables held at these times, the latest first."""
    return session.scalars(
        _meetings()
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .where(
            TimetableVersion.conference_id == conference.id,
            TimetableVersion.state == VersionState.SUPERSEDED,
            TimetableVersion.published_at.is_not(None),
            Meeting.slot_id.in_(slots),
        )
        .order_by(None)
        .order_by(TimetableVersion.published_at.desc(), Slot.begins_at, Table.position, Table.id)
    ).all()


def meeting_of(version: TimetableVersion, firm: int, partner: int) -> Meeting | None:
    """The meeting of two participants in a timetable."""
    return session.scalars(
        select(Meeting).where(
            Meeting.version_id == version.id, Meeting.firm_id == firm, Meeting.partner_id == partner
        )
    ).one_or_none()


def in_order(keys: Collection[int]) -> Sequence[Meeting]:
    """These meetings with everything a page shows of them."""
    return session.scalars(_meetings().where(Meeting.id.in_(keys))).all()


def published_meetings(participant: Participant) -> Sequence[Meeting]:
    """What a participant reads: its meetings in the published timetable, in order of time."""
    return session.scalars(
        _meetings()
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .where(
            TimetableVersion.state == VersionState.PUBLISHED,
            or_(Meeting.firm_id == participant.id, Meeting.partner_id == participant.id),
        )
    ).all()


def calendar_lines(participant: Participant) -> Sequence[Any]:
    """All that a participant's calendar tells of its published meetings, as plain rows: programs ask every minute."""
    firm, partner = aliased(Participant), aliased(Participant)
    ours, theirs = aliased(Organisation), aliased(Organisation)
    names = [column for o in (ours, theirs) for column in (o.name_vi, o.name_en, o.name_original)]
    return session.execute(
        select(Meeting.firm_id, Meeting.partner_id, Slot.begins_at, Slot.ends_at, Table.label, Table.link, *names)
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .join(Table, Table.id == Meeting.table_id)
        .join(firm, firm.id == Meeting.firm_id)
        .join(partner, partner.id == Meeting.partner_id)
        .join(ours, ours.id == firm.organisation_id)
        .join(theirs, theirs.id == partner.organisation_id)
        .where(
            TimetableVersion.state == VersionState.PUBLISHED,
            or_(Meeting.firm_id == participant.id, Meeting.partner_id == participant.id),
        )
        .order_by(Slot.begins_at, Meeting.id)
    ).all()


def published_meeting(participant: Participant, other: Participant) -> Meeting | None:
    """The meeting of two participants in the published timetable."""
    both = {participant.id, other.id}
    return session.scalars(
        select(Meeting)
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .where(
            TimetableVersion.state == VersionState.PUBLISHED,
            Meeting.firm_id.in_(both),
            Meeting.partner_id.in_(both),
        )
        .options(joinedload(Meeting.slot))
    ).first()


def _meetings() -> Select[Meeting]:
    return (
        select(Meeting)
        .join(Slot, Slot.id == Meeting.slot_id)
        .join(Table, Table.id == Meeting.table_id)
        .options(
            joinedload(Meeting.slot),
            joinedload(Meeting.table).joinedload(Table.room),
            by_name(joinedload(Meeting.firm).joinedload(Participant.organisation)),
            by_name(joinedload(Meeting.partner).joinedload(Participant.organisation)),
        )
        .order_by(Slot.begins_at, Table.position, Table.id)
    )
