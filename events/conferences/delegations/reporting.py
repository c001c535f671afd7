"""What a member says of a visit afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import audit
from core.db import session
from core.errors import Conflict
from core.i18n import _
from events.conferences.delegations import queries
from events.conferences.delegations.models import Visitor
from events.conferences.outcomes import rules as outcome_rules
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
    for name in ("held", "useful", "label", "note"):
        if name in said:
            setattr(row, name, said[name])
    if said.get("useful") is not None or said.get("label") is not None:
        row.held = True
    if not row.held:
        row.useful = row.label = None
    row.said_at, row.by_id = at, getattr(by, "id", None)
    columns = audit.changed_columns(row)
    session.flush()
    behalf = f"registration:{registration.id}" if on_behalf else None
    audit.record("delegation.report", row, by=by, at=at, columns=columns, on_behalf_of=behalf)
    return row
