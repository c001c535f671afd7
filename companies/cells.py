"""Cells of a list that somebody filled in -> values as they are stored.

A reader takes a cell (text, number, date, truth value) and returns the value, or raises Invalid with a sentence.
Empty cells never come here: they leave a field as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import vietnamese
from companies import identifiers
from core.errors import Invalid
from core.i18n import LANGUAGES, _, force_locale

Cell = str | int | float | bool | date | datetime | time
Read = Callable[[Cell], Any]
Code = TypeVar("Code", bound=str)

YES = {"yes", "y", "true", "1", "x", "co", "dung"}
NO = {"no", "n", "false", "0", "khong", "sai"}
CLEAR = {"xoa", "clear"}  # written in brackets: (xoá), (clear)
LONGEST_TEXT = 5_000
LARGEST = Decimal(10) ** 15


def written(cell: Cell) -> str:
    """The cell as a person would have typed it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    return str(cell)


def empty(cell: Cell | None) -> bool:
    """Whether nothing was filled in."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def clears(cell: Cell) -> bool:
    """Whether the cell says that the field is to be emptied; an empty cell does not."""
    if not isinstance(cell, str) or len(cell) > 12:
        return False
    text = cell.strip()
    return text.startswith("(") and text.endswith(")") and vietnamese.search_key(text) in CLEAR


def line(limit: int) -> Read:
    """Text on one line."""

    def read(cell: Cell) -> str:
        return _limited(vietnamese.clean_line(written(cell)), limit)

    return read


def text(cell: Cell) -> str:
    """Text of several lines."""
    return _limited(vietnamese.clean(written(cell)), LONGEST_TEXT)


def _limited(value: str, limit: int) -> str:
    if len(value) > limit:
        raise Invalid(_("This text is %(length)d characters long; %(limit)d fit.", length=len(value), limit=limit))
    return value


def by(check: Callable[[str], str], limit: int = 400) -> Read:
    """Text that a function of `identifiers` checks."""

    def read(cell: Cell) -> str:
        return check(_limited(written(cell), limit))

    return read


def tax_code(cell: Cell) -> str:
    """A tax code; spreadsheets drop the zeros that it begins with, the check digit proves that they belong there."""
    typed = written(cell).strip()
    return identifiers.tax_code(typed.zfill(10) if typed.isdigit() and len(typed) in (8, 9) else typed)


def hs(cell: Cell) -> str:
    """A tariff code; a spreadsheet makes 8483.10 the number 8483.1."""
    typed = written(cell)
    if isinstance(cell, float) and re.fullmatch(r"\d{3,4}\.\d", typed):
        typed += "0"
    return identifiers.hs(typed[:40])


def number(cell: Cell) -> Decimal:
    """A number of at least nought, as typed in Vietnamese or English, or from a number cell."""
    try:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            value = Decimal(repr(cell))
        else:
            value = vietnamese.parse_number(_limited(written(cell), 40))
    except (ValueError, InvalidOperation):
        raise Invalid(_("%(text)s is not a number.", text=written(cell)[:40])) from None
    return _in_range(value)


def _in_range(value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value < LARGEST:
        raise Invalid(_("A number here is at least 0 and less than 10^15."))
    return value.quantize(Decimal("0.01"))


def measure(least: float, most: float) -> Read:
    """A number with as many decimals as were typed: 0,005 mm."""

    def read(cell: Cell) -> float:
        try:
            typed = cell if isinstance(cell, int | float) else vietnamese.parse_number(_limited(written(cell), 40))
            value = float(typed)
        except (ValueError, InvalidOperation):
            raise Invalid(_("%(text)s is not a number.", text=written(cell)[:40])) from None
        if isinstance(cell, bool) or not least <= value <= most:
            raise Invalid(_("A number from %(low)s to %(high)s is meant here.", low=f"{least:g}", high=f"{most:g}"))
        return value

    return read


def dong(cell: Cell) -> Decimal:
    """A sum in dong: a number, or digits and words (1,5 tỷ)."""
    if isinstance(cell, str):
        try:
            return _in_range(vietnamese.parse_money(_limited(cell, 60)))
        except ValueError:
            raise Invalid(
                _("%(text)s is not a sum in dong. Write it like 1.500.000.000 or 1,5 tỷ.", text=cell[:40])
            ) from None
    return number(cell)


def times(read: Read, factor: Decimal) -> Read:
    """Numbers of a column whose heading names a unit: 12,5 under "Doanh thu (tỷ đồng)". A cell's own unit wins."""

    def scaled(cell: Cell) -> Decimal:
        if isinstance(cell, str) and re.search(r"[^\W\d_]", cell):
            return read(cell)
        return _in_range(number(cell) * factor)

    return scaled


def whole(low: int, high: int) -> Read:
    """A whole number from `low` to `high`."""

    def read(cell: Cell) -> int:
        value = number(cell)
        if value != int(value) or not low <= value <= high:
            raise Invalid(
                _(
                    "%(text)s is not a whole number from %(low)d to %(high)d.",
                    text=written(cell)[:40],
                    low=low,
                    high=high,
                )
            )
        return int(value)

    return read


def day(cell: Cell) -> date:
    """A day: a date cell, or 31/12/2027 as text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        found = vietnamese.parse_date(_limited(written(cell), 40))
    except ValueError:
        raise Invalid(_("%(text)s is not a date. Write it like 31/12/2027.", text=written(cell)[:40])) from None
    if not 1990 <= found.year <= 2200:
        raise Invalid(_("The year %(year)d cannot be meant.", year=found.year))
    return found


def yes_no(cell: Cell) -> bool:
    """Yes or no, in both languages, x, or a truth value."""
    key = vietnamese.search_key(written(cell))
    if key not in YES | NO:
        raise Invalid(_("Write yes or no."))
    return key in YES


def code(labels: Mapping[Code, Any]) -> Read:
    """One of a list: its code, or its label in either language."""
    known: dict[str, Code] = {}

    def read(cell: Cell) -> Code:
        if not known:
            known.update(_by_label(labels))
        found = known.get(vietnamese.search_key(written(cell)))
        if found is None:
            raise Invalid(
                _(
                    "%(text)s is not in the list: %(codes)s.",
                    text=written(cell)[:40],
                    codes=", ".join(str(member) for member in labels),
                )
            )
        return found

    return read


def _by_label(labels: Mapping[Code, Any]) -> dict[str, Code]:
    found: dict[str, Code] = {}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {vietnamese.search_key(str(label)): member for member, label in labels.items()}
    return found | {vietnamese.search_key(str(member)): member for member in labels}


def several(read_one: Read, limit: int = 40) -> Read:
    """A list inside a cell, parted by | (or line ends), each once."""

    def read(cell: Cell) -> list[Any]:
        parts = [part for part in re.split(r"[|\n]", written(cell)) if part.strip()]
        if len(parts) > limit:
            raise Invalid(_("%(count)d entries in one cell; %(limit)d fit.", count=len(parts), limit=limit))
        return list(dict.fromkeys(read_one(part) for part in parts))

    return read
