"""A delegation, its days, its hosts and the way between them, what members wish, and the programme of visits.

A delegation is an event of that kind and has its key. Members are the organisations that registered for the event.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.models import Organisation
from core import clock
from core.db import JSON, Model, Str, Versioned
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, plain, refers
from events.conferences.delegations.enums import Question
from events.conferences.enums import VersionState, Wish
from events.conferences.outcomes.models import Said, Stated
from events.enums import RegistrationState
from events.models import Event, Registration

_DRAFT, _PUBLISHED = text("state = 'draft'"), text("state = 'published'")


class Delegation(Versioned, Model):
    """Where a delegation goes. `group_size`: people who travel together; `travel`: minutes between two hosts;
    `wishes_close_at`: until when members and hosts state what they wish (None: until the programme is out).
    """

    __register__ = Entry(_l("Delegations"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint("group_size BETWEEN 1 AND 200", name="group_size"),
        CheckConstraint("travel BETWEEN 0 AND 600", name="travel"),
    )
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    destination_vi: Mapped[str] = mapped_column(default="")
    destination_en: Mapped[str] = mapped_column(default="")
    province: Mapped[str | None] = mapped_column(Str(2))  # its number in the official list; None: abroad, or unknown
    group_size: Mapped[int] = mapped_column(default=15)
    travel: Mapped[int] = mapped_column(default=30)
    wishes_close_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    event: Mapped[Event] = relationship()
    days: Mapped[list[DelegationDay]] = relationship(
        order_by="DelegationDay.on", cascade="all, delete-orphan", lazy="selectin"
    )
    hosts: Mapped[list[VisitHost]] = relationship(order_by="VisitHost.id", cascade="all, delete-orphan")
    ways: Mapped[list[VisitWay]] = relationship(cascade="all, delete-orphan")

    def minutes_between(self, one: int, other: int) -> int:
        """How long the way between two hosts takes: as stated for them, or as usual."""
        pair = min(one, other), max(one, other)
        return next((way.minutes for way in self.ways if (way.one_id, way.other_id) == pair), self.travel)

    def way_to(self, visit: HostVisit, before: HostVisit | None) -> int | None:
        """The way to a visit from the one before on the same day; None: it begins the day, or stays where it is."""
        if before is None or before.host_id == visit.host_id:
            return None
        if clock.local(before.begins_at).date() != clock.local(visit.begins_at).date():
            return None
        return self.minutes_between(before.host_id, visit.host_id)


class DelegationDay(Model):
    """A day with visits, in the time of day in Hanoi; in the break no visit is held."""

    __register__ = Entry(_l("Days of delegations"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("event_id", "on"),
        CheckConstraint("ends > begins", name="ends_after_it_begins"),
        CheckConstraint("(break_from IS NULL) = (break_until IS NULL)", name="break_has_two_ends"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("delegation.event_id", ondelete="CASCADE"))
    on: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time]
    break_from: Mapped[time | None]
    break_until: Mapped[time | None]


class VisitHost(Model):
    """An organisation that receives the delegation, a visit of `minutes` for at most `seats` people at once.

    The last `talk_minutes` of a visit are for meetings of one member with people of the host, `slot_minutes` each,
    at `desks` desks at the same time (0: none are offered). `confirmed_at`: when the host said that it receives.
    """

    __register__ = Entry(_l("Hosts of delegations"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint("closes > opens", name="closes_after_it_opens"),
        CheckConstraint("seats BETWEEN 1 AND 500", name="seats"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes"),
        CheckConstraint("desks BETWEEN 0 AND 20", name="desks"),
        CheckConstraint("talk_minutes BETWEEN 0 AND minutes", name="talk_minutes"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 60", name="slot_minutes"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("delegation.event_id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Str(300), default="")
    opens: Mapped[time]
    closes: Mapped[time]
    seats: Mapped[int]
    minutes: Mapped[int]
    desks: Mapped[int] = mapped_column(default=0)
    talk_minutes: Mapped[int] = mapped_column(default=30)
    slot_minutes: Mapped[int] = mapped_column(default=15)
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]  # no visit begins there from then on
    cancelled_reason: Mapped[str] = mapped_column(Str(500), default="", info=plain(_l("Reason")))
    calendar_key: Mapped[str | None] = mapped_column(Str(64), unique=True)  # who has it reads who comes when
    organisation: Mapped[Organisation] = relationship()


class VisitWay(Model):
    """How long the way between two hosts takes, where it is not the usual time; the same in both directions."""

    __register__ = Entry(_l("Travel times of delegations"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="lower_first"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("delegation.event_id", ondelete="CASCADE"), index=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    minutes: Mapped[int]
    one: Mapped[VisitHost] = relationship(foreign_keys=[one_id])
    other: Mapped[VisitHost] = relationship(foreign_keys=[other_id])


class MemberCalendar(Model):
    """The calendar address of a member: who has the key reads its programme, until it is renewed."""

    __register__ = Entry(_l("Calendar addresses of members"), WITH_ITS_OWNER)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(Str(64), unique=True, default=lambda: secrets.token_urlsafe(32))
    registration: Mapped[Registration] = relationship()


class VisitWish(Model):
    """What a member says of a host. Nothing said: it comes along."""

    __register__ = Entry(_l("Wishes for visits"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (UniqueConstraint("registration_id", "host_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    wish: Mapped[Wish] = mapped_column(states(Wish), info=plain(_l("Wish")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


class TalkWish(Model):
    """What a member says of meeting a host one to one during its visit, or (`by_host`) the host of that member."""

    __register__ = Entry(_l("Wishes for 1:1 meetings at hosts"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (UniqueConstraint("registration_id", "host_id", "by_host"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    by_host: Mapped[bool]
    wish: Mapped[Wish] = mapped_column(states(Wish), info=plain(_l("Wish")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


class VisitQuestion(Model):
    """That a member, or a host, was asked something by mail: once for each question, nobody twice."""

    __register__ = Entry(_l("Questions to members and hosts of delegations"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("registration_id", "about"),
        UniqueConstraint("host_id", "about"),
        CheckConstraint("(registration_id IS NULL) <> (host_id IS NULL)", name="one_is_asked"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"))
    about: Mapped[Question] = mapped_column(states(Question))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    registration: Mapped[Registration | None] = relationship()


class VisitPlan(Model):
    """A programme of visits. `unmet`: who does not get to a host that it wishes to visit, and by which rules;
    `groups`: the registrations that travel together, the first list is group 1; `talks_unmet`: who does not meet whom
    one to one, though one of the two wishes it."""

    __register__ = Entry(_l("Programmes of delegations"), PART_OF_THE_RECORD)
    __table_args__ = (
        Index("uq_visit_plan_draft", "event_id", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT),
        Index(
            "uq_visit_plan_published", "event_id", unique=True, sqlite_where=_PUBLISHED, postgresql_where=_PUBLISHED
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("delegation.event_id", ondelete="CASCADE"), index=True)
    state: Mapped[VersionState] = mapped_column(states(VersionState), default=VersionState.DRAFT)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]  # when it was last changed by hand
    proven: Mapped[bool]  # nothing is better
    groups: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    talks_unmet: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    unmet: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    visits: Mapped[list[HostVisit]] = relationship(
        back_populates="plan",
        order_by="[HostVisit.begins_at, HostVisit.group_number]",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class HostVisit(Model):
    """A group is at a host. `locked`: it stays where it is when the rest is planned anew."""

    __register__ = Entry(_l("Visits of delegations"), WITH_ITS_OWNER)
    __table_args__ = (UniqueConstraint("plan_id", "host_id", "group_number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("visit_plan.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    group_number: Mapped[int]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    locked: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[VisitPlan] = relationship(back_populates="visits")
    host: Mapped[VisitHost] = relationship()
    visitors: Mapped[list[Visitor]] = relationship(
        back_populates="visit", order_by="Visitor.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def called_off(self) -> bool:
        """The host cancelled before it began."""
        return self.host.cancelled_at is not None and self.host.cancelled_at < self.begins_at

    @property
    def coming(self) -> list[Visitor]:
        """Who goes there: members that have not dropped out before."""
        return [v for v in self.visitors if v.comes]


class Visitor(Model):
    """A member that goes to a visit.

    `talk_from`, `talk_until`, `desk`: its meeting one to one with people of the host, where it has one.
    """

    __register__ = Entry(_l("Members on visits"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("visit_id", "registration_id"),
        UniqueConstraint("visit_id", "talk_from", "desk"),
        CheckConstraint("(talk_from IS NULL) = (talk_until IS NULL)", name="talk_has_two_ends"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("host_visit.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    talk_from: Mapped[datetime | None]
    talk_until: Mapped[datetime | None]
    desk: Mapped[int | None]
    visit: Mapped[HostVisit] = relationship(back_populates="visitors")
    registration: Mapped[Registration] = relationship()

    @property
    def comes(self) -> bool:
        """It has not dropped out before the visit began."""
        left = self.registration.cancelled_at
        return self.registration.state is RegistrationState.CONFIRMED or (
            left is not None and left > self.visit.begins_at
        )


class VisitReport(Said, Model):
    """What a member says of its visit to a host, or (`by_host`) the host of that member; the other never reads it.

    Named by the two, not by a row of a programme: programmes come and go, and a member visits a host once at most.
    """

    __register__ = Entry(_l("Reports on visits"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (UniqueConstraint("registration_id", "host_id", "by_host"), *Said.checks())
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    by_host: Mapped[bool]


class VisitOutcome(Stated, Model):
    """Something that came of the visit of a member at a host, as the member states it, or (`by_host`) the host."""

    __register__ = Entry(_l("Outcomes of delegations"), PART_OF_THE_RECORD, why=_l("To know who said what"))
    __table_args__ = Stated.checks()
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("delegation.event_id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    by_host: Mapped[bool] = mapped_column(default=False)
    registration: Mapped[Registration] = relationship()
    host: Mapped[VisitHost] = relationship()
