"""Lists of one sheet whose header names its columns: files -> rows of values with the faults of their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import vietnamese
from companies import cells, headings
from companies.columns import Column, in_both_languages
from companies.importing import Fault, sheets_of
from core.documents import xlsx
from core.documents.tables import Cell, Row, Sheet, Table, column_name
from core.errors import Invalid
from core.i18n import _

HEADER_WITHIN = 10


@dataclass(frozen=True)
class Layout:
    """What such a list is: the name of its sheet, its columns, those that every row needs, how many rows at most."""

    label: Any
    columns: Sequence[Column]
    needed: Sequence[str]
    most: int = 500


@dataclass
class Line:
    """A row as values: column -> value, only for cells that were filled in."""

    layout: Layout
    sheet: str
    number: int
    positions: Mapping[str, int]
    values: dict[str, Any] = field(default_factory=dict)

    def fault(self, name: str, message: Any) -> Fault:
        """A fault of this row in the column of that name."""
        index = self.positions[name]
        label = next(str(column.label) for column in self.layout.columns if column.name == name)
        cell = f"{column_name(index)}{self.number}"
        return Fault(str(self.layout.label), self.number, label, cell, str(message), origin=self.sheet)


def template(layout: Layout, codes: Sequence[Mapping[Any, Any]] = ()) -> bytes:
    """The file to fill in: the names of the columns, their headings in both languages; a sheet of notes and codes."""
    headers = [" / ".join(in_both_languages(column.label)) for column in layout.columns]
    widths = [max(16, len(column.name) + 2) for column in layout.columns]
    guide: list[list[Cell]] = [[column.name, str(column.label), str(column.hint)] for column in layout.columns]
    listed: list[list[Cell]] = [[code.value, str(label), None] for labels in codes for code, label in labels.items()]
    return xlsx.write(
        [
            Table(str(layout.label), [column.name for column in layout.columns], [headers], widths=widths),
            Table(
                str(_("Guide")), [_("Column or code"), _("Meaning"), _("Note")], [*guide, [None] * 3, *listed],
                widths=[20, 45, 60],
            ),
        ]
    )  # fmt: skip


def headers(sheets: Sequence[Sheet], layout: Layout) -> dict[str, int]:
    """The sheet that holds the list, and the row of its headings."""
    known = headings.keys(layout.columns)
    for sheet in sheets:
        if (found := _header(sheet, known, layout)) is not None:
            return {sheet.name: sheet.rows[found[0]].number}
    return {}


def read(data: bytes, layout: Layout) -> tuple[list[Line], list[Fault]]:
    """The rows of .xlsx or .csv content. Raise Invalid when nothing in it can be read as the list at all."""
    return read_sheets(sheets_of(data), layout)


def read_sheets(sheets: Sequence[Sheet], layout: Layout) -> tuple[list[Line], list[Fault]]:
    """The same of sheets that were read."""
    known = headings.keys(layout.columns)
    for sheet in sheets:
        found = _header(sheet, known, layout)
        if found is not None:
            return _read(sheet, *found, known, layout)
    raise Invalid(
        _("No sheet of this file has the columns of the template. Download the template and fill it in."),
        field="file",
    )


def _header(sheet: Sheet, known: Mapping[str, Column], layout: Layout) -> tuple[int, dict[int, Column]] | None:
    """The first row that names the columns which a list needs: its place, and the columns by position."""
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = {i: vietnamese.search_key(v) for i, v in enumerate(row.values) if isinstance(v, str)}
        columns = {i: known[text] for i, text in texts.items() if text in known}
        if set(layout.needed) <= {column.name for column in columns.values()}:
            return place, columns
    return None


def _read(
    sheet: Sheet, place: int, columns: Mapping[int, Column], known: Mapping[str, Column], layout: Layout
) -> tuple[list[Line], list[Fault]]:
    lines: list[Line] = []
    faults: list[Fault] = []
    for row in sheet.rows[place + 1 :]:
        texts = [vietnamese.search_key(v) if isinstance(v, str) else "?" for v in row.values if v is not None]
        if not texts or all(text in known for text in texts):  # empty, or the headings once more
            continue
        lines.append(_line(row, columns, layout, sheet.name, faults))
        if len(lines) > layout.most:
            raise Invalid(
                _("The list has more than %(rows)d rows. Divide it and import the parts.", rows=layout.most),
                field="file",
            )
    if not lines:
        raise Invalid(_("The file has no rows to import."), field="file")
    return lines, faults


def _line(row: Row, columns: Mapping[int, Column], layout: Layout, sheet: str, faults: list[Fault]) -> Line:
    line = Line(
        layout,
        sheet,
        row.number,
        {column.name: index for index, column in sorted(columns.items(), key=lambda c: -c[0])},
    )
    unread = set()
    for index, cell in enumerate(row.values):
        column = columns.get(index)
        if column is None or cell is None or cells.empty(cell):
            continue
        try:
            line.values[column.name] = column.read(cell)
        except Invalid as err:
            unread.add(column.name)
            faults.append(line.fault(column.name, err.message))
    for name in layout.needed:
        if name not in line.values and name not in unread:
            faults.append(line.fault(name, _("This cell has to be filled in.")))
    return line
