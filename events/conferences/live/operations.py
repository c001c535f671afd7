"""Verbs of the hall: an officer who sees two sit together says so for both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from companies import queries as companies
from events.conferences.models import Participant
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes import queries


def see(firm: Participant, partner: Participant, held: bool | None, *, by: Any, at: datetime) -> int:
    """Report a meeting as held or not on behalf of both sides, as somebody of the staff saw it; None takes that back.

    What a side said itself stays. Return for how many sides it was noted.
    """
    noted = 0
    for who, other in ((firm, partner), (partner, firm)):
        row = queries.report(who, other)
        if row is not None and row.held is not None and _its_own(who, row.by_id):
            continue
        outcomes.report(who, other, {"held": held}, by=by, at=at, on_behalf=True)
        noted += 1
    return noted


def _its_own(participant: Participant, user_id: int | None) -> bool:
    """Whether it was said by the participant's own people."""
    return user_id is not None and companies.membership(user_id, participant.organisation_id) is not None
