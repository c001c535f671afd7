"""Tables as people keep them in spreadsheets: what comes in from a file, what goes out into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from core.errors import Invalid
from core.i18n import _

Value = str | int | float | bool | date | datetime | time | None


@dataclass(frozen=True)
class Marked:
    """A cell that is pointed at: coloured, with a note that opens on it."""

    value: Value
    note: str


Cell = Value | Decimal | Marked

MOST_ROWS, MOST_COLUMNS = 20_000, 200


@dataclass(frozen=True)
class Row:
    """A row of a sheet. `number` is the one that the person sees in the spreadsheet, from 1."""

    number: int
    values: tuple[Value, ...]

    def where(self, column: int) -> str:
        """The name of a cell, for messages: `where(2)` is "C7" in row 7."""
        return f"{column_name(column)}{self.number}"


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read: its rows that hold anything, in order. Text is NFC, without control characters."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Table:
    """A sheet to be written: `header` is the first row. `widths` are in characters."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = field(default=())


def column_name(index: int) -> str:
    """0 is "A", 26 is "AA"."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def too_many_rows() -> Invalid:
    return Invalid(_("The table has more than %(rows)d rows. Divide it.", rows=MOST_ROWS))


def too_many_columns() -> Invalid:
    return Invalid(_("The table has more than %(columns)d columns.", columns=MOST_COLUMNS))
