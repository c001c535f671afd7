"""The report of a round as a spreadsheet, for officers."""

from __future__ import annotations

from collections.abc import Sequence

from companies.enums import SECTOR_LABELS
from core import clock
from core.documents import xlsx
from core.documents.tables import Cell, Table
from core.i18n import _
from portal.situation.enums import CASE_STATE_LABELS, MATTER_LABELS, STEP_LABELS, TREND_LABELS, TREND_STEPS, Trend
from portal.situation.models import SituationCase
from portal.situation.queries import Summary


def report(summary: Summary, cases: Sequence[SituationCase]) -> bytes:
    """Two sheets: the figures by sector, and every difficulty and request with what was done."""
    return xlsx.write([_figures(summary), _cases(cases)])


def _figures(summary: Summary) -> Table:
    header = [_("Sector"), _("Firms")] + [
        f"{STEP_LABELS[step]}: {TREND_LABELS[trend]}" for step in TREND_STEPS for trend in Trend
    ]
    groups = [(str(SECTOR_LABELS[s]) if s else _("Without a sector"), t) for s, t in summary.sectors.items()]
    rows: list[list[Cell]] = [
        [name, tally.firms, *(tally.of(step, trend) for step in TREND_STEPS for trend in Trend)]
        for name, tally in [*sorted(groups, key=lambda g: g[0]), (_("All firms"), summary.total)]
    ]
    return Table(_("Figures"), header, rows, widths=[44, 10, *([18] * 9)])


def _cases(cases: Sequence[SituationCase]) -> Table:
    header = [
        _("Firm"), _("About"), _("In its words"), _("State"), _("Since"), _("Reply"), _("What was done"),
        _("Resolved"),
    ]  # fmt: skip
    rows = [
        [
            case.answer.organisation.name,
            str(MATTER_LABELS[case.matter]),
            case.text,
            str(CASE_STATE_LABELS[case.state]),
            clock.local(case.at).date(),
            case.reply or None,
            case.outcome or None,
            clock.local(case.resolved_at).date() if case.resolved_at else None,
        ]
        for case in cases
    ]
    return Table(_("Difficulties and requests"), header, rows, widths=[44, 14, 60, 14, 12, 50, 50, 12])
