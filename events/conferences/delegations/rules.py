"""The rules of delegations, as pure functions: who may do what, which hours make sense."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from core.i18n import _l
from events import rules as event_rules

if TYPE_CHECKING:
    from core.access import Actor

MOST_HOSTS = 20  # of one delegation
ENDS_BEFORE_IT_BEGINS = _l("The day has to end after it begins.")
HALF_A_BREAK = _l("A break has a beginning and an end; leave both empty if there is none.")
BREAK_OUTSIDE = _l("The break has to lie within the day, and to end after it begins.")
CLOSES_TOO_SOON = _l("A whole visit has to fit between opening and closing.")


def organise(actor: Actor, event: Any, host: Any = None) -> bool:
    """Officers set a delegation up."""
    return event_rules.manage_event(actor, event)


def speak_for(actor: Actor, event: Any, registration: Any) -> bool:
    """A member speaks for itself; an officer may for one who phones, and the audit says so."""
    return event_rules.manage_event(actor, event) or event_rules.own_registration(actor, event, registration)


def minutes(of: time) -> int:
    """Minutes since midnight."""
    return of.hour * 60 + of.minute


def fault_of_day(*, begins: time, ends: time, break_from: time | None, break_until: time | None) -> Any:
    """(field, sentence) of what is wrong with the hours of a day; None if they make sense."""
    if ends <= begins:
        return "ends", ENDS_BEFORE_IT_BEGINS
    if break_from is None and break_until is None:
        return None
    if break_from is None or break_until is None:
        return ("break_from" if break_from is None else "break_until"), HALF_A_BREAK
    if not begins <= break_from < break_until <= ends:
        return "break_until", BREAK_OUTSIDE
    return None


def fault_of_host(*, opens: time, closes: time, lasts: int) -> Any:
    """(field, sentence) of what is wrong with the hours of a host; None if a visit fits in."""
    return None if minutes(opens) + lasts <= minutes(closes) else ("closes", CLOSES_TOO_SOON)
