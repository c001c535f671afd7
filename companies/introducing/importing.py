"""A list of firms to introduce: the template, and files -> rows of values with the faults of their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import vietnamese
from companies import cells, headings, identifiers, places
from companies.columns import Column, in_both_languages
from companies.enums import SECTOR_LABELS
from companies.importing import Fault, sheets_of
from companies.introducing.enums import GROUND_LABELS
from companies.models import NAME_LENGTH
from core.documents import xlsx
from core.documents.tables import Row, Sheet, Table, column_name
from core.errors import Invalid
from core.i18n import _, _l

MOST_ROWS = 500
HEADER_WITHIN = 10
COLUMNS = (
    Column("tax_code", _l("Tax code"), cells.tax_code, _l("10 digits, 13 for a branch.")),
    Column("name", _l("Name of the firm"), cells.line(NAME_LENGTH)),
    Column("product", _l("Main product"), cells.line(NAME_LENGTH)),
    Column("sector", _l("Sector"), cells.code(SECTOR_LABELS)),
    Column("ground", _l("Ground"), cells.code(GROUND_LABELS), _l("On which ground its product may enter.")),
    Column("in_hanoi", _l("Head office or factory in Hanoi"), cells.yes_no, _l("Yes or no.")),
    Column("commune", _l("Commune"), cells.line(80), _l("One of the 126 communes of Hanoi since 1 July 2025.")),
    Column("address", _l("Address"), cells.line(400)),
    Column("revenue_vnd", _l("Revenue of the last year (VND)"), cells.dong, _l("A number, or for example 1,5 tỷ.")),
    Column("export_usd", _l("Export of the last year (USD)"), cells.number),
    Column("email", _l("E-mail of the firm"), cells.by(identifiers.email)),
    Column("phone", _l("Phone of the firm"), cells.by(identifiers.phone)),
    Column("note", _l("Why this firm"), cells.text),
)
NEEDED = ("tax_code", "name")


@dataclass
class FirmList:
    """The firms of a file, and what is wrong with it. It can be taken when there is no fault."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def template() -> bytes:
    """The file that an introducer fills in: the names of the columns, their headings in both languages, notes."""
    headers = [" / ".join(in_both_languages(column.label)) for column in COLUMNS]
    widths = [max(16, len(column.name) + 2) for column in COLUMNS]
    guide = [[column.name, str(column.label), str(column.hint)] for column in COLUMNS]
    codes = [
        [code.value, str(label), None] for labels in (SECTOR_LABELS, GROUND_LABELS) for code, label in labels.items()
    ]
    return xlsx.write(
        [
            Table(str(_("Firms")), [column.name for column in COLUMNS], [headers], widths=widths),
            Table(
                str(_("Guide")), [_("Column or code"), _("Meaning"), _("Note")], [*guide, [None] * 3, *codes],
                widths=[20, 45, 60],
            ),
        ]
    )  # fmt: skip


def read(data: bytes) -> FirmList:
    """The rows of .xlsx or .csv content. Raise Invalid when nothing in it can be read as the list at all."""
    known = headings.keys(COLUMNS)
    for sheet in sheets_of(data):
        found = _header(sheet, known)
        if found is not None:
            return _read(sheet, *found, known)
    raise Invalid(
        _("No sheet of this file has the columns of the template. Download the template and fill it in."),
        field="file",
    )


def _header(sheet: Sheet, known: Mapping[str, Column]) -> tuple[int, dict[int, Column]] | None:
    """The first row that names the columns which a list needs: its place, and the columns by position."""
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = {i: vietnamese.search_key(v) for i, v in enumerate(row.values) if isinstance(v, str)}
        columns = {i: known[text] for i, text in texts.items() if text in known}
        if set(NEEDED) <= {column.name for column in columns.values()}:
            return place, columns
    return None


def _read(sheet: Sheet, place: int, columns: Mapping[int, Column], known: Mapping[str, Column]) -> FirmList:
    taken = FirmList()
    first: dict[str, int] = {}
    for row in sheet.rows[place + 1 :]:
        texts = [vietnamese.search_key(v) if isinstance(v, str) else "?" for v in row.values if v is not None]
        if not texts or all(text in known for text in texts):  # empty, or the headings once more
            continue
        values = _row(row, columns, taken.faults)
        code = values.get("tax_code")
        if code in first:
            message = _("This tax code stands in row %(row)d already.", row=first[code])
            taken.faults.append(_fault(row, columns, "tax_code", message))
        elif code:
            first[code] = row.number
        taken.rows.append(values)
        if len(taken.rows) > MOST_ROWS:
            raise Invalid(
                _("The list has more than %(rows)d rows. Divide it and import the parts.", rows=MOST_ROWS),
                field="file",
            )
    if not taken.rows:
        raise Invalid(_("The file has no rows to import."), field="file")
    return taken


def _row(row: Row, columns: Mapping[int, Column], faults: list[Fault]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    unread = set()
    for index, cell in enumerate(row.values):
        column = columns.get(index)
        if column is None or cell is None or cells.empty(cell):
            continue
        try:
            values[column.name] = column.read(cell)
        except Invalid as err:
            unread.add(column.name)
            faults.append(_fault(row, columns, column.name, str(err.message)))
    for name in NEEDED:
        if name not in values and name not in unread:
            faults.append(_fault(row, columns, name, _("This cell has to be filled in.")))
    if commune := values.get("commune"):
        official = places.commune(commune)
        if official is None:
            message = _("%(name)s is none of the 126 communes of Hanoi.", name=commune)
            faults.append(_fault(row, columns, "commune", message))
        values["commune"] = official
    return values


def _fault(row: Row, columns: Mapping[int, Column], name: str, message: Any) -> Fault:
    index = next(i for i, column in columns.items() if column.name == name)
    label = str(columns[index].label)
    return Fault(str(_("Firms")), row.number, label, f"{column_name(index)}{row.number}", str(message))
