"""Records that turned out to be one organisation: what was merged into what, and pairs that are two after all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, cast, column, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.models import Organisation
from core.db import JSON, Model, session
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, Entry, Then, plain, purged, purges, refers

UNDO_KEPT = timedelta(days=180)


class OrganisationMerge(Model):
    """`gone` became part of `kept`; its row stays, empty of everything that was moved, so that old links lead on.

    `moved`: what changed, see moving.py; emptied when it can no longer be undone.
    """

    __register__ = Entry(
        _l("Merged records of organisations"),
        purged(UNDO_KEPT, _l("What was moved is forgotten after 180 days; that two records are one stays")),
        why=_l("To keep one record of each organisation"),
    )
    __table_args__ = (
        CheckConstraint(column("kept_id") != column("gone_id"), name="two_records"),
        Index(
            "uq_organisation_merge_standing",
            "gone_id",
            unique=True,
            sqlite_where=column("undone_at").is_(None),
            postgresql_where=column("undone_at").is_(None),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=plain(_l("What was moved")))
    undone_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Undone")))
    kept: Mapped[Organisation] = relationship(foreign_keys=[kept_id])
    gone: Mapped[Organisation] = relationship(foreign_keys=[gone_id])


class NotDuplicate(Model):
    """Two records that an officer looked at: they are two organisations. The older is the first."""

    __register__ = Entry(_l("Records that are no duplicates"), PART_OF_THE_RECORD, why=_l("Not to ask twice"))
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint(column("first_id") < column("second_id"), name="older_first"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


def gone_ids() -> Any:
    """The ids of records that are part of another now, as a subquery."""
    return select(OrganisationMerge.gone_id).where(OrganisationMerge.undone_at.is_(None))


def successor(key: int) -> int | None:
    """The record that this one became part of."""
    standing = OrganisationMerge.undone_at.is_(None)
    return session.scalar(select(OrganisationMerge.kept_id).where(OrganisationMerge.gone_id == key, standing))


@purges(OrganisationMerge)
def forget_what_moved(at: datetime) -> None:
    """After its time a merge stands for good."""
    old = (OrganisationMerge.at < at - UNDO_KEPT, cast(OrganisationMerge.moved, String) != "{}")
    session.execute(update(OrganisationMerge).where(*old).values(moved={}))
