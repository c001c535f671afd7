"""Who answers, who reads answers, and which groups are large enough to be shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from accounts.rules import is_staff

if TYPE_CHECKING:
    from core.access import Actor

SMALLEST_GROUP = 5  # firms; a smaller group would tell of single firms
ANSWERED_WITHIN = timedelta(days=10)  # a request waits no longer for the Department's answer
REMINDED_BEFORE = timedelta(days=3)
Key = TypeVar("Key")


def manage(actor: Actor) -> bool:
    """Officers open rounds, read answers, and reply."""
    return is_staff(actor)


def manage_round(actor: Actor, situation_round: Any) -> bool:
    """The same, of one round."""
    return manage(actor)


def manage_case(actor: Actor, situation_case: Any) -> bool:
    """The same, of one request."""
    return manage(actor)


def has_firm(actor: Actor) -> bool:
    """Who belongs to a firm answers for it and reads what it answered."""
    return actor.belongs_to_any("organisation.firm")


def answer(actor: Actor, situation_round: Any, organisation: Any) -> bool:
    """A firm is answered for by its own people, or by an officer who acts for it."""
    return actor.belongs("organisation.firm", organisation.id)


def read_results(actor: Actor, situation_round: Any) -> bool:
    """What firms said together is for firms that were asked, and for officers."""
    return manage(actor) or has_firm(actor)


def is_open(*, opens_on: date, closes_on: date, on: date) -> bool:
    """Whether a round takes answers on a day."""
    return opens_on <= on <= closes_on


def reminder_due(*, opens_on: date, closes_on: date, on: date) -> bool:
    """Whether the silent are reminded: in the last three days, not on the day of opening."""
    return (
        is_open(opens_on=opens_on, closes_on=closes_on, on=on) and on > opens_on and on >= closes_on - REMINDED_BEFORE
    )


def shown_groups(sizes: Mapping[Key, int], *, smallest: int = SMALLEST_GROUP) -> frozenset[Key]:
    """The groups that may be broken out beside their total.

    Small ones are hidden; and what is hidden together has to be large enough itself, or it could be told by
    subtracting from the total: then the next smallest group is hidden too.
    """
    shown = {key: size for key, size in sizes.items() if size >= smallest}
    hidden = sum(size for key, size in sizes.items() if key not in shown)
    while shown and 0 < hidden < smallest:
        next_one = min(shown, key=lambda key: (shown[key], str(key)))
        hidden += shown.pop(next_one)
    return frozenset(shown)


def balance(up: int, down: int, total: int) -> float | None:
    """The share that says more minus the share that says less, from -1 to 1; None if nobody answered."""
    return (up - down) / total if total else None
