"""The address of an account: confirm it, or change it; a link in a mail shows that it is one's own."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import addresses, entering, tokens
from accounts.access import current_user, me
from accounts.forms import NewAddressForm
from core import clock
from core.access import own_account, public
from core.db import write
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("address", __name__)


@bp.get("/account/address", access=own_account())
def edit() -> ResponseReturnValue:
    return render_template("accounts/address.html", form=NewAddressForm())


@bp.post("/account/address", access=own_account())
def change() -> ResponseReturnValue:
    form = NewAddressForm()
    if not form.validate_on_submit() or not entering.password_again(form.current):
        return render_template("accounts/address.html", form=form), 422
    return _mailed(form.email.data)


@bp.post("/account/address/verify", access=own_account())
def verify() -> ResponseReturnValue:
    return _mailed(me().email)


def _mailed(email: str) -> ResponseReturnValue:
    with write():
        addresses.ask_address(me(), email, at=clock.now())
    flash(_("A mail is on its way to %(email)s. Open the link in it to confirm the address.", email=email), "success")
    return redirect(url_for("accounts.account"))


@bp.get("/address/<key>", access=public())
def confirm(key: str) -> ResponseReturnValue:
    token = tokens.find(addresses.ADDRESS, key, at=clock.now())
    return render_template("accounts/confirm_address.html", key=key, address=token.address)


@bp.post("/address/<key>", access=public())
def confirmed(key: str) -> ResponseReturnValue:
    with write():
        addresses.confirm_address(key, at=clock.now())
    flash(_("The address is confirmed."), "success")
    return redirect(url_for("accounts.account" if current_user() else "accounts.sign_in"))
