"""Organisations out into spreadsheets: the directory with the reader's rights, and the template of the import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from companies.columns import GUIDE_LABEL, ORGANISATIONS, SHEET_LABELS, SHEETS, Column, in_both_languages
from companies.enums import (
    KIND_LABELS,
    NEED_CLASS_LABELS,
    NEED_ROLE_LABELS,
    SECTOR_LABELS,
    VISIBILITY_LABELS,
)
from companies.models import Organisation
from companies.rules import Sight
from core.documents import xlsx
from core.documents.tables import Cell, Table
from core.i18n import _, _l

_CODES: Mapping[str, tuple[Any, Mapping[Any, Any]]] = {
    "kinds": (_l("Kinds"), KIND_LABELS),
    "sector": (_l("Sector"), SECTOR_LABELS),
    "role": (_l("Need or offer"), NEED_ROLE_LABELS),
    "class": (_l("Subject"), NEED_CLASS_LABELS),
    "visibility": (_l("Visibility"), VISIBILITY_LABELS),
}
_WIDE = {
    "name_vi",
    "name_en",
    "address",
    "intro_vi",
    "intro_en",
    "description_vi",
    "description_en",
    "text_vi",
    "text_en",
}


def directory_table(organisations: Iterable[Organisation], sights: Mapping[int, Sight]) -> Table:
    """Organisations, each cell only if the reader sees that field of that organisation; read as they are written.

    The columns are those of the import, so that an officer can edit the file and import it again.
    """
    seen = set(sights.values())
    columns = [column for column in SHEETS[ORGANISATIONS] if not seen or any(s.shows(column.fills) for s in seen)]
    rows = (
        [_shown(row, column) if sights[row.id].shows(column.fills) else None for column in columns]
        for row in organisations
        if row.id in sights
    )
    return Table(str(SHEET_LABELS[ORGANISATIONS]), [c.name for c in columns], rows, widths=_widths(columns))


def _shown(row: Organisation, column: Column) -> Cell:
    value = getattr(row, column.fills)
    if column.fills == "kinds":
        return "|".join(sorted(kind.value for kind in value))
    if isinstance(value, list):
        return "|".join(value)
    return value if value is None or not isinstance(value, str) else str(value)


def template() -> bytes:
    """The file that officers fill in: a sheet for each table with its headings in both languages, and a guide."""
    return xlsx.write([_guide(), *(_sheet(name) for name in SHEETS)])


def _sheet(name: str) -> Table:
    columns = SHEETS[name]
    headings = [" / ".join(in_both_languages(column.label)) for column in columns]
    return Table(name, [column.name for column in columns], [headings], widths=_widths(columns))


def _guide() -> Table:
    rows: list[list[Cell]] = [
        [_("Fill in the sheets that you need; leave the two rows of headings as they are."), None, None],
        [_("A blank cell changes nothing. Organisations are recognised by tax code or number abroad."), None, None],
        [_("Write (xoá) or (clear) into a cell to empty that field."), None, None],
        [None, None, None],
    ]
    for name, columns in SHEETS.items():
        rows += [[f"{name} ({SHEET_LABELS[name]})", None, None]]
        rows += [[column.name, str(column.label), str(column.hint)] for column in columns]
        rows.append([None, None, None])
    for name, (label, labels) in _CODES.items():
        rows += [[f"{name} ({label})", None, None]]
        rows += [[code.value, str(text), None] for code, text in labels.items()]
        rows.append([None, None, None])
    return Table(str(GUIDE_LABEL), [_("Column or code"), _("Meaning"), _("Note")], rows, widths=[30, 45, 70])


def _widths(columns: Sequence[Column]) -> list[int]:
    return [40 if column.name in _WIDE else max(14, len(column.name) + 2) for column in columns]
