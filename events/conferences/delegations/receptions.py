"""The page of a host: it confirms, says whom it wants to meet, reads who comes when, and says what came of it.

Who is signed in comes by the address of the host, who has the personal link by that: then `key` is given.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import clock, files
from core.access import may, public
from core.db import session, write
from core.errors import UserError
from core.i18n import _, language, pick
from core.urls import absolute
from core.web import Blueprint
from events import rules as event_rules
from events.conferences.delegations import (
    calendars,
    exports,
    operations,
    queries,
    reporting,
    rules,
    visited,
    wishing,
)
from events.conferences.delegations.forms import read_wishes
from events.conferences.delegations.models import VisitHost, VisitOutcome
from events.conferences.delegations.pages import PATH, delegation_of, visit_feed
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.forms import OutcomeForm, ReportForm
from events.conferences.outcomes.operations import withdraw_outcome
from events.models import Event

bp = Blueprint("visit_receptions", __name__)
PAGE = f"{PATH}/hosts/<int:host_id>/reception"
RECEIVES = may(rules.receive, event=Event, host=VisitHost)
RESULT = may(rules.receive, event=Event, host=VisitHost, result=VisitOutcome)
Key = str | None


@bp.get(PAGE, access=RECEIVES)
def show(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    return _page(event, host, key, _outcome_form(host))


def _to(event: Event, host: VisitHost, key: Key, name: str, **more: Any) -> str:
    """The address of an act of this page, for how the reader came."""
    if key is not None:
        return url_for(f"visit_links.{name}", key=key, **more)
    more = {f"{row}_id": number for row, number in more.items()}
    return url_for(f"visit_receptions.{name}", event_id=event.id, host_id=host.id, **more)


def _outcome_form(host: VisitHost) -> OutcomeForm:
    """An outcome with a member that was there."""
    form, at = OutcomeForm(), clock.now()
    members = {v.registration_id: v.registration for visit in queries.visits_at(host) if visit.begins_at <= at
               for v in visit.coming}  # fmt: skip
    form.other.choices = [(number, pick(m.organisation, "name").text) for number, m in members.items()]
    return form


def _page(event: Event, host: VisitHost, key: Key, form: OutcomeForm, status: int = 200) -> ResponseReturnValue:
    delegation, published, at = delegation_of(event), queries.published(event), clock.now()
    visits = queries.visits_at(host)
    page = render_template(
        "delegations/reception.html",
        event=event,
        delegation=delegation,
        host=host,
        members=queries.members(event),
        said={member: row for (member, _host), row in queries.talk_rows(host_id=host.id, by_host=True).items()},
        visits=visits,
        begun={v.id for v in visits if outcome_rules.may_report(begins_at=v.begins_at, at=at) and not v.called_off},
        reports=visited.reports_by(host),
        outcomes=visited.stated_by(host),
        form=form,
        feed=absolute("visit_receptions.feed", key=host.calendar_key) if host.calendar_key else None,
        published=published,
        open=rules.may_wish(closes_at=delegation.wishes_close_at, published=published is not None, at=at),
        over=at >= event.ends_at,
        manages=key is None and event_rules.manage(actor()),
        by_link=key is not None,
        to=lambda name, **more: _to(event, host, key, name, **more),
    )
    return page, status


def _who(host: VisitHost, key: Key) -> dict[str, Any]:
    """Who does it: a person, on behalf of the host where he is of the staff; or who has the link."""
    if key is not None:
        return {"by": f"link:visit_host:{host.id}"}
    return {"by": me(), "on_behalf": not actor().belongs("organisation", host.organisation_id)}


def _back(event: Event, host: VisitHost, key: Key, anchor: str = "") -> ResponseReturnValue:
    return redirect(_to(event, host, key, "show") + anchor)


@bp.post(f"{PAGE}/confirm", access=RECEIVES)
def confirm(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    try:
        with write():
            operations.confirm_reception(host, at=clock.now(), **_who(host, key))
        flash(_("Thank you: the reception is confirmed."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return _back(event, host, key)


@bp.post(f"{PAGE}/wishes", access=RECEIVES)
def wish(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    said = read_wishes(request.form, "m")
    try:
        with write():
            wishing.wish_of_host(host, said, at=clock.now(), **_who(host, key))
        flash(_("The wishes are saved."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return _back(event, host, key)


@bp.get(f"{PAGE}.pdf", access=RECEIVES)
def pdf(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    """Who comes when, to print."""
    visits = queries.visits_at(host)
    if not visits:
        raise NotFound
    data = exports.of_host(event, delegation_of(event), visits, language())
    return files.attachment(data, _("Programme of visits") + ".pdf", files.PDF)


@bp.get("/calendar/hosts/<string(length=43):key>.ics", access=public())
def feed(key: str) -> ResponseReturnValue:
    """The address that a calendar subscribes to: who has it may read it, until it is renewed."""
    host = queries.host_by_calendar_key(key)
    if host is None:
        raise NotFound
    event = session.get_one(Event, host.event_id)
    return visit_feed(calendars.feed_of_host(event, host, queries.visits_at(host), at=clock.now()))


@bp.post(f"{PAGE}/calendar", access=RECEIVES)
def renew_feed(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    with write():
        calendars.renew_of_host(host, by=_who(host, key)["by"], at=clock.now())
    flash(_("There is a new calendar address; the old one does not work any more."), "success")
    return _back(event, host, key, "#calendar")


# --- afterwards ------------------------------------------------------------------------------------------------


@bp.post(f"{PAGE}/said", access=RECEIVES)
def report(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    """What a host taps about the visit of a member, whose id is `other` in the form."""
    form = ReportForm()
    member = queries.member(event, form.other.data) if form.validate_on_submit() else None
    if member is None:
        flash(_("This answer could not be taken. Please try again."), "warning")
        return _back(event, host, key)
    try:
        with write():
            reporting.report(member, host.id, form.said(), by_host=True, at=clock.now(), **_who(host, key))
    except UserError as err:
        flash(str(err.message), "danger")
        return _back(event, host, key)
    return _back(event, host, key, f"#m{member.id}")


@bp.post(f"{PAGE}/outcomes", access=RECEIVES)
def state(event: Event, host: VisitHost, key: Key = None) -> ResponseReturnValue:
    form, status = _outcome_form(host), 422
    if form.validate_on_submit():
        try:
            evidence = form.proof()
            with write():
                member = queries.member(event, form.other.data)
                if member is None:
                    raise NotFound
                reporting.state_outcome(
                    member, host.id, form.statement(), evidence=evidence, by_host=True, at=clock.now(),
                    **_who(host, key),
                )  # fmt: skip
            flash(_("Thank you: the outcome is recorded."), "success")
            return _back(event, host, key, "#outcomes")
        except UserError as err:
            form.blame(err)
            status = err.status
    return _page(event, host, key, form, status)


@bp.post(f"{PAGE}/outcomes/<int:result_id>/withdraw", access=RESULT)
def withdraw(event: Event, host: VisitHost, result: VisitOutcome, key: Key = None) -> ResponseReturnValue:
    with write():
        withdraw_outcome(result, by=_who(host, key)["by"], at=clock.now())
    flash(_("The outcome is taken back and counts no more."), "success")
    return _back(event, host, key, "#outcomes")


@bp.get(f"{PAGE}/outcomes/<int:result_id>/evidence", access=RESULT)
def evidence(event: Event, host: VisitHost, result: VisitOutcome, key: Key = None) -> ResponseReturnValue:
    if result.evidence is None or result.withdrawn_at is not None:
        raise NotFound
    return files.send(result.evidence)
