"""A business-matching conference: its slots and tables, who takes part, what they wish, and the timetable.

Rows carry no indices; `encoding.py` is the one place where ids become positions of the engine's arrays.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.enums import Kind
from companies.models import Organisation
from core import clock
from core.db import JSON, LongStr, Model, Str, Versioned
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, dropped, plain, refers, tag
from events.conferences.enums import Mode, Origin, Side, VersionState, Wish
from events.models import Event, Registration

_DRAFT, _PUBLISHED = text("state = 'draft'"), text("state = 'published'")


class Conference(Versioned, Model):
    """What an event of kind "conference" has beside the event. Limits are meetings per participant."""

    __register__ = Entry(_l("Conferences"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint("0 <= firm_minimum AND firm_minimum <= firm_maximum", name="firm_limits"),
        CheckConstraint("0 <= partner_minimum AND partner_minimum <= partner_maximum", name="partner_limits"),
        CheckConstraint("meeting_minutes BETWEEN 5 AND 180", name="meeting_minutes"),
        CheckConstraint("change_minutes BETWEEN 0 AND 60", name="change_minutes"),
        CheckConstraint("lift_points BETWEEN 0 AND 30", name="lift_points"),
        CheckConstraint("exploration_percent BETWEEN 0 AND 30", name="exploration_percent"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    partner_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    meeting_minutes: Mapped[int] = mapped_column(default=25)
    change_minutes: Mapped[int] = mapped_column(default=5)
    firm_minimum: Mapped[int] = mapped_column(default=2)
    firm_maximum: Mapped[int] = mapped_column(default=8)
    partner_minimum: Mapped[int] = mapped_column(default=3)
    partner_maximum: Mapped[int] = mapped_column(default=16)
    mode: Mapped[Mode] = mapped_column(states(Mode), default=Mode.HALL)
    wishes_open_at: Mapped[datetime | None]
    wishes_close_at: Mapped[datetime | None]
    timetable_due_at: Mapped[datetime | None]  # when the timetable is promised for
    confirm_until: Mapped[datetime | None]  # until when participants confirm or decline their meetings
    criteria_vi: Mapped[str] = mapped_column(
        LongStr, default="", info=plain(_l("Criteria for choosing participants"))
    )
    criteria_en: Mapped[str] = mapped_column(
        LongStr, default="", info=plain(_l("Criteria for choosing participants"))
    )
    lift_points: Mapped[int] = mapped_column(default=0)  # see lift.py; 0: nobody is lifted
    exploration_percent: Mapped[int] = mapped_column(default=0)  # see exploration.py; 0: lists by fit alone
    event: Mapped[Event] = relationship(lazy="joined")
    slots: Mapped[list[Slot]] = relationship(
        back_populates="conference", order_by="Slot.begins_at", cascade="all, delete-orphan"
    )
    tables: Mapped[list[Table]] = relationship(
        back_populates="conference", order_by="Table.position", cascade="all, delete-orphan"
    )
    rooms: Mapped[list[Room]] = relationship(
        back_populates="conference", order_by="Room.position, Room.id", cascade="all, delete-orphan"
    )
    interpreters: Mapped[list[Interpreter]] = relationship(
        back_populates="conference", order_by="Interpreter.id", cascade="all, delete-orphan"
    )


class Slot(Model):
    """One meeting time. Slots of one conference never overlap; a new block begins after a night or a meal."""

    __tablename__ = "conference_slot"
    __register__ = Entry(_l("Meeting times"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("conference_id", "begins_at"),
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    begins_block: Mapped[bool] = mapped_column(default=False)
    conference: Mapped[Conference] = relationship(back_populates="slots")

    @property
    def day(self) -> date:
        return clock.local(self.begins_at).date()


class Room(Model):
    """A room in which tables stand. `width` and `depth` in metres, for its plan."""

    __tablename__ = "conference_room"
    __register__ = Entry(_l("Rooms of conferences"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("conference_id", "name"),
        CheckConstraint("width BETWEEN 3 AND 300 AND depth BETWEEN 3 AND 300", name="size"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Str(80))
    position: Mapped[int] = mapped_column(default=0)
    width: Mapped[float] = mapped_column(default=24.0)
    depth: Mapped[float] = mapped_column(default=15.0)
    conference: Mapped[Conference] = relationship(back_populates="rooms")


class Interpreter(Model):
    """Somebody who interprets between Vietnamese and a language; `label` is a number or function, not a name."""

    __tablename__ = "conference_interpreter"
    __register__ = Entry(_l("Interpreters of conferences"), WITH_ITS_OWNER)
    __table_args__ = (UniqueConstraint("conference_id", "label"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(Str(80))
    language: Mapped[str] = mapped_column(Str(8))
    away_slots: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of slots
    conference: Mapped[Conference] = relationship(back_populates="interpreters")


class Table(Model):
    """A table in the hall: a partner's own, or free for everybody. Places are metres; `link` is its online room."""

    __tablename__ = "conference_table"
    __register__ = Entry(_l("Tables of conferences"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("conference_id", "label"),
        CheckConstraint("seats BETWEEN 1 AND 50", name="seats"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(Str(40))
    position: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)
    seats: Mapped[int] = mapped_column(default=1)
    x: Mapped[float] = mapped_column(default=0.0)
    y: Mapped[float] = mapped_column(default=0.0)
    closed_slots: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of slots
    room_id: Mapped[int | None] = mapped_column(ForeignKey("conference_room.id", ondelete="SET NULL"), index=True)
    link: Mapped[str] = mapped_column(Str(300), default="")
    conference: Mapped[Conference] = relationship(back_populates="tables")
    room: Mapped[Room | None] = relationship()
    owner: Mapped[Participant | None] = relationship(foreign_keys=[owner_id])


class Participant(Model):
    """An organisation that takes part on one side; at its back stands a registration of the event."""

    __register__ = Entry(_l("Participants of conferences"), PART_OF_THE_RECORD)
    __table_args__ = (
        UniqueConstraint("conference_id", "organisation_id", "side"),
        CheckConstraint("minimum IS NULL OR minimum >= 0", name="minimum"),
        CheckConstraint("maximum IS NULL OR maximum >= 0", name="maximum"),
        CheckConstraint("delegates BETWEEN 1 AND 20", name="delegates"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    side: Mapped[Side] = mapped_column(states(Side))
    kind: Mapped[Kind] = mapped_column(states(Kind))  # "firm", or the kind as which a partner comes
    minimum: Mapped[int | None]  # None: the conference's
    maximum: Mapped[int | None]
    delegates: Mapped[int] = mapped_column(default=1)  # how many meetings at the same time
    away_slots: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of slots
    time_zone: Mapped[str | None] = mapped_column(Str(40))  # of an online participant, e.g. "Asia/Tokyo"; None: Hanoi
    feed_key: Mapped[str] = mapped_column(Str(64), unique=True, default=lambda: secrets.token_urlsafe(32))
    listed_at: Mapped[datetime | None]  # when its own list was last computed
    conference: Mapped[Conference] = relationship()
    organisation: Mapped[Organisation] = relationship()
    registration: Mapped[Registration] = relationship()


class PairScores(Model):
    """The fits of all pairs of a conference on the one scale of all kinds: one row a conference.

    `engine` says by kind of partner with which version, weights, scale and model. `fit` is float32, `gate` int8,
    both row by row: firms in the order of `firm_ids`, partners in that of `partner_ids`. Plain bytes, no pickle.
    """

    __register__ = Entry(_l("Fit estimates"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), unique=True)
    computed_at: Mapped[datetime]
    engine: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # version and weights, for the record
    lift_points: Mapped[int] = mapped_column(default=0)  # the rules under which lists were ordered
    exploration_percent: Mapped[int] = mapped_column(default=0)
    firm_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of participants
    partner_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    fit: Mapped[bytes] = mapped_column(LargeBinary)
    gate: Mapped[bytes] = mapped_column(LargeBinary)


class Suggestion(Model):
    """One line of a participant's ranked list: made by a machine, with its reasons; a person decides.

    `fit` is what is shown: a fit estimate, or the estimated chance of a mutual yes where `chance`. `scorer_values`:
    what each scorer said (None: unknown), in the order of the kind's weights; `model` counted them.
    """

    __register__ = Entry(_l("Suggestions"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("participant_id", "other_id"),
        Index("ix_suggestion_participant_id_rank", "participant_id", "rank"),
        CheckConstraint("rank >= 1", name="rank"),
        CheckConstraint("fit BETWEEN 0 AND 1", name="fit"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int]
    fit: Mapped[float]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    lifted: Mapped[bool] = mapped_column(default=False)  # by the organiser's rule
    explored: Mapped[bool] = mapped_column(default=False)  # drawn from further down: see exploration.py
    chance: Mapped[bool] = mapped_column(default=False)
    scorer_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    model: Mapped[str] = mapped_column(Str(16), default="")  # name of the learnt model; "": weights set by hand
    other: Mapped[Participant] = relationship(foreign_keys=[other_id])


class PositionShown(Model):
    """At which rank a participant's own people saw another on their list: once for each other and Hanoi day.

    With what the engine said by then, so that answers can be learnt from: see answers.py.
    """

    __register__ = Entry(_l("Positions shown"), dropped(timedelta(days=730), since="day"))
    __table_args__ = (
        UniqueConstraint("participant_id", "other_id", "day"),
        CheckConstraint("rank >= 1", name="rank"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    rank: Mapped[int]
    scorer_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    model: Mapped[str] = mapped_column(Str(16), default="")


class WishRow(Model):
    """What one participant says of another."""

    __tablename__ = "wish"
    __register__ = Entry(_l("Wishes for meetings"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (UniqueConstraint("participant_id", "other_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    wish: Mapped[Wish] = mapped_column(states(Wish))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), info=refers(Then.KEEP))


class Confirmation(Model):
    """Whether a participant comes to a meeting of the published timetable. Void once the time changes."""

    __register__ = Entry(_l("Answers to meetings"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (UniqueConstraint("participant_id", "other_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("conference_slot.id", ondelete="CASCADE"))
    comes: Mapped[bool]
    reason: Mapped[str] = mapped_column(Str(500), default="", info=plain(_l("Reason")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


class Delegate(Model):
    """Somebody who comes for a participant, for its badge and the door list; named now or later."""

    __register__ = Entry(
        _l("Delegates to conferences"),
        dropped(timedelta(days=730), since="at"),
        why=_l("Badges and the list at the door"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Str(120), info=tag(_l("Name")))
    function: Mapped[str] = mapped_column(Str(120), default="", info=tag(_l("Function")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.DROP))
    participant: Mapped[Participant] = relationship()


class TimetableVersion(Versioned, Model):
    """A timetable. Objective and bound are in units of 1/10,000 of fit, as the engine states them."""

    __register__ = Entry(_l("Timetables"), PART_OF_THE_RECORD)
    __table_args__ = (
        UniqueConstraint("conference_id", "number"),
        Index(
            "uq_timetable_version_draft", "conference_id", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT
        ),
        Index(
            "uq_timetable_version_published",
            "conference_id",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(states(VersionState), default=VersionState.DRAFT)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info=refers(Then.KEEP))
    published_at: Mapped[datetime | None]
    frozen_until: Mapped[datetime | None]  # re-planned on the day: what began before is history and not judged
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the engine said of its answer
    unmet: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # why wishes became no meeting
    note: Mapped[str] = mapped_column(LongStr, default="")
    conference: Mapped[Conference] = relationship()
    meetings: Mapped[list[Meeting]] = relationship(
        back_populates="timetable", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def set_aside(self) -> bool:
        """Whether it is an alternative to the draft: replaced, and never published. See improving.py."""
        return self.state is VersionState.SUPERSEDED and self.published_at is None


class Meeting(Model):
    """Two participants, a slot and a table."""

    __register__ = Entry(_l("Meetings"), PART_OF_THE_RECORD)
    __table_args__ = (
        UniqueConstraint("version_id", "firm_id", "partner_id"),
        Index("ix_meeting_version_id_slot_id", "version_id", "slot_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("conference_slot.id"))
    table_id: Mapped[int] = mapped_column(ForeignKey("conference_table.id"))
    fit: Mapped[float] = mapped_column(default=0.0)
    locked: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[Origin] = mapped_column(states(Origin), default=Origin.SOLVER)
    timetable: Mapped[TimetableVersion] = relationship(back_populates="meetings")
    firm: Mapped[Participant] = relationship(foreign_keys=[firm_id])
    partner: Mapped[Participant] = relationship(foreign_keys=[partner_id])
    slot: Mapped[Slot] = relationship()
    table: Mapped[Table] = relationship()

    @property
    def pair(self) -> tuple[int, int]:
        """(firm, partner): two participants meet once at most in a timetable."""
        return self.firm_id, self.partner_id
