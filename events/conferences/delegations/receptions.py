"""The page of a host: it confirms, says whom it wants to meet, and reads who comes when."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import clock, files
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _, language
from core.web import Blueprint
from events import rules as event_rules
from events.conferences.delegations import exports, operations, queries, rules, wishing
from events.conferences.delegations.forms import read_wishes
from events.conferences.delegations.models import VisitHost
from events.conferences.delegations.pages import PATH, delegation_of
from events.models import Event

bp = Blueprint("visit_receptions", __name__)
PAGE = f"{PATH}/hosts/<int:host_id>/reception"
RECEIVES = may(rules.receive, event=Event, host=VisitHost)


@bp.get(PAGE, access=RECEIVES)
def show(event: Event, host: VisitHost) -> ResponseReturnValue:
    delegation, published = delegation_of(event), queries.published(event)
    return render_template(
        "delegations/reception.html",
        event=event,
        delegation=delegation,
        host=host,
        members=queries.members(event),
        said={member: row for (member, _host), row in queries.talk_rows(host_id=host.id, by_host=True).items()},
        visits=queries.visits_at(host),
        published=published,
        open=rules.may_wish(closes_at=delegation.wishes_close_at, published=published is not None, at=clock.now()),
        manages=event_rules.manage(actor()),
    )


def _on_behalf(host: VisitHost) -> bool:
    return not actor().belongs("organisation", host.organisation_id)


def _back(event: Event, host: VisitHost) -> ResponseReturnValue:
    return redirect(url_for("visit_receptions.show", event_id=event.id, host_id=host.id))


@bp.post(f"{PAGE}/confirm", access=RECEIVES)
def confirm(event: Event, host: VisitHost) -> ResponseReturnValue:
    try:
        with write():
            operations.confirm_reception(host, by=me(), at=clock.now(), on_behalf=_on_behalf(host))
        flash(_("Thank you: the reception is confirmed."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return _back(event, host)


@bp.post(f"{PAGE}/wishes", access=RECEIVES)
def wish(event: Event, host: VisitHost) -> ResponseReturnValue:
    said = read_wishes(request.form, "m")
    try:
        with write():
            wishing.wish_of_host(host, said, by=me(), at=clock.now(), on_behalf=_on_behalf(host))
        flash(_("The wishes are saved."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return _back(event, host)


@bp.get(f"{PAGE}.pdf", access=RECEIVES)
def pdf(event: Event, host: VisitHost) -> ResponseReturnValue:
    """Who comes when, to print."""
    visits = queries.visits_at(host)
    if not visits:
        raise NotFound
    data = exports.of_host(event, delegation_of(event), visits, language())
    return files.attachment(data, _("Programme of visits") + ".pdf", files.PDF)
