"""What the columns of a source's lists are, as an officer told once: its next list needs no telling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

import vietnamese
from companies.import_runs import ImportColumn, ImportRun
from core.db import session

KINDS = ""  # in the place of a heading: what new organisations of the source are


def recall(source: str) -> dict[tuple[str, str], str]:
    """(sheet, heading) -> column, as told for this source before."""
    key = vietnamese.search_key(source)
    rows = session.scalars(select(ImportColumn).where(ImportColumn.source_key == key)) if key else ()
    return {(row.sheet, row.heading_key): row.column for row in rows}


def remember(source: str, told: Mapping[tuple[str, str], str]) -> None:
    """Keep what was told, for the next list of this source. A list without a named source is not remembered."""
    key = vietnamese.search_key(source)[:120]
    if not key:
        return
    present = {
        (row.sheet, row.heading_key): row
        for row in session.scalars(select(ImportColumn).where(ImportColumn.source_key == key))
    }
    for (sheet, heading), column in told.items():
        row = present.get((sheet, heading[:200]))
        if row is None:
            session.add(ImportColumn(source_key=key, sheet=sheet, heading_key=heading[:200], column=column))
        else:
            row.column = column
    session.flush()


def sources() -> Sequence[str]:
    """The names under which lists came in before."""
    names = session.scalars(select(ImportRun.source).where(ImportRun.source != "").distinct()).all()
    return sorted(names, key=vietnamese.sort_key)
