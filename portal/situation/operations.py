"""Verbs of the questionnaire. Run inside a write block; flush, never commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from companies.models import Organisation
from core import audit, clock
from core.db import lock, session
from core.errors import Conflict, Invalid
from core.i18n import _
from portal.situation import notices, queries, rules
from portal.situation.enums import CaseState, Difficulty, Matter, Step, Trend
from portal.situation.models import SituationAnswer, SituationCase, SituationRound


def save_round(
    row: SituationRound | None,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
    by: Any,
    at: datetime,
) -> SituationRound:
    """A new round, or another title or other days of one. Raise Invalid unless it closes after it opens."""
    opens_on, closes_on = values["opens_on"], values["closes_on"]
    if closes_on < opens_on:
        raise Invalid(_("A round closes after it opens."), field="closes_on")
    if row is None:
        row = SituationRound(created_at=at, created_by_id=by.id)
        session.add(row)
    else:
        row.expect(version)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    audit.record("situation.round", row, by=by, at=at)
    return row


def answer(
    situation_round: SituationRound,
    organisation: Organisation,
    step: Step,
    values: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
) -> SituationAnswer:
    """Save what a firm says to one question. Raise Conflict when the round is not open."""
    _check_open(situation_round, clock.local(at).date())
    row = queries.answer_of(situation_round, organisation)
    if row is None:
        row = SituationAnswer(
            round_id=situation_round.id, organisation_id=organisation.id, begun_at=at, saved_at=at,
            difficulties=[], difficulty_text="", request_text="",
        )  # fmt: skip
        session.add(row)
    if step is Step.DIFFICULTIES:
        row.difficulties = [Difficulty(code).value for code in values["difficulties"]]
        row.difficulty_text = values["difficulty_text"]
    elif step is Step.REQUEST:
        row.request_text = values["request_text"]
    else:
        setattr(row, step.value, Trend(values["trend"]))
    row.by_id, row.saved_at = by.id, at
    try:
        session.flush()
    except IntegrityError as err:  # a colleague began in the same moment
        raise Conflict(_("A colleague is answering too. Load the page again.")) from err
    if row.sent_at is not None:  # what was sent before is corrected
        _keep_cases(row, at)
    return row


def send(row: SituationAnswer, *, by: Any, at: datetime) -> None:
    """Say that this is all; what was written in words goes to the Department."""
    _check_open(row.round, clock.local(at).date())
    if not all((row.production, row.orders, row.staff)):
        raise Invalid(_("Answer the first three questions before you send."))
    if row.sent_at is None:
        row.sent_at = at
    _keep_cases(row, at)
    session.flush()
    audit.record("situation.send", row, by=by, at=at, organisation=row.organisation_id)


def _check_open(situation_round: SituationRound, on: date) -> None:
    if not rules.is_open(opens_on=situation_round.opens_on, closes_on=situation_round.closes_on, on=on):
        raise Conflict(_("This round does not take answers now."))


def _keep_cases(row: SituationAnswer, at: datetime) -> None:
    """A case for each text; one whose text was changed after the Department's reply is open again."""
    texts = {Matter.DIFFICULTY: row.difficulty_text, Matter.REQUEST: row.request_text}
    cases = {case.matter: case for case in row.cases}
    for matter, words in texts.items():
        case = cases.get(matter)
        if case is None and words:
            row.cases.append(SituationCase(matter=matter, text=words, at=at, state=CaseState.OPEN))
        elif case is not None and not words and case.state is CaseState.OPEN and not case.reply:
            row.cases.remove(case)
        elif case is not None and words and case.text != words:
            case.text, case.state, case.at, case.resolved_at = words, CaseState.OPEN, at, None
    session.flush()


# --- what the Department does about it ------------------------------------------------------------------------


def assign(case: SituationCase, assignee_id: int | None, *, version: int | None, by: Any, at: datetime) -> None:
    """Give a difficulty or request to an officer, or to nobody."""
    _take(case, version)
    case.assignee_id = assignee_id
    session.flush()
    audit.record("situation.assign", case, by=by, at=at, assignee=assignee_id)


def reply(case: SituationCase, text: str, *, version: int | None, by: Any, at: datetime) -> None:
    """Answer the firm, which is told by mail."""
    if not text:
        raise Invalid(_("Write what the firm shall read."), field="reply")
    _take(case, version)
    case.reply, case.replied_at = text, at
    if case.state is CaseState.OPEN:
        case.state = CaseState.ANSWERED
    session.flush()
    audit.record("situation.reply", case, by=by, at=at)
    notices.tell_reply(case, at=at)


def resolve(case: SituationCase, outcome: str, *, version: int | None, by: Any, at: datetime) -> None:
    """Say what was done; it goes into the report, and the firm reads it."""
    if not outcome:
        raise Invalid(_("Say what was done, for the report."), field="outcome")
    _take(case, version)
    case.outcome, case.state, case.resolved_at = outcome, CaseState.RESOLVED, at
    session.flush()
    audit.record("situation.resolve", case, by=by, at=at)
    notices.tell_reply(case, at=at)


def reopen(case: SituationCase, *, version: int | None, by: Any, at: datetime) -> None:
    """Take "resolved" back."""
    _take(case, version)
    if case.state is not CaseState.RESOLVED:
        raise Conflict(_("This is not resolved."))
    case.state, case.resolved_at = CaseState.ANSWERED if case.reply else CaseState.OPEN, None
    session.flush()
    audit.record("situation.reopen", case, by=by, at=at)


def _take(case: SituationCase, version: int | None) -> None:
    lock(SituationCase, case.id)
    case.expect(version)
