"""Who may do what with events, and when a registration is taken. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.i18n import _l
from events.enums import EventState

if TYPE_CHECKING:
    from core.access import Actor

MOST_SEATS = 50  # of one registration
NOT_PUBLISHED = _l("This event is not open to registrations.")
CANCELLED = _l("This event is cancelled.")
OVER = _l("This event is over.")
NOT_OPEN_YET = _l("Registration has not opened yet.")
CLOSED = _l("Registration has closed.")
REGISTERED_ALREADY = _l("This organisation is registered already.")
WRONG_KIND = _l("This event is for other kinds of organisations.")
TOO_FEW_SEATS = _l("There are not enough free seats. Raise the number of seats first.")
NOT_WAITING = _l("This registration is not on the waiting list any more.")
FULL = _l("All seats are taken, and this event keeps no waiting list.")


def manage(actor: Actor) -> bool:
    """Officers and administrators make events and run them."""
    return actor.has("administrator", "officer")


def manage_event(actor: Actor, event: Any) -> bool:
    """The same, of one event."""
    return manage(actor)


def answers(actor: Actor) -> bool:
    """Who belongs to an organisation answers for it, and an officer who acts for it."""
    return actor.belongs_to_any("organisation")


def take_part(actor: Actor, event: Any) -> bool:
    """The same, who registers it."""
    return answers(actor)


def own(actor: Actor, registration: Any) -> bool:
    """It is a registration of the actor's organisation, or his personal one."""
    if registration.organisation_id is None:
        return actor.user_id is not None and actor.user_id == registration.user_id
    return actor.belongs("organisation", registration.organisation_id)


def own_registration(actor: Actor, event: Any, registration: Any) -> bool:
    """Who belongs to the registered organisation withdraws it or answers its invitation."""
    return own(actor, registration)


def manage_registration(actor: Actor, event: Any, registration: Any) -> bool:
    """Officers promote and withdraw registrations."""
    return manage(actor)


def refusal(
    *,
    state: EventState,
    opens_at: datetime | None,
    closes_at: datetime,
    ends_at: datetime,
    at: datetime,
    by_staff: bool = False,
) -> Any:
    """Why no registration is taken at `at`, as a sentence; None if it is taken.

    Registration is open from `opens_at` (as soon as the event is published where there is none) until just
    before `closes_at`. Staff who register an organisation on its behalf are not bound to that window.
    """
    if state is EventState.CANCELLED:
        return CANCELLED
    if state is EventState.DRAFT:
        return NOT_PUBLISHED
    if state is EventState.DONE or at >= ends_at:
        return OVER
    if not by_staff and opens_at is not None and at < opens_at:
        return NOT_OPEN_YET
    if not by_staff and at >= closes_at:
        return CLOSED
    return None


def admits(*, kinds: Collection[str], open_to: Collection[str]) -> bool:
    """Whether an organisation of these kinds may take part; an event open to no kind in particular takes all."""
    return not open_to or not set(open_to).isdisjoint(kinds)


def fits(*, seats: int, taken: int, capacity: int | None) -> bool:
    """Whether `seats` more can be confirmed where `taken` are."""
    return capacity is None or taken + seats <= capacity
