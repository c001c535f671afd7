"""What firms say of their situation, round by round, and what the Department does about it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from companies.models import Organisation
from core.db import JSON, LongStr, Model, Str, Versioned
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, plain, refers
from portal.situation.enums import CaseState, Matter, Trend


class SituationRound(Versioned, Model):
    """A round of the questionnaire; it takes answers from `opens_on` to `closes_on`, days in Hanoi."""

    __register__ = Entry(_l("Rounds of the questionnaire"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint(column("closes_on") >= column("opens_on"), name="closes_after_it_opens"),
        CheckConstraint(column("title_vi") != "", name="titled"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    title_vi: Mapped[str] = mapped_column(Str(120))
    title_en: Mapped[str] = mapped_column(Str(120), default="")
    opens_on: Mapped[date] = mapped_column(index=True)
    closes_on: Mapped[date]
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    created_at: Mapped[datetime]


class SituationAnswer(Versioned, Model):
    """What a firm answered in a round, saved question by question; `sent_at` when it said that this is all."""

    __register__ = Entry(_l("Answers on the situation of firms"), WITH_ITS_OWNER, why=_l("To know what firms need"))
    __table_args__ = (UniqueConstraint("round_id", "organisation_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("situation_round.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    production: Mapped[Trend | None] = mapped_column(states(Trend, "production"), info=plain(_l("Production")))
    orders: Mapped[Trend | None] = mapped_column(states(Trend, "orders"), info=plain(_l("Orders")))
    staff: Mapped[Trend | None] = mapped_column(states(Trend, "staff"), info=plain(_l("Workers")))
    difficulties: Mapped[list[str]] = mapped_column(JSON, default=list, info=plain(_l("Difficulties")))
    difficulty_text: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("Difficulties in words")))
    request_text: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("Requests")))
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    round: Mapped[SituationRound] = relationship()
    organisation: Mapped[Organisation] = relationship()
    cases: Mapped[list[SituationCase]] = relationship(
        back_populates="answer", cascade="all, delete-orphan", passive_deletes=True, order_by="SituationCase.matter"
    )


class SituationCase(Versioned, Model):
    """A difficulty or a request in a firm's words, and the Department's reply and what was done."""

    __register__ = Entry(_l("Difficulties and requests of firms"), WITH_ITS_OWNER, why=_l("To answer what firms ask"))
    __table_args__ = (UniqueConstraint("answer_id", "matter"), Index("ix_situation_case_state_at", "state", "at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("situation_answer.id", ondelete="CASCADE"))
    matter: Mapped[Matter] = mapped_column(states(Matter))
    text: Mapped[str] = mapped_column(LongStr, info=plain(_l("Text")))
    state: Mapped[CaseState] = mapped_column(states(CaseState), default=CaseState.OPEN)
    at: Mapped[datetime]
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True, info=refers(Then.KEEP)
    )
    reply: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("Reply")))
    replied_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("What was done")))
    resolved_at: Mapped[datetime | None]
    answer: Mapped[SituationAnswer] = relationship(back_populates="cases")
    assignee: Mapped[User | None] = relationship()
