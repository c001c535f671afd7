"""Named reads of a partner's matched firms. Nothing here is told to another organisation, nor to officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, select, true
from sqlalchemy.orm import joinedload

from companies import directory
from companies.directory import Filters
from companies.enums import PARTNER_KINDS, Kind
from companies.listing import narrowing
from companies.models import Membership, NeedOffer, Organisation, OrganisationKind
from core import clock
from core.access import Actor, visible, visible_to
from core.db import session
from events.conferences import history
from events.conferences.browsing import rules
from events.conferences.browsing.enums import Met
from events.conferences.browsing.models import FirmList, FirmMatch, SavedSearch, Star

KEPT = ("q", "sector", "certificate", "commune", "status", "met", "starred")  # arguments of a search


def searches_visible_to(actor: Actor) -> ColumnElement[bool]:
    """A search is known to the partner's own people."""
    return SavedSearch.organisation_id.in_(actor.ties.get("organisation.partner", frozenset()))


visible(SavedSearch, searches_visible_to)


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to: by the directory, by meetings, by the shortlist."""

    filters: Filters
    met: Met | None = None
    starred: bool = False

    def __bool__(self) -> bool:
        return bool(self.filters) or self.met is not None or self.starred


def narrowed(arguments: Mapping[str, str]) -> Narrowed:
    """The filters in an address; what cannot be meant is ignored."""
    known = {name: arguments.get(name, "") for name in KEPT}
    met = next((one for one in Met if one.value == known["met"]), None)
    return Narrowed(narrowing.filters(known), met, known["starred"] == "1")


def kept_filters(arguments: Mapping[str, str]) -> dict[str, str]:
    """What of an address a saved search remembers."""
    return {name: value[:200] for name in KEPT if (value := arguments.get(name, "").strip())}


def ranked_at(organisation: Organisation) -> datetime | None:
    """When the firms of a partner were ranked last."""
    return session.scalar(select(FirmList.ranked_at).where(FirmList.organisation_id == organisation.id))


def matches(key: int, wanted: Narrowed, actor: Actor, *, at: datetime) -> Select[FirmMatch]:
    """The firms of a partner's list that fit, the best first, with what a card shows."""
    query = (
        select(FirmMatch)
        .join(Organisation, Organisation.id == FirmMatch.firm_id)
        .where(FirmMatch.organisation_id == key, visible_to(actor, Organisation))
        .options(joinedload(FirmMatch.firm).selectinload(Organisation.awards))
        .order_by(FirmMatch.rank, FirmMatch.id)
    )
    if wanted.filters:
        query = query.where(FirmMatch.firm_id.in_(directory.find(wanted.filters, on=clock.local(at).date()).ids))
    if wanted.met is not None:
        before = FirmMatch.firm_id.in_(history.met_with(key, at=at))
        query = query.where(before if wanted.met is Met.YES else ~before)
    if wanted.starred:
        query = query.where(exists().where(Star.organisation_id == key, Star.firm_id == FirmMatch.firm_id))
    return query


def compared(organisation: Organisation, firms: Sequence[int], actor: Actor) -> Sequence[FirmMatch]:
    """Some firms of a partner's list, the best first, with all that stands side by side."""
    return session.scalars(
        matches(organisation.id, Narrowed(Filters()), actor, at=clock.now())
        .where(FirmMatch.firm_id.in_(firms))
        .options(
            joinedload(FirmMatch.firm).selectinload(Organisation.certificate_rows),
            joinedload(FirmMatch.firm).selectinload(Organisation.products),
        )
    ).all()


def readable_needs(firms: Sequence[int], actor: Actor) -> Mapping[int, Sequence[NeedOffer]]:
    """firm -> its needs and offers that the reader may read: one query."""
    rows = session.scalars(
        select(NeedOffer)
        .where(NeedOffer.organisation_id.in_(firms), visible_to(actor, NeedOffer))
        .order_by(NeedOffer.id)
    ).all()
    return {key: [row for row in rows if row.organisation_id == key] for key in firms}


def starred(key: int) -> set[int]:
    """The firms on a partner's shortlist."""
    return set(session.scalars(select(Star.firm_id).where(Star.organisation_id == key)))


def searches(organisation: Organisation) -> Sequence[SavedSearch]:
    """The saved searches of a partner, by name."""
    query = select(SavedSearch).where(SavedSearch.organisation_id == organisation.id)
    return session.scalars(query.order_by(SavedSearch.name, SavedSearch.id)).all()


def partner_kinds(keys: Sequence[int]) -> Mapping[int, Kind]:
    """partner -> the kind that its list is ranked for: the first of its kinds in the order of the list of kinds."""
    rows = session.execute(
        select(OrganisationKind.organisation_id, OrganisationKind.kind).where(
            OrganisationKind.organisation_id.in_(keys), OrganisationKind.kind.in_(PARTNER_KINDS)
        )
    )
    order, found = list(Kind), dict[int, Kind]()
    for key, kind in rows:
        found[key] = min(kind, found.get(key, kind), key=order.index)
    return found


def due(at: datetime) -> Sequence[int]:
    """Partners with people on the site whose list is missing or old."""
    return _without(FirmList.ranked_at > at - rules.FRESH_FOR)


def without_list() -> Sequence[int]:
    """Partners with people on the site for whom no list was made yet."""
    return _without(true())


def _without(good: ColumnElement[bool]) -> Sequence[int]:
    """Partners with people on the site who have no list of that kind."""
    partner = exists().where(
        OrganisationKind.organisation_id == Membership.organisation_id, OrganisationKind.kind.in_(PARTNER_KINDS)
    )
    fresh = exists().where(and_(FirmList.organisation_id == Membership.organisation_id, good))
    return session.scalars(
        select(Membership.organisation_id)
        .where(Membership.left_at.is_(None), partner, ~fresh)
        .distinct()
        .order_by(Membership.organisation_id)
    ).all()
