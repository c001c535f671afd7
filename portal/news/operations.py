"""Verbs of news. Run inside a write block; flush, never commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from companies.enums import Sector
from core import audit
from core.db import session
from core.errors import Conflict
from core.i18n import _
from portal.news.models import NewsItem, NewsSector


def save(
    row: NewsItem | None, values: Mapping[str, Any], *, version: int | None = None, by: Any, at: datetime
) -> NewsItem:
    """A new draft, or a changed item; a published one stays published."""
    if row is None:
        row = NewsItem(created_at=at, created_by_id=by.id)
    else:
        row.expect(version)
    for name, value in values.items():
        if name == "sectors":
            wanted = {Sector(code) for code in value}
            kept = [s for s in row.sector_rows if s.sector in wanted]
            new = sorted(wanted - {s.sector for s in kept})
            row.sector_rows[:] = [*kept, *(NewsSector(sector=sector) for sector in new)]
        else:
            setattr(row, name, value)
    session.add(row)
    session.flush()
    audit.record("news.save", row, by=by, at=at)
    return row


def publish(row: NewsItem, *, by: Any, at: datetime) -> None:
    """Let everybody read it."""
    if row.published_at is not None:
        raise Conflict(_("This item is published already."))
    row.published_at = at
    session.flush()
    audit.record("news.publish", row, by=by, at=at)


def withdraw(row: NewsItem, *, by: Any, at: datetime) -> None:
    """Make it a draft again."""
    if row.published_at is None:
        raise Conflict(_("This item is not published."))
    row.published_at = None
    session.flush()
    audit.record("news.withdraw", row, by=by, at=at)
