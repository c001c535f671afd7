"""What becomes of past meetings when two records turn out to be one organisation."""

from __future__ import annotations

from typing import Any

from companies import moving
from events.conferences.past.models import PastMeeting


@moving.on_clash(PastMeeting.firm_id)
@moving.on_clash(PastMeeting.partner_id)
def _the_same_meeting(mover: moving.Mover, row: Any, new: int) -> None:
    """Both were entered for one meeting, or as meeting each other."""
    mover.delete(PastMeeting.__table__, row.id)
