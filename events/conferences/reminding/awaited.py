"""What conferences wait for, over all of them: one line for each answer that is missing, one query a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from companies.queries import by_name
from core.access import Actor
from core.db import session
from events.conferences.enums import VersionState
from events.conferences.models import (
    Conference,
    Confirmation,
    Meeting,
    Participant,
    Slot,
    TimetableVersion,
    WishRow,
)
from events.conferences.outcomes.models import FollowUp, MeetingReport, Outcome
from events.enums import EventState, RegistrationState
from events.models import Event, Registration

SHOWN = 10
ASKED_FOR = timedelta(days=60)  # after a conference; nobody is bothered about its meetings for longer
PROMISED_BEFORE = timedelta(days=7)  # the conference: when a timetable is due that has no date of its own
wishes_close = func.coalesce(Conference.wishes_close_at, Event.begins_at)
confirm_until = func.coalesce(Conference.confirm_until, Event.begins_at)
_published = exists().where(
    TimetableVersion.conference_id == Conference.id, TimetableVersion.state == VersionState.PUBLISHED
)
_to_come = (Event.state == EventState.PUBLISHED,)


def silent(at: datetime) -> Select:
    """(conference, participant) of those who may wish by now and have said nothing of anybody."""
    said = exists().where(WishRow.participant_id == Participant.id)
    return _participants().where(
        *_to_come,
        Event.begins_at > at,
        or_(Conference.wishes_open_at.is_(None), Conference.wishes_open_at <= at),
        ~said,
        ~_published,
    )


def unconfirmed(at: datetime) -> Select:
    """(conference, participant) for each published meeting to come that a side has neither confirmed nor declined."""
    side, concerned = _sides(Event.begins_at > at)
    answered = exists().where(
        Confirmation.participant_id == side.c.who,
        Confirmation.other_id == side.c.other,
        Confirmation.slot_id == side.c.slot,
    )
    return concerned.where(*_to_come, ~answered, confirm_until > at)


def declined(at: datetime) -> Select:
    """(conference, participant) for each published meeting to come that this participant declined."""
    side, concerned = _sides(Event.begins_at > at)
    refused = and_(
        Confirmation.participant_id == side.c.who,
        Confirmation.other_id == side.c.other,
        Confirmation.slot_id == side.c.slot,
        Confirmation.comes.is_(False),
    )
    return concerned.join(Confirmation, refused).where(*_to_come)


def unreported(at: datetime) -> Select:
    """(conference, participant) for each published meeting that has begun and of which a side has said nothing."""
    side, concerned = _sides(Event.ends_at > at - ASKED_FOR, Slot.begins_at <= at)
    said = exists().where(
        MeetingReport.participant_id == side.c.who,
        MeetingReport.other_id == side.c.other,
        MeetingReport.held.is_not(None),
    )
    return concerned.where(Event.state.in_((EventState.PUBLISHED, EventState.DONE)), ~said)


def asked_again(at: datetime) -> Select:
    """(conference, participant) for each question after months to which nothing was said since, by whatever way."""
    open_ = and_(FollowUp.participant_id == Participant.id, FollowUp.answered_at.is_(None), FollowUp.months > 0)
    stated = exists().where(Outcome.participant_id == Participant.id, Outcome.stated_at >= FollowUp.asked_at)
    said = exists().where(MeetingReport.participant_id == Participant.id, MeetingReport.at >= FollowUp.asked_at)
    return _participants().join(FollowUp, open_).where(FollowUp.asked_at > at - ASKED_FOR, ~stated, ~said)


def by_conference(lines: Select) -> Sequence[tuple[Conference, int, int]]:
    """(conference, participants, lines) of such a query, those that begin first at the top: one query."""
    line = lines.subquery()
    found = (
        select(
            line.c.conference,
            func.count(line.c.participant.distinct()).label("participants"),
            func.count().label("number"),
        )
        .group_by(line.c.conference)
        .subquery()
    )
    rows = session.execute(
        select(Conference, found.c.participants, found.c.number)
        .join(found, found.c.conference == Conference.id)
        .join(Event, Event.id == Conference.event_id)
        .order_by(Event.begins_at, Conference.id)
        .limit(SHOWN)
    )
    return [(conference, participants, number) for conference, participants, number in rows]


def of_reader(lines: Select, reader: Actor) -> Sequence[tuple[Participant, int]]:
    """(participant, lines) of the reader's organisations alone: one query."""
    own = lines.where(Participant.organisation_id.in_(reader.ties.get("organisation", frozenset()))).subquery()
    found = select(own.c.participant, func.count().label("number")).group_by(own.c.participant).subquery()
    rows = session.execute(
        select(Participant, found.c.number)
        .join(found, found.c.participant == Participant.id)
        .options(
            joinedload(Participant.conference),
            by_name(joinedload(Participant.organisation)),
        )
        .order_by(Participant.id)
    )
    return [(participant, number) for participant, number in rows]


