"""Reads the list that an officer filled in: files -> rows of values, and the faults with sheet, row and column.

Nothing here looks at the database; `reconciling` compares the rows with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import vietnamese
from companies import cells, headings, need_details, places
from companies.columns import (
    AWARDS,
    BOTH,
    NEEDS_OFFERS,
    OF_PRODUCT,
    ORGANISATIONS,
    PRODUCTS,
    SHEET_LABELS,
    Column,
    column_of,
)
from companies.enums import NEED_CLASS_LABELS, Kind, NeedClass
from companies.headings import Told
from companies.need_details import PREFIX
from core.documents import csv, xlsx
from core.documents.tables import Row, Sheet, column_name
from core.errors import Invalid
from core.i18n import LANGUAGES, _, keep_message
from matching.text.language import language_of

MOST_ROWS = 5_000
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
HANOI = "Hà Nội"
KEYS = {"tax_code", "foreign_id"}
NAMES = ("name_vi", "name_en", "name_original")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where. `column` is the name in the header, `cell` the address ("C7"); "" for a whole row.

    `sheet`: one of the four. `origin`: the sheet of the file, as it is named there.
    """

    sheet: str
    row: int
    column: str
    cell: str
    message: str
    origin: str = ""

    @property
    def sheet_label(self) -> Any:
        return SHEET_LABELS.get(self.sheet, self.sheet)


def kept(fault: Fault) -> dict[str, Any]:
    """A fault as it is stored: its words are said again to each reader in his language."""
    told = {"message": keep_message(fault.message), "sheet_label": keep_message(fault.sheet_label)}
    return {"row": fault.row, "column": fault.column, "cell": fault.cell, **told}


@dataclass
class Entry:
    """A row as values: field -> value, only for cells that were filled in.

    `unread`: fields that are faults. `cleared`: fields to be emptied -> what is stored then.
    """

    sheet: str
    number: int
    values: dict[str, Any]
    positions: Mapping[str, int]
    unread: set[str] = field(default_factory=set)
    cleared: dict[str, Any] = field(default_factory=dict)
    origin: str = ""

    def fault(self, message: Any, at: str = "") -> Fault:
        """A fault of this row, in the column that fills the field `at`."""
        if not at:
            return Fault(self.sheet, self.number, "", "", str(message), self.origin)
        position = self.positions.get(at)
        cell = f"{column_name(position)}{self.number}" if position is not None else ""
        return Fault(self.sheet, self.number, column_of(self.sheet, at).name, cell, str(message), self.origin)


