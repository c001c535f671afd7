"""Meetings and outcomes of a conference as a spreadsheet: every row behind the figures of its page."""

from __future__ import annotations

from collections.abc import Sequence

from companies.enums import KIND_LABELS
from core import clock
from core.documents import xlsx
from core.documents.tables import Cell
from core.i18n import _, pick
from events.conferences.models import Participant
from events.conferences.outcomes.enums import LABELS, OUTCOME_LABELS
from events.conferences.outcomes.models import MeetingReport, Outcome
from events.conferences.outcomes.queries import Held


def spreadsheet(meetings: Sequence[Held], outcomes: Sequence[Outcome]) -> bytes:
    """For the organiser, in the reader's language. Notes that sides keep for themselves are not in it."""
    return xlsx.write(tables(meetings, outcomes))


def tables(meetings: Sequence[Held], outcomes: Sequence[Outcome]) -> list[xlsx.Table]:
    """The two sheets: meetings with both sides' answers, and outcomes."""
    return [
        xlsx.Table(
            _("The meetings"),
            [
                _("Beginning"),
                _("Firm"),
                _("Partner"),
                _("Kind of partner"),
                _("Held"),
                *(f"{side}: {what}" for side in (_("Firm"), _("Partner")) for what in _answers()),
            ],
            [_meeting(row) for row in meetings],
            widths=[18, 40, 40, 22, 12, 10, 10, 18, 10, 10, 18],
        ),
        xlsx.Table(
            _("Outcomes"),
            [
                _("Day"),
                _("What came of it"),
                _("Stated by"),
                _("With"),
                _("Amount"),
                _("Currency"),
                _("People hired or trained"),
                _("In words"),
                _("Evidence"),
            ],
            [_outcome(row) for row in outcomes],
            widths=[12, 26, 40, 40, 18, 10, 12, 50, 30],
        ),
    ]


def _answers() -> list[str]:
    return [_("held"), _("useful"), _("where it stands")]


def _meeting(row: Held) -> list[Cell]:
    return [
        clock.local(row.meeting.slot.begins_at).replace(tzinfo=None),
        _name(row.meeting.firm),
        _name(row.meeting.partner),
        str(KIND_LABELS[row.meeting.partner.kind]),
        _("disputed") if row.disputed else _yes_no(row.held),
        *_said(row.firm),
        *_said(row.partner),
    ]


def _said(report: MeetingReport | None) -> list[Cell]:
    if report is None:
        return [None, None, None]
    return [_yes_no(report.held), _yes_no(report.useful), str(LABELS[report.label]) if report.label else None]


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else _("yes") if value else _("no")


def _name(participant: Participant) -> str:
    return pick(participant.organisation, "name").text


def _outcome(row: Outcome) -> list[Cell]:
    return [
        row.on,
        str(OUTCOME_LABELS[row.kind]),
        _name(row.participant),
        _name(row.other),
        row.amount,
        row.currency,
        row.people,
        row.note,
        row.evidence.name if row.evidence else None,
    ]
