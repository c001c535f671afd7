"""What a participant asks of the timetable: how many meetings at least and at most, and in which languages."""

from __future__ import annotations

from typing import Any

from events.conferences.enums import Side
from events.conferences.models import Conference


def languages_of(organisation: Any) -> tuple[str, ...]:
    """What an organisation speaks as its profile says; at home Vietnamese goes without saying."""
    spoken = tuple(code.lower() for code in organisation.languages or ())
    at_home = (organisation.country or "VN") == "VN"
    return spoken if not at_home or "vi" in spoken else ("vi", *spoken)


def limits(conference: Conference, p: Any) -> tuple[int, int]:
    """A participant's minimum and maximum: its own, or else the conference's for its side."""
    firm = p.side is Side.FIRM
    low = conference.firm_minimum if firm else conference.partner_minimum
    high = conference.firm_maximum if firm else conference.partner_maximum
    high = high if p.maximum is None else p.maximum
    return min(low if p.minimum is None else p.minimum, high), high


def reachable_minimum(conference: Conference, p: Any) -> int:
    """A participant's minimum, or what the times at which it is there allow."""
    low, high = limits(conference, p)
    there = sum(s.id not in p.away_slots for s in conference.slots)
    return min(low, high, there * p.delegates)
