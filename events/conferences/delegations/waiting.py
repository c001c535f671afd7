"""Reads of what is still missing in delegations, each one query for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select

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


def unreported(*, at: datetime) -> Sequence[tuple[Event, int]]:
    """Delegations that ended lately, and of how many visits members have not said whether they were held."""
    reported = exists().where(
        VisitReport.registration_id == Visitor.registration_id,
        VisitReport.host_id == HostVisit.host_id,
        VisitReport.by_host.is_(False),
        VisitReport.held.is_not(None),
    )
    query = (
        select(Event, func.count(Visitor.id))
        .join(VisitPlan, VisitPlan.event_id == Event.id)
        .join(HostVisit, HostVisit.plan_id == VisitPlan.id)
        .join(Visitor, Visitor.visit_id == HostVisit.id)
        .join(Registration, Registration.id == Visitor.registration_id)
        .where(
            VisitPlan.state == VersionState.PUBLISHED,
            ~reported,
            Registration.state == RegistrationState.CONFIRMED,
            Event.state.in_((EventState.PUBLISHED, EventState.DONE)),
            Event.ends_at.between(at - LOOKED_AT, at),
        )
        .group_by(Event.id)
        .order_by(Event.ends_at, Event.id)
        .limit(SHOWN)
    )
    return [(event, number) for event, number in session.execute(query)]
