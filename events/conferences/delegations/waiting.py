"""Reads of what is still missing in delegations, each one query for all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from core.db import session
from events.conferences.delegations.enums import Question
from events.conferences.delegations.models import (
    Delegation,
    HostVisit,
    TalkWish,
    VisitHost,
    Visitor,
    VisitPlan,
    VisitQuestion,
    VisitReport,
    VisitWish,
)
from events.conferences.enums import VersionState
from events.enums import EventState, RegistrationState
from events.models import Event, Registration

SHOWN = 10
AHEAD = timedelta(days=45)  # what begins later needs nobody yet
CLOSING = timedelta(days=3)  # before wishes close, the silent are reminded
REPORTED_WITHIN = timedelta(days=3)  # after a delegation, members should have said how it was
LOOKED_AT = timedelta(days=60)  # and nobody is bothered about it for longer than this
_published = exists().where(VisitPlan.event_id == Event.id, VisitPlan.state == VersionState.PUBLISHED)


def _to_come(query: Select, at: datetime) -> Select:
    coming = query.where(Event.state == EventState.PUBLISHED, Event.begins_at > at, Event.begins_at <= at + AHEAD)
    return coming.order_by(Event.begins_at, Event.id).limit(SHOWN)


def unconfirmed_hosts(*, at: datetime) -> Sequence[tuple[Event, int]]:
    """Delegations to come, and how many of their hosts have neither confirmed nor cancelled."""
    query = (
        select(Event, func.count(VisitHost.id))
        .join(VisitHost, VisitHost.event_id == Event.id)
        .where(VisitHost.confirmed_at.is_(None), VisitHost.cancelled_at.is_(None))
        .group_by(Event.id)
    )
    return [(event, number) for event, number in session.execute(_to_come(query, at))]


def without_programme(*, at: datetime) -> Sequence[Event]:
    """Delegations to come that have hosts and no published programme."""
    hosts = exists().where(VisitHost.event_id == Event.id)
    return session.scalars(_to_come(select(Event).join(Delegation).where(hosts, ~_published), at)).all()


def _silent_rows() -> Select:
    """Confirmed members that have said nothing of any host."""
    visit = exists().where(VisitWish.registration_id == Registration.id)
    talk = exists().where(TalkWish.registration_id == Registration.id, TalkWish.by_host.is_(False))
    return (
        select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .join(Delegation, Delegation.event_id == Event.id)
        .where(
            Registration.state == RegistrationState.CONFIRMED,
            Registration.organisation_id.is_not(None),
            ~visit,
            ~talk,
        )
    )


def silent_members(*, at: datetime) -> Sequence[tuple[Event, datetime, int]]:
    """(event, until when, how many) where wishes close soon or have closed, no programme is out, and members are
    silent."""
    query = (
        _silent_rows()
        .with_only_columns(Event, Delegation.wishes_close_at, func.count(Registration.id))
        .where(Delegation.wishes_close_at <= at + CLOSING, ~_published)
        .group_by(Event.id, Delegation.wishes_close_at)
    )
    return [(event, closes, number) for event, closes, number in session.execute(_to_come(query, at))]


def to_remind(at: datetime) -> Sequence[Registration]:
    """Silent members whose wishes close within three days, and who were not reminded yet."""
    reminded = exists().where(
        VisitQuestion.registration_id == Registration.id, VisitQuestion.about == Question.WISHES
    )
    query = _silent_rows().where(
        Event.state == EventState.PUBLISHED,
        Delegation.wishes_close_at > at,
        Delegation.wishes_close_at <= at + CLOSING,
        ~_published,
        ~reminded,
    )
    return session.scalars(query.order_by(Registration.event_id, Registration.id)).all()


def _unreported_rows(*, by_host: bool, at: datetime) -> Select:
    """Published visits of members that have begun, of which one side has not said whether they were held."""
    reported = exists().where(
        VisitReport.registration_id == Visitor.registration_id,
        VisitReport.host_id == HostVisit.host_id,
        VisitReport.by_host.is_(by_host),
        VisitReport.held.is_not(None),
    )
    return (
        select(Visitor)
        .join(HostVisit, HostVisit.id == Visitor.visit_id)
        .join(VisitPlan, VisitPlan.id == HostVisit.plan_id)
        .join(VisitHost, VisitHost.id == HostVisit.host_id)
        .join(Event, Event.id == VisitPlan.event_id)
        .join(Registration, Registration.id == Visitor.registration_id)
        .where(
            VisitPlan.state == VersionState.PUBLISHED,
            HostVisit.begins_at <= at,
            ~reported,
            Registration.state == RegistrationState.CONFIRMED,
            Event.state.in_((EventState.PUBLISHED, EventState.DONE)),
            Event.ends_at >= at - LOOKED_AT,
        )
    )


def unreported(*, at: datetime) -> Sequence[tuple[Event, int]]:
    """Delegations that ended lately, and of how many visits members have not said whether they were held."""
    query = (
        _unreported_rows(by_host=False, at=at)
        .with_only_columns(Event, func.count(Visitor.id))
        .where(Event.ends_at <= at)
        .group_by(Event.id)
        .order_by(Event.ends_at, Event.id)
        .limit(SHOWN)
    )
    return [(event, number) for event, number in session.execute(query)]


# --- of one reader ---------------------------------------------------------------------------------------------


def silent_of(organisations: Collection[int], *, at: datetime) -> Sequence[tuple[Registration, datetime]]:
    """Registrations of these organisations that may say which hosts they want, and have not; until when."""
    query = (
        _silent_rows()
        .add_columns(Delegation.wishes_close_at)
        .where(
            Event.state == EventState.PUBLISHED,
            Delegation.wishes_close_at > at,
            ~_published,
            Registration.organisation_id.in_(organisations),
            exists().where(VisitHost.event_id == Event.id, VisitHost.cancelled_at.is_(None)),
        )
        .options(joinedload(Registration.event))
    )
    return [(registration, closes) for registration, closes in session.execute(query.order_by(Registration.id))]


def unconfirmed_of(organisations: Collection[int], *, at: datetime) -> Sequence[tuple[VisitHost, Event]]:
    """Where these organisations are asked to receive a delegation, and have not confirmed it."""
    query = (
        select(VisitHost, Event)
        .join(Event, Event.id == VisitHost.event_id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.begins_at > at,
            VisitHost.confirmed_at.is_(None),
            VisitHost.cancelled_at.is_(None),
            VisitHost.organisation_id.in_(organisations),
        )
        .order_by(VisitHost.id)
    )
    return [(host, event) for host, event in session.execute(query)]


def unreported_by_members(organisations: Collection[int], *, at: datetime) -> Sequence[tuple[Event, int, int]]:
    """(event, registration, how many) visits of these organisations of which they have said nothing."""
    query = _unreported_rows(by_host=False, at=at).where(Registration.organisation_id.in_(organisations))
    return _counted(query, Registration.id)


def unreported_by_hosts(organisations: Collection[int], *, at: datetime) -> Sequence[tuple[Event, int, int]]:
    """(event, host, how many) visits to these organisations of which they have said nothing."""
    query = _unreported_rows(by_host=True, at=at).where(VisitHost.organisation_id.in_(organisations))
    return _counted(query, VisitHost.id)


def _counted(query: Select, by: Any) -> Sequence[tuple[Event, int, int]]:
    found = query.with_only_columns(Event, by, func.count(Visitor.id)).group_by(Event.id, by).order_by(by)
    return [(event, key, number) for event, key, number in session.execute(found)]
