"""News for firms about markets, makers of technology and fairs abroad."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, column, func, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.enums import Sector
from core.db import LongStr, Model, Searchable, Str, Versioned
from core.db import state as states
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, refers
from portal.news.enums import NewsKind


class NewsItem(Searchable, Versioned, Model):
    """An item in plain text, in two languages; `published_at` is empty for a draft and after it was withdrawn.

    Without a sector it is for all firms. `source_url` is where the facts come from.
    """

    __register__ = Entry(_l("News for firms"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint(
            or_(func.coalesce(column("title_vi"), "") != "", func.coalesce(column("title_en"), "") != ""),
            name="titled",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NewsKind] = mapped_column(states(NewsKind), index=True)
    title_vi: Mapped[str] = mapped_column(Str(200), default="")
    title_en: Mapped[str] = mapped_column(Str(200), default="")
    body_vi: Mapped[str] = mapped_column(LongStr, default="")
    body_en: Mapped[str] = mapped_column(LongStr, default="")
    source_url: Mapped[str | None] = mapped_column(Str(300))
    valid_until: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    sector_rows: Mapped[list[NewsSector]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="selectin", order_by="NewsSector.id"
    )

    @property
    def sectors(self) -> list[Sector]:
        """The sectors that it is for; none: all."""
        return [row.sector for row in self.sector_rows]

    def search_text(self) -> str:
        return f"{self.title_vi} {self.title_en} {self.body_vi} {self.body_en}"

    def sort_text(self) -> str:
        return self.title_vi or self.title_en


class NewsSector(Model):
    """A sector that an item is for."""

    __register__ = Entry(_l("Sectors of news"), WITH_ITS_OWNER)
    __table_args__ = (UniqueConstraint("news_item_id", "sector"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    news_item_id: Mapped[int] = mapped_column(ForeignKey("news_item.id", ondelete="CASCADE"))
    sector: Mapped[Sector] = mapped_column(states(Sector))
