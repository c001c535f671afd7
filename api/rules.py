"""Who makes tokens, and when a token counts. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from api.enums import Scope

if TYPE_CHECKING:
    from core.access import Actor

LONGEST_DAYS = 730
MOST_ROWS = 1_000  # of one call that hands in
WRITES_AN_HOUR = 60  # of one token
READS_A_MINUTE = 120  # of one token, in all web processes together
READS_AT_ONCE = 10  # that a process takes for itself: one write for so many reads
NOTED_EVERY = timedelta(minutes=5)
RECEIPTS_KEPT = timedelta(days=30)


def manage_tokens(actor: Actor) -> bool:
    """Administrators make tokens and take them back."""
    return actor.has("administrator")


def manage_token(actor: Actor, api_token: Any) -> bool:
    """The same, of one token."""
    return manage_tokens(actor)


def grant(taken: int) -> int:
    """How many of a minute's reads a process gets that asks for more, when so many are taken."""
    return max(0, min(READS_AT_ONCE, READS_A_MINUTE - taken))


def counts(*, expires_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Whether a token opens anything at that moment."""
    return revoked_at is None and at < expires_at


def allows(scopes: Iterable[str], scope: Scope) -> bool:
    """Whether a token was given that right."""
    return scope.value in set(scopes)
