"""Who has a desk: a screen that says what needs him now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.rules import is_staff

if TYPE_CHECKING:
    from core.access import Actor


def has_desk(actor: Actor) -> bool:
    """Officers and administrators, and the council's secretary."""
    return is_staff(actor) or actor.has("council_secretary")
