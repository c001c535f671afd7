"""Named reads of delegations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import selectinload

from core.access import Actor, visible
from core.db import session
from events import queries as event_queries
from events import rules as event_rules
from events.conferences.delegations.models import Delegation, VisitHost, VisitWish
from events.conferences.enums import Wish
from events.enums import RegistrationState
from events.models import Event, Registration


def _hosts_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Only officers open the page of a host."""
    return true() if event_rules.manage(actor) else false()


visible(VisitHost, _hosts_visible_to)


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
