"""What every event shares: the event itself and the registrations for it.

Fairs, classes and conferences keep rows of their own that point here; who takes part in them is a registration.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from companies.models import Organisation
from core import clock, dates
from core.db import JSON, LongStr, Model, Searchable, Str, Versioned
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, plain, refers, tag
from events.enums import LIVE, EventKind, EventState, Organiser, RegistrationState

_LIVE = "state IN ('" + "', '".join(LIVE) + "')"
_LIVE_OF_ORGANISATION = text(_LIVE)
_LIVE_OF_PERSON = text(f"organisation_id IS NULL AND {_LIVE}")


def ticket_code() -> str:
    """128 random bits as text for a QR code."""
    return secrets.token_urlsafe(16)


class Event(Searchable, Versioned, Model):
    """A fair, class, conference, delegation or briefing. Instants are UTC; its days are days in Hanoi."""

    __register__ = Entry(_l("Events"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity_positive"),
        CheckConstraint("registration_closes_at >= registration_opens_at", name="closes_after_it_opens"),
        Index("ix_event_state_begins_at", "state", "begins_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(states(EventKind))
    state: Mapped[EventState] = mapped_column(states(EventState), default=EventState.DRAFT)
    title_vi: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    summary_vi: Mapped[str] = mapped_column(LongStr, default="")
    summary_en: Mapped[str] = mapped_column(LongStr, default="")
    place_vi: Mapped[str] = mapped_column(default="")
    place_en: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(Str(300), default="")
    organiser: Mapped[Organiser] = mapped_column(states(Organiser), default=Organiser.DEPARTMENT)
    begins_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    postponed_from: Mapped[datetime | None]  # when it was first to begin
    registration_opens_at: Mapped[datetime | None]  # None: as soon as it is published
    registration_closes_at: Mapped[datetime | None]  # None: when it begins
    capacity: Mapped[int | None]  # seats; None: as many as come
    waiting_list: Mapped[bool] = mapped_column(default=True)
    open_to: Mapped[list[str]] = mapped_column(JSON, default=list)  # kinds of organisations; empty: any
    plan_code: Mapped[str | None] = mapped_column(Str(20), index=True)  # the task of the yearly plan, e.g. "III.2"
    cancelled_reason_vi: Mapped[str] = mapped_column(Str(1000), default="")
    cancelled_reason_en: Mapped[str] = mapped_column(Str(1000), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info=refers(Then.KEEP))
    created_at: Mapped[datetime]
    counter: Mapped[RegistrationCounter] = relationship(back_populates="event", cascade="all, delete-orphan")

    def search_text(self) -> str:
        return f"{self.title_vi} {self.title_en} {self.place_vi} {self.place_en} {self.plan_code or ''}"

    def sort_text(self) -> str:
        return self.title_vi or self.title_en

    @property
    def days(self) -> list[date]:
        """The days in Hanoi on which it takes place."""
        first = clock.local(self.begins_at).date()
        last = clock.local(self.ends_at - timedelta(microseconds=1)).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    @property
    def period(self) -> str:
        """When it takes place, in Hanoi time: ``05/03/2027, 08:30 – 17:00``."""
        begin, end = clock.local(self.begins_at), clock.local(self.ends_at)
        until = f"{end:%H:%M}" if begin.date() == end.date() else f"{dates.day(end)}, {end:%H:%M}"
        return f"{dates.day(begin)}, {begin:%H:%M} – {until}"

    @property
    def closes_at(self) -> datetime:
        """When registration ends."""
        return self.registration_closes_at or self.begins_at


class RegistrationCounter(Model):
    """The last registration number of an event. A row of its own, so that a sign-up is no edit of the event."""

    __register__ = Entry(_l("Counters of registrations"), WITH_ITS_OWNER)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
    event: Mapped[Event] = relationship(back_populates="counter")


class Registration(Model):
    """A participation: of an organisation, or of a person where `organisation_id` is empty.

    `number` counts those who joined an event in the order in which they were committed, without a gap; an
    invitation has none until it is accepted. `side` is stated per participation in events that have sides:
    "firm", or the kind of partner. `key` is the form's own random key: sent twice, it registers once.
    """

    __register__ = Entry(_l("Registrations"), PART_OF_THE_RECORD, why=_l("To hold events and to report on them"))
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "user_id", "key"),
        CheckConstraint("seats >= 1", name="seats_positive"),
        CheckConstraint("number IS NOT NULL OR state NOT IN ('confirmed', 'waiting')", name="joined_has_number"),
        Index("ix_registration_event_id_state", "event_id", "state"),
        Index(
            "uq_registration_live_organisation",
            "event_id",
            "organisation_id",
            unique=True,
            sqlite_where=_LIVE_OF_ORGANISATION,
            postgresql_where=_LIVE_OF_ORGANISATION,
        ),
        Index(
            "uq_registration_live_person",
            "event_id",
            "user_id",
            unique=True,
            sqlite_where=_LIVE_OF_PERSON,
            postgresql_where=_LIVE_OF_PERSON,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(  # who registered
        ForeignKey("user.id"), index=True, info=refers(Then.BLANK)
    )
    state: Mapped[RegistrationState] = mapped_column(states(RegistrationState))
    side: Mapped[str | None] = mapped_column(Str(40), info=plain(_l("Side")))
    number: Mapped[int | None]
    seats: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Str(1000), default="", info=tag(_l("Note")))
    key: Mapped[str] = mapped_column(Str(64), info=plain(_l("Key")))
    ticket_code: Mapped[str] = mapped_column(Str(40), unique=True, default=ticket_code, info=plain(_l("Ticket code")))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def live(self) -> bool:
        return self.state in LIVE
