"""What members and hosts say of visits afterwards, and what came of them in the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import audit, files
from core.db import session
from core.errors import Conflict
from core.i18n import _
from events.conferences.delegations import queries, visited
from events.conferences.delegations.models import VisitOutcome, VisitQuestion, VisitReport
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.operations import Statement
from events.models import Registration


def report(
    registration: Registration,
    host_id: int,
    said: Mapping[str, Any],
    *,
    by_host: bool = False,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> VisitReport:
    """Say something of a member's visit to a host: any of `held`, `useful`, `label` and `note`; the rest stays.

    Who finds it useful, or says where it stands, says that it was held; what was not held is neither.
    """
    _must_have_begun(registration, host_id, at)
    row = _report_row(registration.id, host_id, by_host, at)
    behalf = _behalf(registration.id, host_id, by_host) if on_behalf else None
    outcomes.say(row, said, act="delegation.report", by=by, at=at, on_behalf_of=behalf)
    if by_host:  # the page is where a host answers what it was asked by mail
        for question in queries.unanswered(host_id):
            question.answered_at = at
    return row


def _must_have_begun(registration: Registration, host_id: int, at: datetime) -> None:
    visit = next((v.visit for v in queries.visits_of(registration) if v.visit.host_id == host_id), None)
    if visit is None:
        raise Conflict(_("This visit is not in the programme any more."))
    if not outcome_rules.may_report(begins_at=visit.begins_at, at=at):
        raise Conflict(_("This visit has not begun yet."))


def _report_row(registration_id: int, host_id: int, by_host: bool, at: datetime) -> VisitReport:
    row = visited.report(registration_id, host_id, by_host=by_host)
    if row is None:
        row = VisitReport(registration_id=registration_id, host_id=host_id, by_host=by_host, at=at)
        session.add(row)
    return row


def _behalf(registration_id: int, host_id: int, by_host: bool) -> str:
    return f"visit_host:{host_id}" if by_host else f"registration:{registration_id}"


def state_outcome(
    registration: Registration,
    host_id: int,
    what: Statement,
    *,
    evidence: files.Received | None = None,
    by_host: bool = False,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> VisitOutcome:
    """State what came of a member's visit to a host. Raise Conflict where it was never there."""
    _must_have_begun(registration, host_id, at)
    row = VisitOutcome(
        event_id=registration.event_id, registration_id=registration.id, host_id=host_id, by_host=by_host
    )
    behalf = _behalf(registration.id, host_id, by_host) if on_behalf else None
    outcomes.put_down(row, what, evidence, by=by, at=at, on_behalf_of=behalf)
    return row


def answer_again(
    question: VisitQuestion, member: Registration, answers: Mapping[int, Label], *, by: Any, at: datetime
) -> None:
    """Take a member's answer to the question after months: where each host stands now (host -> label)."""
    known = visited.still_open(member.event_id).get(member.id)
    for row in known.visited if known else ():
        host_id = row.visitor.visit.host_id
        if host_id in answers:
            said = _report_row(member.id, host_id, False, at)
            said.held, said.label, said.at, said.by_id = True, answers[host_id], at, getattr(by, "id", None)
    question.answered_at = at
    session.flush()
    audit.record("delegation.follow_up", question, by=by, at=at, about=question.about.value)
