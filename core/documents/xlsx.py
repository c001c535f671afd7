"""Spreadsheets in and out. In: values only, bounded, nothing run. Out: text is text, whatever it begins with."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

import vietnamese
from core import archives, clock
from core.documents import letters
from core.documents.csv import printable
from core.documents.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Marked,
    Row,
    Sheet,
    Table,
    Value,
    column_name,
    too_many_columns,
    too_many_rows,
)
from core.errors import Invalid
from core.i18n import _

__all__ = ["Table", "read", "write"]

MOST_SHEETS = 30
DAMAGED = (  # what openpyxl raises for parts that contradict each other
    InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError, OSError,
)  # fmt: skip
MARKED_FILL = PatternFill("solid", fgColor="F8CBAD")
HEADER_FONT, HEADER_FILL = Font(bold=True), PatternFill("solid", fgColor="E7E6E6")
MIDNIGHT = time()
_BAD_IN_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")


def read(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook, rows that hold anything.

    Formulas count as the value that was stored with them; one without a stored value, and an error such as #REF!,
    raise Invalid and name the cell. Days come as dates. More than 200 columns or 20,000 rows raise Invalid.
    """
    survey = archives.check_office(data, "xl/workbook.xml")
    try:
        values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        names = [s.title for s in values.worksheets if s.sheet_state == "visible"][:MOST_SHEETS]
        sheets = letters.settle(Sheet(vietnamese.clean_line(name), _rows(values[name])) for name in names)
        if survey.formulas:
            _refuse_uncomputed(data, names, sheets)
    except Invalid:
        raise
    except DAMAGED as err:
        raise Invalid(_("The spreadsheet is damaged: it cannot be read.")) from err
    return sheets


def write(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table: a bold header that stays, numbers and dates typed, text as text.

    Instants are written in Hanoi time. Control characters are dropped.
    """
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(_sheet_name(table.name, taken))
        sheet.freeze_panes = "A2"
        for index, width in enumerate(table.widths or [_width(h) for h in table.header]):
            sheet.column_dimensions[_letter(index)].width = width
        sheet.append([_header_cell(sheet, text) for text in table.header])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
        sheet.auto_filter.ref = f"A1:{_letter(max(0, len(table.header) - 1))}1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # the declared size may lie
    rows: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(max_row=archives.MOST_ROWS), start=1):
        values = tuple(_value(cell, number, column) for column, cell in enumerate(cells))
        while values and values[-1] is None:
            values = values[:-1]
        if len(values) > MOST_COLUMNS:
            raise too_many_columns()
        if values:
            rows.append(Row(number, values))
        if len(rows) > MOST_ROWS:
            raise too_many_rows()
    return rows


def _value(cell: Any, number: int, column: int) -> Value:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        raise Invalid(
            _("Cell %(cell)s holds the error %(error)s.", cell=Row(number, ()).where(column), error=str(value))
        )
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime) and value.time() == MIDNIGHT:
        return value.date()  # a day: spreadsheets know no other kind of date
    if isinstance(value, bool | int | datetime | date | time):
        return value
    return str(value)


def _refuse_uncomputed(data: bytes, names: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """A formula that no program has computed yet has no value: it would look like an empty cell."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    for name, sheet in zip(names, sheets, strict=True):
        present = {row.number: row.values for row in sheet.rows}
        raw = book[name]
        raw.reset_dimensions()
        for number, cells in enumerate(raw.iter_rows(max_row=archives.MOST_ROWS), start=1):
            for column, cell in enumerate(cells):
                values = present.get(number, ())
                empty = column >= len(values) or values[column] is None
                if empty and cell.data_type == "f":
                    raise Invalid(
                        _(
                            "Cell %(cell)s holds a formula without a result. Open the file in your spreadsheet "
                            "program, save it, and upload it again.",
                            cell=Row(number, ()).where(column),
                        )
                    )


def _marked_cell(sheet: Any, mark: Marked) -> Any:
    cell = _cell(sheet, mark.value)
    if not hasattr(cell, "data_type"):  # a plain value
        cell = WriteOnlyCell(sheet, cell)
    cell.fill, cell.comment = MARKED_FILL, Comment(printable(mark.note), "SPCNCL", 160, 320)
    return cell


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, Marked):
        return _marked_cell(sheet, value)
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, printable(value))
        cell.data_type = "s"  # else "=1+1" would be a formula
        if "\n" in value:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, clock.local(value).replace(tzinfo=None) if value.tzinfo else value)
        cell.number_format = "dd/mm/yyyy hh:mm"
        return cell
    if isinstance(value, date | time):
        cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # the stubs forget dates
        cell.number_format = "dd/mm/yyyy" if isinstance(value, date) else "hh:mm"
        return cell
    return value


def _header_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, printable(text))
    cell.data_type = "s"
    cell.font, cell.fill = HEADER_FONT, HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 characters, none that Excel refuses, and no name twice."""
    base = _BAD_IN_SHEET_NAME.sub(" ", vietnamese.clean_line(printable(name))).strip(" '")[:31] or "Sheet"
    found, turn = base, 2
    while found.casefold() in taken:
        ending = f" {turn}"
        found, turn = base[: 31 - len(ending)] + ending, turn + 1
    taken.add(found.casefold())
    return found


def _width(header: str) -> int:
    return max(12, min(40, len(header) + 2))


def _letter(index: int) -> str:
    return column_name(index)
