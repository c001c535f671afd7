"""Verbs of what came of meetings: reporting, stating an outcome, reminding, asking again after months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core import audit, clock, files
from core.db import session, write
from core.errors import Conflict, Invalid
from core.i18n import _
from core.timers import timer
from events.conferences import agenda
from events.conferences import queries as conference_queries
from events.conferences.models import Conference, Participant
from events.conferences.outcomes import notices, queries, rules
from events.conferences.outcomes.enums import WITH_AMOUNT, WITH_PEOPLE, Label, OutcomeKind
from events.conferences.outcomes.models import FollowUp, MeetingReport, Outcome, Said, Stated


def report(
    participant: Participant,
    other: Participant,
    said: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> MeetingReport:
    """Say something of a meeting: any of `held`, `useful` (bool or None), `label` (Label or None) and `note`.

    What is not named stays. Who finds a meeting useful, or says where it stands, says that it was held; what was not
    held is neither. Raise Conflict unless the two have a published meeting that has begun.
    """
    meeting = agenda.published_meeting(participant, other)
    if meeting is None:
        raise Conflict(_("There is no published meeting of these two."))
    if not rules.may_report(begins_at=meeting.slot.begins_at, at=at):
        raise Conflict(_("This meeting has not begun yet."))
    row = _report_row(participant, other, at)
    say(row, said, act="meeting.report", by=by, at=at, on_behalf_of=_behalf(participant, on_behalf))
    return row


def say(row: Said, said: Mapping[str, Any], *, act: str, by: Any, at: datetime, on_behalf_of: str | None) -> None:
    """Write what is said into a report, of a meeting or of a visit, and on record."""
    rules.say(row, said)
    row.at, row.by_id = at, getattr(by, "id", None)
    columns = audit.changed_columns(row)
    session.flush()
    audit.record(act, row, by=by, at=at, columns=columns, on_behalf_of=on_behalf_of)


def _report_row(participant: Participant, other: Participant, at: datetime) -> MeetingReport:
    row = queries.report(participant, other)
    if row is None:
        row = MeetingReport(
            conference_id=participant.conference_id, participant_id=participant.id, other_id=other.id, at=at
        )
        session.add(row)
    return row


def _behalf(participant: Participant, on_behalf: bool) -> str | None:
    return f"participant:{participant.id}" if on_behalf else None


@dataclass(frozen=True)
class Statement:
    """An outcome as it is stated: `amount` in `currency` for contracts and loans, `people` for hires."""

    kind: OutcomeKind
    on: date
    amount: Decimal | None = None
    currency: str | None = None
    people: int | None = None
    note: str = ""


def state_outcome(
    participant: Participant,
    other: Participant,
    what: Statement,
    *,
    evidence: files.Received | None = None,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> Outcome:
    """State what came of a meeting. Raise Conflict where the two never had one, Invalid for a day to come."""
    if agenda.published_meeting(participant, other) is None:
        raise Conflict(_("There is no published meeting of these two."))
    row = Outcome(conference_id=participant.conference_id, participant_id=participant.id, other_id=other.id)
    put_down(row, what, evidence, by=by, at=at, on_behalf_of=_behalf(participant, on_behalf))
    return row


def put_down(
    row: Stated,
    what: Statement,
    evidence: files.Received | None,
    *,
    by: Any,
    at: datetime,
    on_behalf_of: str | None,
) -> None:
    """Write what is stated into a new row, of a meeting or of a visit. Raise Invalid for a day to come."""
    for name, value in _as_columns(what, at=at).items():
        setattr(row, name, value)
    row.evidence = files.keep(evidence, by=by, at=at) if evidence is not None else None
    row.by_id = getattr(by, "id", None)
    session.add(row)
    session.flush()
    audit.record("outcome.state", row, by=by, at=at, kind=what.kind.value, on_behalf_of=on_behalf_of)


def _as_columns(what: Statement, *, at: datetime) -> dict[str, Any]:
    """What is stated, as columns: only what its kind has."""
    if what.on > clock.local(at).date():
        raise Invalid(_("This day has not come yet. State the outcome when it is there."), field="on")
    money = what.amount is not None and what.kind in WITH_AMOUNT
    return {
        "kind": what.kind,
        "on": what.on,
        "amount": what.amount if money else None,
        "currency": (what.currency or "VND") if money else None,
        "people": what.people if what.kind in WITH_PEOPLE else None,
        "note": what.note,
        "stated_at": at,
    }


def withdraw_outcome(outcome: Stated, *, by: Any, at: datetime) -> None:
    """Take back what was stated; the row stays for the record."""
    outcome.withdrawn_at = outcome.withdrawn_at or at
    session.flush()
    audit.record("outcome.withdraw", outcome, by=by, at=at, columns=["withdrawn_at"])


# --- asking ----------------------------------------------------------------------------------------------------


def remind(conference: Conference, *, by: Any, at: datetime) -> int:
    """Remind everybody who has not said whether his meetings were held, unless reminded lately. Return how many."""
    silent: dict[int, int] = {}
    for row in queries.held(conference):
        if rules.may_report(begins_at=row.meeting.begins_at, at=at):
            for who in row.silent():
                silent[who.id] = silent.get(who.id, 0) + 1
    lately = {
        row.participant_id
        for row in queries.asked(conference)
        if row.months == 0 and at - row.asked_at < rules.REMIND_AFTER
    }
    wanted = {key: number for key, number in silent.items() if key not in lately}
    for key in wanted:
        _note_asked(key, 0, at)
    audit.record("meeting.remind", conference, by=by, at=at, participants=len(wanted))
    return notices.remind(conference, wanted, at=at)


def _note_asked(participant_id: int, months: int, at: datetime) -> None:
    known = session.query(FollowUp).filter_by(participant_id=participant_id, months=months).one_or_none()
    if known is None:
        session.add(FollowUp(participant_id=participant_id, months=months, asked_at=at))
    else:
        known.asked_at = at
    session.flush()


@timer("what came of meetings, after months", seconds=3600, period="day")
def ask_again(at: datetime) -> None:
    """Ask participants some months later what came of their meetings: what is due is computed from the rows."""
    today = clock.local(at).date()
    for conference in queries.conferences_to_ask(at):
        for months in rules.MONTHS:
            if rules.due(ended_on=queries.ended_on(conference), months=months, on=today):
                with write():
                    _ask(conference, months, at)


def _ask(conference: Conference, months: int, at: datetime) -> None:
    known = {row.participant_id for row in queries.asked(conference) if row.months == months}
    wanted = {key: len(met) for key, met in queries.still_open(conference).items() if key not in known}
    for key in wanted:
        _note_asked(key, months, at)
    notices.ask_again(conference, wanted, months, at=at)


def answer_again(
    follow_up: FollowUp, answers: Mapping[int, Label], *, by: Any, at: datetime, on_behalf: bool = False
) -> None:
    """Take the answer to the question after months: where each contact stands now."""
    participant = follow_up.participant
    open_ = set(queries.still_open(participant.conference).get(participant.id, ())) & answers.keys()
    for other in conference_queries.participants_by_id(open_):
        row = _report_row(participant, other, at)
        row.held, row.label, row.at, row.by_id = True, answers[other.id], at, getattr(by, "id", None)
    follow_up.answered_at = at
    session.flush()
    audit.record(
        "follow_up.answer",
        follow_up,
        by=by,
        at=at,
        months=follow_up.months,
        on_behalf_of=_behalf(participant, on_behalf),
    )
