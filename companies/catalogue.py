"""The public directory, kept in memory by each process until a change of its rows makes it anew.

It holds what everybody may read and nothing else, whoever asks: what is not public cannot be counted, suggested or
found here.
"""

from __future__ import annotations

import csv
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

import vietnamese
from companies import places, rules, stamp, title_terms
from companies.enums import Recognition
from companies.facets import Entry, Facet, Index
from companies.models import Award, Organisation, OrganisationKind, Product
from companies.records import Certificate
from companies.suggesting import Group, Term, term
from core.access import NOBODY, visible_to
from core.db import session

_reading = threading.Lock()
CHAPTERS_FILE = Path(__file__).with_name("data") / "hs_chapters.csv"


@dataclass(frozen=True)
class Catalogue:
    """What the pages of the directory are computed from. `titles`: recognised products of each organisation.

    `title_terms`: how long titles hold.
    """

    mark: str | None
    on: date
    index: Index
    terms: Sequence[Term]
    certificates: Mapping[str, str]
    titles: Mapping[int, int]
    title_terms: rules.Terms


def current(on: date) -> Catalogue:
    """The directory as it is now: one short query, unless something changed."""
    mark = stamp.present()
    if (kept := _kept(mark, on)) is not None:
        return kept
    with _reading:  # one thread reads, the others wait for what it found: together they would take as often as long
        if (kept := _kept(mark, on)) is None:
            kept = current_app.extensions["directory"] = _read(mark, on)
    return kept


def _kept(mark: str | None, on: date) -> Catalogue | None:
    kept: Catalogue | None = current_app.extensions.get("directory")
    return kept if kept is not None and mark is not None and (kept.mark, kept.on) == (mark, on) else None


@lru_cache
def chapters() -> Mapping[str, tuple[str, str]]:
    """The chapters of the Harmonised System: two digits -> short titles in Vietnamese and English."""
    with CHAPTERS_FILE.open(encoding="utf-8", newline="") as file:
        return {row["chapter"]: (row["name_vi"], row["name_en"]) for row in csv.DictReader(file)}


def certificate_key(name: str) -> str:
    """What stands for a certificate in an address, whatever its edition: ``ISO 9001:2015`` -> ``iso 9001``."""
    return vietnamese.search_key(name.split(":")[0])


def _read(mark: str | None, on: date) -> Catalogue:
    organisations = session.execute(
        select(
            Organisation.id, Organisation.sort_key, Organisation.search_key, Organisation.sector,
            Organisation.commune, Organisation.name_vi, Organisation.name_en,
            Organisation.name_original, Organisation.short_name_vi, Organisation.short_name_en,
        ).where(visible_to(NOBODY, Organisation))
    ).all()  # fmt: skip
    kinds = _by_organisation(select(OrganisationKind.organisation_id, OrganisationKind.kind))
    products = _by_organisation(
        select(
            Product.organisation_id, Product.id, Product.search_key, Product.hs, Product.name_vi,
            Product.name_en, Product.name_original,
        ).where(visible_to(NOBODY, Product))
    )  # fmt: skip
    awards = _by_organisation(
        select(
            Award.organisation_id, Award.winner_name, Award.year, Award.top10, Award.valid_until, Award.product_id,
            Award.product_vi, Award.product_en,
        ).where(visible_to(NOBODY, Award), Award.organisation_id.is_not(None))
    )  # fmt: skip
    held = _by_organisation(select(Certificate.organisation_id, Certificate.name).where(Certificate.hold_on(on)))
    certificates: dict[str, str] = {}
    entries = []
    terms = title_terms.present()
    for row in organisations:
        facts = _facts(row, kinds[row.id], products[row.id], awards[row.id])
        status = rules.recognition(((a.year, a.valid_until) for a in awards[row.id]), on=on, terms=terms)
        facts[Facet.STATUS] = frozenset([status.value])
        facts[Facet.CERTIFICATE] = _certified(held[row.id], certificates)
        titles = {vietnamese.search_key(f"{a.product_vi or ''} {a.product_en or ''}") for a in awards[row.id]}
        earlier = {vietnamese.search_key(award.winner_name) for award in awards[row.id]}
        keys = (*(product.search_key for product in products[row.id]), *titles)
        entries.append(Entry(row.id, row.sort_key, " ".join((row.search_key, *earlier)), keys, facts))
    return Catalogue(
        mark=mark,
        on=on,
        index=Index(entries),
        terms=_terms(organisations, products),
        certificates=certificates,
        title_terms=terms,
        titles={
            row.id: number for row in organisations if (number := _recognised_products(awards[row.id], on, terms))
        },
    )


def _by_organisation(query: Any) -> defaultdict[int, list[Any]]:
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        rows[row.organisation_id].append(row)
    return rows


def _facts(
    row: Any, kinds: Iterable[Any], products: Sequence[Any], awards: Sequence[Any]
) -> dict[Facet, frozenset[str]]:
    codes = {product.hs[:digits] for product in products if product.hs for digits in (2, 4)}
    return {
        Facet.KIND: frozenset(kind.kind.value for kind in kinds),
        Facet.SECTOR: frozenset([row.sector.value] if row.sector else ()),
        Facet.TOP10: frozenset(["1"] if any(award.top10 for award in awards) else ()),
        Facet.YEAR: frozenset(str(award.year) for award in awards if award.year),
        Facet.HS: frozenset(codes),
        Facet.COMMUNE: frozenset([row.commune] if row.commune in places.communes() else ()),
    }


def _certified(rows: Iterable[Any], names: dict[str, str]) -> frozenset[str]:
    """The keys of these certificates; `names` learns how each is written."""
    keys = set()
    for row in rows:
        if key := certificate_key(row.name):
            names.setdefault(key, vietnamese.clean_line(row.name.split(":")[0]))
            keys.add(key)
    return frozenset(keys)


def _recognised_products(awards: Sequence[Any], on: date, terms: rules.Terms) -> int:
    """How many different products of one organisation hold a title today."""
    statuses = ((a, rules.recognition([(a.year, a.valid_until)], on=on, terms=terms)) for a in awards)
    held = (a for a, status in statuses if status is Recognition.RECOGNISED)
    return len({a.product_id or vietnamese.sort_key(a.product_vi or a.product_en or "") for a in held})


def _terms(organisations: Sequence[Any], products: Mapping[int, Sequence[Any]]) -> list[Term]:
    terms = []
    for row in sorted(organisations, key=lambda row: row.sort_key):
        names = (row.name_vi, row.name_en or row.name_original)
        short = " ".join(filter(None, (row.short_name_vi, row.short_name_en)))
        terms.append(term(Group.ORGANISATION, row.id, *names, more=short))
        for product in products[row.id]:
            names = (product.name_vi, product.name_en or product.name_original)
            about = row.name_vi or row.name_en or row.name_original or ""
            terms.append(term(Group.PRODUCT, product.id, *names, about=about))
    codes = {product.hs for some in products.values() for product in some if product.hs}
    used, headings = {code[:2] for code in codes}, {code[:4] for code in codes if len(code) > 2}
    for code in sorted(used | headings):
        vi, en = chapters().get(code[:2], ("", ""))
        terms.append(term(Group.HS, code, f"{code} · {vi}", f"{code} · {en}"))
    terms += [term(Group.COMMUNE, name, name, name, more=kind) for name, kind in places.communes().items()]
    return terms
