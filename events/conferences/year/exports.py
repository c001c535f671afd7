"""The year's picture as a spreadsheet: the figures, and every row behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from companies.enums import KIND_LABELS
from core.documents import xlsx
from core.documents.tables import Cell
from core.i18n import _, _l, pick
from events.conferences.delegations import documents
from events.conferences.delegations import figures as delegations
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


JOURNEY_FIGURES: dict[str, Any] = {
    "delegations": _l("Delegations"),
    "members": _l("Members"),
    "hosts": _l("Hosts"),
    "wished": _l("Visits wished"),
    "planned": _l("Planned"),
    "held": _l("Held"),
    "useful": _l("Useful"),
    "followed_up": _l("Followed up"),
    "talks": _l("1:1 meetings"),
    "stated": _l("Outcomes"),
}


def spreadsheet(year: int, found: Rows, lines: Sequence[Line], journeys: delegations.Rows, *, at: datetime) -> bytes:
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
    return xlsx.write(
        [figures, *outcome_exports.tables(found.meetings, found.outcomes), past, *_journeys(journeys, at)]
    )


def _journeys(found: delegations.Rows, at: datetime) -> list[xlsx.Table]:
    """The figures of delegations, and the rows behind them, if there are any: each sheet says that it is of those."""
    if not found.events:
        return []
    counted = delegations.figures(found, at=at)
    figures = xlsx.Table(
        _("Delegations"),
        [str(label) for label in JOURNEY_FIGURES.values()],
        [[getattr(counted, name) for name in JOURNEY_FIGURES]],
        widths=[14] * len(JOURNEY_FIGURES),
    )
    named = [replace(t, name=_("Delegations: %(sheet)s", sheet=t.name)[:31]) for t in documents.tables(found)]
    return [figures, *named]


def kind_label(line: Line) -> str:
    """What a line is of."""
    return _("All kinds") if line.kind is None else str(KIND_LABELS[line.kind])


def _past(row: PastMeeting) -> list[Cell]:
    names = [pick(one, "name").text for one in (row.firm, row.partner)]
    return [row.on, *names, str(KIND_LABELS[row.kind]), row.title, str(LABELS[row.label]) if row.label else None]
