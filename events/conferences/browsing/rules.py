"""Who browses for partners, and how much he may keep. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.access import Actor

LONGEST = 200  # firms on one list
FRESH_FOR = timedelta(hours=20)  # a list older than that is ranked anew by the site
COMPARED = range(2, 5)  # how many firms stand side by side
MOST_SEARCHES = 30  # of one organisation


def browse(actor: Actor, organisation: Any, **_rows: Any) -> bool:
    """The people of a bank, institute, school, buyer or supplier, for their own organisation."""
    return actor.belongs("organisation.partner", organisation.id)


def browses(actor: Actor) -> bool:
    """Whether there is any organisation for which he browses."""
    return bool(actor.ties.get("organisation.partner"))
