"""A lost password: ask for a link by mail, open it, choose a new one."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from accounts import addresses, entering, operations, tokens
from accounts.forms import AddressForm, NewPasswordForm
from core import clock
from core.access import public
from core.db import write
from core.errors import Gone, UserError
from core.extensions import limiter
from core.i18n import _, language
from core.web import Blueprint

bp = Blueprint("password", __name__)


@bp.get("/password/forgotten", access=public())
def forgotten() -> ResponseReturnValue:
    return render_template("accounts/forgotten.html", form=AddressForm(), asked=None)


@bp.post("/password/forgotten", access=public())
@limiter.limit("30/hour", exempt_when=entering.known_device)
def ask() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten.html", form=form, asked=None), 422
    with write():
        addresses.ask_reset(form.email.data, language=language(), at=clock.now())
    return render_template("accounts/forgotten.html", form=form, asked=form.email.data)


@bp.get("/password/new/<key>", access=public())
def new(key: str) -> ResponseReturnValue:
    tokens.find(addresses.RESET, key, at=clock.now())
    return render_template("accounts/new_password.html", form=NewPasswordForm(), key=key)


@bp.post("/password/new/<key>", access=public())
def choose(key: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    token = tokens.find(addresses.RESET, key, at=clock.now())
    if token.user is None:
        raise Gone
    if form.validate_on_submit():
        try:
            operations.check_password(form.password.data, token.user.name, token.user.email)
        except UserError as err:
            form.blame(err)
        else:
            hashed = operations.hash_password(form.password.data)
            with write():
                user = addresses.reset(key, hashed, at=clock.now())
            flash(_("Your new password holds from now on. All sessions that were open are ended."), "success")
            return entering.password_was_right(user, None)
    return render_template("accounts/new_password.html", form=form, key=key), 422
