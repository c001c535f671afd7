"""What a member says of a visit afterwards, and what came of it in the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import audit, files
from core.db import session
from core.errors import Conflict
from core.i18n import _
from events.conferences.delegations import queries
from events.conferences.delegations.models import Visitor, VisitOutcome, VisitQuestion
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.operations import Statement, as_columns
from events.models import Registration


def report(
    registration: Registration,
    visit_id: int,
    said: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> Visitor:
    """Say something of a visit: any of `held`, `useful`, `label` and `note`; what is not named stays.

    Who finds it useful, or says where it stands, says that it was held; what was not held is neither.
    """
    row = next((v for v in queries.visits_of(registration) if v.visit_id == visit_id), None)
    if row is None:
        raise Conflict(_("This visit is not in your programme any more."))
    if not outcome_rules.may_report(begins_at=row.visit.begins_at, at=at):
        raise Conflict(_("This visit has not begun yet."))
    outcome_rules.say(row, said)
    row.said_at, row.by_id = at, getattr(by, "id", None)
    columns = audit.changed_columns(row)
    session.flush()
    behalf = f"registration:{registration.id}" if on_behalf else None
    audit.record("delegation.report", row, by=by, at=at, columns=columns, on_behalf_of=behalf)
    return row


def state_outcome(
    registration: Registration,
    host_id: int,
    what: Statement,
    *,
    evidence: files.Received | None = None,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> VisitOutcome:
    """State what came of the visit at a host. Raise Conflict where the member never visited it."""
    visits = {v.visit.host_id: v.visit for v in queries.visits_of(registration)}
    if host_id not in visits or not outcome_rules.may_report(begins_at=visits[host_id].begins_at, at=at):
        raise Conflict(_("This host was not visited."))
    row = VisitOutcome(
        event_id=registration.event_id,
        registration_id=registration.id,
        host_id=host_id,
        **as_columns(what, at=at),
        evidence=files.keep(evidence, by=by, at=at) if evidence is not None else None,
        by_id=getattr(by, "id", None),
    )
    session.add(row)
    session.flush()
    behalf = f"registration:{registration.id}" if on_behalf else None
    audit.record("outcome.state", row, by=by, at=at, kind=what.kind.value, on_behalf_of=behalf)
    return row


def answer_again(question: VisitQuestion, answers: Mapping[int, Label], *, by: Any, at: datetime) -> None:
    """Take the answer to the question after months: where each host stands now (host -> label)."""
    member = question.registration
    for row in queries.still_open([member.event_id]).get(member.id, []):
        if row.visit.host_id in answers:
            row.held, row.label, row.said_at = True, answers[row.visit.host_id], at
            row.by_id = getattr(by, "id", None)
    question.answered_at = at
    session.flush()
    audit.record("delegation.follow_up", question, by=by, at=at, about=question.about.value)
