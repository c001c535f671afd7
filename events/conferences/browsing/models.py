"""The firms matched with a partner, those it marked, and its searches. All belong to one organisation alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.models import Organisation
from core.db import JSON, Model, Str
from core.i18n import _l
from core.personal import WITH_ITS_OWNER, Entry, Then, refers


class FirmList(Model):
    """When the firms of a partner were ranked."""

    __register__ = Entry(_l("Lists of matched firms"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), unique=True)
    ranked_at: Mapped[datetime]


class FirmMatch(Model):
    """A firm on a partner's list. `reasons`: as `listing.reasons` stores them, with what every partner may read."""

    __register__ = Entry(_l("Matched firms"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("organisation_id", "firm_id"),
        Index("ix_firm_match_organisation_id_rank", "organisation_id", "rank"),
        CheckConstraint("fit BETWEEN 0 AND 1", name="fit"),
        CheckConstraint("organisation_id <> firm_id", name="two_organisations"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int]
    fit: Mapped[float]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    firm: Mapped[Organisation] = relationship(foreign_keys=[firm_id])


class Star(Model):
    """A firm on a partner's shortlist."""

    __register__ = Entry(_l("Shortlists of partners"), WITH_ITS_OWNER, why=_l("To know who marked a firm"))
    __table_args__ = (UniqueConstraint("organisation_id", "firm_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


class SavedSearch(Model):
    """Filters under a name. `filters`: the arguments of the address."""

    __register__ = Entry(_l("Saved searches"), WITH_ITS_OWNER)
    __table_args__ = (UniqueConstraint("organisation_id", "name"), CheckConstraint("name <> ''", name="named"))
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Str(80))
    filters: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
