"""Named reads of events and registrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from accounts.models import User
from companies.models import Membership, Organisation
from core.access import Actor, visible
from core.clock import HANOI
from core.db import contains, count, session
from events import rules
from events.enums import LIVE, EventKind, EventState, RegistrationState
from events.models import Event, Registration


def events_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Drafts are for staff; everything else is public."""
    return true() if rules.manage(actor) else Event.state != EventState.DRAFT


def registrations_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Staff know all registrations, everybody those of his organisations and his personal ones."""
    if rules.manage(actor):
        return true()
    if not actor.signed_in:
        return false()
    return or_(
        Registration.organisation_id.in_(actor.ties.get("organisation", frozenset())),
        and_(Registration.organisation_id.is_(None), Registration.user_id == actor.user_id),
    )


visible(Event, events_visible_to)
visible(Registration, registrations_visible_to)


def calendar(
    *, kind: EventKind | None = None, month: date | None = None, text: str = "", past: bool = False, at: datetime
) -> Select[Event]:
    """Events to come in their order; with `past` those that have ended, the latest first.

    With `month` (any day of it) those of that month in Hanoi, past or not.
    """
    query = select(Event)
    if kind is not None:
        query = query.where(Event.kind == kind)
    if text:
        query = query.where(contains(Event.search_key, text))
    if month is not None:
        begin, end = month_bounds(month)
        return query.where(Event.begins_at < end, Event.ends_at > begin).order_by(Event.begins_at, Event.id)
    if past:
        return query.where(Event.ends_at <= at).order_by(Event.begins_at.desc(), Event.id.desc())
    return query.where(Event.ends_at > at).order_by(Event.begins_at, Event.id)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The instants at which the month of that day begins and ends in Hanoi."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), HANOI), datetime.combine(after, time(), HANOI)


def upcoming(actor: Actor, *, at: datetime, limit: int = 3) -> Sequence[Event]:
    """The next published events that the reader may know of."""
    query = calendar(at=at).where(Event.state == EventState.PUBLISHED, events_visible_to(actor))
    return session.scalars(query.limit(limit)).all()


def by_title(title_vi: str) -> Event | None:
    """The event of that Vietnamese title that was made last."""
    return session.scalars(select(Event).where(Event.title_vi == title_vi).order_by(Event.id.desc())).first()


def over(at: datetime) -> Sequence[Event]:
    """Published events that have ended."""
    return session.scalars(
        select(Event).where(Event.state == EventState.PUBLISHED, Event.ends_at <= at).order_by(Event.id)
    ).all()


def drafts(*, at: datetime, limit: int) -> Sequence[Event]:
    """Events to come that nobody can see yet, those that begin first."""
    return session.scalars(calendar(at=at).where(Event.state == EventState.DRAFT).limit(limit)).all()


def waiting_lists(*, at: datetime, limit: int) -> Sequence[tuple[Event, int]]:
    """Events to come on whose waiting list somebody stands, with how many registrations."""
    waits = func.count(Registration.id)
    found = session.execute(
        select(Event, waits)
        .join(Registration)
        .where(
            Event.state == EventState.PUBLISHED, Event.ends_at > at, Registration.state == RegistrationState.WAITING
        )
        .group_by(Event.id)
        .order_by(Event.begins_at, Event.id)
        .limit(limit)
    )
    return [(event, number) for event, number in found]


def seats_taken(event: Event) -> int:
    """Seats of confirmed registrations."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(Registration.seats), 0)).where(
                Registration.event_id == event.id, Registration.state == RegistrationState.CONFIRMED
            )
        )
        or 0
    )


def seats_left(event: Event) -> int | None:
    """Seats that are free; None where there is no limit. Never negative, also after the capacity was cut."""
    return None if event.capacity is None else max(0, event.capacity - seats_taken(event))


def fill(events: Sequence[Event]) -> dict[int, tuple[int, int]]:
    """event id -> (seats taken, registrations waiting), for a list of events: one query."""
    seats = func.sum(case((Registration.state == RegistrationState.CONFIRMED, Registration.seats), else_=0))
    waits = func.sum(case((Registration.state == RegistrationState.WAITING, 1), else_=0))
    rows = session.execute(
        select(Registration.event_id, seats, waits)
        .where(Registration.event_id.in_([event.id for event in events]))
        .group_by(Registration.event_id)
    )
    return {event_id: (int(taken), int(waiting)) for event_id, taken, waiting in rows}


def waiting(event: Event) -> Select[Registration]:
    """The waiting list, the first one first."""
    return (
        select(Registration)
        .where(Registration.event_id == event.id, Registration.state == RegistrationState.WAITING)
        .order_by(Registration.number)
    )


def anybody_waits(event: Event) -> bool:
    """Whether somebody stands on the waiting list."""
    return session.scalar(waiting(event).with_only_columns(Registration.id).limit(1)) is not None


def waiting_count(event: Event) -> int:
    """How many registrations wait."""
    return count(waiting(event))


def position(registration: Registration) -> int | None:
    """The place of a waiting registration on its list, from 1; None if it does not wait."""
    if registration.state is not RegistrationState.WAITING:
        return None
    ahead = select(Registration.id).where(
        Registration.event_id == registration.event_id,
        Registration.state == RegistrationState.WAITING,
        Registration.number <= registration.number,
    )
    return count(ahead)


