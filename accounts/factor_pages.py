"""The second factor: set it up, type its code at sign-in, renew the recovery codes, take it away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import access as guard
from accounts import entering, factors, operations, queries
from accounts.access import me
from accounts.forms import CodeForm, CurrentForm
from core import clock
from core.access import own_account, public
from core.db import write
from core.documents import qr
from core.errors import UserError
from core.extensions import limiter
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("factor", __name__)


# --- at sign-in -----------------------------------------------------------------------------------------------


@bp.get("/sign-in/code", access=public())
def ask() -> ResponseReturnValue:
    if entering.user_at_second_step() is None:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    return render_template("accounts/code.html", form=CodeForm())


@bp.post("/sign-in/code", access=public())
@limiter.limit("60/minute", exempt_when=entering.known_device)
def answer() -> ResponseReturnValue:
    form, user = CodeForm(), entering.user_at_second_step()
    if user is None:
        flash(_("That took too long. Please sign in again."), "warning")
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    if not form.validate_on_submit():
        return render_template("accounts/code.html", form=form), 422
    tries = entering.Tries(f"factor:{user.id}", user)
    if seconds := tries.seconds_to_wait():
        form.code.errors = [_("Too many failed tries. Wait %(seconds)d seconds.", seconds=seconds)]
        return render_template("accounts/code.html", form=form), 429
    with write():
        right = factors.use(user, form.code.data, at=clock.now())
    if not right:
        tries.failed()
        form.code.errors = [_("This code is wrong, or it was used already. Wait for the next one.")]
        return render_template("accounts/code.html", form=form), 422
    return entering.begin_session(user, request.args.get("next"))


# --- in one's account -----------------------------------------------------------------------------------------


@bp.get("/account/second-factor", access=own_account())
def show() -> ResponseReturnValue:
    return _page(CodeForm(), CurrentForm())


@bp.post("/account/second-factor", access=own_account())
def begin() -> ResponseReturnValue:
    with write():
        factors.begin(me(), at=clock.now())
    return redirect(url_for("factor.show"))


@bp.post("/account/second-factor/confirm", access=own_account())
def confirm() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form, CurrentForm(), 422)
    try:
        with write():
            codes = factors.confirm(me(), form.code.data, at=clock.now())
            operations.end_others(me(), guard.current_sign_in(), at=clock.now())
    except UserError as err:
        return _page(form.blame(err), CurrentForm(), err.status)
    return render_template("accounts/recovery_codes.html", codes=codes, first=True)


@bp.post("/account/second-factor/codes", access=own_account())
def renew() -> ResponseReturnValue:
    form = CurrentForm()
    if not form.validate_on_submit() or not entering.password_again(form.current):
        return _page(CodeForm(), form, 422)
    with write():
        codes = factors.renew_codes(me(), at=clock.now())
    return render_template("accounts/recovery_codes.html", codes=codes, first=False)


@bp.post("/account/second-factor/remove", access=own_account())
def remove() -> ResponseReturnValue:
    form = CurrentForm()
    if not form.validate_on_submit() or not entering.password_again(form.current):
        return _page(CodeForm(), form, 422)
    with write():
        factors.remove(me(), by=me(), at=clock.now())
    flash(_("The second factor is removed."), "success")
    return redirect(url_for("accounts.account"))


def _page(code: CodeForm, current: CurrentForm, status: int = 200) -> ResponseReturnValue:
    user = me()
    secret = factors.secret_to_set_up(user)
    label = _("QR code for the authenticator app")
    page = render_template(
        "accounts/factor.html",
        code=code,
        current=current,
        factor=queries.second_factor(user.id),
        secret=secret,
        picture=qr.svg(factors.address_for_app(user, secret), label) if secret else None,
        codes_left=queries.recovery_codes_left(user.id),
        needed=guard.factor_needed(user),
    )
    return page, status
