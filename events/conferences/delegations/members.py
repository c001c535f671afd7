"""The pages of a member: what it wishes, its programme, and what it says of visits."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import clock, files
from core.access import public
from core.db import write
from core.errors import UserError
from core.i18n import _, language, pick
from core.urls import absolute
from core.web import Blueprint
from events import rules as event_rules
from events.conferences.delegations import calendars, exports, queries, reporting, rules, visited, wishing
from events.conferences.delegations.forms import read_wishes
from events.conferences.delegations.pages import MEMBER, SPEAKS, delegation_of, visit_feed
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.forms import OutcomeForm, ReportForm
from events.models import Event, Registration

bp = Blueprint("visit_members", __name__)


@bp.get(MEMBER, access=SPEAKS)
def show(event: Event, registration: Registration) -> ResponseReturnValue:
    return page(event, registration, outcome_form(registration))


def outcome_form(registration: Registration) -> OutcomeForm:
    """An outcome of a host that the member visited."""
    form, at = OutcomeForm(), clock.now()
    hosts = {v.visit.host_id: v.visit.host for v in queries.visits_of(registration) if v.visit.begins_at <= at}
    form.other.choices = [(key, pick(host.organisation, "name").text) for key, host in hosts.items()]
    return form


def page(event: Event, registration: Registration, form: OutcomeForm) -> str:
    """The page of a member, with a form for an outcome as it was sent."""
    if registration not in queries.members(event):
        raise NotFound
    row, published, at = delegation_of(event), queries.published(event), clock.now()
    visits, talks = queries.visits_of(registration), queries.talk_rows(registration_id=registration.id, by_host=False)
    return render_template(
        "delegations/member.html",
        event=event,
        delegation=row,
        registration=registration,
        wishes=queries.wish_rows(registration),
        published=published,
        visits=visits,
        begun={v.id for v in visits if outcome_rules.may_report(begins_at=v.visit.begins_at, at=at)},
        unmet=[u for u in published.unmet if u["registration_id"] == registration.id] if published else [],
        talks={host: said for (_member, host), said in talks.items()},
        talks_unmet=[u for u in published.talks_unmet if _own_unmet(u, registration)] if published else [],
        open=rules.may_wish(closes_at=row.wishes_close_at, published=published is not None, at=at),
        feed=_feed_address(registration) if visits else None,
        hosts={host.id: host for host in row.hosts},
        said=visited.reports_of(registration),
        outcomes=visited.stated_by(registration),
        form=form,
        over=at >= event.ends_at,
        manages=event_rules.manage(actor()),
    )


def _own_unmet(row: dict[str, Any], registration: Registration) -> bool:
    """A wish of its own that was not met; what only the host wished, the host reads."""
    return bool(row["registration_id"] == registration.id and row["by_member"])


def _feed_address(registration: Registration) -> str | None:
    row = queries.calendars([registration.id]).get(registration.id)
    return absolute("visit_members.feed", key=row.key) if row is not None else None


@bp.post(f"{MEMBER}/calendar", access=SPEAKS)
def renew_feed(event: Event, registration: Registration) -> ResponseReturnValue:
    if registration not in queries.members(event):
        raise NotFound
    with write():
        calendars.renew(registration, by=me(), at=clock.now())
    flash(_("There is a new calendar address; the old one does not work any more."), "success")
    return redirect(url_for("visit_members.show", event_id=event.id, registration_id=registration.id))


@bp.get("/calendar/visits/<string(length=43):key>.ics", access=public())
def feed(key: str) -> ResponseReturnValue:
    """The address that a calendar subscribes to: who has it may read it, until it is renewed."""
    registration = queries.by_calendar_key(key)
    if registration is None:
        raise NotFound
    visits = [v.visit for v in queries.visits_of(registration)]
    return visit_feed(calendars.feed(registration, visits, at=clock.now()))


@bp.get(f"{MEMBER}/programme.pdf", access=SPEAKS)
def pdf(event: Event, registration: Registration) -> ResponseReturnValue:
    visits = [v.visit for v in queries.visits_of(registration)]
    if not visits:
        raise NotFound
    data = exports.of_member(event, delegation_of(event), registration, visits, language())
    return files.attachment(data, _("Programme of visits") + ".pdf", files.PDF)


@bp.post(f"{MEMBER}/said", access=SPEAKS)
def report(event: Event, registration: Registration) -> ResponseReturnValue:
    """What a member taps about its visit to a host, whose id is `other` in the form."""
    form = ReportForm()
    back = url_for("visit_members.show", event_id=event.id, registration_id=registration.id)
    if not form.validate_on_submit():
        flash(_("This answer could not be taken. Please try again."), "warning")
        return redirect(back)
    behalf = not event_rules.own(actor(), registration)
    try:
        with write():
            reporting.report(registration, form.other.data, form.said(), by=me(), at=clock.now(), on_behalf=behalf)
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(back)
    return redirect(f"{back}#h{form.other.data}")


@bp.post(f"{MEMBER}/wishes", access=SPEAKS)
def wish(event: Event, registration: Registration) -> ResponseReturnValue:
    back = redirect(url_for("visit_members.show", event_id=event.id, registration_id=registration.id))
    said, talks = read_wishes(request.form), read_wishes(request.form, "t")
    behalf = not event_rules.own(actor(), registration)
    try:
        with write():
            wishing.wish(registration, said, talks, by=me(), at=clock.now(), on_behalf=behalf)
    except UserError as err:
        flash(str(err.message), "danger")
        return back
    flash(_("The wishes are saved."), "success")
    return back
