"""Who may do what at the door for somebody who is not registered, as pure functions.

A clerk at the door may find an organisation by name or tax code (and sees of it no more than name, kind and tax
code), enter one that is new, and admit it while seats last. What needs a judgement is an officer's: to admit beyond
the number of seats, for a reason that is kept; to let somebody in who stands on the waiting list; to say that an
organisation is another one than that of nearly the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.conferences.day.rules import keep_the_door

if TYPE_CHECKING:
    from core.access import Actor

LEAST_OF_A_REASON = 5  # characters


def admit(actor: Actor, conference: Any = None, **_part: Any) -> bool:
    """Who keeps the door admits, while it is open to him."""
    return keep_the_door(actor, conference)


def decide(actor: Actor, conference: Any = None, **_part: Any) -> bool:
    """What an officer alone decides, see above; he also prints whom the newcomer meets."""
    return actor.has("officer", "administrator")


def reason_given(reason: str) -> bool:
    """Whether a reason says anything."""
    return len(reason.strip()) >= LEAST_OF_A_REASON
