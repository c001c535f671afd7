"""The pages on which officers write news."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from core import clock, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint
from portal.news import operations, queries, rules
from portal.news.forms import NewsForm
from portal.news.models import NewsItem

bp = Blueprint("news_office", __name__)
ITEM = may(rules.write_item, news_item=NewsItem)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/news/office", access=may(rules.write_news))
def index() -> ResponseReturnValue:
    page = paging.page_of(queries.written(actor()), request.args.get("page"))
    return render_template("news/office.html", page=page, today=clock.today())


@bp.get("/news/office/new", access=may(rules.write_news))
def new() -> ResponseReturnValue:
    return render_template("news/edit.html", form=NewsForm(), item=None)


@bp.post("/news/office/new", access=may(rules.write_news))
def create() -> ResponseReturnValue:
    return _save(NewsForm(), None)


@bp.get("/news/office/<int:news_item_id>", access=ITEM)
def edit(news_item: NewsItem) -> ResponseReturnValue:
    return render_template("news/edit.html", form=NewsForm.of(news_item), item=news_item)


@bp.post("/news/office/<int:news_item_id>", access=ITEM)
def save(news_item: NewsItem) -> ResponseReturnValue:
    return _save(NewsForm(), news_item)


def _save(form: NewsForm, row: NewsItem | None) -> ResponseReturnValue:
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                row = operations.save(row, form.values(), version=form.seen_version(), by=me(), at=clock.now())
            flash(_("Saved."), "success")
            return redirect(url_for("news.show", news_item_id=row.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return render_template("news/edit.html", form=form, item=row), status


def _act(item: NewsItem, act: Callable[[], None], done: str) -> ResponseReturnValue:
    try:
        with write():
            act()
    except UserError as err:
        flash(str(err.message), "danger")
    else:
        flash(done, "success")
    return redirect(url_for("news.show", news_item_id=item.id))


@bp.post("/news/office/<int:news_item_id>/publish", access=ITEM)
def publish(news_item: NewsItem) -> ResponseReturnValue:
    return _act(news_item, lambda: operations.publish(news_item, by=me(), at=clock.now()), _("Published."))


@bp.post("/news/office/<int:news_item_id>/withdraw", access=ITEM)
def withdraw(news_item: NewsItem) -> ResponseReturnValue:
    return _act(
        news_item,
        lambda: operations.withdraw(news_item, by=me(), at=clock.now()),
        _("Withdrawn; it is a draft again."),
    )
