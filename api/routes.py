"""The administrators' pages of tokens."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from api import interface, open_data, operations, queries, rules
from api.enums import SCOPE_LABELS, Scope
from api.forms import TokenForm
from api.models import ApiToken
from core import clock, paging
from core.access import may
from core.db import write
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("api_tokens", __name__)


def init_app(app: Flask) -> None:
    """Register the pages and the interface."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(scope_labels=SCOPE_LABELS)
    interface.init_app(app)
    open_data.init_app(app)


def _index(form: TokenForm, key: str | None = None, status: int = 200) -> ResponseReturnValue:
    page = paging.page_of(queries.tokens(), request.args.get("page"))
    return render_template("api/tokens.html", page=page, form=form, key=key, now=clock.now()), status


@bp.get("/api-tokens", access=may(rules.manage_tokens))
def index() -> ResponseReturnValue:
    return _index(TokenForm(formdata=None))


@bp.post("/api-tokens", access=may(rules.manage_tokens))
def issue() -> ResponseReturnValue:
    form = TokenForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    with write():
        _token, key = operations.issue(
            form.name.data or "",
            map(Scope, form.scopes.data or ()),
            days=form.days.data or 1,
            by=me(),
            at=clock.now(),
        )
    return _index(TokenForm(formdata=None), key)


@bp.post("/api-tokens/<int:api_token_id>/revoke", access=may(rules.manage_token, api_token=ApiToken))
def revoke(api_token: ApiToken) -> ResponseReturnValue:
    with write():
        operations.revoke(api_token, by=me(), at=clock.now())
    flash(_("The token opens nothing any more."), "success")
    return redirect(url_for("api_tokens.index"))
