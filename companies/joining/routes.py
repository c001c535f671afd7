"""The pages that links of invitations and registrations open, and the registration of all pages of joining."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import entering, operations, tokens
from accounts import queries as people
from accounts.access import actor, current_user
from accounts.forms import NewPasswordForm
from accounts.models import User
from companies.joining import attention as _attention  # noqa: F401 - registers what needs officers
from companies.joining import invitations, list_pages, member_pages, request_pages, requests
from companies.joining.enums import REQUEST_STATE_LABELS, VERDICT_LABELS
from companies.joining.forms import WelcomeForm
from companies.joining.models import Invitation
from core import clock
from core.access import public
from core.db import write
from core.errors import UserError
from core.i18n import _, pick
from core.web import Blueprint

bp = Blueprint("joining", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    for pages in (bp, request_pages.bp, member_pages.bp, list_pages.bp):
        app.register_blueprint(pages)
    app.jinja_env.globals.update(request_state_labels=REQUEST_STATE_LABELS, invitation_verdict_labels=VERDICT_LABELS)


# --- the link of an invitation --------------------------------------------------------------------------------


def _invitation(key: str) -> tuple[Invitation, User | None]:
    """The invitation that the link opens, and the account of the invited address."""
    row = invitations.of_token(tokens.find(invitations.PURPOSE, key, at=clock.now()))
    return row, people.by_email(row.email)


def _invited_page(key: str, form: WelcomeForm, status: int = 200) -> ResponseReturnValue:
    row, account = _invitation(key)
    reader = current_user()
    page = render_template(
        "joining/invited.html",
        key=key,
        form=form,
        invitation=row,
        account=account is not None,
        here=reader is not None and account is not None and reader.id == account.id,
    )
    return page, status


@bp.get("/invitation/<key>", access=public())
def invited(key: str) -> ResponseReturnValue:
    row, _account = _invitation(key)
    return _invited_page(key, WelcomeForm(name=row.name))


@bp.post("/invitation/<key>", access=public())
def accept(key: str) -> ResponseReturnValue:
    row, account = _invitation(key)
    reader = current_user()
    if account is not None:
        if reader is None or reader.id != account.id or actor().acting_for:
            return _invited_page(key, WelcomeForm(), 403)
        with write():
            _user, organisation = invitations.accept(key, user=reader, at=clock.now())
        return _welcome(pick(organisation, "name").text, organisation.id)
    form = WelcomeForm()
    if not form.validate_on_submit():
        return _invited_page(key, form, 422)
    try:
        operations.check_password(form.password.data, form.name.data, row.email)
    except UserError as err:
        return _invited_page(key, form.blame(err), 422)
    hashed = operations.hash_password(form.password.data)
    with write():
        user, organisation = invitations.accept(key, name=form.name.data, password_hash=hashed, at=clock.now())
    target = url_for("companies_editing.hub", organisation_id=organisation.id)
    flash(_("Welcome. You act for %(firm)s from now on.", firm=pick(organisation, "name").text), "success")
    return entering.begin_session(user, target)


def _welcome(firm: str, organisation_id: int) -> ResponseReturnValue:
    flash(_("Welcome. You act for %(firm)s from now on.", firm=firm), "success")
    return redirect(url_for("companies_editing.hub", organisation_id=organisation_id))


# --- the link of a registration -------------------------------------------------------------------------------


def _registered_page(key: str, form: NewPasswordForm, status: int = 200) -> ResponseReturnValue:
    row = requests.of_token(tokens.find(requests.PURPOSE, key, at=clock.now()))
    return render_template("joining/registered.html", key=key, form=form, request_row=row), status


@bp.get("/registration/<key>", access=public())
def registered(key: str) -> ResponseReturnValue:
    return _registered_page(key, NewPasswordForm())


@bp.post("/registration/<key>", access=public())
def complete(key: str) -> ResponseReturnValue:
    row = requests.of_token(tokens.find(requests.PURPOSE, key, at=clock.now()))
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _registered_page(key, form, 422)
    try:
        operations.check_password(form.password.data, row.name, row.email, row.organisation_name)
        hashed = operations.hash_password(form.password.data)
        with write():
            user = requests.confirm_address(key, hashed, at=clock.now())
    except UserError as err:
        if err.status == 404:
            raise
        return _registered_page(key, form.blame(err), err.status)
    flash(_("Your account is made. Your request now waits for a decision."), "success")
    return entering.begin_session(user, url_for("requests.mine"))