@dataclass
class Book:
    """All rows of an upload, and what is wrong with them."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    kinds: tuple[Kind, ...] = ()  # of new organisations, where their row does not say
    headers: dict[str, int] = field(default_factory=dict)  # sheet of the file -> the row of its headings
    first: dict[Any, Entry] = field(default_factory=dict)  # what a shared row names -> the organisation's first row

    def of(self, sheet: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.sheet == sheet]


def sheets_of(data: bytes) -> list[Sheet]:
    """The sheets of .xlsx or .csv content."""
    return xlsx.read(data) if data.startswith(b"PK\x03\x04") else [csv.read(data)]


def read(files: Iterable[bytes], *, today: date) -> Book:
    """The rows of .xlsx or .csv content whose columns are those of the template."""
    return read_sheets([sheet for data in files for sheet in sheets_of(data)], today=today)


def read_sheets(
    sheets: Iterable[Sheet], *, today: date, told: Mapping[str, Told] | None = None, kinds: Sequence[Kind] = ()
) -> Book:
    """The rows of sheets. Raise Invalid when nothing in them can be read as the list at all.

    `told`: what an officer said of foreign sheets, by name. `kinds`: what new organisations are without a word.
    """
    book, seen = Book(kinds=tuple(kinds)), False
    for sheet in sheets:
        seen = _read_sheet(sheet, book, today, (told or {}).get(sheet.name)) or seen
    if not seen:
        raise Invalid(
            _("No sheet of this file has the columns of the template. Download the template and fill it in.")
        )
    if not book.entries and not book.faults:
        raise Invalid(_("The file has no rows to import."))
    return book


def _read_sheet(sheet: Sheet, book: Book, today: date, told: Told | None) -> bool:
    if headings.is_guide(sheet) or not sheet.rows or (told is not None and not told.sheet):
        return False
    header = headings.find(sheet, told)
    if header is None:
        message = _("The columns of the sheet “%(name)s” are not those of the template.", name=sheet.name)
        book.faults.append(Fault(sheet.name, sheet.rows[0].number, "", "", message, sheet.name))
        return False
    first = book.headers[sheet.name] = sheet.rows[header.index].number
    names = [column.name for column in header.columns.values()]
    for index, column in header.columns.items():
        if names.count(column.name) > 1:
            message = _("The column “%(name)s” is there twice.", name=column.name)
            book.faults.append(
                Fault(header.sheet, first, column.name, f"{column_name(index)}{first}", message, sheet.name)
            )
    for index, name in header.unknown.items():
        message = _("There is no column “%(name)s” in the template.", name=name[:40])
        book.faults.append(Fault(header.sheet, first, name[:40], f"{column_name(index)}{first}", message, sheet.name))
    positions = {column.fills: index for index, column in header.columns.items()}
    for row in sheet.rows[header.index + 1 :]:
        if not header.repeated_in(row):
            _read_row(row, header, Entry(header.sheet, row.number, {}, positions, origin=sheet.name), book, today)
        if len(book.entries) > MOST_ROWS * (2 if header.sheet == BOTH else 1):
            raise Invalid(_("The list has more than %(rows)d rows. Divide it and import the parts.", rows=MOST_ROWS))
    return True


def _read_row(row: Row, header: headings.Header, entry: Entry, book: Book, today: date) -> None:
    filled = False
    for index, value in enumerate(row.values):
        if value is None or cells.empty(value) or index in header.left_out:
            continue
        filled = True
        column = header.columns.get(index)
        if column is None:
            if index not in header.unknown:
                message = _("This cell stands in a column without a heading.")
                book.faults.append(Fault(header.sheet, row.number, "", row.where(index), message, entry.origin))
            continue
        try:
            if cells.clears(value):
                entry.cleared[column.fills] = _emptied(column)
            else:
                entry.values[column.fills] = _value(column, value, header.seen)
        except Invalid as err:
            entry.unread.add(column.fills)
            message = str(err.message)
            book.faults.append(Fault(header.sheet, row.number, column.name, row.where(index), message, entry.origin))
    if filled:
        for part in [entry] if entry.sheet != BOTH else _parted(entry, book):
            book.entries.append(part)
            book.faults.extend(_finish(part, today))


def _parted(entry: Entry, book: Book) -> list[Entry]:
    """The organisation and the product of a row that holds both; the organisation once, whatever rows say of it."""
    firm, product = _part(entry, ORGANISATIONS), _part(entry, PRODUCTS)
    values = firm.values
    name = next((values[name] for name in NAMES[:2] if name in values), None)
    abroad = f"{values['country']}:{values['foreign_id']}" if {"country", "foreign_id"} <= values.keys() else None
    key = values.get("tax_code") or abroad or name
    if key is not None:
        product.values["organisation"] = key
    else:
        product.unread.add("organisation")  # what is wrong with the organisation says enough
    parts = [product] if {*product.values, *product.unread} - {"organisation"} else []
    first = book.first.setdefault(key, firm) if key is not None else firm
    if first is firm:
        return [firm, *parts]
    for name, value in values.items():
        if first.values.setdefault(name, value) != value:
            message = _("Row %(row)d says something else of the same organisation.", row=first.number)
            book.faults.append(firm.fault(message, name))
    first.cleared.update(firm.cleared)
    return parts


def _part(entry: Entry, sheet: str) -> Entry:
    """The cells of a shared row that belong to one of the sheets."""

    def own(names: Iterable[str]) -> dict[str, str]:
        inside = [name for name in names if name.startswith(OF_PRODUCT) == (sheet == PRODUCTS)]
        return {name: name.removeprefix(OF_PRODUCT) for name in inside}

    return Entry(
        sheet,
        entry.number,
        {short: entry.values[name] for name, short in own(entry.values).items()},
        {short: entry.positions[name] for name, short in own(entry.positions).items()},
        set(own(entry.unread).values()),
        {short: entry.cleared[name] for name, short in own(entry.cleared).items()},
        entry.origin,
    )


def _emptied(column: Column) -> Any:
    if not column.clears:
        raise Invalid(_("This field cannot be emptied."))
    return column.emptied


def _value(column: Column, cell: cells.Cell, seen: dict[tuple[str, cells.Cell], Any]) -> Any:
    """The cell as a value; kinds, places and the like come again and again and are read once."""
    key = (column.name, cell)
    if key not in seen:
        if isinstance(cell, str) and len(cell) <= 40:
            seen[key] = column.read(cell)
        else:
            return column.read(cell)
    return seen[key]


# --- what a row has to have ------------------------------------------------------------------------------------


def _finish(entry: Entry, today: date) -> list[Fault]:
    """Bring the values into the form that is stored; return what is wrong with the row as a whole."""
    _move_originals(entry.values)
    return _FINISH[entry.sheet](entry, today)


def _move_originals(values: dict[str, Any]) -> None:
    """A Japanese, Korean or Chinese text in a column of ours is kept as the original."""
    for name in ("name", "intro", "description", "text"):
        for hint in LANGUAGES:
            text = values.get(f"{name}_{hint}")
            if isinstance(text, str) and _EAST_ASIAN.search(text):
                language = language_of(text, hint="vi" if hint == "vi" else "en")
                if language in ("ja", "ko", "zh"):
                    values[f"{name}_original"] = values.pop(f"{name}_{hint}")
                    values["original_language"] = language


def one_of(entry: Entry, *fields: str) -> list[Fault]:
    if any(entry.values.get(field) for field in fields) or not entry.unread.isdisjoint(fields):
        return []  # a cell that could not be read says enough; that it lacks would only repeat it
    shown = [field for field in fields if not field.endswith("_original")]
    names = ", ".join(column_of(entry.sheet, field).name for field in shown)
    return [entry.fault(_("The row needs one of: %(columns)s.", columns=names), shown[0])]


def _organisation(entry: Entry, today: date) -> list[Fault]:
    values, faults = entry.values, list[Fault]()
    if entry.unread.isdisjoint(KEYS) and not values.keys() & KEYS:  # else a known one needs no name again
        faults += one_of(entry, *NAMES)
    if "foreign_id" in values and "country" not in {*values, *entry.unread}:
        faults.append(entry.fault(_("A number abroad needs its country."), "foreign_id"))
    if "vsic" in values and "vsic_version" not in {*values, *entry.unread}:
        faults.append(entry.fault(_("A VSIC code needs its version, 2018 or 2025."), "vsic"))
    if values.get("founded", 0) > today.year:
        faults.append(entry.fault(_("This year is still to come."), "founded"))
    if "province" in values and vietnamese.search_key(values["province"]) in _HANOI_KEYS:
        values["province"] = HANOI
    if "commune" in values and values.get("province", HANOI) == HANOI and values.get("country", "VN") == "VN":
        commune = places.commune(values["commune"])
        if commune is None:
            message = _("%(name)s is none of the 126 communes of Hanoi.", name=values["commune"])
            faults.append(entry.fault(message, "commune"))
        else:
            values["commune"] = commune
    return faults


def _product(entry: Entry, today: date) -> list[Fault]:
    return one_of(entry, "organisation") + one_of(entry, *NAMES)


def _need_offer(entry: Entry, today: date) -> list[Fault]:
    values = entry.values
    faults = [
        *one_of(entry, "organisation"),
        *one_of(entry, "role"),
        *one_of(entry, "kind"),
        *one_of(entry, "text_vi", "text_en", "text_original"),
    ]
    for low, high in (("amount_min", "amount_max"), ("term_months_min", "term_months_max")):
        if low in values and high in values and values[low] > values[high]:
            faults.append(entry.fault(_("The lower bound is larger than the upper one."), low))
    if "valid_until" in values:
        values["valid_until"] = today + timedelta(days=values["valid_until"])
    if "kind" in values:
        faults += _details(entry, values["kind"])
    return faults


def _details(entry: Entry, kind: NeedClass) -> list[Fault]:
    """Bring what the class is asked besides into its stored form; the rest of the columns is for other classes."""
    values = entry.values
    told = {name: values[name] for name in values if name.startswith(PREFIX)}
    asked = {PREFIX + detail.name for detail in need_details.of(kind)}
    faults = [
        entry.fault(_("This is not asked of “%(subject)s”.", subject=NEED_CLASS_LABELS[kind]), name)
        for name in (*told, *entry.cleared)
        if name.startswith(PREFIX) and name not in asked
    ]
    try:
        stored = need_details.checked(kind, {name.removeprefix(PREFIX): value for name, value in told.items()})
    except Invalid as err:
        return [*faults, entry.fault(err.message, err.field or "kind")]
    for name in told:
        del values[name]
    values.update({PREFIX + name: value for name, value in stored.items()})
    return faults


def _award(entry: Entry, today: date) -> list[Fault]:
    return one_of(entry, "organisation", "winner_name")


_HANOI_KEYS = {"ha noi", "hanoi", "tp ha noi", "thanh pho ha noi", "hanoi city"}
_FINISH = {ORGANISATIONS: _organisation, PRODUCTS: _product, NEEDS_OFFERS: _need_offer, AWARDS: _award}
