"""What each side says of a meeting, and the outcomes that it states.

A meeting is named by its two participants, not by a row of a timetable: versions come and go, and two participants
of a conference meet once at most. Each side's words are its own; the other side never reads them.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from core.db import LongStr, Model, Str, Versioned, state
from core.files import StoredFile
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Kind, Then, plain, refers, tag
from events.conferences.models import Participant
from events.conferences.outcomes.enums import Label, OutcomeKind


class Said:
    """What one side says of a meeting or a visit. None: not answered yet."""

    held: Mapped[bool | None]
    useful: Mapped[bool | None]
    label: Mapped[Label | None] = mapped_column(state(Label), info=plain(_l("Where it stands")))
    note: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("Note")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))

    @staticmethod
    def checks() -> tuple[CheckConstraint, ...]:
        """Constraints of every table of them."""
        return (CheckConstraint("useful IS NULL OR held", name="useful_when_held"),)


class MeetingReport(Said, Model):
    """What one participant says of its meeting with another."""

    __register__ = Entry(_l("Reports on meetings"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (
        UniqueConstraint("participant_id", "other_id"),
        CheckConstraint("participant_id <> other_id", name="two_participants"),
        *Said.checks(),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)


class Stated(Versioned):
    """Something that came of a meeting or a visit, as one side states it, with evidence.

    `amount` in `currency`; `people`: hired or trained.
    """

    kind: Mapped[OutcomeKind] = mapped_column(state(OutcomeKind))
    on: Mapped[date]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(20, 2), info=tag(_l("Amount"), Kind.CONFIDENTIAL))
    currency: Mapped[str | None] = mapped_column(Str(3))
    people: Mapped[int | None]
    note: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("In words")))
    stated_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))

    @declared_attr
    def evidence(cls) -> Mapped[StoredFile | None]:
        return relationship(StoredFile)

    @staticmethod
    def checks() -> tuple[CheckConstraint, ...]:
        """Constraints of every table of them."""
        return (
            CheckConstraint("amount >= 0", name="amount"),
            CheckConstraint("people >= 0", name="people"),
            CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_currency"),
        )


class Outcome(Stated, Model):
    """Something that came of a meeting."""

    __register__ = Entry(_l("Outcomes of meetings"), PART_OF_THE_RECORD, why=_l("To know who said what"))
    __table_args__ = Stated.checks()
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    participant: Mapped[Participant] = relationship(foreign_keys=[participant_id])
    other: Mapped[Participant] = relationship(foreign_keys=[other_id])


class FollowUp(Model):
    """That a participant was asked, some months later, what came of its meetings: once for each date."""

    __register__ = Entry(_l("Questions after meetings"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("participant_id", "months"),
        CheckConstraint("months IN (0, 3, 6)", name="months"),  # 0: the reminder right after the conference
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    months: Mapped[int]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    participant: Mapped[Participant] = relationship()
