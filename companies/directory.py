"""Lists of organisations: the public directory and the officer's list of what profiles lack."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, not_, or_, select
from sqlalchemy.orm import selectinload

import vietnamese
from companies import rules
from companies.enums import Kind, NeedRole, Recognition, Sector, Visibility
from companies.models import Award, NeedOffer, Organisation, OrganisationKind, Product
from core.access import Actor, visible_to
from core.db import contains, session
from core.i18n import _l

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
COMMUNES_FILE = Path(__file__).with_name("data") / "communes.csv"


@dataclass(frozen=True)
class Filters:
    """What the reader asked the directory for; an empty field asks nothing."""

    text: str = ""
    kind: Kind | None = None
    sector: Sector | None = None
    commune: str = ""
    year: int | None = None
    top10: bool = False
    recognition: Recognition | None = None

    def __bool__(self) -> bool:
        return self != Filters()


def search(filters: Filters, actor: Actor, *, on: date) -> Select[Any]:
    """Organisations that fit, in Vietnamese order, with what a card of the directory shows."""
    query = select(Organisation).where(visible_to(actor, Organisation))
    if filters.text:
        query = query.where(_found(filters.text))
    if filters.kind:
        query = query.where(_is(filters.kind))
    if filters.sector:
        query = query.where(Organisation.sector == filters.sector)
    if filters.commune:
        query = query.where(Organisation.commune == filters.commune)
    if filters.year or filters.top10:
        query = query.where(_awarded(filters.year, filters.top10))
    if filters.recognition:
        query = query.where(_status(filters.recognition, on))
    return query.options(selectinload(Organisation.awards)).order_by(Organisation.sort_key, Organisation.id)


def _found(text: str) -> ColumnElement[bool]:
    """Every word in the names or codes of the organisation, or every word in one of its products."""
    digits = "".join(text.split()).replace("-", "").replace(".", "")
    if digits.isdecimal() and len(digits) >= 8:
        text = digits
    of_product = exists().where(Product.organisation_id == Organisation.id, contains(Product.search_key, text))
    of_award = exists().where(Award.organisation_id == Organisation.id, contains(Award.search_key, text))
    return or_(contains(Organisation.search_key, text), of_product, of_award)


def _is(kind: Kind) -> ColumnElement[bool]:
    return exists().where(OrganisationKind.organisation_id == Organisation.id, OrganisationKind.kind == kind)


def _awarded(year: int | None, top10: bool) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Award.organisation_id == Organisation.id]
    if year:
        conditions.append(Award.year == year)
    if top10:
        conditions.append(Award.top10.is_(True))
    return exists().where(*conditions)


def _status(status: Recognition, on: date) -> ColumnElement[bool]:
    """The query twin of `rules.recognition`."""
    awarded = exists().where(Award.organisation_id == Organisation.id)
    held = exists().where(
        Award.organisation_id == Organisation.id,
        or_(
            Award.valid_until >= on,
            and_(Award.valid_until.is_(None), Award.year >= rules.oldest_year_that_holds(on=on)),
        ),
    )
    return {
        Recognition.RECOGNISED: held,
        Recognition.LAPSED: and_(awarded, not_(held)),
        Recognition.NONE: not_(awarded),
    }[status]


def award_years() -> Sequence[int]:
    """The years of awards, the newest first."""
    years = session.scalars(select(Award.year).where(Award.year.is_not(None)).distinct()).all()
    return sorted((year for year in years if year is not None), reverse=True)


@lru_cache
def communes() -> Mapping[str, str]:
    """Hanoi's communes (from 1 July 2025): name -> phường or xã, in Vietnamese order."""
    with COMMUNES_FILE.open(encoding="utf-8", newline="") as file:
        rows = [(vietnamese.nfc(row["name"]), row["kind"]) for row in csv.DictReader(file)]
    return dict(sorted(rows, key=lambda row: vietnamese.sort_key(row[0])))


@lru_cache
def _communes_by_key() -> Mapping[str, str]:
    return {vietnamese.search_key(name): name for name in communes()}


def commune(text: str) -> str | None:
    """The commune's official name from any spelling (Hoà Lạc, phường Cửa Nam, xa hoa lac); None if there is none."""
    key = vietnamese.search_key(text)
    for prefix in ("phuong ", "xa "):
        if key not in _communes_by_key():
            key = key.removeprefix(prefix)
    return _communes_by_key().get(key)


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
        "certificates": func.length(_as_text(Organisation.certificates)) > len("[]"),
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
        select(*(func.coalesce(func.sum(case((there[key], 0), else_=1)), 0) for key in keys)).select_from(
            Organisation
        )
    ).one()
    return {key: int(number) for key, number in zip(keys, found, strict=True)}


def managed(text: str, lacking: str | None, actor: Actor) -> Select[Any]:
    """Organisations for officers, all or those that lack one thing, in Vietnamese order."""
    query = select(Organisation).where(visible_to(actor, Organisation))
    if text:
        query = query.where(_found(text))
    if lacking is not None and lacking in present():
        query = query.where(not_(present()[lacking]))
        if lacking in rules.EXPECTED_OF_FIRMS:
            query = query.where(_is(Kind.FIRM))
    return query.order_by(Organisation.sort_key, Organisation.id)
