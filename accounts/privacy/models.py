"""Consents with their history, requests about one's data, and incidents."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from accounts.privacy.enums import CaseKind, CaseState, Channel, Purpose, Statement
from accounts.privacy.rules import INCIDENT_HOURS
from core.db import JSON, LongStr, Model, Str, Versioned
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, dropped, plain, refers, tag

PROOF_KEPT = timedelta(days=5 * 365)
_PRESENT = text("withdrawn_at IS NULL")


class Consent(Model):
    """A person agreed to a purpose, until he withdrew it. Rows are never changed otherwise: they are the proof."""

    __register__ = Entry(
        _l("Consents"),
        dropped(PROOF_KEPT, since="withdrawn_at", reason=_l("A consent is proof until five years after its end")),
        why=_l("To prove who agreed to what"),
    )
    __table_args__ = (
        Index(
            "uq_consent_present", "user_id", "purpose", unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT
        ),
        CheckConstraint("text_version >= 1", name="text_version"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True, info=refers(Then.KEEP))
    purpose: Mapped[Purpose] = mapped_column(states(Purpose), info=plain(_l("Purpose")))
    text_version: Mapped[int] = mapped_column(info=plain(_l("Version of the text")))
    text_sha256: Mapped[str] = mapped_column(Str(64), info=plain(_l("Checksum of the text")))
    language: Mapped[str] = mapped_column(Str(2), info=plain(_l("Language")))
    given_at: Mapped[datetime] = mapped_column(info=plain(_l("Given")))
    channel: Mapped[Channel] = mapped_column(states(Channel), info=plain(_l("How it was given")))
    given_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), info=refers(Then.KEEP) | plain(_l("Entered by"))
    )
    withdrawn_at: Mapped[datetime | None]
    withdrawn_channel: Mapped[Channel | None] = mapped_column(
        states(Channel, "withdrawn_channel"), info=plain(_l("How it was withdrawn"))
    )


class DataCase(Versioned, Model):
    """A person's request about his data, with the days until which it has to be answered and done."""

    __register__ = Entry(
        _l("Requests about personal data"),
        dropped(PROOF_KEPT, since="closed_at", reason=_l("A request is proof until five years after it is closed")),
        why=_l("To deal with requests in time"),
    )
    __table_args__ = (Index("ix_data_case_state_done_due", "state", "done_due"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True, info=refers(Then.BLANK))
    kind: Mapped[CaseKind] = mapped_column(states(CaseKind), info=plain(_l("What is asked for")))
    state: Mapped[CaseState] = mapped_column(states(CaseState), default=CaseState.RECEIVED)
    words: Mapped[str] = mapped_column(LongStr, default="", info=tag(_l("In the person's words")))
    received_at: Mapped[datetime] = mapped_column(info=plain(_l("Received")))
    answer_due: Mapped[date] = mapped_column(info=plain(_l("To be answered by")))
    done_due: Mapped[date] = mapped_column(info=plain(_l("To be done by")))
    third_parties: Mapped[bool] = mapped_column(default=False, info=plain(_l("Others are involved")))
    answered_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Answered")))
    answer: Mapped[str] = mapped_column(LongStr, default="", info=tag(_l("Answer")))
    extended_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Extended")))
    extension_reason: Mapped[str] = mapped_column(LongStr, default="", info=tag(_l("Why it takes longer")))
    closed_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Closed")))
    outcome: Mapped[str] = mapped_column(LongStr, default="", info=tag(_l("What was done")))
    lifted_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Restriction lifted")))
    handled_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), info=refers(Then.KEEP) | plain(_l("Handled by"))
    )
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    handled_by: Mapped[User | None] = relationship(foreign_keys=[handled_by_id])


class Receipt(Model):
    """How a statement came that an officer entered: when, by which way, who took it, and where the paper lies."""

    __register__ = Entry(_l("Statements entered by officers"), WITH_ITS_OWNER, why=_l("To prove who agreed to what"))
    __table_args__ = (
        CheckConstraint("(consent_id IS NULL) <> (data_case_id IS NULL)", name="of_one"),
        UniqueConstraint("consent_id", "statement"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True, info=refers(Then.KEEP))
    statement: Mapped[Statement] = mapped_column(states(Statement), info=plain(_l("What was said")))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"))
    data_case_id: Mapped[int | None] = mapped_column(ForeignKey("data_case.id", ondelete="CASCADE"), unique=True)
    channel: Mapped[Channel] = mapped_column(states(Channel, "receipt_channel"), info=plain(_l("How it came")))
    received_on: Mapped[date] = mapped_column(info=plain(_l("Received")))
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), info=refers(Then.KEEP) | plain(_l("Taken by")))
    entered_by_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), info=refers(Then.KEEP) | plain(_l("Entered by"))
    )
    entered_at: Mapped[datetime] = mapped_column(info=plain(_l("Entered")))
    reference: Mapped[str] = mapped_column(Str(120), default="", info=plain(_l("Number or place of the paper")))
    taken_by: Mapped[User] = relationship(foreign_keys=[taken_by_id])
    entered_by: Mapped[User] = relationship(foreign_keys=[entered_by_id])


class Incident(Versioned, Model):
    """A breach: what happened, when it was noticed, which tables and which period it concerns."""

    __register__ = Entry(_l("Incidents with personal data"), PART_OF_THE_RECORD, why=_l("To report breaches in time"))
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Str(200), info=plain(_l("Title")))
    words: Mapped[str] = mapped_column(LongStr, info=plain(_l("What happened")))
    noticed_at: Mapped[datetime] = mapped_column(index=True, info=plain(_l("Noticed")))
    tables: Mapped[list[str]] = mapped_column(JSON, default=list, info=plain(_l("Tables concerned")))
    since: Mapped[datetime | None] = mapped_column(info=plain(_l("From")))
    until: Mapped[datetime | None] = mapped_column(info=plain(_l("Until")))
    measures: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("What was done")))
    reported_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Reported")))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info=refers(Then.KEEP))

    @property
    def due_at(self) -> datetime:
        """By when the authority has to be told."""
        return self.noticed_at + timedelta(hours=INCIDENT_HOURS)
