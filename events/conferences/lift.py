"""The organiser's visible rule: recognised firms that had no support this year stand higher on partners' lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from companies import rules as company_rules
from companies import title_terms
from companies.enums import Recognition
from companies.models import Award, SupportReceived
from core import audit
from core.db import session
from core.errors import Invalid
from core.i18n import _
from events.conferences.models import Conference

MOST_POINTS = 30  # of a hundred; more would hide what fits behind what is meant well


def set_points(conference: Conference, points: int, *, by: Any, at: datetime) -> None:
    """Lift by that many points of fit, 0 for nobody. The lists follow when they are computed next."""
    if not 0 <= points <= MOST_POINTS:
        raise Invalid(_("Between 0 and %(most)d points.", most=MOST_POINTS), field="points")
    before = conference.lift_points
    if before == points:
        return
    conference.lift_points = points
    session.flush()
    audit.record("conference.lift", conference, by=by, at=at, columns=["lift_points"], before=before, points=points)


def without_support(conference: Conference, organisations: Collection[int], *, on: date) -> frozenset[int]:
    """Those of these organisations that hold a title on that day and had no support in its calendar year.

    What this conference itself counts as support is left out, or firms would sink while it lasts.
    """
    titles: dict[int | None, list[tuple[int | None, date | None]]] = defaultdict(list)
    for key, year, until in session.execute(
        select(Award.organisation_id, Award.year, Award.valid_until).where(Award.organisation_id.in_(organisations))
    ):
        titles[key].append((year, until))
    supported = set(
        session.scalars(
            select(SupportReceived.organisation_id).where(
                SupportReceived.organisation_id.in_(organisations),
                SupportReceived.on.between(date(on.year, 1, 1), on),
                SupportReceived.event_id.is_distinct_from(conference.event_id),
            )
        )
    )
    terms = title_terms.present()
    recognised = {
        key
        for key, held in titles.items()
        if key and company_rules.recognition(held, on=on, terms=terms) is Recognition.RECOGNISED
    }
    return frozenset(recognised - supported)
