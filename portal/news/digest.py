"""The week's news by mail, for people who agreed to that: those of their sectors first, each in his language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.models import User
from accounts.privacy.enums import OPTIONAL_MAIL, Purpose
from accounts.privacy.queries import agreed
from companies.enums import Sector
from companies.models import Membership, Organisation
from core import clock, lease, outbox
from core.db import session, write
from core.i18n import _, force_locale, pick
from core.timers import timer
from core.urls import in_letter
from portal.news.models import NewsItem

(NEWS_MAIL,) = OPTIONAL_MAIL[Purpose.NEWS]
MOST_ITEMS = 12  # of one mail; the site has them all


@timer("news by mail", seconds=900, period="day")
def send(at: datetime) -> None:
    """Queue the news of the week before, once a week for each person; a week without news brings no mail."""
    today = clock.local(at)
    monday = (today - timedelta(days=today.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    items = _published(monday - timedelta(days=7), monday)
    if not items:
        return
    with write():
        lease.guard()
        people = session.scalars(
            select(User).where(User.disabled_at.is_(None), agreed(Purpose.NEWS, User.id)).order_by(User.id)
        ).all()
        sectors = _sectors_of([user.id for user in people])
        for user in people:
            _queue(user, items, sectors.get(user.id, frozenset()), week=f"{monday:%G-W%V}", at=at)


def _published(since: datetime, until: datetime) -> Sequence[NewsItem]:
    return session.scalars(
        select(NewsItem)
        .where(NewsItem.published_at >= since, NewsItem.published_at < until)
        .order_by(NewsItem.published_at.desc(), NewsItem.id.desc())
    ).all()


def _sectors_of(user_ids: Sequence[int]) -> Mapping[int, frozenset[Sector]]:
    found: dict[int, set[Sector]] = {}
    query = (
        select(Membership.user_id, Organisation.sector)
        .join(Organisation)
        .where(Membership.user_id.in_(user_ids), Membership.left_at.is_(None))
    )
    for user_id, sector in session.execute(query):
        if sector is not None:
            found.setdefault(user_id, set()).add(sector)
    return {user_id: frozenset(sectors) for user_id, sectors in found.items()}


def _queue(user: User, items: Sequence[NewsItem], own: frozenset[Sector], *, week: str, at: datetime) -> None:
    nearest = sorted(items, key=lambda item: own.isdisjoint(item.sectors))[:MOST_ITEMS]
    with force_locale(user.language):
        lines = [f"- {pick(i, 'title').text}\n  {in_letter('news.show', news_item_id=i.id)}" for i in nearest]
        body = "\n\n".join(
            (
                _("News of the past week for makers of Hanoi's key industrial products:"),
                *lines,
                _("You get this because you agreed to it. You can withdraw that at any time:"),
                in_letter("privacy.consents"),
            )
        )
        subject = _("News of the week")
    outbox.enqueue(
        NEWS_MAIL, user.email, subject, body, at=at, dedupe_key=f"news:{week}:{user.id}", language=user.language
    )
