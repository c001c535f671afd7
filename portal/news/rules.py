"""Who writes news, and when an item is current. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from accounts.rules import is_staff

if TYPE_CHECKING:
    from core.access import Actor


def write_news(actor: Actor) -> bool:
    """Officers write, publish and withdraw."""
    return is_staff(actor)


def write_item(actor: Actor, news_item: Any) -> bool:
    """The same, of one item."""
    return write_news(actor)


def is_current(*, published_at: datetime | None, valid_until: date | None, on: date) -> bool:
    """Whether an item stands in the list on a day."""
    return published_at is not None and (valid_until is None or valid_until >= on)
