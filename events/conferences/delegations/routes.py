"""A delegation: where its pages are, where it goes and on which days."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import clock
from core.access import signed_in
from core.db import write
from core.errors import UserError
from core.i18n import _, _l
from core.web import Blueprint
from events import queries as event_queries
from events import rules as event_rules
from events.conferences.delegations import attention as _attention  # noqa: F401 - says what officers have to do
from events.conferences.delegations import (
    by_link,
    exports,
    hosts,
    members,
    moving,
    operations,
    programme,
    queries,
    receptions,
    report,
    results,
    wording,
)
from events.conferences.delegations import own as _own  # noqa: F401 - says what is asked of organisations
from events.conferences.delegations.forms import (
    TALKS,
    WISHES,
    DayForm,
    DestinationForm,
    day_forms,
)
from events.conferences.delegations.pages import ORGANISES, PATH
from events.enums import EventKind
from events.models import Event
from events.routes import world

bp = Blueprint("delegations", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, and lead to them from the page of the event."""
    for part in (bp, hosts.bp, programme.bp, moving.bp, members.bp, receptions.bp, by_link.bp, results.bp, report.bp):
        app.register_blueprint(part)
    app.jinja_env.globals.update(
        visit_wishes=WISHES,
        talk_wishes=TALKS,
        visit_hours=exports.hours,
        on_the_way=exports.on_the_way,
        talk_hours=exports.talk_hours,
        visit_reason=wording.reason,
        talk_reason=wording.talk_reason,
    )
    world(EventKind.DELEGATION, "delegations.of_event", _l("Hosts and visits"))


@bp.get(PATH, access=signed_in(event=Event))
def of_event(event: Event) -> ResponseReturnValue:
    """Where the reader's own business with the delegation is."""
    row = queries.delegation(event)
    if event_rules.manage(actor()):
        return redirect(url_for("visit_hosts.index" if row else "delegations.edit", event_id=event.id))
    members = {member.id for member in queries.members(event)} if row else set()
    for own in event_queries.own_registrations(event, actor()):
        if own.id in members:
            return redirect(url_for("visit_members.show", event_id=event.id, registration_id=own.id))
    for host in row.hosts if row else ():
        if actor().belongs("organisation", host.organisation_id):
            return redirect(url_for("visit_receptions.show", event_id=event.id, host_id=host.id))
    if row is None:
        flash(_("The hosts of this delegation are not known yet."), "info")
    else:
        flash(_("Only members of the delegation see its visits. Register first; we confirm it."), "info")
    return redirect(url_for("events.show", event_id=event.id))


# --- setting up ------------------------------------------------------------------------------------------------


@bp.get(f"{PATH}/edit", access=ORGANISES)
def edit(event: Event) -> ResponseReturnValue:
    _must_be_delegation(event)
    row = queries.delegation(event)
    form = DestinationForm(obj=row).known(row)
    return _set_up_page(event, form, day_forms(event, row.days if row else None))


@bp.post(f"{PATH}/edit", access=ORGANISES)
def save(event: Event) -> ResponseReturnValue:
    _must_be_delegation(event)
    form, days, status = DestinationForm(), day_forms(event, None), 422
    good = [day.validate() for day in days]
    if form.validate_on_submit() and all(good):
        try:
            with write():
                chosen = [day.hours() for day in days if day.visits.data]
                operations.set_up(event, form.values(), chosen, by=me(), at=clock.now())
            flash(_("The delegation is saved."), "success")
            return redirect(url_for("visit_hosts.index", event_id=event.id))
        except UserError as err:
            form.blame(err)
            form.propose()
            status = err.status
    return _set_up_page(event, form, days, status)


def _must_be_delegation(event: Event) -> None:
    if event.kind is not EventKind.DELEGATION:
        raise NotFound


def _set_up_page(
    event: Event, form: DestinationForm, days: Sequence[DayForm], status: int = 200
) -> ResponseReturnValue:
    row = queries.delegation(event)
    return render_template("delegations/edit.html", event=event, delegation=row, form=form, days=days), status
