"""Taking one change of a profile back: refused, in words, when the field was changed again or the row is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from companies import history, operations
from companies.history import Act, ProfileChange
from companies.models import NeedOffer, Organisation, Product
from companies.photos import Photo
from companies.records import Certificate, YearlyFigures
from core import audit
from core.db import get, session
from core.errors import Conflict
from core.i18n import _

MODELS: Mapping[str, Any] = {
    model.__tablename__: model for model in (Organisation, Product, NeedOffer, Certificate, YearlyFigures, Photo)
}
RETURNS = frozenset({"product", "need_offer", "certificate", "yearly_figures"})  # a photo's files went with it


def can_return(change: ProfileChange) -> bool:
    """Whether there is something to take back at all; whether it still fits is seen when it is tried."""
    return change.act is Act.EDITED or (change.act is Act.REMOVED and change.subject in RETURNS)


def revert(change: ProfileChange, *, by: Any, at: datetime) -> None:
    """Put back what was before. Raise Conflict when that does not fit any more."""
    if not can_return(change) or history.taken_back([change.id]):
        raise Conflict(_("This change was taken back already, or there is nothing to take back."))
    organisation = get(Organisation, change.organisation_id)
    if organisation is None:
        raise Conflict(_("What was changed is not there any more."))
    if change.act is Act.EDITED:
        row = _edit_back(change, organisation, by=by, at=at)
    else:
        row = _bring_back(change, organisation, by=by, at=at)
    newest = session.scalars(
        select(ProfileChange)
        .where(ProfileChange.subject == change.subject, ProfileChange.row_id == row.id)
        .order_by((ProfileChange.field == change.field).desc().nulls_last(), ProfileChange.id.desc())
    ).first()
    if newest is not None and newest.id != change.id:
        newest.reverts_id = change.id
    session.flush()
    audit.record("profile.revert", row, by=by, at=at, change=change.id, organisation=organisation.id)


def _edit_back(change: ProfileChange, organisation: Organisation, *, by: Any, at: datetime) -> Any:
    model, field = MODELS[change.subject], change.field or ""
    row = get(model, change.row_id or 0)
    if row is None:
        raise Conflict(_("What was changed is not there any more."))
    now = sorted(row.kinds) if field == "kinds" else history.kept(getattr(row, field))
    if now != change.new:
        raise Conflict(_("This was changed again since then. Change it by hand if you want the earlier value."))
    values = {field: history.restored(model, field, change.old)}
    if isinstance(row, Organisation):
        operations.edit_organisation(row, values, version=None, by=by, at=at)
    else:
        operations.edit_part(row, values, version=None, by=by, at=at)
    return row


def _bring_back(change: ProfileChange, organisation: Organisation, *, by: Any, at: datetime) -> Any:
    model = MODELS[change.subject]
    before = change.old or {}
    values = {name: history.restored(model, name, value) for name, value in before.items() if value is not None}
    if values.get("product_id") is not None and get(Product, values["product_id"]) is None:
        values["product_id"] = None
    return operations.add_part(model, organisation, values, by=by, at=at)
