"""Finds the header of a sheet: names of columns, their labels in either language, or what an officer told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import vietnamese
from companies import cells
from companies.columns import FAULTS_LABEL, GUIDE_LABEL, READABLE, READABLE_LABELS, SHEETS, Column, in_both_languages
from core.documents.tables import Row, Sheet

HEADER_WITHIN = 10  # rows; above the header there may be a title


@dataclass(frozen=True)
class Told:
    """What an officer said of a sheet: which of the four it is ("" leaves it out), its header's row, its columns.

    `columns`: search key of a heading -> name of a column, "" leaves the column out.
    """

    sheet: str
    row: int
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Header:
    """The header of one of the four sheets. `index` counts the rows of the sheet; keys of the rest are positions."""

    sheet: str
    index: int
    columns: Mapping[int, Column]
    unknown: Mapping[int, str]
    headings: Mapping[int, frozenset[str]]
    left_out: frozenset[int] = frozenset()
    seen: dict[tuple[str, Any], Any] = field(default_factory=dict, compare=False)  # cells that were read before

    def repeated_in(self, row: Row) -> bool:
        """Whether the row is the header again, in another language."""
        return all(
            value is None or (isinstance(value, str) and vietnamese.search_key(value) in self.headings.get(index, ()))
            for index, value in enumerate(row.values)
        )


def find(sheet: Sheet, told: Told | None = None) -> Header | None:
    """The header as told, else the one that knows most cells of one of the first rows; at least two, or None."""
    if told is not None:
        at = next((i for i, row in enumerate(sheet.rows) if row.number == told.row), None)
        return None if at is None else _match(told.sheet, at, texts_of(sheet.rows[at]), told.columns)
    best, best_score = None, 0
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = texts_of(row)
        for name in SHEETS:
            header = _match(name, index, texts)
            known, unknown = len(header.columns), len(header.unknown)
            named = vietnamese.search_key(sheet.name) in _keys_of(READABLE_LABELS[name], name)
            score = 4 * known - unknown - 8 * (known - len(set(header.columns.values()))) + named
            if known >= 2 and known > unknown and score > best_score:
                best, best_score = header, score
    return best


def is_guide(sheet: Sheet) -> bool:
    """Whether this is the sheet of the template that explains the others."""
    return vietnamese.search_key(sheet.name) in _keys_of(GUIDE_LABEL)


def texts_of(row: Row) -> dict[int, str]:
    """The texts of a row by position, each on one line."""
    found = {i: vietnamese.clean_line(v) for i, v in enumerate(row.values) if isinstance(v, str)}
    return {i: text for i, text in found.items() if text}


def _match(name: str, index: int, texts: Mapping[int, str], told: Mapping[str, str] | None = None) -> Header:
    known, named = keys_of_sheet(name), {column.name: column for column in READABLE[name]}
    found: dict[int, Column] = {}
    unknown: dict[int, str] = {}
    left_out = set[int]()
    for i, text in texts.items():
        key = vietnamese.search_key(text)
        column = named.get(told[key]) if told and key in told else known.get(key)
        if column is not None:
            found[i] = with_unit(column, text)
        elif is_ours(text) or (told and key in told):
            left_out.add(i)
        else:
            unknown[i] = text
    headings = {i: frozenset({*keys((c,)), vietnamese.search_key(texts[i])}) for i, c in found.items()}
    return Header(name, index, found, unknown, headings, frozenset(left_out))


@lru_cache
def keys_of_sheet(name: str) -> Mapping[str, Column]:
    """Every way to write a heading of one of the four sheets -> its column."""
    return keys(READABLE[name])


def keys(columns: Sequence[Column]) -> dict[str, Column]:
    """Every way to write a heading: the name, the label in either language, or both labels."""
    found: dict[str, Column] = {}
    for column in columns:
        labels = in_both_languages(column.label)
        for text in (column.name, *labels, " / ".join(labels)):
            found[vietnamese.search_key(text)] = column
    return found


_UNITS = ((("nghin ty", "ngan ty"), 12), (("ty", "ti", "billion", "bn"), 9), (("trieu", "tr", "million"), 6),
          (("nghin", "ngan", "1000", "1 000", "thousand"), 3))  # fmt: skip


def unit(heading: str) -> int:
    """The power of ten that a heading names: 9 in "Doanh thu 2025 (tỷ đồng)", 0 where it names none."""
    words = f" {vietnamese.search_key(heading)} "
    return next((power for names, power in _UNITS if any(f" {name} " in words for name in names)), 0)


def with_unit(column: Column, heading: str) -> Column:
    """A column of sums, its numbers counted in the unit that the heading names."""
    power = unit(heading) if column.sums else 0
    return replace(column, read=cells.times(column.read, Decimal(10) ** power)) if power else column


def is_ours(heading: str) -> bool:
    """Whether the heading is one that our report adds to a list, to be left out when it comes back."""
    return vietnamese.search_key(heading) in _keys_of(FAULTS_LABEL)


def _keys_of(label: Any, *names: str) -> set[str]:
    return {vietnamese.search_key(text) for text in (*names, *in_both_languages(label))}
