"""Pages of a delegation: the officer's set-up, its hosts, its members, and the page of a member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies.models import Organisation
from core import clock, files
from core.access import may, signed_in
from core.db import CHANGED_MEANWHILE, get, write
from core.errors import Conflict, UserError
from core.i18n import _, _l, language, ngettext
from core.web import Blueprint
from events import queries as event_queries
from events import rules as event_rules
from events.conferences.delegations import exports, operations, planning, queries, rules, wording
from events.conferences.delegations.forms import (
    WISHES,
    DayForm,
    DestinationForm,
    HostForm,
    WayForm,
    day_forms,
    read_wishes,
)
from events.conferences.delegations.models import Delegation, VisitHost, VisitPlan
from events.conferences.enums import VersionState
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.forms import ReportForm
from events.enums import EventKind
from events.models import Event, Registration
from events.routes import world

bp = Blueprint("delegations", __name__)
PATH = "/events/<int:event_id>/delegation"
MEMBER = f"{PATH}/members/<int:registration_id>"
ORGANISES = may(rules.organise, event=Event)
HOST = may(rules.organise, event=Event, host=VisitHost)
SPEAKS = may(rules.speak_for, event=Event, registration=Registration)


def init_app(app: Flask) -> None:
    """Register the pages, and lead to them from the page of the event."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(visit_wishes=WISHES, visit_hours=exports.hours, visit_reason=wording.reason)
    world(EventKind.DELEGATION, "delegations.of_event", _l("Hosts and visits"))


def _delegation(event: Event) -> Delegation:
    row = queries.delegation(event)
    if row is None:
        raise NotFound
    return row


