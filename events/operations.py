"""Verbs of events and registrations. Run inside a write block; flush, never commit.

Whatever decides about seats takes the event with `lock` first, and reads everything else after it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import inspect

from accounts.models import User
from companies.models import Organisation
from core import audit, clock
from core.db import lock, session, write
from core.errors import Conflict, Invalid
from core.i18n import _
from core.timers import timer
from events import notices, queries, rules, waiting_list
from events.details import Details, Schedule, check, columns
from events.enums import EventKind, EventState, RegistrationState
from events.models import Event, Registration, RegistrationCounter


def create(kind: EventKind, details: Details, schedule: Schedule, *, by: User | None, at: datetime) -> Event:
    """A draft."""
    event = Event(
        kind=kind,
        **columns(details),
        **asdict(schedule),
        created_by_id=None if by is None else by.id,
        created_at=at,
        counter=RegistrationCounter(last=0),
    )
    check(event)
    session.add(event)
    session.flush()
    audit.record("event.create", event, by=by, at=at)
    return event


def edit(event: Event, details: Details, *, by: User | None, at: datetime) -> list[Registration]:
    """Change what an event is. More seats promote those who wait (returned); fewer seats evict nobody."""
    event = _taken(event)
    if event.state in (EventState.CANCELLED, EventState.DONE):
        raise Conflict(_("An event that is cancelled or over cannot be changed."))
    _set(event, columns(details), by=by, at=at, act="event.edit")
    return waiting_list.promote_next(event, by=by, at=at)


def move(event: Event, schedule: Schedule, *, by: User | None, at: datetime) -> int:
    """Change time or place; of a published event everybody registered is told. Return how many.

    An event that is put off to a later day remembers when it was first to begin.
    """
    event = _taken(event)
    if event.state in (EventState.CANCELLED, EventState.DONE):
        raise Conflict(_("An event that is cancelled or over cannot be changed."))
    before, began_at = notices.when_and_where(event), event.begins_at
    published = event.state is EventState.PUBLISHED
    if published and schedule.begins_at <= at and schedule.begins_at != began_at:
        raise Invalid(_("The new beginning is in the past."), field="begins_at")
    values = asdict(schedule)
    if published and clock.local(schedule.begins_at).date() > clock.local(began_at).date():
        values["postponed_from"] = event.postponed_from or began_at
    if event.registration_closes_at is not None and event.registration_closes_at > schedule.ends_at:
        values["registration_closes_at"] = schedule.begins_at
    if not _set(event, values, by=by, at=at, act="event.move") or not published:
        return 0
    return notices.tell_everybody(event, "event.moved", notices.moved(before), at=at)


def publish(event: Event, *, by: User | None, at: datetime) -> None:
    """Show a draft to everybody. Raise Conflict unless it is one that has not begun."""
    event = _taken(event)
    if event.state is not EventState.DRAFT:
        raise Conflict(_("This event has been published already."))
    if event.begins_at <= at:
        raise Conflict(_("This event would have begun already. Change its time first."))
    _set(event, {"state": EventState.PUBLISHED}, by=by, at=at, act="event.publish")


def cancel_event(event: Event, *, reason_vi: str, reason_en: str, by: User | None, at: datetime) -> int:
    """Cancel a published event, or drop a draft; everybody registered is told why. Return how many."""
    event = _taken(event)
    if event.state in (EventState.CANCELLED, EventState.DONE):
        raise Conflict(_("This event is cancelled or over already."))
    if not reason_vi.strip():
        raise Invalid(_("Say why, in Vietnamese."), field="reason_vi")
    if not reason_en.strip():
        raise Invalid(_("Say why, in English."), field="reason_en")
    values = {
        "state": EventState.CANCELLED,
        "cancelled_reason_vi": reason_vi,
        "cancelled_reason_en": reason_en,
    }
    _set(event, values, by=by, at=at, act="event.cancel")
    return notices.tell_everybody(event, "event.cancelled", notices.cancelled, at=at)


def register(
    event: Event,
    organisation: Organisation | None,
    *,
    by: User,
    at: datetime,
    key: str,
    side: str | None = None,
    seats: int = 1,
    note: str = "",
    by_staff: bool = False,
    beyond: bool = False,
) -> Registration:
    """Register an organisation (or, with None, the person): confirmed while seats last, else on the waiting list.

    `key` is random and belongs to one showing of the form: sent again, the first registration comes back and
    nobody is told twice. A live invitation is accepted. `by_staff`: on behalf of the organisation, also outside
    the time of registration. `beyond`: an officer admits it although all seats are taken. Raise Conflict with a
    sentence where no registration is taken.
    """
    event = _taken(event)
    if (known := queries.sent_before(event, by, key)) is not None:
        return known
    _check_open(event, organisation, seats, by_staff, at)
    registration = queries.live_registration(event, organisation, by)
    if registration is not None and registration.state is not RegistrationState.INVITED:
        raise Conflict(rules.REGISTERED_ALREADY)
    if registration is None:
        registration = Registration(event=event, organisation=organisation, created_at=at)
    registration.user, registration.key = by, key
    registration.side = side or registration.side
    registration.seats, registration.note = seats, note
    waiting_list.join(registration, event, at=at, beyond=beyond)
    audit.record(
        "registration.create",
        registration,
        by=by,
        at=at,
        on_behalf_of=f"organisation:{organisation.id}" if by_staff and organisation else None,
    )
    notices.tell(registration, "registration.received", notices.received, at=at)
    return registration


def invite(
    event: Event,
    organisation: Organisation,
    *,
    by: User,
    at: datetime,
    key: str,
    side: str | None = None,
    tell: bool = True,
) -> Registration:
    """Invite an organisation: its people take a seat by accepting (see `register`).

    They are told, unless the caller writes to them itself (`tell=False`).
    """
    event = _taken(event)
    if (known := queries.sent_before(event, by, key)) is not None:
        return known
    _check_open(event, organisation, 1, True, at)
    if queries.live_registration(event, organisation, by) is not None:
        raise Conflict(rules.REGISTERED_ALREADY)
    registration = Registration(
        event=event,
        organisation=organisation,
        user=by,
        state=RegistrationState.INVITED,
        side=side,
        key=key,
        created_at=at,
    )
    session.add(registration)
    session.flush()
    audit.record("registration.invite", registration, by=by, at=at)
    if tell:
        notices.tell(registration, "registration.invited", notices.invited, at=at)
    return registration


def cancel(registration: Registration, *, by: User | None, at: datetime) -> list[Registration]:
    """Withdraw a registration or decline an invitation; return those who got the seats and were told so.

    One that is withdrawn already stays as it is.
    """
    event = _taken(registration.event)
    session.refresh(registration)
    if not registration.live:
        return []
    if event.state is EventState.DONE or at >= event.ends_at:
        raise Conflict(rules.OVER)
    invited = registration.state is RegistrationState.INVITED
    registration.state = RegistrationState.DECLINED if invited else RegistrationState.CANCELLED
    registration.cancelled_at = at
    session.flush()
    audit.record("registration.cancel", registration, by=by, at=at, columns=["state"])
    if not invited:
        notices.tell(registration, "registration.withdrawn", notices.withdrawn, at=at)
    return waiting_list.promote_next(event, by=by, at=at)


def promote(registration: Registration, *, by: User, at: datetime, beyond: bool = False) -> None:
    """An officer confirms one who waits, whatever his place. Raise Conflict where no seat is free for him, unless
    he goes `beyond` the seats."""
    event = _taken(registration.event)
    session.refresh(registration)
    if registration.state is not RegistrationState.WAITING:
        raise Conflict(rules.NOT_WAITING)
    if event.state is not EventState.PUBLISHED or at >= event.ends_at:
        raise Conflict(rules.OVER)
    waiting_list.promote(registration, event, by=by, at=at, beyond=beyond)


@timer("events that are over", seconds=300)
def finish_past(at: datetime) -> None:
    """Published events that have ended are done."""
    if queries.over(at):
        with write():
            for event in queries.over(at):
                _set(event, {"state": EventState.DONE}, by="job:events", at=at, act="event.finish")


def _taken(event: Event) -> Event:
    """The event, locked: what was read of it before does not count, so its key is not read from the row either."""
    identity = inspect(event).identity
    taken = lock(Event, identity[0]) if identity else None
    assert taken is not None  # it was stored, and events are never deleted
    return taken


def _set(event: Event, values: dict[str, Any], *, by: object, at: datetime, act: str) -> bool:
    """Set the columns, check and record what changed; return whether anything did."""
    for name, value in values.items():
        if getattr(event, name) != value:
            setattr(event, name, value)
    changed = audit.changed_columns(event)
    if not changed:
        return False
    check(event)
    session.flush()
    audit.record(act, event, by=by, at=at, columns=changed)
    return True


def _check_open(event: Event, organisation: Organisation | None, seats: int, by_staff: bool, at: datetime) -> None:
    refusal = rules.refusal(
        state=event.state,
        opens_at=event.registration_opens_at,
        closes_at=event.closes_at,
        ends_at=event.ends_at,
        at=at,
        by_staff=by_staff,
    )
    if refusal is not None:
        raise Conflict(refusal)
    if organisation and event.open_to and not rules.admits(kinds=organisation.kinds, open_to=event.open_to):
        raise Conflict(rules.WRONG_KIND, field="organisation")
    if not 1 <= seats <= min(rules.MOST_SEATS, event.capacity or rules.MOST_SEATS):
        raise Invalid(_("This number of seats cannot be registered."), field="seats")
