"""What requests about personal data ask of officers now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from accounts.privacy import rules
from accounts.privacy.enums import CASE_KIND_LABELS, OPEN, CaseState
from accounts.privacy.models import DataCase, Incident
from core import attention, clock
from core.access import Actor
from core.attention import Entry
from core.db import session
from core.i18n import _, _l


@attention.register("data_cases", _l("Requests about personal data"), to=rules.handle_requests)
def open_requests(reader: Actor, at: datetime) -> Iterator[Entry]:
    """Each open request, by the next day that it has to meet; one's own is left to colleagues."""
    today = clock.local(at).date()
    query = select(DataCase).where(DataCase.state.in_(OPEN), DataCase.user_id != reader.user_id).order_by(DataCase.id)
    for case in session.scalars(query):
        due = case.answer_due if case.state is CaseState.RECEIVED else case.done_due
        kind = CASE_KIND_LABELS[case.kind]
        label = (
            _("Overdue: request %(number)d, %(kind)s", number=case.id, kind=kind)
            if due < today
            else _("Answer request %(number)d: %(kind)s", number=case.id, kind=kind)
            if case.state is CaseState.RECEIVED
            else _("Complete request %(number)d: %(kind)s", number=case.id, kind=kind)
        )
        yield Entry(
            f"data_cases.{case.state}:{case.id}", label, "privacy_office.case", {"data_case_id": case.id}, due=due
        )


@attention.register("incidents", _l("Incidents with personal data"), to=rules.read_register)
def unreported(reader: Actor, at: datetime) -> Iterator[Entry]:
    """Incidents that are not reported yet, by the day on which their 72 hours end."""
    query = select(Incident).where(Incident.reported_at.is_(None)).order_by(Incident.id)
    for incident in session.scalars(query):
        yield Entry(
            f"incidents:{incident.id}",
            _("Report incident number %(number)d within 72 hours", number=incident.id),
            "incidents.show",
            {"incident_id": incident.id},
            due=clock.local(incident.due_at).date(),
        )
