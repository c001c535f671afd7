"""What every page of editing shares: its blueprint, who may open it, and how a form becomes a saved row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies import operations, rules
from companies.forms import RowForm
from companies.models import Organisation
from core import clock
from core.access import may
from core.db import session, write
from core.errors import Conflict, UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("companies_editing", __name__)
MANAGE = may(rules.manage_organisation, organisation=Organisation)


def save(form: RowForm, row: Any, act: Callable[[], Any]) -> int:
    """Run `act` in a write block. Return 0, or the status of the page that tells what went wrong.

    When somebody else saved first, the form keeps what was typed, takes the new version and shows what is stored.
    """
    if not form.validate_on_submit():
        return 422
    try:
        with write():
            act()
    except UserError as err:
        form.blame(err)
        if isinstance(err, Conflict) and row is not None:
            session.refresh(row)
            form.version.data = str(row.version)
        return err.status
    return 0


def stored(form: RowForm, row: Any) -> list[tuple[Any, Any]]:
    """What is stored now where it differs from what was typed: (label, value)."""
    differing = []
    for name, typed in form.values().items():
        if name not in form:
            continue
        kept = getattr(row, name)
        if (typed or None) != (kept or None):
            differing.append((form[name].label.text, kept))
    return differing


def part_page(
    template: str, organisation: Organisation, row: Any, form: RowForm, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """The page of one product, need, certificate, ...; `row` is None for a new one."""
    now = stored(form, row) if status == 409 and row is not None else ()
    return render_template(template, organisation=organisation, row=row, form=form, stored=now, **more), status


def save_part(
    model: Any,
    organisation: Organisation,
    row: Any,
    form: RowForm,
    template: str,
    back: str = "",
    then: Callable[[Any], None] | None = None,
    more: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:
    """Add a part (row is None) or change it, do `then` with it in the same block, and lead to `back` or the hub."""

    def act() -> None:
        kept = row
        if row is None:
            kept = operations.add_part(model, organisation, form.values(), by=me(), at=clock.now())
        else:
            operations.edit_part(row, form.values(), version=form.seen_version(), by=me(), at=clock.now())
        if then is not None:
            then(kept)

    if status := save(form, row, act):
        return part_page(template, organisation, row, form, status, **(more or {}))
    flash(_("Saved."), "success")
    return redirect(back or hub_of(organisation))


def remove_part(organisation: Organisation, row: Any, back: str = "") -> ResponseReturnValue:
    """Delete a part and lead to `back`, the hub unless given."""
    with write():
        operations.remove_part(row, by=me(), at=clock.now())
    flash(_("Removed."), "success")
    return redirect(back or hub_of(organisation))


def hub_of(organisation: Organisation) -> str:
    """Where all that can be edited of an organisation is listed."""
    return url_for("companies_editing.hub", organisation_id=organisation.id)
