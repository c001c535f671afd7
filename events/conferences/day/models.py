"""Arrivals at the door, and troubles of the day with what is needed to take them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import JSON, Model, Str, state
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, refers
from events.conferences.day.enums import Trouble
from events.conferences.models import Participant, Table


class Arrival(Model):
    """A participant came (or, `left`, went). `at` is when it happened; `sent_at` when the site heard of it.

    `key` is drawn by the page at the door: a check-in that was kept while there was no connection and sent twice
    counts once.
    """

    __register__ = Entry(_l("Arrivals at conferences"), PART_OF_THE_RECORD, why=_l("To know who was there"))
    __table_args__ = (
        Index("ix_arrival_participant_id_at", "participant_id", "at"),
        CheckConstraint("sent_at >= at", name="sent_after_it_happened"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    left: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    sent_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(Str(64), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


class TroubleRow(Model):
    """Something that changes the plan. `undo`: the times or rows that it added, to take it back."""

    __tablename__ = "trouble"
    __register__ = Entry(_l("Troubles of the day"), WITH_ITS_OWNER, why=_l("To know who said what"))
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Trouble] = mapped_column(state(Trouble))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    table_id: Mapped[int | None] = mapped_column(ForeignKey("conference_table.id", ondelete="CASCADE"), index=True)
    undo: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    undone_at: Mapped[datetime | None]
    participant: Mapped[Participant | None] = relationship(foreign_keys=[participant_id])
    other: Mapped[Participant | None] = relationship(foreign_keys=[other_id])
    table: Mapped[Table | None] = relationship()
