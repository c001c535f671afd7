"""Which freed times can still be taken, and who comes first, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from events.conferences.enums import Wish
from events.conferences.rules import pair_value, wished

SHOWN = 5  # pairs offered for one freed time


def can_be_taken(*, begins_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """A freed time is worth taking until half of it is over."""
    return at < begins_at + (ends_at - begins_at) / 2


@dataclass(frozen=True)
class Pair:
    """Two who could meet. `said`: what each says of the other; `offers`: how many say that they are free for more."""

    firm: int
    partner: int
    fit: float
    said: tuple[Wish | None, Wish | None] = (None, None)
    offers: int = 0
    met_before: bool = False

    @property
    def wishes(self) -> int:
        """How many of the two want it: 2 is a mutual wish."""
        return sum(map(wished, self.said))


def ranked(pairs: Iterable[Pair], limit: int = SHOWN) -> list[Pair]:
    """Who comes first: mutual wishes, then one-sided ones, then the fit; of equals, those who offered themselves.

    Whom one of the two will not meet, and those who met at an earlier conference, are never among them.
    """
    possible = [p for p in pairs if pair_value(p.fit, p.said) is not None and not p.met_before]
    return sorted(possible, key=lambda p: (-p.wishes, -round(p.fit, 2), -p.offers, p.firm, p.partner))[:limit]
