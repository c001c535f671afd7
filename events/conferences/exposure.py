"""Who is seen on the lists: firms by size on those of partners, and each partner on those of firms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from companies.enums import Band
from companies.models import Organisation
from companies.rules import sme_band
from core.db import session
from events.conferences import rules
from events.conferences.enums import Side
from events.conferences.models import Conference, Participant, PositionShown, Suggestion
from matching import fairness

UNKNOWN = "unknown"


@dataclass(frozen=True)
class BandLine:
    """Firms of one size; `band` None where the profile does not tell.

    `places`: how often they stand among the first of a partner's list. `attention`: what one of them gets against the
    mean of all firms, the upper places counting more (1.0: as much as the mean).
    """

    band: Band | None
    firms: int
    share_of_firms: float
    places: int
    share_of_places: float
    attention: float


@dataclass(frozen=True)
class PartnerLine:
    """On how many firms' lists a partner stands among the first, and on what share of them."""

    partner: Participant
    lists: int
    share: float


@dataclass(frozen=True)
class Exposure:
    """What the page of fairness shows of the stored lists."""

    bands: list[BandLine]
    partners: list[PartnerLine]
    unseen: list[Participant]  # firms that stand among the first on no partner's list
    lifted: int  # firms that the organiser's rule lifts on some list
    lists: int  # firms that have a list
    opened: int  # participants whose own people looked at theirs


def band_of(organisation: Organisation) -> Band | None:
    """The size of a firm by its profile."""
    return sme_band(employees=organisation.employees, revenue_vnd=organisation.revenue_vnd)


def exposure(conference: Conference, people: Sequence[Participant]) -> Exposure:
    """Read the lists of those who take part as they are stored: two queries for any number of them."""
    firms, partners = ([p for p in people if p.side is side] for side in Side)
    rows = session.execute(
        select(Suggestion.participant_id, Suggestion.other_id, Suggestion.rank, Suggestion.lifted).where(
            Suggestion.conference_id == conference.id, Suggestion.rank <= rules.SUGGESTIONS_SHOWN
        )
    ).all()
    here = {p.id for p in people}
    rows = [row for row in rows if row.participant_id in here and row.other_id in here]
    seen = Counter(row.other_id for row in rows)
    lists = len({row.participant_id for row in rows} & {p.id for p in firms})
    of_partners = [PartnerLine(p, seen[p.id], seen[p.id] / lists if lists else 0.0) for p in partners]
    return Exposure(
        bands=_bands(firms, _order(firms, partners, [(a, b, rank) for a, b, rank, _ in rows])),
        partners=sorted(of_partners, key=lambda line: -line.lists),
        unseen=[p for p in firms if not seen[p.id]],
        lifted=len({row.other_id for row in rows if row.lifted}),
        lists=lists,
        opened=_opened(conference),
    )


def _opened(conference: Conference) -> int:
    found = session.scalars(
        select(PositionShown.participant_id)
        .join(Participant, Participant.id == PositionShown.participant_id)
        .where(Participant.conference_id == conference.id)
        .distinct()
    )
    return len(found.all())


def _order(
    firms: Sequence[Participant], partners: Sequence[Participant], rows: Sequence[tuple[int, int, int]]
) -> NDArray[np.intp]:
    """The first places of partners' lists, (partners, places): positions in `firms`, -1 where a place is empty."""
    firm_at, partner_at = ({p.id: n for n, p in enumerate(side)} for side in (firms, partners))
    order = np.full((len(partners), rules.SUGGESTIONS_SHOWN), -1, dtype=np.intp)
    for who, other, rank in rows:
        if who in partner_at and other in firm_at:
            order[partner_at[who], rank - 1] = firm_at[other]
    return order


def _bands(firms: Sequence[Participant], order: NDArray[np.intp]) -> list[BandLine]:
    names = [band_of(p.organisation) or UNKNOWN for p in firms]
    by_name = fairness.exposure(order, names)
    places = Counter(names[j] for j in order[order >= 0])
    total, filled = len(firms), max(sum(places.values()), 1)
    mean = sum(count * attention for count, attention in by_name.values()) / total if total else 0.0
    return [
        BandLine(
            band=None if name == UNKNOWN else Band(name),
            firms=by_name[name][0],
            share_of_firms=by_name[name][0] / total,
            places=places[name],
            share_of_places=places[name] / filled,
            attention=by_name[name][1] / mean if mean else 0.0,
        )
        for name in (*Band, UNKNOWN)
        if name in by_name
    ]
