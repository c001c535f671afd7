"""What of a person is to be deleted in events: the seats that he himself holds become free."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.db import lock, session
from core.personal import Person, Step, on_erasure
from events import waiting_list
from events.enums import LIVE, RegistrationState
from events.models import Event, Registration


@on_erasure
def free_seats(person: Person) -> Step:
    """His own live registrations are withdrawn, without a word to him; those who wait move up and are told.

    A registration of an organisation stays, whoever made it.
    """

    def step(*, by: Any, at: datetime) -> None:
        own = select(Registration.id, Registration.event_id).where(
            Registration.user_id == person.id,
            Registration.organisation_id.is_(None),
            Registration.state.in_(LIVE),
        )
        for registration_id, event_id in session.execute(own.order_by(Registration.event_id)).all():
            event, registration = lock(Event, event_id), lock(Registration, registration_id)
            assert event is not None and registration is not None
            registration.state, registration.cancelled_at = RegistrationState.CANCELLED, at
            session.flush()
            audit.record("registration.cancel", registration, by=by, at=at, columns=["state"])
            waiting_list.promote_next(event, by=by, at=at)

    return step
