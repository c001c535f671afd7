"""Rows -> what other systems are given: public facts only, each key stated here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from companies import rules
from companies.models import Award, Organisation, Product
from companies.plans import Change
from core.documents.tables import Table

OPEN_COLUMNS = (
    "winner_name", "tax_code", "product_vi", "product_en", "year", "decision", "valid_until", "valid", "top10",
    "first_time", "source", "organisation_id",
)  # fmt: skip


def organisation(row: Organisation, *, on: date, terms: rules.Terms) -> dict[str, Any]:
    """What everybody may know of an organisation."""
    titles = [(award.year, award.valid_until) for award in row.awards]
    return {
        "id": row.id,
        "tax_code": row.tax_code,
        "country": row.country,
        "foreign_id": row.foreign_id,
        "name": _texts(row, "name"),
        "kinds": sorted(kind.value for kind in row.kinds),
        "sector": row.sector.value if row.sector else None,
        "vsic": {"version": row.vsic_version, "code": row.vsic} if row.vsic else None,
        "province": row.province,
        "commune": row.commune,
        "zone": row.zone,
        "address": row.address,
        "website": row.website,
        "introduction": _texts(row, "intro"),
        "recognition": rules.recognition(titles, on=on, terms=terms).value,
        "products": [product(item) for item in row.products],
        "awards": [award(item, on=on, terms=terms, winner=False) for item in row.awards],
        "updated_at": _instant(row.updated_at),
    }


def product(row: Product) -> dict[str, Any]:
    """A product of an organisation."""
    return {"id": row.id, "name": _texts(row, "name"), "hs": row.hs}


def award(row: Award, *, on: date, terms: rules.Terms, winner: bool = True) -> dict[str, Any]:
    """A title that a product holds or held."""
    ends = rules.title_ends(year=row.year, valid_until=row.valid_until, terms=terms)
    found = {
        "id": row.id,
        "product": {"vi": row.product_vi, "en": row.product_en},
        "year": row.year,
        "decision": row.decision,
        "valid_until": ends.isoformat() if ends else None,
        "valid": ends is not None and ends >= on,
        "top10": row.top10,
        "first_time": row.first_time,
        "source": row.source,
    }
    if winner:
        firm = row.organisation
        found["winner"] = {
            "name": row.winner_name,
            "organisation_id": row.organisation_id,
            "tax_code": firm.tax_code if firm else None,
        }
    return found


def open_row(row: dict[str, Any]) -> list[Any]:
    """An award as a line of the public list."""
    winner = row["winner"]
    return [
        winner["name"], winner["tax_code"], row["product"]["vi"], row["product"]["en"], row["year"], row["decision"],
        row["valid_until"], row["valid"], row["top10"], row["first_time"], row["source"], winner["organisation_id"],
    ]  # fmt: skip


def open_table(rows: list[dict[str, Any]]) -> Table:
    """The public list of titles."""
    return Table("recognised-products", OPEN_COLUMNS, [open_row(row) for row in rows])


def result(change: Change) -> dict[str, Any]:
    """What happened to a row that was handed in."""
    return {
        "sheet": change.entry.sheet,
        "index": change.entry.number - 2,
        "what": change.what.value,
        "id": change.row.id if change.row is not None else None,
        "columns": change.columns if change.what.value == "changed" else [],
    }


def _texts(row: Any, name: str) -> dict[str, Any]:
    found = {language: getattr(row, f"{name}_{language}") for language in ("vi", "en")}
    if getattr(row, f"{name}_original"):
        found["original"] = getattr(row, f"{name}_original")
        found["original_language"] = row.original_language
    return found


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
