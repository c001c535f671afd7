"""Named reads of delegations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from accounts.models import User
from accounts.notices import Reader
from companies import queries as company_queries
from core.access import Actor, visible
from core.db import get, session
from events import queries as event_queries
from events import rules as event_rules
from events.conferences.delegations.enums import Question
from events.conferences.delegations.models import (
    Delegation,
    HostVisit,
    MemberCalendar,
    TalkWish,
    VisitHost,
    Visitor,
    VisitPlan,
    VisitQuestion,
    VisitWish,
)
from events.conferences.enums import VersionState, Wish
from events.enums import EventState, RegistrationState
from events.models import Event, Registration


def _hosts_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know every host, an organisation knows where it is one itself; others read of hosts as members."""
    if event_rules.manage(actor):
        return true()
    own = VisitHost.organisation_id.in_(actor.ties.get("organisation", frozenset()))
    return and_(own, VisitHost.event_id.in_(select(Event.id).where(Event.state != EventState.DRAFT)))


def _for_officers(actor: Actor) -> ColumnElement[bool]:
    """Only officers open the page of a programme and of its visits."""
    return true() if event_rules.manage(actor) else false()


visible(VisitHost, _hosts_visible_to)


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


def member(event: Event, key: int | None) -> Registration | None:
    """The member with that registration, also one that has dropped out since."""
    row = get(Registration, key or 0)
    return row if row is not None and (row.event_id, row.organisation_id is None) == (event.id, False) else None


def wishes(event: Event) -> Mapping[int, Mapping[int, Wish]]:
    """registration id -> host id -> wish."""
    found: dict[int, dict[int, Wish]] = {}
    rows = session.scalars(select(VisitWish).join(VisitHost).where(VisitHost.event_id == event.id))
    for row in rows:
        found.setdefault(row.registration_id, {})[row.host_id] = row.wish
    return found


def silent(event: Event) -> list[Registration]:
    """Members that have said nothing yet, neither of a visit nor of a meeting."""
    said = set(
        session.scalars(select(VisitWish.registration_id).join(VisitHost).where(VisitHost.event_id == event.id))
    )
    said |= {member for member, _host in talk_rows(event=event, by_host=False)}
    return [member for member in members(event) if member.id not in said]


def wish_rows(registration: Registration) -> Mapping[int, VisitWish]:
    """host id -> what the member said of it."""
    rows = session.scalars(select(VisitWish).where(VisitWish.registration_id == registration.id))
    return {row.host_id: row for row in rows}


def talk_rows(
    *, event: Event | None = None, registration_id: int | None = None, host_id: int | None = None,
    by_host: bool | None = None,
) -> Mapping[tuple[int, int], TalkWish]:  # fmt: skip
    """(member, host) -> what one side says of meeting the other one to one; name one side, or an event and a side."""
    query = select(TalkWish).join(VisitHost)
    if event is not None:
        query = query.where(VisitHost.event_id == event.id)
    for column, value in (
        (TalkWish.registration_id, registration_id), (TalkWish.host_id, host_id), (TalkWish.by_host, by_host)
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    return {(row.registration_id, row.host_id): row for row in session.scalars(query)}


def visits_at(host: VisitHost) -> Sequence[HostVisit]:
    """The visits of the published programme at a host, in the order of time."""
    return session.scalars(
        select(HostVisit)
        .join(HostVisit.plan)
        .where(HostVisit.host_id == host.id, VisitPlan.state == VersionState.PUBLISHED)
        .options(
            joinedload(HostVisit.host).joinedload(VisitHost.organisation),
            selectinload(HostVisit.visitors).joinedload(Visitor.registration).joinedload(Registration.organisation),
        )
        .order_by(HostVisit.begins_at, HostVisit.group_number)
    ).all()


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
    return company_queries.people_behind(Registration, keys)


def readers_of_hosts(keys: Collection[int]) -> list[tuple[VisitHost, Reader]]:
    """(host, person) for everybody who belongs to one of these hosts now, or its own address where nobody does."""
    return company_queries.readers_behind(VisitHost, keys)


def asked(keys: Iterable[int], about: Question) -> Mapping[int, VisitQuestion]:
    """member -> that it was asked this, of those who were."""
    return _asked(VisitQuestion.registration_id, keys, about)


def hosts_asked(keys: Iterable[int], about: Question) -> Mapping[int, VisitQuestion]:
    """The same of hosts."""
    return _asked(VisitQuestion.host_id, keys, about)


def unanswered(host_id: int) -> Sequence[VisitQuestion]:
    """What a host was asked and has not answered."""
    return session.scalars(
        select(VisitQuestion).where(VisitQuestion.host_id == host_id, VisitQuestion.answered_at.is_(None))
    ).all()


def _asked(side: InstrumentedAttribute[int | None], keys: Iterable[int], about: Question) -> dict[int, VisitQuestion]:
    rows = session.scalars(select(VisitQuestion).where(side.in_(list(keys)), VisitQuestion.about == about))
    return {key: row for row in rows if (key := getattr(row, side.key)) is not None}


# --- afterwards ------------------------------------------------------------------------------------------------


def over(*, since: datetime, at: datetime) -> Sequence[Event]:
    """Delegations that ended in that time."""
    return session.scalars(
        select(Event)
        .join(Delegation)
        .where(Event.ends_at.between(since, at), Event.state.in_((EventState.PUBLISHED, EventState.DONE)))
        .order_by(Event.id)
    ).all()


# --- calendars -------------------------------------------------------------------------------------------------


def calendars(keys: Collection[int]) -> Mapping[int, MemberCalendar]:
    """member -> its calendar address, of those that have one."""
    rows = session.scalars(select(MemberCalendar).where(MemberCalendar.registration_id.in_(keys)))
    return {row.registration_id: row for row in rows}


def host_by_calendar_key(key: str) -> VisitHost | None:
    """The host whose calendar address has that key."""
    return session.scalars(
        select(VisitHost).where(VisitHost.calendar_key == key).options(joinedload(VisitHost.organisation))
    ).one_or_none()


def by_calendar_key(key: str) -> Registration | None:
    """The member whose calendar address has that key, while it is confirmed."""
    return session.scalars(
        select(Registration)
        .join(MemberCalendar)
        .where(MemberCalendar.key == key, Registration.state == RegistrationState.CONFIRMED)
        .options(joinedload(Registration.organisation), joinedload(Registration.event))
    ).one_or_none()