@bp.get(PATH, access=signed_in(event=Event))
def of_event(event: Event) -> ResponseReturnValue:
    """Where the reader's own business with the delegation is."""
    row = queries.delegation(event)
    if event_rules.manage(actor()):
        return redirect(url_for("delegations.show" if row else "delegations.edit", event_id=event.id))
    members = {member.id for member in queries.members(event)} if row else set()
    for own in event_queries.own_registrations(event, actor()):
        if own.id in members:
            return redirect(url_for("delegations.member", event_id=event.id, registration_id=own.id))
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
    return _set_up_page(event, DestinationForm(obj=row), day_forms(event, row.days if row else None))


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
            return redirect(url_for("delegations.show", event_id=event.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return _set_up_page(event, form, days, status)


def _must_be_delegation(event: Event) -> None:
    if event.kind is not EventKind.DELEGATION:
        raise NotFound


def _set_up_page(
    event: Event, form: DestinationForm, days: Sequence[DayForm], status: int = 200
) -> ResponseReturnValue:
    return render_template("delegations/edit.html", event=event, form=form, days=days), status


@bp.get(f"{PATH}/overview", access=ORGANISES)
def show(event: Event) -> ResponseReturnValue:
    return _overview(event, WayForm(formdata=None))


def _overview(event: Event, way: WayForm, status: int = 200) -> ResponseReturnValue:
    row = _delegation(event)
    page = render_template(
        "delegations/show.html",
        event=event,
        delegation=row,
        members=queries.members(event),
        wishes=queries.wishes(event),
        way=way.offer(row.hosts),
    )
    return page, status


# --- hosts -----------------------------------------------------------------------------------------------------


@bp.get(f"{PATH}/hosts/new", access=ORGANISES)
def new_host(event: Event) -> ResponseReturnValue:
    return _new_host_page(event, HostForm())


@bp.post(f"{PATH}/hosts/new", access=ORGANISES)
def add_host(event: Event) -> ResponseReturnValue:
    form = HostForm()
    chosen = get(Organisation, form.organisation.data or 0)
    form.offer([chosen] if chosen else [])
    if not form.validate_on_submit() or chosen is None:
        return _new_host_page(event, form, 422)
    return _save_host(
        event,
        form,
        lambda: operations.add_host(event, chosen, form.values(), by=me(), at=clock.now()),
        lambda status: _new_host_page(event, form, status),
    )


def _new_host_page(event: Event, form: HostForm, status: int = 200) -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    if not form.organisation.choices:
        form.offer(event_queries.organisations_called(text) if text else [])
    return render_template(
        "delegations/host.html", event=event, delegation=_delegation(event), form=form, host=None, q=text
    ), status


@bp.get(f"{PATH}/hosts/<int:host_id>", access=HOST)
def host(event: Event, host: VisitHost) -> ResponseReturnValue:
    return _host_page(event, host, HostForm(obj=host, data={"organisation": host.organisation_id}))


@bp.post(f"{PATH}/hosts/<int:host_id>", access=HOST)
def save_host(event: Event, host: VisitHost) -> ResponseReturnValue:
    form = HostForm(organisation=host.organisation_id)
    form.offer([host.organisation]).organisation.data = host.organisation_id
    if not form.validate_on_submit():
        return _host_page(event, host, form, 422)
    return _save_host(
        event,
        form,
        lambda: operations.change_host(host, form.values(), by=me(), at=clock.now()),
        lambda status: _host_page(event, host, form, status),
    )


def _host_page(event: Event, host: VisitHost, form: HostForm, status: int = 200) -> ResponseReturnValue:
    form.offer([host.organisation])
    return render_template(
        "delegations/host.html", event=event, delegation=_delegation(event), form=form, host=host
    ), status


def _save_host(
    event: Event, form: HostForm, save: Callable[[], Any], again: Callable[[int], ResponseReturnValue]
) -> ResponseReturnValue:
    try:
        with write():
            save()
    except UserError as err:
        form.blame(err)
        return again(err.status)
    flash(_("The host is saved."), "success")
    return redirect(url_for("delegations.show", event_id=event.id))


@bp.post(f"{PATH}/hosts/<int:host_id>/remove", access=HOST)
def remove_host(event: Event, host: VisitHost) -> ResponseReturnValue:
    try:
        with write():
            operations.remove_host(host, by=me(), at=clock.now())
        flash(_("The host is taken off the programme."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return redirect(url_for("delegations.show", event_id=event.id))


@bp.post(f"{PATH}/ways", access=ORGANISES)
def set_way(event: Event) -> ResponseReturnValue:
    form = WayForm().offer(_delegation(event).hosts)
    usual = request.form.get("usual") == "1"
    if usual:
        form.minutes.validators = ()
    if not form.validate_on_submit():
        return _overview(event, form, 422)
    try:
        with write():
            taken = None if usual else form.minutes.data
            operations.set_way(event, form.one.data, form.other.data, taken, by=me(), at=clock.now())
    except UserError as err:
        return _overview(event, form.blame(err), err.status)
    flash(_("The way between the two hosts is saved."), "success")
    return redirect(url_for("delegations.show", event_id=event.id) + "#ways")


# --- the programme ---------------------------------------------------------------------------------------------


@bp.post(f"{PATH}/plan", access=ORGANISES)
def plan(event: Event) -> ResponseReturnValue:
    try:
        with write():
            task = planning.ask(event, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(url_for("delegations.of_event", event_id=event.id))
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.get(f"{PATH}/programme", access=ORGANISES)
def programme(event: Event) -> ResponseReturnValue:
    row, draft, published = _delegation(event), *_plans(event)
    shown, at = draft or published, clock.now()
    members = queries.members(event)
    going = {v.registration_id for visit in shown.visits for v in visit.visitors} if shown else set()
    said = [v for visit in published.visits if visit.begins_at <= at for v in visit.visitors] if published else []
    labels = Counter(v.label for v in said if v.label)
    return render_template(
        "delegations/programme.html",
        event=event,
        delegation=row,
        plan=shown,
        published=published,
        members={member.id: member for member in members},
        hosts={host.id: host for host in row.hosts},
        staying=[member for member in members if member.id not in going],
        begun=queries.begun(event, at=at),
        answers=len(said),
        held=Counter(v.held for v in said),
        useful=Counter(v.useful for v in said if v.held),
        labels=[(label, labels[label]) for label in Label if labels[label]],
    )


def _plans(event: Event) -> tuple[VisitPlan | None, VisitPlan | None]:
    return queries.plan_in(event, VersionState.DRAFT), queries.plan_in(event, VersionState.PUBLISHED)


@bp.post(f"{PATH}/publish", access=ORGANISES)
def publish(event: Event) -> ResponseReturnValue:
    back = redirect(url_for("delegations.programme", event_id=event.id))
    try:
        with write():
            draft = queries.plan_in(event, VersionState.DRAFT)
            if draft is None or str(draft.id) != request.form.get("plan"):
                raise Conflict(CHANGED_MEANWHILE)
            told = planning.publish(event, draft, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return back
    flash(
        _("The programme is published.")
        + " "
        + ngettext("%(num)d person is told by mail.", "%(num)d people are told by mail.", told),
        "success",
    )
    return back


@bp.get(f"{PATH}/programme.pdf", access=ORGANISES)
def programme_pdf(event: Event) -> ResponseReturnValue:
    row, draft, published = _delegation(event), *_plans(event)
    shown = draft or published
    if shown is None:
        raise NotFound
    data = exports.programme(event, row, shown, language())
    return files.attachment(data, _("Programme of visits") + ".pdf", files.PDF)


# --- a member --------------------------------------------------------------------------------------------------


@bp.get(MEMBER, access=SPEAKS)
def member(event: Event, registration: Registration) -> ResponseReturnValue:
    if registration not in queries.members(event):
        raise NotFound
    row, published, at = _delegation(event), queries.published(event), clock.now()
    visits = queries.visits_of(registration)
    unmet = [u for u in published.unmet if u["registration_id"] == registration.id] if published else []
    return render_template(
        "delegations/member.html",
        event=event,
        delegation=row,
        registration=registration,
        wishes=queries.wish_rows(registration),
        published=published,
        visits=visits,
        begun={v.id for v in visits if outcome_rules.may_report(begins_at=v.visit.begins_at, at=at)},
        unmet=unmet,
        hosts={host.id: host for host in row.hosts},
        manages=event_rules.manage(actor()),
    )


@bp.get(f"{MEMBER}/programme.pdf", access=SPEAKS)
def member_pdf(event: Event, registration: Registration) -> ResponseReturnValue:
    visits = [v.visit for v in queries.visits_of(registration)]
    if not visits:
        raise NotFound
    data = exports.of_member(event, _delegation(event), registration, visits, language())
    return files.attachment(data, _("Programme of visits") + ".pdf", files.PDF)


@bp.post(f"{MEMBER}/said", access=SPEAKS)
def report(event: Event, registration: Registration) -> ResponseReturnValue:
    """What a member taps about a visit, whose id is `other` in the form."""
    form = ReportForm()
    back = url_for("delegations.member", event_id=event.id, registration_id=registration.id)
    if not form.validate_on_submit():
        flash(_("This answer could not be taken. Please try again."), "warning")
        return redirect(back)
    behalf = not event_rules.own(actor(), registration)
    try:
        with write():
            planning.report(registration, form.other.data, form.said(), by=me(), at=clock.now(), on_behalf=behalf)
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(back)
    return redirect(f"{back}#v{form.other.data}")


@bp.post(f"{MEMBER}/wishes", access=SPEAKS)
def wish(event: Event, registration: Registration) -> ResponseReturnValue:
    back = redirect(url_for("delegations.member", event_id=event.id, registration_id=registration.id))
    said = read_wishes(request.form)
    try:
        with write():
            operations.wish(
                registration, said, by=me(), at=clock.now(), on_behalf=not event_rules.own(actor(), registration)
            )
    except UserError as err:
        flash(str(err.message), "danger")
        return back
    flash(_("The wishes are saved."), "success")
    return back
