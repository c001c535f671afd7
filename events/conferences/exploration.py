"""A share of the places on a list, filled from further down: what is never shown is never answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import audit
from core.db import session
from core.errors import Invalid
from core.i18n import _
from events.conferences.models import Conference
from matching.fairness import explored

MOST_PERCENT = 30
KEPT_PLACES = 3  # the first places of a list stay as they are


def set_percent(conference: Conference, percent: int, *, by: Any, at: datetime) -> None:
    """Fill that share of places from further down, 0 for none. The lists follow when they are computed next."""
    if not 0 <= percent <= MOST_PERCENT:
        raise Invalid(_("Between 0 and %(most)d percent.", most=MOST_PERCENT), field="percent")
    before = conference.exploration_percent
    if before == percent:
        return
    conference.exploration_percent = percent
    session.flush()
    audit.record(
        "conference.exploration",
        conference,
        by=by,
        at=at,
        columns=["exploration_percent"],
        before=before,
        percent=percent,
    )


def drawn(order: NDArray[np.intp], percent: int, *, seed: tuple[int, int]) -> tuple[NDArray[np.intp], frozenset[int]]:
    """One list (k,) with some places filled from further down, and which stand higher by that.

    The same seed (conference and participant) draws the same places, so a list stays between computations.
    """
    if not percent:
        return order, frozenset()
    new = explored(order[None, :], share=percent / 100, seed=seed[0] * 1_000_003 + seed[1], keep=KEPT_PLACES)[0]
    before = {int(key): place for place, key in enumerate(order) if key >= 0}
    return new, frozenset(int(key) for place, key in enumerate(new) if key >= 0 and place < before[int(key)])
