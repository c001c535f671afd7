"""What an import would do, row by row: shown in the preview, applied as a whole."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import vietnamese
from companies.columns import SHEETS, columns_by_field
from companies.importing import Entry, Fault
from companies.models import Organisation


class What(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass
class Change:
    """What happens to one row. `row` is the database row if there is one; `owner` the organisation's change."""

    entry: Entry
    what: What
    values: dict[str, Any]
    row: Any = None
    owner: Change | None = None
    organisation: Organisation | None = None

    @property
    def label(self) -> str:
        """What the row is about, for the reader of the preview."""
        values = self.entry.values
        names = ("name_vi", "name_en", "name_original", "winner_name", "text_vi", "text_en", "text_original")
        parts = [values.get("organisation"), *(values.get(name) for name in names)]
        return vietnamese.cap(" · ".join(part for part in dict.fromkeys(parts) if part), 120)

    @property
    def columns(self) -> list[str]:
        """The names of the columns that change."""
        known = columns_by_field(self.entry.sheet)
        return [known[name].name for name in self.values if name in known]


@dataclass
class Plan:
    """All that an import would do. It can be applied when there is no fault."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """sheet -> new, changed, unchanged -> how many rows."""
        tally = Counter((change.entry.sheet, change.what) for change in self.changes)
        return {
            sheet: {what.value: tally[sheet, what] for what in What}
            for sheet in SHEETS
            if any(tally[sheet, what] for what in What)
        }

    def fingerprint(self) -> str:
        """Equal for equal plans: what was previewed is what is applied, or nothing is."""
        lines = [
            (c.entry.sheet, c.entry.number, c.what, sorted(c.values), c.row.id if c.row else None,
             getattr(c.row, "version", None))
            for c in self.changes
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(lines).encode()).hexdigest()
