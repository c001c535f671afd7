"""Signing in and out, one's own account, and staff accounts for administrators."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from accounts import access as guard
from accounts import (
    address_pages,
    addresses,
    entering,
    factor_pages,
    factors,
    operations,
    queries,
    reset_pages,
    rules,
)
from accounts.access import me
from accounts.enums import ROLE_LABELS, Role
from accounts.forms import PasswordForm, RolesForm, SignInForm, UserForm
from accounts.models import SignIn, User
from core import clock, paging
from core.access import may, name_of_part, own_account, public, signed_in
from core.db import write
from core.errors import UserError
from core.extensions import limiter
from core.i18n import LANGUAGES, _, ngettext
from core.urls import safe_next
from core.web import Blueprint

bp = Blueprint("accounts", __name__)


def init_app(app: Flask) -> None:
    """Register the pages and plug the guard in."""
    guard.init_app(app)
    for pages in (bp, reset_pages.bp, address_pages.bp, factor_pages.bp):
        app.register_blueprint(pages)
    app.jinja_env.globals.update(
        current_user=guard.current_user,
        actor=guard.actor,
        name_of_part=name_of_part,
        acting_until=guard.acting_until,
        role_labels=ROLE_LABELS,
    )


@bp.get("/sign-in", access=public())
def sign_in() -> ResponseReturnValue:
    if guard.current_user():
        return redirect(safe_next(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=SignInForm())


@bp.post("/sign-in", access=public(), endpoint="begin")
@limiter.limit("60/minute", exempt_when=entering.known_device)
def begin_session() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    account = form.email.data.strip().lower()
    user = queries.by_email(account)
    tries = entering.Tries(account, user)
    if seconds := tries.seconds_to_wait():
        return _sign_in_refused(form, _("Too many failed tries. Wait %(seconds)d seconds.", seconds=seconds), 429)
    if not operations.password_fits(user, form.password.data) or user is None or user.disabled_at is not None:
        tries.failed()
        return _sign_in_refused(form, _("E-mail or password is wrong."), 422)
    return entering.password_was_right(user, request.args.get("next"))


def _sign_in_refused(form: SignInForm, message: str, status: int) -> ResponseReturnValue:
    form.form_errors.append(message)
    return render_template("accounts/sign_in.html", form=form), status


@bp.post("/sign-out", access=signed_in())
def sign_out() -> ResponseReturnValue:
    row = guard.current_sign_in()
    assert row is not None
    with write():
        operations.end_session(row, by=row.user_id, at=clock.now())
    logout_user()
    session.clear()
    flash(_("You are signed out."), "success")
    return redirect(url_for("portal.home"))


@bp.get("/acting", access=signed_in())
def acting() -> ResponseReturnValue:
    row, target = guard.current_sign_in(), safe_next(request.args.get("next"))
    if row is None or row.acting_for is None or not rules.acting_over(
        until=row.acting_until, sends=False, at=clock.now()
    ):  # fmt: skip
        return redirect(target)
    return render_template("accounts/acting.html", target=target)


@bp.post("/acting/go-on", access=signed_in())
def go_on_acting() -> ResponseReturnValue:
    row, target = guard.current_sign_in(), safe_next(request.form.get("next"))
    if row is not None and row.acting_for is not None:
        with write():
            operations.act_for(row, row.acting_for, by=row.user_id, at=clock.now())
    return redirect(target)


@bp.post("/acting/stop", access=signed_in())
def stop_acting() -> ResponseReturnValue:
    row = guard.current_sign_in()
    assert row is not None
    with write():
        operations.act_for(row, None, by=row.user_id, at=clock.now())
    flash(_("You act in your own name again."), "success")
    return redirect(url_for("portal.home"))


@bp.post("/language", access=public())
def language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = redirect(safe_next(request.form.get("next")))
    if chosen in LANGUAGES:
        entering.keep_language(response, chosen)
        if (user := guard.current_user()) is not None and user.language != chosen:
            with write():
                operations.set_language(user, chosen)
    return response


@bp.get("/account", access=own_account())
def account() -> ResponseReturnValue:
    return _account_page(PasswordForm())


@bp.post("/account/password", access=own_account())
def change_password() -> ResponseReturnValue:
    form, user = PasswordForm(), me()
    if not form.validate_on_submit() or not entering.password_again(form.current):
        return _account_page(form, 422)
    try:
        operations.check_password(form.password.data, user.name, user.email)
    except UserError as err:
        return _account_page(form.blame(err), 422)
    hashed = operations.hash_password(form.password.data)
    with write():
        operations.change_password(user, hashed, at=clock.now())
    flash(_("Your password is changed, and your other sessions are ended."), "success")
    return entering.begin_session(user, url_for("accounts.account"))


@bp.post("/account/sessions/<int:sign_in_id>/end", access=own_account(sign_in=SignIn))
def end_session(sign_in: SignIn) -> ResponseReturnValue:
    with write():
        operations.end_session(sign_in, by=me(), at=clock.now())
    flash(_("The session is ended."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/account/browsers/<int:sign_in_id>/forget", access=own_account(sign_in=SignIn))
def forget_browser(sign_in: SignIn) -> ResponseReturnValue:
    here = sign_in.device_hash == queries.digest(entering.device_key() or "")
    with write():
        operations.forget_browser(sign_in, guard.current_sign_in(), by=me(), at=clock.now())
    flash(_("The browser is forgotten. When somebody signs in there, it counts as unknown."), "success")
    response = redirect(url_for("accounts.account"))
    return entering.forget_device(response) if here else response


@bp.post("/account/sessions/end-others", access=own_account())
def end_others() -> ResponseReturnValue:
    with write():
        number = operations.end_others(me(), guard.current_sign_in(), at=clock.now())
    flash(ngettext("%(num)d other session is ended.", "%(num)d other sessions are ended.", number), "success")
    return redirect(url_for("accounts.account"))


def _account_page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    page = render_template(
        "accounts/account.html",
        form=form,
        sign_ins=queries.living_sign_ins(me(), settings.session_idle, settings.session_absolute, at=clock.now()),
        present=guard.current_sign_in(),
        browsers=queries.known_browsers(me(), at=clock.now()),
        this_browser=queries.digest(entering.device_key() or ""),
        factor=queries.second_factor(me().id),
        codes_left=queries.recovery_codes_left(me().id),
        factor_needed=guard.factor_needed(me()),
    )
    return page, status


@bp.get("/admin/users", access=may(rules.manage_accounts))
def users() -> ResponseReturnValue:
    text = request.args.get("q", "")
    page = paging.page_of(queries.search(text), request.args.get("page"))
    return render_template("accounts/users.html", page=page, q=text)


@bp.get("/admin/users/new", access=may(rules.manage_accounts))
def new_user() -> ResponseReturnValue:
    return render_template("accounts/user_new.html", form=UserForm())


@bp.post("/admin/users/new", access=may(rules.manage_accounts))
def create_user() -> ResponseReturnValue:
    form = UserForm()
    if form.validate_on_submit():
        nobodys = operations.hash_password(secrets.token_urlsafe(32))  # until its owner chooses one
        try:
            with write():
                user = operations.create_user(
                    email=form.email.data,
                    name=form.name.data,
                    password_hash=nobodys,
                    roles=[Role(r) for r in form.roles.data or ()],
                    by=me(),
                    at=clock.now(),
                )
                addresses.welcome(user, at=clock.now())
            flash(_("The account is made, and a mail lets its owner choose a password."), "success")
            return redirect(url_for("accounts.user", user_id=user.id))
        except UserError as err:
            form.email.errors = [err.message]
    return render_template("accounts/user_new.html", form=form), 422


@bp.get("/admin/users/<int:user_id>", access=may(rules.manage_accounts_of, user=User))
def user(user: User) -> ResponseReturnValue:
    form = RolesForm(roles=[r.role.value for r in user.roles])
    return render_template("accounts/user.html", user=user, form=form, factor=queries.second_factor(user.id))


@bp.post("/admin/users/<int:user_id>/roles", access=may(rules.manage_accounts_of, user=User))
def set_roles(user: User) -> ResponseReturnValue:
    form = RolesForm()
    if form.validate_on_submit():
        with write():
            operations.set_roles(user, [Role(r) for r in form.roles.data or ()], by=me(), at=clock.now())
        flash(_("The roles are changed."), "success")
    return redirect(url_for("accounts.user", user_id=user.id))


@bp.post("/admin/users/<int:user_id>/lock", access=may(rules.manage_accounts_of, user=User))
def lock(user: User) -> ResponseReturnValue:
    with write():
        operations.disable(user, by=me(), at=clock.now())
    flash(_("The account is locked."), "success")
    return redirect(url_for("accounts.user", user_id=user.id))


@bp.post("/admin/users/<int:user_id>/unlock", access=may(rules.manage_accounts_of, user=User))
def unlock(user: User) -> ResponseReturnValue:
    with write():
        operations.enable(user, by=me(), at=clock.now())
    flash(_("The account is unlocked."), "success")
    return redirect(url_for("accounts.user", user_id=user.id))


@bp.post("/admin/users/<int:user_id>/second-factor/remove", access=may(rules.manage_accounts_of, user=User))
def remove_factor(user: User) -> ResponseReturnValue:
    with write():
        factors.remove(user, by=me(), at=clock.now())
    flash(_("The second factor is removed, and its owner is told. The next sign-in sets it up anew."), "success")
    return redirect(url_for("accounts.user", user_id=user.id))
