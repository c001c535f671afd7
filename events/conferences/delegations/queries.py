"""Named reads of delegations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from companies.models import Membership
from core.access import Actor, visible
from core.db import session
from events import queries as event_queries
from events import rules as event_rules
from events.conferences.delegations.models import (
    Delegation,
    HostVisit,
    MemberCalendar,
    VisitHost,
    Visitor,
    VisitPlan,
    VisitWish,
)
from events.conferences.enums import VersionState, Wish
from events.enums import RegistrationState
from events.models import Event, Registration


def _for_officers(actor: Actor) -> ColumnElement[bool]:
    """Only officers open the page of a host, of a programme and of its visits."""
    return true() if event_rules.manage(actor) else false()


visible(VisitHost, _for_officers)
visible(VisitPlan, _for_officers)
visible(HostVisit, _for_officers)


def delegation(event: Event) -> Delegation | None:
    """What was set up for an event, with its hosts."""
    return session.scalars(
        select(Delegation)
        .where(Delegation.event_id == event.id)
        .options(selectinload(Delegation.hosts).joinedload(VisitHost.organisation), selectinload(Delegation.ways))
    ).one_or_none()


def members(event: Event) -> Sequence[Registration]:
    """The organisations that travel: confirmed registrations, in the order in which they joined."""
    query = event_queries.registrations(event, state=RegistrationState.CONFIRMED)
    return session.scalars(query.where(Registration.organisation_id.is_not(None))).all()


def wishes(event: Event) -> Mapping[int, Mapping[int, Wish]]:
    """registration id -> host id -> wish."""
    found: dict[int, dict[int, Wish]] = {}
    rows = session.scalars(select(VisitWish).join(VisitHost).where(VisitHost.event_id == event.id))
    for row in rows:
        found.setdefault(row.registration_id, {})[row.host_id] = row.wish
    return found


def wish_rows(registration: Registration) -> Mapping[int, VisitWish]:
    """host id -> what the member said of it."""
    rows = session.scalars(select(VisitWish).where(VisitWish.registration_id == registration.id))
    return {row.host_id: row for row in rows}


# --- the programme ---------------------------------------------------------------------------------------------


def plan_in(event: Event, state: VersionState) -> VisitPlan | None:
    """The programme in that state, with its visits, hosts and visitors."""
    visits = selectinload(VisitPlan.visits)
    return session.scalars(
        select(VisitPlan)
        .where(VisitPlan.event_id == event.id, VisitPlan.state == state)
        .options(
            visits.joinedload(HostVisit.host).joinedload(VisitHost.organisation),
            visits.selectinload(HostVisit.visitors)
            .joinedload(Visitor.registration)
            .joinedload(Registration.organisation),
        )
    ).one_or_none()


def visits_of(registration: Registration) -> Sequence[Visitor]:
    """The visits of a member in the published programme, in the order of time."""
    return session.scalars(
        select(Visitor)
        .join(Visitor.visit)
        .join(HostVisit.plan)
        .where(Visitor.registration_id == registration.id, VisitPlan.state == VersionState.PUBLISHED)
        .options(joinedload(Visitor.visit).joinedload(HostVisit.host).joinedload(VisitHost.organisation))
        .order_by(HostVisit.begins_at)
    ).all()


def published(event: Event) -> VisitPlan | None:
    """The programme that counts, without its visits."""
    return session.scalars(
        select(VisitPlan).where(VisitPlan.event_id == event.id, VisitPlan.state == VersionState.PUBLISHED)
    ).one_or_none()


def begun(event: Event, *, at: datetime) -> bool:
    """Whether the first visit of the published programme has begun."""
    first = (
        select(HostVisit.id)
        .join(HostVisit.plan)
        .where(VisitPlan.event_id == event.id, VisitPlan.state == VersionState.PUBLISHED, HostVisit.begins_at <= at)
    )
    return session.scalar(first.limit(1)) is not None


def people_of(keys: Collection[int]) -> list[tuple[Registration, User]]:
    """(member, person) for everybody who belongs to one of these members now and can sign in."""
    rows = session.execute(
        select(Registration, User)
        .join(Membership, Membership.organisation_id == Registration.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(Registration.id.in_(keys), Membership.left_at.is_(None), User.disabled_at.is_(None))
        .options(joinedload(Registration.organisation))
        .order_by(Registration.id, User.id)
    )
    return [(registration, user) for registration, user in rows]


# --- calendars -------------------------------------------------------------------------------------------------


def calendars(keys: Collection[int]) -> Mapping[int, MemberCalendar]:
    """member -> its calendar address, of those that have one."""
    rows = session.scalars(select(MemberCalendar).where(MemberCalendar.registration_id.in_(keys)))
    return {row.registration_id: row for row in rows}


def by_calendar_key(key: str) -> Registration | None:
    """The member whose calendar address has that key, while it is confirmed."""
    return session.scalars(
        select(Registration)
        .join(MemberCalendar)
        .where(MemberCalendar.key == key, Registration.state == RegistrationState.CONFIRMED)
        .options(joinedload(Registration.organisation), joinedload(Registration.event))
    ).one_or_none()