def invitations(at: datetime) -> Sequence[tuple[Conference, int]]:
    """Conferences to come, and how many organisations have not answered their invitation: one query."""
    number = func.count(Registration.id).label("number")
    found = _invited(at).with_only_columns(Registration.event_id, number).group_by(Registration.event_id).subquery()
    rows = session.execute(
        select(Conference, found.c.number)
        .join(found, found.c.event_id == Conference.event_id)
        .join(Event, Event.id == Conference.event_id)
        .order_by(Event.begins_at, Conference.id)
        .limit(SHOWN)
    )
    return [(conference, number) for conference, number in rows]


def invitations_to(reader: Actor, *, at: datetime) -> Sequence[Registration]:
    """Invitations to events of every kind that the reader's organisations have not answered: one query."""
    own = Registration.organisation_id.in_(reader.ties.get("organisation", frozenset()))
    return session.scalars(_invited(at).where(own).order_by(Event.begins_at, Registration.id).limit(SHOWN)).all()


def without_timetable(at: datetime, *, ahead: timedelta) -> Sequence[Conference]:
    """Conferences to come that somebody takes part in, whose timetable is due by `at + ahead` and not published."""
    anybody = exists().where(Participant.conference_id == Conference.id)
    undated = and_(Conference.timetable_due_at.is_(None), Event.begins_at <= at + ahead + PROMISED_BEFORE)
    due = or_(Conference.timetable_due_at <= at + ahead, undated)
    return session.scalars(
        select(Conference)
        .join(Event, Event.id == Conference.event_id)
        .where(*_to_come, Event.begins_at > at, due, anybody, ~_published)
        .order_by(Event.begins_at, Conference.id)
        .limit(SHOWN)
    ).all()


def _participants() -> Select:
    """(conference, participant) of everybody who takes part, joined to all that a condition may name."""
    return (
        select(Conference.id.label("conference"), Participant.id.label("participant"))
        .select_from(Participant)
        .join(Conference, Conference.id == Participant.conference_id)
        .join(Event, Event.id == Conference.event_id)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Registration.state == RegistrationState.CONFIRMED)
    )


def _sides(*of: ColumnElement[bool]) -> tuple[Any, Select]:
    """Both sides of the published meetings for which `of` holds (who, other, slot), and the participants joined."""

    def side(who: Any, other: Any) -> Select:
        return (
            select(who.label("who"), other.label("other"), Meeting.slot_id.label("slot"))
            .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
            .join(Slot, Slot.id == Meeting.slot_id)
            .join(Conference, Conference.id == TimetableVersion.conference_id)
            .join(Event, Event.id == Conference.event_id)
            .where(TimetableVersion.state == VersionState.PUBLISHED, *of)
        )

    both = union_all(side(Meeting.firm_id, Meeting.partner_id), side(Meeting.partner_id, Meeting.firm_id)).subquery()
    return both, _participants().join(both, both.c.who == Participant.id)


def _invited(at: datetime) -> Select:
    return (
        select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .where(
            *_to_come,
            Event.begins_at > at,
            Event.registration_closes_at.is_(None) | (Event.registration_closes_at > at),
            Registration.state == RegistrationState.INVITED,
            Registration.organisation_id.is_not(None),
        )
    )