def positions(event: Event) -> dict[int, int]:
    """registration id -> its place on the waiting list, from 1."""
    ids = session.scalars(waiting(event).with_only_columns(Registration.id))
    return {key: place for place, key in enumerate(ids, 1)}


def registrations(event: Event, *, state: RegistrationState | None = None, text: str = "") -> Select[Registration]:
    """Registrations of an event with their organisations and people, in the order in which they joined."""
    query = (
        select(Registration)
        .where(Registration.event_id == event.id)
        .outerjoin(Organisation, Registration.organisation_id == Organisation.id)
        .options(selectinload(Registration.organisation), selectinload(Registration.user))
        .order_by(Registration.number.is_(None), Registration.number, Registration.id)
    )
    if state is not None:
        query = query.where(Registration.state == state)
    if text:
        person = exists().where(User.id == Registration.user_id, contains(User.search_key, text))
        query = query.where(or_(contains(Organisation.search_key, text), person))
    return query


def state_counts(event: Event) -> dict[RegistrationState, int]:
    """How many registrations of an event stand in each state."""
    rows = session.execute(
        select(Registration.state, func.count()).where(Registration.event_id == event.id).group_by(Registration.state)
    )
    return {row[0]: row[1] for row in rows}


def sent_before(event: Event, user: User, key: str) -> Registration | None:
    """The registration that this very form made when it was first sent."""
    return session.scalars(
        select(Registration).where(
            Registration.event_id == event.id, Registration.user_id == user.id, Registration.key == key
        )
    ).one_or_none()


def live_registration(event: Event, organisation: Organisation | None, user: User) -> Registration | None:
    """The live registration of the organisation; without one the personal one of the user."""
    whose = (
        and_(Registration.organisation_id.is_(None), Registration.user_id == user.id)
        if organisation is None
        else Registration.organisation_id == organisation.id
    )
    return session.scalars(
        select(Registration).where(Registration.event_id == event.id, Registration.state.in_(LIVE), whose)
    ).one_or_none()


def own_registrations(event: Event, actor: Actor) -> Sequence[Registration]:
    """The live registrations for an event of the reader's organisations, and his personal one."""
    whose = or_(
        Registration.organisation_id.in_(actor.ties.get("organisation", frozenset())),
        and_(Registration.organisation_id.is_(None), Registration.user_id == actor.user_id),
    )
    return session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.state.in_(LIVE), whose)
        .options(selectinload(Registration.organisation))
        .order_by(Registration.id)
    ).all()


def my_registrations(actor: Actor) -> Select[Registration]:
    """Registrations of the reader's organisations and his personal ones, the latest event first."""
    return (
        select(Registration)
        .join(Event)
        .where(
            or_(
                Registration.organisation_id.in_(actor.ties.get("organisation", frozenset())),
                and_(Registration.organisation_id.is_(None), Registration.user_id == actor.user_id),
            )
        )
        .options(selectinload(Registration.event), selectinload(Registration.organisation))
        .order_by(Event.begins_at.desc(), Registration.id.desc())
    )


def organisations_of(actor: Actor) -> Sequence[Organisation]:
    """The reader's organisations in Vietnamese order."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(actor.ties.get("organisation", frozenset())))
        .order_by(Organisation.sort_key, Organisation.id)
    ).all()


def organisations_called(text: str, limit: int = 20) -> Sequence[Organisation]:
    """Organisations by name or tax code, for an officer who registers one on its behalf."""
    return session.scalars(
        select(Organisation)
        .where(contains(Organisation.search_key, text))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(limit)
    ).all()


def _concerned(which: ColumnElement[bool]) -> Select[int, int]:
    """(user id, registration id) of those to tell: an organisation's present members, or the person himself."""
    own = Registration.organisation_id.is_(None)
    return (
        select(User.id, Registration.id)
        .select_from(Registration)
        .outerjoin(
            Membership,
            and_(Membership.organisation_id == Registration.organisation_id, Membership.left_at.is_(None)),
        )
        .join(User, User.id == case((own, Registration.user_id), else_=Membership.user_id))
        .where(which, User.disabled_at.is_(None))
        .order_by(User.id, Registration.id)
    )


def people_of(registration: Registration) -> Sequence[User]:
    """Who registered; where he was staff or has left, all who belong to the organisation."""
    ids = session.scalars(_concerned(Registration.id == registration.id)).all()
    if registration.user_id in ids:
        return [registration.user]
    return session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)).all()


def people_concerned(event: Event) -> dict[int, int]:
    """Everybody to tell when the event changes: user id -> a live registration that concerns him."""
    live = and_(Registration.event_id == event.id, Registration.state.in_(LIVE))
    first: dict[int, int] = {}
    for user_id, registration_id in session.execute(_concerned(live)):
        first.setdefault(user_id, registration_id)
    return first


def pairs(ids: Mapping[int, int]) -> list[tuple[User, Registration]]:
    """The rows of user id -> registration id, with the organisations, in three queries."""
    users = session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id)).all()
    rows = session.scalars(
        select(Registration)
        .where(Registration.id.in_(set(ids.values())))
        .options(selectinload(Registration.organisation))
    )
    registrations = {row.id: row for row in rows}
    return [(user, registrations[ids[user.id]]) for user in users]
