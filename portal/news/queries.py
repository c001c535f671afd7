"""Named reads of news."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, case, exists, or_, select, true

from companies.enums import Sector
from companies.models import Organisation
from core.access import Actor, visible, visible_to
from core.db import contains, session
from portal.news import rules
from portal.news.enums import NewsKind
from portal.news.models import NewsItem, NewsSector


def news_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Drafts and what was withdrawn are for officers; everything else is public."""
    return true() if rules.write_news(actor) else NewsItem.published_at.is_not(None)


visible(NewsItem, news_visible_to)


def sectors_of(actor: Actor) -> frozenset[Sector]:
    """The sectors of the reader's own organisations."""
    own = actor.ties.get("organisation", frozenset())
    found = session.scalars(select(Organisation.sector).where(Organisation.id.in_(own))) if own else ()
    return frozenset(sector for sector in found if sector is not None)


def _of(sectors: Collection[Sector]) -> ColumnElement[bool]:
    return exists().where(NewsSector.news_item_id == NewsItem.id, NewsSector.sector.in_(sectors))


def current(
    *,
    on: date,
    kind: NewsKind | None = None,
    sector: Sector | None = None,
    text: str = "",
    first: Collection[Sector] = (),
) -> Select[NewsItem]:
    """What is published and holds on a day: items of the sectors `first` before the others, then the newest first.

    With `sector` those for it and those for all.
    """
    query = select(NewsItem).where(
        NewsItem.published_at.is_not(None),
        or_(NewsItem.valid_until.is_(None), NewsItem.valid_until >= on),
        contains(NewsItem.search_key, text),
    )
    if kind is not None:
        query = query.where(NewsItem.kind == kind)
    if sector is not None:
        query = query.where(or_(_of([sector]), ~exists().where(NewsSector.news_item_id == NewsItem.id)))
    nearest = [case((_of(first), 0), else_=1)] if first else []
    return query.order_by(*nearest, NewsItem.published_at.desc(), NewsItem.id.desc())


def latest(actor: Actor, *, on: date, limit: int = 3) -> Sequence[NewsItem]:
    """The first items of the reader's list."""
    return session.scalars(current(on=on, first=sectors_of(actor)).limit(limit)).all()


def written(actor: Actor) -> Select[NewsItem]:
    """All items for officers, drafts first, then the newest."""
    drafts_first = case((NewsItem.published_at.is_(None), 0), else_=1)
    return (
        select(NewsItem)
        .where(visible_to(actor, NewsItem))
        .order_by(drafts_first, NewsItem.created_at.desc(), NewsItem.id)
    )
