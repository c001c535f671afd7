"""Finds the header of a sheet: names of columns, or their labels in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import vietnamese
from companies.columns import GUIDE_LABEL, SHEET_LABELS, SHEETS, Column, in_both_languages
from core.documents.tables import Row, Sheet

HEADER_WITHIN = 10  # rows; above the header there may be a title


@dataclass(frozen=True)
class Header:
    """The header of one of the four sheets. `index` counts the rows of the sheet; keys of the rest are positions."""

    sheet: str
    index: int
    columns: Mapping[int, Column]
    unknown: Mapping[int, str]
    headings: Mapping[int, frozenset[str]]
    seen: dict[tuple[str, Any], Any] = field(default_factory=dict, compare=False)  # cells that were read before

    def repeated_in(self, row: Row) -> bool:
        """Whether the row is the header again, in another language."""
        return all(
            value is None or (isinstance(value, str) and vietnamese.search_key(value) in self.headings.get(index, ()))
            for index, value in enumerate(row.values)
        )


def find(sheet: Sheet) -> Header | None:
    """The header that knows most cells of one of the first rows; at least two, or None."""
    best, best_score = None, 0
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = {i: vietnamese.clean_line(v) for i, v in enumerate(row.values) if isinstance(v, str)}
        for name, columns in SHEETS.items():
            header = _match(name, index, texts, _keys(columns))
            known, unknown = len(header.columns), len(header.unknown)
            named = vietnamese.search_key(sheet.name) in _keys_of(SHEET_LABELS[name], name)
            score = 4 * known - unknown - 8 * (known - len(set(header.columns.values()))) + named
            if known >= 2 and known > unknown and score > best_score:
                best, best_score = header, score
    return best


def is_guide(sheet: Sheet) -> bool:
    """Whether this is the sheet of the template that explains the others."""
    return vietnamese.search_key(sheet.name) in _keys_of(GUIDE_LABEL)


def _match(name: str, index: int, texts: Mapping[int, str], known: Mapping[str, Column]) -> Header:
    found = {i: known[key] for i, text in texts.items() if (key := vietnamese.search_key(text)) in known}
    unknown = {i: text for i, text in texts.items() if i not in found and text}
    return Header(name, index, found, unknown, {i: frozenset(_keys((c,))) for i, c in found.items()})


def _keys(columns: Sequence[Column]) -> dict[str, Column]:
    """Every way to write a heading: the name, the label in either language, or both labels."""
    keys: dict[str, Column] = {}
    for column in columns:
        labels = in_both_languages(column.label)
        for text in (column.name, *labels, " / ".join(labels)):
            keys[vietnamese.search_key(text)] = column
    return keys


def _keys_of(label: Any, *names: str) -> set[str]:
    return {vietnamese.search_key(text) for text in (*names, *in_both_languages(label))}
