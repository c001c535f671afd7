"""Organisations out into spreadsheets: the directory with the reader's rights, and the template of the import."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from companies import cells
from companies.columns import (
    GUIDE_LABEL,
    NEEDS_OFFERS,
    ORGANISATIONS,
    SHEET_LABELS,
    SHEETS,
    Column,
    in_both_languages,
)
from companies.enums import (
    KIND_LABELS,
    NEED_CLASS_LABELS,
    NEED_ROLE_LABELS,
    SECTOR_LABELS,
    VISIBILITY_LABELS,
)
from companies.models import NeedOffer, Organisation
from companies.need_details import COLLATERALS, PREFIX, PROCESSES, PURPOSES, of
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
    "purposes": (_l("Purpose of the loan"), PURPOSES),
    "collaterals": (_l("Collateral"), COLLATERALS),
    "processes": (_l("Processes"), PROCESSES),
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


def needs_table(needs: Iterable[NeedOffer], inside: Collection[int], *, on: date) -> Table:
    """Needs and offers with the columns of the import, to be edited and imported again.

    `inside`: the organisations whose own people, or officers, read it; who sees a row is told to nobody else.
    """
    columns = SHEETS[NEEDS_OFFERS]
    rows = ([_of_need(row, column, row.organisation_id in inside, on) for column in columns] for row in needs)
    return Table(NEEDS_OFFERS, [c.name for c in columns], rows, widths=_widths(columns))


def _of_need(row: NeedOffer, column: Column, inside: bool, on: date) -> Cell:
    field, firm = column.fills, row.organisation
    if field == "organisation":
        return firm.tax_code or (f"{firm.country}:{firm.foreign_id}" if firm.foreign_id else firm.name)
    if field == "visibility" and not inside:
        return None
    if field == "valid_until":
        return None if row.valid_until is None else max(0, (row.valid_until - on).days)
    if field.startswith(PREFIX):
        value = row.details.get(column.name)
        if column.read is cells.day:
            return date.fromisoformat(value) if value else None
    else:
        value = getattr(row, field)
    if isinstance(value, list):
        return "|".join(value)
    return str(value) if isinstance(value, StrEnum) else value


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
        rows += [[column.name, str(column.label), _hint(column)] for column in columns]
        rows.append([None, None, None])
    for name, (label, labels) in _CODES.items():
        rows += [[f"{name} ({label})", None, None]]
        rows += [[str(code), str(text), None] for code, text in labels.items()]
        rows.append([None, None, None])
    return Table(str(GUIDE_LABEL), [_("Column or code"), _("Meaning"), _("Note")], rows, widths=[30, 45, 70])


def _hint(column: Column) -> str:
    """What is said of a column: the words beside it, and the subjects that it is for."""
    if not column.fills.startswith(PREFIX):
        return str(column.hint)
    asked = [
        str(label) for kind, label in NEED_CLASS_LABELS.items() if column.name in {d.name for d in of(kind)}
    ]  # fmt: skip
    only = _("Only for: %(subjects)s.", subjects=", ".join(asked))
    return f"{column.hint} {only}".strip()


def _widths(columns: Sequence[Column]) -> list[int]:
    return [40 if column.name in _WIDE else max(14, len(column.name) + 2) for column in columns]
