"""Lists of organisations: the public directory and the officer's list of what profiles lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, not_, or_, select
from sqlalchemy.orm import load_only, selectinload

import vietnamese
from companies import catalogue, rules
from companies.enums import Kind, NeedRole, Recognition, Sector, Visibility
from companies.facets import Facet
from companies.merges import gone_ids
from companies.models import Award, NeedOffer, Organisation, OrganisationKind, Product
from companies.records import Certificate
from core import clock
from core.access import NOBODY, Actor, visible_to
from core.db import contains, session
from core.i18n import _l
from core.paging import Page, page_of_keys

MISSING_LABELS = {
    "identifier": _l("Tax code or number abroad"),
    "name_en": _l("Name in English"),
    "contact": _l("E-mail or phone"),
    "website": _l("Website"),
    "languages": _l("Languages"),
    "intro_vi": _l("Introduction in Vietnamese"),
    "intro_en": _l("Introduction in English"),
    "needs_offers": _l("Needs or offers"),
    "sector": _l("Sector"),
    "vsic": _l("VSIC code"),
    "commune": _l("Commune"),
    "employees": _l("Employees"),
    "revenue_vnd": _l("Revenue"),
    "certificates": _l("Certificates"),
    "products": _l("Products"),
    "need": _l("A need"),
    "offer": _l("An offer"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader asked the directory for; an empty field asks nothing."""

    text: str = ""
    product: str = ""
    kind: Kind | None = None
    sector: Sector | None = None
    hs: str = ""
    certificate: str = ""
    commune: str = ""
    year: int | None = None
    top10: bool = False
    recognition: Recognition | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def chosen(self) -> dict[Facet, str]:
        """The facets that are narrowed, with their values."""
        values = {
            Facet.KIND: self.kind,
            Facet.SECTOR: self.sector,
            Facet.STATUS: self.recognition,
            Facet.TOP10: "1" if self.top10 else "",
            Facet.YEAR: self.year,
            Facet.HS: self.hs,
            Facet.CERTIFICATE: self.certificate,
            Facet.COMMUNE: self.commune,
        }
        return {facet: str(value) for facet, value in values.items() if value}


@dataclass(frozen=True)
class Found:
    """The organisations that fit, in Vietnamese order, and for each facet how many each value would leave.

    `certificates`: how those in the counts are written. `title_terms`: how long titles hold.
    """

    ids: Sequence[int]
    counts: Mapping[Facet, Mapping[str, int]]
    certificates: Mapping[str, str]
    title_terms: rules.Terms


def find(filters: Filters, *, on: date) -> Found:
    """What everybody finds under these filters; the same for every reader."""
    known = catalogue.current(on)
    index = known.index
    left = index.found(filters.chosen(), _words(filters.text), _words(filters.product))
    counts = {facet: index.counts(facet, left[facet]) for facet in Facet}
    return Found(index.ids(left[None]), counts, known.certificates, known.title_terms)


_CARD = (
    load_only(
        Organisation.name_vi, Organisation.name_en, Organisation.name_original, Organisation.original_language,
        Organisation.sector, Organisation.commune, Organisation.province, Organisation.country, raiseload=True,
    ),
    selectinload(Organisation.awards).load_only(Award.year, Award.valid_until, Award.top10),
)  # fmt: skip


def page(found: Found, number: str | None) -> Page[Organisation]:
    """One page of what was found, with what a card of the directory shows."""
    keys = page_of_keys(found.ids, number)
    query = select(Organisation).where(Organisation.id.in_(keys.rows), visible_to(NOBODY, Organisation))
    rows = session.scalars(query.options(*_CARD))
    by_id = {row.id: row for row in rows}
    return Page([by_id[key] for key in keys.rows if key in by_id], keys.number, keys.total, keys.per_page)


def search(filters: Filters, actor: Actor, *, on: date) -> Select[Any]:
    """The organisations that fit as a query, in Vietnamese order, with what a card of the directory shows."""
    query = select(Organisation).where(visible_to(actor, Organisation))
    if filters:
        query = query.where(Organisation.id.in_(find(filters, on=on).ids))
    return query.options(selectinload(Organisation.awards)).order_by(Organisation.sort_key, Organisation.id)


