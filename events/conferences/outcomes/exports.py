"""Meetings and outcomes of a conference as a spreadsheet: every row behind the figures of its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from companies.enums import KIND_LABELS
from core import clock
from core.documents import xlsx
from core.documents.tables import Cell
from core.i18n import _, pick
from events.conferences.models import Participant
from events.conferences.outcomes.enums import LABELS, OUTCOME_LABELS
from events.conferences.outcomes.models import Outcome, Said, Stated
from events.conferences.outcomes.queries import Held, Word
from events.conferences.outcomes.rules import BothSay


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
                *answers(_("Firm"), _("Partner")),
            ],
            [_meeting(row) for row in meetings],
            widths=[18, 40, 40, 22, 12, 10, 10, 18, 10, 10, 18],
        ),
        stated_table((o, _name(o.participant), _name(o.other)) for o in outcomes),
    ]


def stated_table(found: Iterable[tuple[Stated, str, str]]) -> xlsx.Table:
    """What is stated, of meetings or of visits, each with who states it and with whom."""
    return xlsx.Table(
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
        [_stated(*row) for row in found],
        widths=[12, 26, 40, 40, 18, 10, 12, 50, 30],
    )


def answers(one: str, other: str) -> list[str]:
    """The headings of what each of two sides says."""
    return [f"{side}: {what}" for side in (one, other) for what in (_("held"), _("useful"), _("where it stands"))]


def _meeting(row: Held) -> list[Cell]:
    return [
        clock.local(row.meeting.begins_at).replace(tzinfo=None),
        pick(row.meeting.firm, "name").text,
        pick(row.meeting.partner, "name").text,
        str(KIND_LABELS[row.meeting.partner.kind]),
        *of_both(row),
    ]


def of_both(row: BothSay) -> list[Cell]:
    """Whether it was held, and what each side says of it."""
    together = _("disputed") if row.disputed else _yes_no(row.held)
    return [together, *(cell for said in row.words for cell in _said(said))]


def _said(report: Said | Word | None) -> list[Cell]:
    if report is None:
        return [None, None, None]
    return [_yes_no(report.held), _yes_no(report.useful), str(LABELS[report.label]) if report.label else None]


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else _("yes") if value else _("no")


def _name(participant: Participant) -> str:
    return pick(participant.organisation, "name").text


def _stated(row: Stated, by: str, other: str) -> list[Cell]:
    return [
        row.on,
        str(OUTCOME_LABELS[row.kind]),
        by,
        other,
        row.amount,
        row.currency,
        row.people,
        row.note,
        row.evidence.name if row.evidence else None,
    ]
