"""Signing in and out, one's own account, and staff accounts for administrators."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from accounts import access as guard
from accounts import operations, queries, rules
from accounts.access import me
from accounts.enums import ROLE_LABELS, Role
from accounts.forms import PasswordForm, RolesForm, SignInForm, UserForm
from accounts.models import SignIn, User
from core import clock, paging
from core.access import may, public, signed_in
from core.db import write
from core.errors import UserError
from core.extensions import LANGUAGE_COOKIE, limiter
from core.i18n import LANGUAGES, _
from core.urls import safe_next
from core.web import Blueprint

bp = Blueprint("accounts", __name__)


def init_app(app: Flask) -> None:
    """Register the pages and plug the guard in."""
    guard.init_app(app)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(current_user=guard.current_user, actor=guard.actor, role_labels=ROLE_LABELS)


@bp.get("/sign-in", access=public())
def sign_in() -> ResponseReturnValue:
    if guard.current_user():
        return redirect(safe_next(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=SignInForm())


@bp.post("/sign-in", access=public(), endpoint="begin")
@limiter.limit("60/minute")
def begin_session() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    account, place, at = form.email.data.strip().lower(), request.remote_addr or "", clock.now()
    wait = rules.wait_before_next_try(queries.failures(account, place, at=at), at=at)
    user = queries.by_email(account)
    if wait:
        message = _("Too many failed tries. Wait %(seconds)d seconds.", seconds=int(wait.total_seconds()) + 1)
        return _sign_in_refused(form, message, 429)
    if not operations.password_fits(user, form.password.data) or user is None or user.disabled_at is not None:
        with write():
            operations.note_failure(account, place, at=at)
        return _sign_in_refused(form, _("E-mail or password is wrong."), 422)
    with write():
        key = operations.sign_in(user, device=str(request.user_agent), at=at)
    session.clear()
    row = queries.sign_in_by_key(key)
    assert row is not None
    login_user(guard.Session(key, row))
    response = redirect(safe_next(request.args.get("next")))
    if LANGUAGE_COOKIE not in request.cookies:
        response.set_cookie(LANGUAGE_COOKIE, row.user.language, max_age=31_536_000, samesite="Lax")
    return response


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


@bp.post("/language", access=public())
def language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = redirect(safe_next(request.form.get("next")))
    if chosen in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, samesite="Lax", httponly=True)
        if (user := guard.current_user()) is not None and user.language != chosen:
            with write():
                operations.set_language(user, chosen)
    return response


@bp.get("/account", access=signed_in())
def account() -> ResponseReturnValue:
    return _account_page(PasswordForm())


@bp.post("/account/password", access=signed_in())
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _account_page(form, 422)
    if not operations.password_fits(me(), form.current.data):
        form.current.errors = [_("This is not your present password.")]
        return _account_page(form, 422)
    hashed = operations.hash_password(form.password.data)
    with write():
        operations.change_password(me(), hashed, at=clock.now())
    logout_user()
    session.clear()
    flash(_("Your password is changed and all sessions are ended. Sign in with the new one."), "success")
    return redirect(url_for("accounts.sign_in"))


@bp.post("/account/sessions/<int:sign_in_id>/end", access=signed_in(sign_in=SignIn))
def end_session(sign_in: SignIn) -> ResponseReturnValue:
    with write():
        operations.end_session(sign_in, by=me(), at=clock.now())
    flash(_("The session is ended."), "success")
    return redirect(url_for("accounts.account"))


def _account_page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "accounts/account.html",
        form=form,
        sign_ins=queries.open_sign_ins(me()),
        present=guard.current_sign_in(),
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
        hashed = operations.hash_password(form.password.data)
        try:
            with write():
                user = operations.create_user(
                    email=form.email.data,
                    name=form.name.data,
                    password_hash=hashed,
                    roles=[Role(r) for r in form.roles.data or ()],
                    by=me(),
                    at=clock.now(),
                )
            flash(_("The account is made."), "success")
            return redirect(url_for("accounts.user", user_id=user.id))
        except UserError as err:
            form.email.errors = [err.message]
    return render_template("accounts/user_new.html", form=form), 422


@bp.get("/admin/users/<int:user_id>", access=may(rules.manage_accounts_of, user=User))
def user(user: User) -> ResponseReturnValue:
    form = RolesForm(roles=[r.role.value for r in user.roles])
    return render_template("accounts/user.html", user=user, form=form)


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
