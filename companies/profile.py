"""What the page of an organisation shows to a reader of some tier, also to show its owner what others see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from companies import directory, photos, queries, rules
from companies.enums import GrantScope, Kind, NeedRole
from companies.models import Organisation
from companies.records import FIGURES, YearlyFigures
from companies.rules import Sight, Tier
from core import clock
from core.access import Actor
from core.i18n import _l

PREVIEWS: Mapping[str, tuple[Any, Sight]] = {
    "public": (_l("Everybody"), Sight()),
    "partner": (_l("A partner who is signed in"), Sight(Tier.PARTNER)),
    "matched": (_l("A matched partner"), Sight(Tier.MATCHED)),
    "granted": (_l("The same with your consent"), Sight(Tier.MATCHED, frozenset(GrantScope))),
    "officer": (_l("An officer"), Sight(Tier.OFFICER)),
}


def parts(organisation: Organisation, seen: Sight, reader: Actor) -> dict[str, Any]:
    """Everything that the template names, no more than `seen` allows."""
    inside = seen.tier >= Tier.INSIDE
    today = clock.today()
    products, titles = queries.with_awards(queries.products(organisation), organisation.awards)
    needs = [
        row
        for row in queries.needs_offers(organisation, reader)
        if inside or (row.valid_on(today) and seen.reads(row.visibility))
    ]
    present = directory.present_in([organisation.id])[organisation.id] if inside else frozenset()
    revenue = organisation.revenue_vnd if seen.shows("revenue_vnd") else None
    years = queries.figures(organisation) if seen.shows("employees") else ()
    return {
        "products": products,
        "photos": photos.by_product(photos.of(organisation)),
        "other_awards": titles,
        "needs": [n for n in needs if n.role is NeedRole.NEED],
        "offers": [n for n in needs if n.role is NeedRole.OFFER],
        "support": queries.support(organisation, reader) if inside else (),
        "inside": inside,
        "manages": rules.manage_organisation(reader, organisation),
        "missing": rules.missing(organisation.kinds, present) if inside else (),
        "share": rules.complete_share(organisation.kinds, present) if inside else None,
        "stated": {name: next((y for y in years if getattr(y, name) is not None), None) for name in FIGURES},
        "bars": bars(years, "revenue_vnd") if seen.shows("revenue_vnd") else (),
        "band": rules.sme_band(employees=organisation.employees, revenue_vnd=revenue)
        if seen.shows("employees") and Kind.FIRM in organisation.kinds
        else None,
        "today": today,
    }


# --- a picture of years -----------------------------------------------------------------------------------------

BAR_HEIGHT, BARS = 60, 8


@dataclass(frozen=True)
class Bar:
    """A year of the picture, `height` of 60."""

    year: int
    value: Decimal
    height: int


def bars(rows: Sequence[YearlyFigures], name: str) -> list[Bar]:
    """The last years of one figure, the oldest first; nothing to compare makes no picture."""
    stated = [(row.year, Decimal(getattr(row, name))) for row in rows if getattr(row, name) is not None][:BARS]
    top = max((value for _year, value in stated), default=Decimal(0))
    if len(stated) < 2 or not top:
        return []
    return [Bar(year, value, max(1, round(BAR_HEIGHT * value / top))) for year, value in reversed(stated)]
