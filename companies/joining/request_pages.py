"""Asking to join an organisation, one's own requests, and the officers' list with their decisions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from accounts.access import actor, current_user, me
from accounts.entering import known_device
from companies.enums import MembershipRole
from companies.joining import invitations, queries, requests, rules
from companies.joining.enums import RequestState
from companies.joining.forms import DeclineForm, JoinForm, RegisterForm
from companies.joining.models import JoinRequest
from core import clock, paging
from core.access import may, own_account, public
from core.db import session, write
from core.errors import UserError
from core.extensions import limiter
from core.i18n import _, language, ngettext
from core.web import Blueprint

bp = Blueprint("requests", __name__)
DECIDE = may(queries.may_decide, join_request=JoinRequest)


@bp.get("/join", access=public())
def ask() -> ResponseReturnValue:
    return render_template("joining/ask.html", form=JoinForm() if current_user() else RegisterForm(), mailed=None)


@bp.post("/join", access=public())
@limiter.limit("30/hour", exempt_when=known_device)
def send() -> ResponseReturnValue:
    user = current_user()
    if actor().acting_for:
        raise Forbidden  # nobody asks in the name of another
    form = JoinForm() if user else RegisterForm()
    if not form.validate_on_submit():
        return render_template("joining/ask.html", form=form, mailed=None), 422
    if user is None:
        values = form.values() | {"name": form.name.data}
        with write():
            requests.register(values, email=form.email.data, language=language(), at=clock.now())
        return render_template("joining/ask.html", form=form, mailed=form.email.data)
    try:
        with write():
            requests.ask(form.values() | {"name": user.name}, user=user, at=clock.now())
    except UserError as err:
        return render_template("joining/ask.html", form=form.blame(err), mailed=None), err.status
    flash(_("Your request now waits for a decision."), "success")
    return redirect(url_for("requests.mine"))


@bp.get("/join/mine", access=own_account())
def mine() -> ResponseReturnValue:
    return render_template("joining/mine.html", requests=queries.mine(me().id))


@bp.post("/join/<int:join_request_id>/withdraw", access=may(queries.may_withdraw, join_request=JoinRequest))
def withdraw(join_request: JoinRequest) -> ResponseReturnValue:
    with write():
        requests.withdraw(join_request, by=me(), at=clock.now())
    flash(_("The request is withdrawn."), "success")
    return redirect(url_for("requests.mine"))


# --- deciding -------------------------------------------------------------------------------------------------


@bp.get("/join/requests", access=may(rules.decide_on_requests))
def index() -> ResponseReturnValue:
    chosen = request.args.get("state", RequestState.WAITING.value)
    state = RequestState(chosen) if chosen in set(RequestState) else None
    page = paging.page_of(queries.requests(state), request.args.get("page"))
    return render_template(
        "joining/requests.html",
        page=page,
        state=state,
        states=list(RequestState)[1:],
        known=queries.known_among(page.rows),
        invitations=session.scalars(queries.open_invitations().limit(100)).all(),
        again=len(queries.to_send_again(clock.now())),
        now=clock.now(),
    )


@bp.get("/join/<int:join_request_id>", access=DECIDE)
def show(join_request: JoinRequest) -> ResponseReturnValue:
    return _page(join_request, DeclineForm())


@bp.post("/join/<int:join_request_id>/confirm", access=DECIDE)
def confirm(join_request: JoinRequest) -> ResponseReturnValue:
    with write():
        organisation = requests.confirm(join_request, by=me(), at=clock.now())
    flash(_("Confirmed; a mail tells %(name)s.", name=join_request.name), "success")
    return redirect(url_for("members.index", organisation_id=organisation.id))


@bp.post("/join/<int:join_request_id>/decline", access=DECIDE)
def decline(join_request: JoinRequest) -> ResponseReturnValue:
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(join_request, form, 422)
    with write():
        requests.decline(join_request, form.reason.data, by=me(), at=clock.now())
    flash(_("Declined; a mail tells %(name)s the reason.", name=join_request.name), "success")
    return redirect(url_for("requests.show", join_request_id=join_request.id))


@bp.post("/join/invitations/again", access=may(rules.decide_on_requests))
def send_all_again() -> ResponseReturnValue:
    with write():
        rows = queries.to_send_again(clock.now())
        for row in rows:
            invitations.send_again(row, by=me(), at=clock.now())
    flash(ngettext("%(num)d invitation is sent again.", "%(num)d invitations are sent again.", len(rows)), "success")
    return redirect(url_for("requests.index"))


def _page(row: JoinRequest, form: DeclineForm, status: int = 200) -> ResponseReturnValue:
    known = queries.organisation_meant(row)
    leads = bool(queries.leaders(known.id)) if known else False
    role = MembershipRole.MEMBER if leads else MembershipRole.OWNER
    return render_template("joining/request.html", row=row, form=form, known=known, role=role), status
