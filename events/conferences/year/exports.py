"""The year's picture as a spreadsheet: the figures, and every row behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from companies.enums import KIND_LABELS
from core.documents import xlsx
from core.documents.tables import Cell
from core.i18n import _, _l, pick
from events.conferences.outcomes import exports as outcome_exports
from events.conferences.outcomes.enums import LABELS
from events.conferences.past.models import PastMeeting
from events.conferences.year.figures import Line, Rows

FIGURES: dict[str, Any] = {
    "conferences": _l("Conferences"),
    "firms": _l("Firms"),
    "partners": _l("Partners"),
    "wished": _l("Wished"),
    "planned": _l("Planned"),
    "held": _l("Held"),
    "useful": _l("Useful"),
    "followed_up": _l("Followed up"),
    "outcomes": _l("Outcomes"),
    "imported": _l("Of which imported"),
}
STEPS = ("wished", "planned", "held", "useful", "followed_up", "outcomes")


def spreadsheet(year: int, found: Rows, lines: Sequence[Line]) -> bytes:
    """For officers, in the reader's language."""
    figures = xlsx.Table(
        str(year),
        [_("Kind of partner"), *(str(label) for label in FIGURES.values())],
        [[kind_label(line), *(getattr(line, name) for name in FIGURES)] for line in lines],
        widths=[30] + [14] * len(FIGURES),
    )
    past = xlsx.Table(
        _("Past meetings"),
        [_("Day"), _("Firm"), _("Partner"), _("Kind of partner"), _("Conference"), _("Outcome")],
        [_past(row) for row in found.past],
        widths=[12, 40, 40, 22, 40, 20],
    )
    return xlsx.write([figures, *outcome_exports.tables(found.meetings, found.outcomes), past])


def kind_label(line: Line) -> str:
    """What a line is of."""
    return _("All kinds") if line.kind is None else str(KIND_LABELS[line.kind])


def _past(row: PastMeeting) -> list[Cell]:
    names = [pick(one, "name").text for one in (row.firm, row.partner)]
    return [row.on, *names, str(KIND_LABELS[row.kind]), row.title, str(LABELS[row.label]) if row.label else None]
