"""Seats and the waiting list: confirmed while seats last, else waiting in the order of commits.

Everything here runs after `lock(Event, ...)` in the same write block. Nobody overtakes: a newcomer waits while
others wait, and who needs more seats than are free holds his place until they are.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from core import audit
from core.db import session
from core.errors import Conflict
from events import notices, queries, rules
from events.enums import EventState, RegistrationState
from events.models import Event, Registration, RegistrationCounter


def join(registration: Registration, event: Event, *, at: datetime, beyond: bool = False) -> None:
    """Confirm the registration or put it at the end of the waiting list; give it the next number.

    `beyond`: an officer admits it although all seats are taken. Raise Conflict where all seats are taken and the
    event keeps no waiting list.
    """
    has_seat = beyond or (_fits(registration, event) and not queries.anybody_waits(event))
    if not has_seat and not event.waiting_list:
        raise Conflict(rules.FULL)
    registration.number = _next_number(event)
    registration.state = RegistrationState.CONFIRMED if has_seat else RegistrationState.WAITING
    registration.confirmed_at = at if has_seat else None
    session.add(registration)
    session.flush()


def promote_next(event: Event, *, by: object, at: datetime) -> list[Registration]:
    """Confirm those who wait, the first first, while seats last; tell each of them."""
    promoted: list[Registration] = []
    if event.state is not EventState.PUBLISHED or at >= event.ends_at:
        return promoted
    while (first := session.scalar(queries.waiting(event).limit(1))) is not None and _fits(first, event):
        confirm(first, by=by, at=at)
        promoted.append(first)
    return promoted


def promote(registration: Registration, event: Event, *, by: object, at: datetime, beyond: bool = False) -> None:
    """Confirm this one, whatever its place on the list. Raise Conflict where too few seats are free, unless `beyond`
    them."""
    if not beyond and not _fits(registration, event):
        raise Conflict(rules.TOO_FEW_SEATS)
    confirm(registration, by=by, at=at)


def confirm(registration: Registration, *, by: object, at: datetime) -> None:
    """Take a registration off the waiting list and tell so."""
    registration.state = RegistrationState.CONFIRMED
    registration.confirmed_at = at
    session.flush()
    audit.record("registration.promote", registration, by=by, at=at, columns=["state"])
    notices.tell(registration, "registration.promoted", notices.promoted, at=at)


def _fits(registration: Registration, event: Event) -> bool:
    taken = queries.seats_taken(event) if event.capacity is not None else 0
    return rules.fits(seats=registration.seats, taken=taken, capacity=event.capacity)


def _next_number(event: Event) -> int:
    """The next registration number: counted in the same transaction, so that none is ever missing."""
    counted = (
        update(RegistrationCounter)
        .where(RegistrationCounter.event_id == event.id)
        .values(last=RegistrationCounter.last + 1)
        .returning(RegistrationCounter.last)
        .execution_options(synchronize_session=False)
    )
    return session.execute(counted).scalar_one()