def _words(text: str) -> list[str]:
    """The folded words of a search; a tax code written in groups is one word."""
    digits = "".join(text.split()).replace("-", "").replace(".", "")
    if digits.isdecimal() and len(digits) >= 8:
        text = digits
    return vietnamese.search_key(text).split()


# --- the officer's list ---------------------------------------------------------------------------------------


def _filled(column: Any) -> ColumnElement[bool]:
    return and_(column.is_not(None), column != "")


def _has(role: NeedRole | None = None) -> ColumnElement[bool]:
    conditions = [NeedOffer.organisation_id == Organisation.id, NeedOffer.visibility != Visibility.OFFICER]
    return exists().where(*conditions, *([NeedOffer.role == role] if role else []))


def present() -> Mapping[str, ColumnElement[bool]]:
    """What a profile is asked for (see `rules.expected`) -> whether it is there, as columns of a query."""
    return {
        "identifier": or_(Organisation.tax_code.is_not(None), Organisation.foreign_id.is_not(None)),
        "name_en": _filled(Organisation.name_en),
        "contact": or_(_filled(Organisation.email), _filled(Organisation.phone)),
        "website": _filled(Organisation.website),
        "languages": func.length(_as_text(Organisation.languages)) > len("[]"),
        "intro_vi": _filled(Organisation.intro_vi),
        "intro_en": _filled(Organisation.intro_en),
        "needs_offers": _has(),
        "sector": Organisation.sector.is_not(None),
        "vsic": Organisation.vsic.is_not(None),
        "commune": _filled(Organisation.commune),
        "employees": Organisation.employees.is_not(None),
        "revenue_vnd": Organisation.revenue_vnd.is_not(None),
        "certificates": exists().where(
            Certificate.organisation_id == Organisation.id, Certificate.hold_on(clock.today())
        ),
        "products": exists().where(Product.organisation_id == Organisation.id),
        "need": _has(NeedRole.NEED),
        "offer": _has(NeedRole.OFFER),
    }


def _as_text(column: Any) -> ColumnElement[str]:
    return cast(column, String)


def present_in(ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """For each organisation what of a good profile is there: one query."""
    there = present()
    query = select(Organisation.id, *there.values()).where(Organisation.id.in_(ids))
    return {
        row[0]: frozenset(key for key, found in zip(there, row[1:], strict=True) if found)
        for row in session.execute(query)
    }


def lacking_counts(keys: Sequence[str]) -> Mapping[str, int]:
    """For each of these things how many organisations lack it, nought included: one query."""
    there = present()
    found = session.execute(
        select(*(func.coalesce(func.sum(case((there[key], 0), else_=1)), 0) for key in keys))
        .select_from(Organisation)
        .where(Organisation.id.not_in(gone_ids()))
    ).one()
    return {key: int(number) for key, number in zip(keys, found, strict=True)}


def _named(text: str) -> ColumnElement[bool]:
    """Every word in the names or codes of the organisation, or every word in one of its products or titles."""
    words = " ".join(_words(text))
    of_product = exists().where(Product.organisation_id == Organisation.id, contains(Product.search_key, words))
    of_award = exists().where(Award.organisation_id == Organisation.id, contains(Award.search_key, words))
    return or_(contains(Organisation.search_key, words), of_product, of_award)


def _is(kind: Kind) -> ColumnElement[bool]:
    return exists().where(OrganisationKind.organisation_id == Organisation.id, OrganisationKind.kind == kind)


def managed(text: str, lacking: str | None, actor: Actor) -> Select[Any]:
    """Organisations for officers, all or those that lack one thing, in Vietnamese order."""
    query = select(Organisation).where(visible_to(actor, Organisation))
    if text:
        query = query.where(_named(text))
    if lacking is not None and lacking in present():
        query = query.where(not_(present()[lacking]))
        if lacking in rules.EXPECTED_OF_FIRMS:
            query = query.where(_is(Kind.FIRM))
    return query.order_by(Organisation.sort_key, Organisation.id)
