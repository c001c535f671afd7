"""Who decides on requests for contact, who answers them, and how many somebody may send. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from accounts.rules import is_staff
from companies.contacting.enums import ContactState

if TYPE_CHECKING:
    from core.access import Actor

A_DAY = timedelta(days=1)
FROM_ONE_ADDRESS, TO_ONE_FIRM = 3, 30  # a day
ANSWER_WITHIN = timedelta(days=5)  # by the Department


def decide(actor: Actor, **_rows: Any) -> bool:
    """Officers forward or decline what strangers ask."""
    return is_staff(actor)


def answer(actor: Actor, contact_request: Any) -> bool:
    """The people of the firm agree or refuse, once it was forwarded to them."""
    return actor.belongs("organisation", contact_request.organisation_id)


def is_asked(actor: Actor) -> bool:
    """Who belongs to an organisation is asked whether it agrees."""
    return actor.belongs_to_any("organisation")


def read_requests(actor: Actor, organisation: Any) -> bool:
    """The people of the firm read what was forwarded to them."""
    return actor.belongs("organisation", organisation.id)


def may_send(*, from_address: int, to_firm: int) -> bool:
    """Whether one more request may be sent after so many on the same day."""
    return from_address < FROM_ONE_ADDRESS and to_firm < TO_ONE_FIRM


UNANSWERED = (ContactState.OPEN, ContactState.FORWARDED)
SEEN_BY_FIRM = (ContactState.FORWARDED, ContactState.ACCEPTED, ContactState.REFUSED)
