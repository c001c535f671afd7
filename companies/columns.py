"""The columns of the list that officers fill in: four sheets, names, labels, and how their cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from companies import cells, identifiers, need_details
from companies.enums import KIND_LABELS, NEED_CLASS_LABELS, NEED_ROLE_LABELS, SECTOR_LABELS, VISIBILITY_LABELS
from companies.models import NAME_LENGTH
from companies.need_details import PREFIX, Detail, Type
from core.i18n import LANGUAGES, _l, force_locale

ORGANISATIONS, PRODUCTS, NEEDS_OFFERS, AWARDS = "organisations", "products", "needs_offers", "awards"
GUIDE_LABEL = _l("Guide")
FAULTS_LABEL = _l("What is wrong")  # heads the column that a report adds; read again, it is left out
LATEST_YEAR = 2200


@dataclass(frozen=True)
class Column:
    """A column. `name` heads it in the file; `field` is the attribute that it fills, the name unless given."""

    name: str
    label: Any
    read: cells.Read
    hint: Any = ""
    field: str = ""
    clears: bool = True  # whether (xoá) empties it
    lists: bool = False
    sums: bool = False  # whether a heading may name a unit: (tỷ đồng)

    @property
    def fills(self) -> str:
        return self.field or self.name

    @property
    def emptied(self) -> Any:
        """What is stored when the field is emptied."""
        return [] if self.lists else None


_NAME = cells.line(NAME_LENGTH)
_LIST = cells.several(cells.line(80))
_WHICH = Column(
    "organisation",
    _l("Organisation"),
    cells.line(NAME_LENGTH),
    _l("Tax code, foreign number or exact name of the organisation."),
    clears=False,
)
_LIST_HINT = _l("Several parted by |.")

_ORGANISATIONS = (
    Column(
        "tax_code",
        _l("Tax code"),
        cells.tax_code,
        _l("10 digits, 13 for a branch. The key in Vietnam."),
        clears=False,
    ),
    Column(
        "foreign_id",
        _l("Number abroad"),
        cells.by(identifiers.foreign_id),
        _l("Number in the register of its own country; with the country it is the key."),
        clears=False,
    ),
    Column(
        "country",
        _l("Country"),
        cells.by(identifiers.country),
        _l("Two letters, for example VN, JP, DE."),
        clears=False,
    ),
    Column("name_vi", _l("Name in Vietnamese"), _NAME, _l("One of the two names is needed.")),
    Column("name_en", _l("Name in English"), _NAME),
    Column("kinds", _l("Kinds"), cells.several(cells.code(KIND_LABELS)), _LIST_HINT, clears=False),
    Column("sector", _l("Sector"), cells.code(SECTOR_LABELS)),
    Column("vsic_version", _l("VSIC version"), cells.by(identifiers.vsic_version), _l("2018 or 2025."), clears=False),
    Column("vsic", _l("VSIC code"), cells.by(identifiers.vsic)),
    Column("province", _l("Province"), cells.line(80)),
    Column("commune", _l("Commune"), cells.line(80), _l("One of the 126 communes of Hanoi since 1 July 2025.")),
    Column("zone", _l("Industrial zone"), cells.line(120)),
    Column("address", _l("Address"), cells.line(400)),
    Column("website", _l("Website"), cells.by(identifiers.website)),
    Column("email", _l("E-mail"), cells.by(identifiers.email)),
    Column("phone", _l("Phone"), cells.by(identifiers.phone)),
    Column("old_address", _l("Address before 1 July 2025"), cells.line(400), _l("With the old district and ward.")),
    Column("employees", _l("Employees"), cells.whole(0, 10_000_000)),
    Column("founded", _l("Founded in"), cells.whole(1000, LATEST_YEAR)),
    Column(
        "revenue_vnd",
        _l("Revenue of the last year (VND)"),
        cells.dong,
        _l("A number, or for example 1,5 tỷ."),
        sums=True,
    ),
    Column("export_usd", _l("Export of the last year (USD)"), cells.number, sums=True),
    Column(
        "figures_year",
        _l("Year of the figures"),
        cells.whole(1990, LATEST_YEAR),
        _l("Of employees, revenue and export; the last full year unless given."),
    ),
    Column("certificates", _l("Certificates"), _LIST, _LIST_HINT, lists=True),
    Column("markets", _l("Markets"), cells.several(cells.by(identifiers.country)), _LIST_HINT, lists=True),
    Column(
        "languages", _l("Languages"), cells.several(cells.by(identifiers.spoken_language)), _LIST_HINT, lists=True
    ),
    Column("intro_vi", _l("Introduction in Vietnamese"), cells.text),
    Column("intro_en", _l("Introduction in English"), cells.text),
    Column("group", _l("Group"), cells.line(120), _l("Members of one group never meet."), field="group_name"),
    Column("source", _l("Source"), cells.text, _l("Where these facts were published.")),
)
_PRODUCTS = (
    _WHICH,
    Column("name_vi", _l("Name in Vietnamese"), _NAME, _l("One of the two names is needed.")),
    Column("name_en", _l("Name in English"), _NAME),
    Column("description_vi", _l("Description in Vietnamese"), cells.text),
    Column("description_en", _l("Description in English"), cells.text),
    Column("hs", _l("HS code"), cells.hs, _l("2, 4, 6, 8 or 10 digits.")),
    Column("certificates", _l("Certificates"), _LIST, _LIST_HINT, lists=True),
    Column("capacity", _l("Capacity"), cells.line(200)),
)


def _detail(detail: Detail) -> Column:
    """The column of what a class of needs and offers is asked besides."""
    most, labels = int(detail.most), detail.labels or {}
    read: Mapping[Type, cells.Read] = {
        Type.CODES: cells.several(cells.code(labels)),
        Type.LINES: cells.several(cells.line(most)),
        Type.TEXT: cells.line(most),
        Type.WHOLE: cells.whole(int(detail.least), most),
        Type.NUMBER: cells.measure(detail.least, detail.most),
        Type.DAY: cells.day,
    }
    several = detail.type in (Type.CODES, Type.LINES)
    hint = _LIST_HINT if several else detail.hint
    return Column(detail.name, detail.label, read[detail.type], hint, PREFIX + detail.name, lists=several)


_NEEDS_OFFERS = (
    _WHICH,
    Column("role", _l("Need or offer"), cells.code(NEED_ROLE_LABELS), clears=False),
    Column("class", _l("Subject"), cells.code(NEED_CLASS_LABELS), field="kind", clears=False),
    Column("text_vi", _l("Text in Vietnamese"), cells.text, _l("One of the two texts is needed.")),
    Column("text_en", _l("Text in English"), cells.text),
    Column("tags", _l("Tags"), _LIST, _LIST_HINT, lists=True),
    Column("amount_min", _l("Amount from"), cells.number, sums=True),
    Column("amount_max", _l("Amount up to"), cells.number, sums=True),
    Column("currency", _l("Currency"), cells.by(identifiers.currency), _l("VND unless given."), clears=False),
    Column("term_months_min", _l("Months from"), cells.whole(0, 1200)),
    Column("term_months_max", _l("Months up to"), cells.whole(0, 1200)),
    Column("headcount", _l("Head-count"), cells.whole(0, 10_000_000)),
    Column("valid_until_days", _l("Valid for days"), cells.whole(0, 3660), _l("Counted from today."), "valid_until"),
    Column("visibility", _l("Visibility"), cells.code(VISIBILITY_LABELS), clears=False),
    *(_detail(detail) for detail in need_details.every()),
)
_AWARDS = (
    _WHICH,
    Column(
        "name_vi",
        _l("Winner's name"),
        _NAME,
        _l("Needed where the winner is no organisation of the site."),
        field="winner_name",
        clears=False,
    ),
    Column("product_vi", _l("Product in Vietnamese"), _NAME, clears=False),
    Column("product_en", _l("Product in English"), _NAME, clears=False),
    Column("year", _l("Year"), cells.whole(1990, LATEST_YEAR), clears=False),
    Column("decision", _l("Decision"), cells.line(120)),
    Column("valid_until", _l("Valid until"), cells.day),
    Column("top10", _l("Top 10"), cells.yes_no, clears=False),
    Column("first_time", _l("First time"), cells.yes_no),
    Column("note", _l("Note"), cells.text),
    Column("source", _l("Source"), cells.text),
)

SHEETS: Mapping[str, tuple[Column, ...]] = {
    ORGANISATIONS: _ORGANISATIONS,
    PRODUCTS: _PRODUCTS,
    NEEDS_OFFERS: _NEEDS_OFFERS,
    AWARDS: _AWARDS,
}
SHEET_LABELS = {
    ORGANISATIONS: _l("Organisations"),
    PRODUCTS: _l("Products"),
    NEEDS_OFFERS: _l("Needs and offers"),
    AWARDS: _l("Awards"),
}


# A list of others which has the organisation and one product on each row: read as two of the sheets above.
BOTH, OF_PRODUCT = "organisations_products", "product:"
_PRODUCT_COLUMNS = {
    "name_vi": ("product_vi", _l("Product in Vietnamese")),
    "name_en": ("product_en", _l("Product in English")),
    "certificates": ("product_certificates", _l("Certificates of the product")),
}


def _of_product(column: Column) -> Column:
    name, label = _PRODUCT_COLUMNS.get(column.name, (column.name, column.label))
    return replace(column, name=name, label=label, field=OF_PRODUCT + column.fills)


READABLE: Mapping[str, tuple[Column, ...]] = {
    **SHEETS,
    BOTH: (*_ORGANISATIONS, *(_of_product(column) for column in _PRODUCTS if column is not _WHICH)),
}
READABLE_LABELS = {**SHEET_LABELS, BOTH: _l("Organisations, with a product on each row")}


def column_of(sheet: str, field: str) -> Column:
    """The column that fills an attribute."""
    return columns_by_field(sheet)[field]


@lru_cache
def columns_by_field(sheet: str) -> Mapping[str, Column]:
    """Attribute -> the column that fills it."""
    return {column.fills: column for column in READABLE[sheet]}


def in_both_languages(label: Any) -> tuple[str, ...]:
    """A lazy text in Vietnamese and in English."""
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append(str(label))
    return tuple(found)
