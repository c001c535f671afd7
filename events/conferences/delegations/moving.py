"""Pages on which officers change a draft by hand: move, add, lock, take off, and take that back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from accounts.access import me
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint
from events.conferences.delegations import moves, queries, rules
from events.conferences.delegations.forms import PlaceForm, as_minutes
from events.conferences.delegations.models import HostVisit, VisitPlan
from events.conferences.delegations.pages import PATH, delegation_of
from events.conferences.enums import VersionState
from events.models import Event

bp = Blueprint("visit_moves", __name__)
PLAN_PATH = f"{PATH}/plans/<int:plan_id>"
PLAN = may(rules.organise, event=Event, plan=VisitPlan)
VISIT = may(rules.organise, event=Event, plan=VisitPlan, visit=HostVisit)


@bp.post(f"{PLAN_PATH}/copy", access=PLAN)
def copy(event: Event, plan: VisitPlan) -> ResponseReturnValue:
    try:
        with write():
            moves.edit_copy(event, plan, by=me(), at=clock.now())
        flash(_("This draft is a copy to work on. Members see the published programme until you publish."), "info")
    except UserError as err:
        flash(str(err.message), "warning")
    return _to_programme(event)


@bp.get(f"{PLAN_PATH}/visits/<int:visit_id>", access=VISIT)
def show(event: Event, plan: VisitPlan, visit: HostVisit) -> ResponseReturnValue:
    """A visit: when it could begin instead, lock, take off."""
    return _page(event, plan, visit.group_number, visit.host_id, visit)


@bp.get(f"{PLAN_PATH}/visits/new", access=PLAN)
def new(event: Event, plan: VisitPlan) -> ResponseReturnValue:
    """When a group could visit a host that it does not visit yet."""
    group, host = (request.args.get(name, "") for name in ("group", "host"))
    hosts = {str(h.id) for h in delegation_of(event).hosts}
    if host not in hosts or not group.isascii() or not group.isdigit() or not 1 <= int(group[:3]) <= len(plan.groups):
        flash(_("Choose a group and a host."), "warning")
        return _to_programme(event)
    there = next((v for v in plan.visits if (v.group_number, v.host_id) == (int(group), int(host))), None)
    return _page(event, plan, int(group), int(host), there)


def _page(event: Event, plan: VisitPlan, group: int, host_id: int, visit: HostVisit | None) -> ResponseReturnValue:
    delegation, draft = delegation_of(event), plan.state is VersionState.DRAFT
    spans = []
    if draft:
        try:
            spans = moves.spans(event, plan, group, host_id, at=clock.now())
        except UserError as err:
            flash(str(err.message), "warning")
    return render_template(
        "delegations/visit.html",
        event=event,
        delegation=delegation,
        plan=plan,
        visit=visit,
        group=group,
        host=next(h for h in delegation.hosts if h.id == host_id),
        members=[m for m in queries.members(event) if m.id in plan.groups[group - 1]] if plan.groups else [],
        free=[s.first for s in spans if not s.refusals],
        closed=[s for s in spans if s.refusals],
        minutes_of=as_minutes,
    )


@bp.post(f"{PLAN_PATH}/place", access=PLAN)
def place(event: Event, plan: VisitPlan) -> ResponseReturnValue:
    form = PlaceForm()
    if not form.validate_on_submit() or form.begins.data is None:
        flash(_("Choose a time."), "warning")
        return _to_programme(event)
    try:
        with write():
            visit, before = moves.place(event, plan, _place(form), by=me(), at=clock.now())
            said = moves.label(visit)
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(
            url_for("visit_moves.new", event_id=event.id, plan_id=plan.id, group=form.group.data, host=form.host.data)
        )
    _offer_undo(event, plan, form, before, _("Moved and locked: %(visit)s.", visit=said))
    return _to_programme(event)


def _place(form: PlaceForm) -> moves.Place:
    begins = datetime.fromtimestamp((form.begins.data or 0) * 60, UTC)
    return moves.Place(form.group.data, form.host.data, begins, form.locked.data != "0")


@bp.post(f"{PLAN_PATH}/visits/<int:visit_id>/lock", access=VISIT)
def lock(event: Event, plan: VisitPlan, visit: HostVisit) -> ResponseReturnValue:
    locked = request.form.get("locked") == "1"
    try:
        with write():
            moves.set_lock(visit, locked, by=me(), at=clock.now())
        flash(
            _("Locked: it stays when the rest is planned anew.") if locked else _("Unlocked: it may move."), "success"
        )
    except UserError as err:
        flash(str(err.message), "danger")
    return _to_programme(event)


@bp.post(f"{PLAN_PATH}/visits/<int:visit_id>/remove", access=VISIT)
def remove(event: Event, plan: VisitPlan, visit: HostVisit) -> ResponseReturnValue:
    try:
        with write():
            said = moves.label(visit)
            before = moves.remove(event, visit, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return _to_programme(event)
    was = {"group": before.group_number, "host": before.host_id}
    was |= {"begins": as_minutes(before.begins_at), "locked": int(before.locked)}
    _say_with_undo(event, plan, _("Taken off the draft: %(visit)s.", visit=said), was)
    return _to_programme(event)


@bp.post(f"{PLAN_PATH}/undo", access=PLAN)
def undo(event: Event, plan: VisitPlan) -> ResponseReturnValue:
    """Put a visit back where it was, or off the draft where it was not in it."""
    form = PlaceForm()
    if not form.validate_on_submit():
        flash(_("This cannot be undone any more."), "warning")
        return _to_programme(event)
    try:
        with write():
            if form.begins.data is None:
                visit = moves.visit_of(plan, form.group.data, form.host.data)
                moves.remove(event, visit, by=me(), at=clock.now())
            else:
                moves.place(event, plan, _place(form), by=me(), at=clock.now())
        flash(_("Undone: the visit is as it was before."), "success")
    except UserError as err:
        flash(_("This cannot be undone any more.") + " " + str(err.message), "warning")
    return _to_programme(event)


def _offer_undo(event: Event, plan: VisitPlan, form: PlaceForm, before: moves.Place | None, done: str) -> None:
    was = {"group": form.group.data, "host": form.host.data}
    if before is not None:
        was |= {"begins": as_minutes(before.begins_at), "locked": int(before.locked)}
    _say_with_undo(event, plan, done, was)


def _say_with_undo(event: Event, plan: VisitPlan, done: str, was: dict[str, int]) -> None:
    """Say what was done, beside a button that takes it back: the button carries what the undo needs."""
    page = render_template("delegations/_undo.html", event=event, plan=plan, done=done, was=was)
    flash(Markup(page), "success")  # noqa: S704


def _to_programme(event: Event) -> ResponseReturnValue:
    if queries.delegation(event) is None:
        raise NotFound
    return redirect(url_for("visit_programme.show", event_id=event.id))
