"""What may be done with accounts, and the limits on signing in. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.access import Actor

PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 256
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)


def manage_accounts(actor: Actor) -> bool:
    """Administrators give roles, lock accounts and read the audit."""
    return actor.has("administrator")


def manage_accounts_of(actor: Actor, user: Any) -> bool:
    """The same, of one account."""
    return manage_accounts(actor)


def is_staff(actor: Actor) -> bool:
    """Officers and administrators run the Department's side of the site."""
    return actor.has("administrator", "officer")


def own_account(actor: Actor, user: Any) -> bool:
    """Everybody changes his own account."""
    return bool(actor.user_id == user.id)


def wait_before_next_try(failures: Sequence[datetime], *, at: datetime) -> timedelta:
    """How long an account has to wait after failed sign-ins from one place.

    The first five are free, then the wait doubles from 15 seconds up to 15 minutes. Counted per account and
    place, so that a stranger elsewhere cannot lock the owner out.
    """
    if len(failures) < FREE_FAILURES:
        return timedelta(0)
    wait = min(LONGEST_WAIT, timedelta(seconds=15) * 2 ** min(len(failures) - FREE_FAILURES, 10))
    left: timedelta = max(failures) + wait - at
    return max(timedelta(0), left)


def session_alive(*, created: datetime, seen: datetime, idle: timedelta, absolute: timedelta, at: datetime) -> bool:
    """Whether a sign-in still counts: used within `idle`, begun within `absolute`."""
    return seen <= at + timedelta(minutes=1) and at - seen < idle and at - created < absolute
