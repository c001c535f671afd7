"""The public list of news, and the page of an item."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import actor
from companies.enums import Sector
from core import clock, paging
from core.access import public
from core.web import Blueprint
from portal.news import digest as _digest  # noqa: F401 - registers its timer
from portal.news import queries, rules
from portal.news.enums import NEWS_KIND_LABELS, NewsKind
from portal.news.models import NewsItem
from portal.news.writing import paragraphs

bp = Blueprint("news", __name__)


def init_app(app: Flask) -> None:
    """Register the pages and what templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(news_kind_labels=NEWS_KIND_LABELS)
    app.jinja_env.filters.update(paragraphs=paragraphs)


@bp.get("/news", access=public())
def index() -> ResponseReturnValue:
    kind, sector = request.args.get("kind", ""), request.args.get("sector", "")
    own = queries.sectors_of(actor())
    query = queries.current(
        on=clock.today(),
        kind=NewsKind(kind) if kind in set(NewsKind) else None,
        sector=Sector(sector) if sector in set(Sector) else None,
        text=request.args.get("q", "")[:200],
        first=own,
    )
    return render_template(
        "news/index.html",
        page=paging.page_of(query, request.args.get("page"), 10),
        kind=kind,
        sector=sector,
        q=request.args.get("q", "")[:200],
        own=own,
        writes=rules.write_news(actor()),
    )


@bp.get("/news/<int:news_item_id>", access=public(news_item=NewsItem))
def show(news_item: NewsItem) -> ResponseReturnValue:
    current = rules.is_current(
        published_at=news_item.published_at, valid_until=news_item.valid_until, on=clock.today()
    )
    return render_template("news/show.html", item=news_item, current=current, writes=rules.write_news(actor()))
