"""Who could take part in a conference as a firm: the points of each criterion, and what was decided and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.models import Organisation
from core.db import JSON, Model, Str, state
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, plain, refers
from events.conferences.choosing.enums import CandidateState
from events.models import Registration


class Choice(Model):
    """The criteria of a conference: how much each counts (0 to 5), and its sectors. One row a conference."""

    __tablename__ = "conference_choice"
    __register__ = Entry(_l("Criteria of conferences"), WITH_ITS_OWNER)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), primary_key=True)
    weights: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sectors: Mapped[list[str]] = mapped_column(JSON, default=list)
    ranked_at: Mapped[datetime | None]


class Candidate(Model):
    """A firm that could be chosen. `marks`: criterion -> 0..1 when it was ranked; `points` in 0..100."""

    __register__ = Entry(_l("Candidates for conferences"), PART_OF_THE_RECORD, why=_l("To know who decided"))
    __table_args__ = (
        UniqueConstraint("conference_id", "organisation_id"),
        Index("ix_candidate_conference_id_points", "conference_id", "points"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_for_a_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    points: Mapped[float] = mapped_column(default=0.0)
    state: Mapped[CandidateState] = mapped_column(state(CandidateState), default=CandidateState.PROPOSED)
    reason: Mapped[str] = mapped_column(Str(500), default="", info=plain(_l("Reason")))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    invited_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()
    registration: Mapped[Registration | None] = relationship()
