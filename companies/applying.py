"""Writes what a plan says: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from companies import history, importing, need_details, operations, reconciling
from companies.columns import AWARDS, ORGANISATIONS
from companies.models import Award, NeedOffer, Organisation, Product
from companies.need_details import PREFIX
from companies.plans import Change, Plan, What
from core import audit, clock
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _


def import_files(contents: Iterable[bytes], *, by: Any, at: datetime) -> Plan:
    """Read and apply files in one go, for lists of our own (the demo). Raise Invalid naming the first fault."""
    plan = reconciling.reconcile(importing.read(contents, today=clock.local(at).date()))
    if plan.faults:
        fault = plan.faults[0]
        raise Invalid(f"{fault.sheet} {fault.cell or fault.row} {fault.column}: {fault.message}")
    apply(plan, by=by, at=at)
    return plan


def apply(plan: Plan, *, by: Any, at: datetime) -> None:
    """Write what the plan says. Its rows have to be those of this write block."""
    if plan.faults:
        raise Invalid(_("The list has faults: nothing was imported."))
    organisations = [change for change in plan.changes if change.entry.sheet == ORGANISATIONS]
    for change in organisations:
        _apply_organisation(change, by, at)
    history.note_edits(_changed(organisations), by=by, at=at)
    try:
        session.flush()
    except IntegrityError as err:  # a key that another person took since the comparison
        raise Conflict(_("Somebody else saved one of these organisations in the meantime.")) from err
    parts = [change for change in plan.changes if change.entry.sheet != ORGANISATIONS]
    for change in parts:
        _apply_part(change, by, at)
    history.note_edits(_changed(change for change in parts if change.entry.sheet != AWARDS), by=by, at=at)
    session.flush()
    written = [change for change in plan.changes if change.what is not What.UNCHANGED]
    lines = ((f"{change.row.__tablename__}.import", change.row, change.columns) for change in written)
    audit.record_all(lines, by=by, at=at)


def _changed(changes: Iterable[Change]) -> list[Any]:
    return [change.row for change in changes if change.what is What.CHANGED]


def _apply_organisation(change: Change, by: Any, at: datetime) -> None:
    if change.what is What.NEW:
        change.row = Organisation(country="VN", created_at=at, updated_at=at)
        session.add(change.row)
    if change.values:
        operations.change(change.row, change.values, by=by, at=at)
        change.row.updated_at = at
    change.organisation = change.row


_MODELS: dict[str, Any] = {"products": Product, "needs_offers": NeedOffer, "awards": Award}


def _apply_part(change: Change, by: Any, at: datetime) -> None:
    owner = change.owner.row if change.owner is not None else None
    if change.what is What.NEW:
        change.row = _MODELS[change.entry.sheet](organisation_id=owner.id if owner is not None else None)
        if change.entry.sheet == AWARDS:
            change.row.top10 = False
            change.row.winner_name = owner.name if owner is not None else ""
        session.add(change.row)
    operations.change(change.row, _columns(change), by=by, at=at)


def _columns(change: Change) -> dict[str, Any]:
    """The values of a part by the columns of its row: what a class is asked besides goes into one."""
    values = {name: value for name, value in change.values.items() if not name.startswith(PREFIX)}
    told = {name.removeprefix(PREFIX): change.values[name] for name in change.values.keys() - values.keys()}
    if told:
        values["details"] = need_details.merged(change.row.details or {}, told)
    return values
