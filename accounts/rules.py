"""What may be done with accounts, and the limits on signing in. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.access import Actor

PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 256
FREE_FAILURES = 5  # of one account from one place
FREE_ELSEWHERE = 30  # of one account from all places together that it is not known at
FREE_OF_PLACE = 60  # from one place over all accounts
LONGEST_WAIT = timedelta(minutes=15)
ACTING_LASTS = timedelta(minutes=60)  # for another, before the officer is asked again
ACTING_GRACE = timedelta(minutes=30)  # to send a form that was opened within that time
NEED_SECOND_FACTOR = frozenset({"administrator", "officer", "council_secretary", "council_member"})


@dataclass(frozen=True)
class Failures:
    """Failed tries within the last hour: how many, and when the last was."""

    count: int = 0
    last: datetime | None = None


def manage_accounts(actor: Actor) -> bool:
    """Administrators give roles, lock accounts and read the audit."""
    return actor.has("administrator")


def manage_accounts_of(actor: Actor, user: Any) -> bool:
    """The same, of one account."""
    return manage_accounts(actor)


def is_staff(actor: Actor) -> bool:
    """Officers and administrators run the Department's side of the site."""
    return actor.has("administrator", "officer")


def act_for(actor: Actor) -> bool:
    """Officers may play the part of one who needs help, in the open: the page and the audit say so."""
    return is_staff(actor)


def acting_over(*, until: datetime | None, sends: bool, at: datetime) -> bool:
    """Whether the time of acting for another is over: pages ask anew; what a page of before `sends` still counts."""
    return until is None or at >= until + (ACTING_GRACE if sends else timedelta(0))


def own_account(actor: Actor, user: Any) -> bool:
    """Everybody changes his own account."""
    return bool(actor.user_id == user.id)


def needs_second_factor(roles: Iterable[str]) -> bool:
    """Whoever runs the site, decides for the Department or scores dossiers signs in with two factors."""
    return not NEED_SECOND_FACTOR.isdisjoint(roles)


def wait_before_next_try(failures: Failures, *, at: datetime, free: int = FREE_FAILURES) -> timedelta:
    """How long to wait after failed tries: `free` are free, then the wait doubles from 15 seconds to 15 minutes."""
    if failures.count < free or failures.last is None:
        return timedelta(0)
    wait = min(LONGEST_WAIT, timedelta(seconds=15) * 2 ** min(failures.count - free, 10))
    left: timedelta = failures.last + wait - at
    return max(timedelta(0), left)


def wait(*, here: Failures, elsewhere: Failures, of_place: Failures, known: bool, at: datetime) -> timedelta:
    """How long the next try has to wait.

    Counted of the account at this place, of the account at all unknown places (guesses spread over many addresses),
    and of this place over all accounts (one password tried with many names). A browser that the account was used with
    before is `known` and counts by itself alone, so that no stranger can make an owner wait at his own desk; at a new
    one, the way by mail is always open.
    """
    waits = [wait_before_next_try(here, at=at)]
    if not known:
        waits.append(wait_before_next_try(elsewhere, at=at, free=FREE_ELSEWHERE))
        waits.append(wait_before_next_try(of_place, at=at, free=FREE_OF_PLACE))
    return max(waits)


def session_alive(*, created: datetime, seen: datetime, idle: timedelta, absolute: timedelta, at: datetime) -> bool:
    """Whether a sign-in still counts: used within `idle`, begun within `absolute`."""
    return seen <= at + timedelta(minutes=1) and at - seen < idle and at - created < absolute
