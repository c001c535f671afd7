"""The hosts of a delegation and the way between them, for officers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies.models import Organisation
from core import clock
from core.db import get, write
from core.errors import UserError
from core.i18n import _, ngettext
from core.web import Blueprint
from events import queries as event_queries
from events.conferences.delegations import asking, links, operations, planning, queries
from events.conferences.delegations.forms import CancelForm, HostForm, WayForm
from events.conferences.delegations.models import VisitHost
from events.conferences.delegations.pages import HOST, ORGANISES, PATH, delegation_of
from events.models import Event

bp = Blueprint("visit_hosts", __name__)


@bp.get(f"{PATH}/overview", access=ORGANISES)
def index(event: Event) -> ResponseReturnValue:
    return _overview(event, WayForm(formdata=None))


def _overview(event: Event, way: WayForm, status: int = 200) -> ResponseReturnValue:
    row = delegation_of(event)
    page = render_template(
        "delegations/show.html",
        event=event,
        delegation=row,
        members=queries.members(event),
        wishes=queries.wishes(event),
        way=way.offer(row.hosts),
    )
    return page, status


@bp.get(f"{PATH}/hosts/new", access=ORGANISES)
def new(event: Event) -> ResponseReturnValue:
    return _new_host_page(event, HostForm())


@bp.post(f"{PATH}/hosts/new", access=ORGANISES)
def add(event: Event) -> ResponseReturnValue:
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
        "delegations/host.html", event=event, delegation=delegation_of(event), form=form, host=None, q=text
    ), status


@bp.get(f"{PATH}/hosts/<int:host_id>", access=HOST)
def show(event: Event, host: VisitHost) -> ResponseReturnValue:
    return _host_page(event, host, _known(host))


@bp.post(f"{PATH}/hosts/<int:host_id>", access=HOST)
def save(event: Event, host: VisitHost) -> ResponseReturnValue:
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


def _host_page(
    event: Event, host: VisitHost, form: HostForm, status: int = 200, link: str | None = None
) -> ResponseReturnValue:
    form.offer([host.organisation])
    page = render_template(
        "delegations/host.html",
        event=event,
        delegation=delegation_of(event),
        form=form,
        host=host,
        readers=queries.readers_of_hosts([host.id]),
        link=link,
    )
    return page, status


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
    return redirect(url_for("visit_hosts.index", event_id=event.id))


@bp.post(f"{PATH}/hosts/<int:host_id>/remove", access=HOST)
def remove(event: Event, host: VisitHost) -> ResponseReturnValue:
    try:
        with write():
            operations.remove_host(host, by=me(), at=clock.now())
        flash(_("The host is taken off the programme."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return redirect(url_for("visit_hosts.index", event_id=event.id))


@bp.post(f"{PATH}/ways", access=ORGANISES)
def set_way(event: Event) -> ResponseReturnValue:
    form = WayForm().offer(delegation_of(event).hosts)
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
    return redirect(url_for("visit_hosts.index", event_id=event.id) + "#ways")


@bp.post(f"{PATH}/hosts/<int:host_id>/cancel", access=HOST)
def cancel(event: Event, host: VisitHost) -> ResponseReturnValue:
    """The host cancels, or receives after all; where a programme is out, the rest of it is planned anew at once."""
    form, back = CancelForm(), url_for("visit_hosts.show", event_id=event.id, host_id=host.id)
    if not form.validate_on_submit():
        flash(_("This answer could not be taken. Please try again."), "warning")
        return redirect(back)
    try:
        with write():
            if request.form.get("receives") == "1":
                operations.receive_again(host, by=me(), at=clock.now())
            else:
                operations.cancel_reception(host, form.reason.data or "", by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(back)
    return _plan_the_rest(event)


@bp.post(f"{PATH}/hosts/<int:host_id>/ask", access=HOST)
def ask(event: Event, host: VisitHost) -> ResponseReturnValue:
    """Ask the host by mail whether it receives the delegation."""
    with write():
        told = operations.ask_host(host, by=me(), at=clock.now())
    if told:
        flash(ngettext("%(num)d mail is sent to the host.", "%(num)d mails are sent to the host.", told), "success")
    else:
        flash(
            _("Nobody of this host has an account, and its profile has no e-mail address. Give it its link."), "info"
        )
    return redirect(url_for("visit_hosts.show", event_id=event.id, host_id=host.id) + "#link")


@bp.post(f"{PATH}/hosts/<int:host_id>/link", access=HOST)
def link(event: Event, host: VisitHost) -> ResponseReturnValue:
    """A personal link of the host, shown once, to hand over; those of before open nothing any more."""
    with write():
        address = links.renew(host, event, by=me(), at=clock.now())
    return _host_page(event, host, _known(host), link=address)


def _known(host: VisitHost) -> HostForm:
    return HostForm(formdata=None, obj=host, data={"organisation": host.organisation_id})


def _plan_the_rest(event: Event) -> ResponseReturnValue:
    flash(_("The host is saved."), "success")
    if queries.published(event) is not None:
        try:
            with write():
                task = planning.ask(event, by=me(), at=clock.now())
            return redirect(url_for("tasks.show", task_id=task.id))
        except UserError as err:
            flash(str(err.message), "warning")
    return redirect(url_for("visit_hosts.index", event_id=event.id))


@bp.post(f"{PATH}/wishes/remind", access=ORGANISES)
def remind(event: Event) -> ResponseReturnValue:
    """Remind the members that have said nothing yet."""
    with write():
        told = asking.remind_silent(delegation_of(event), by=me(), at=clock.now())
    flash(ngettext("%(num)d person is reminded by mail.", "%(num)d people are reminded by mail.", told), "success")
    return redirect(url_for("visit_hosts.index", event_id=event.id))
