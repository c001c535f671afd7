"""A delegation, its days, its hosts and the way between them, and what members wish.

A delegation is an event of that kind and has its key. Members are the organisations that registered for the event.
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.models import Organisation
from core.db import Model, Str, Versioned, state
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, plain, refers
from events.conferences.enums import Wish
from events.models import Event


class Delegation(Versioned, Model):
    """Where a delegation goes. `group_size`: people who travel together; `travel`: minutes between two hosts."""

    __register__ = Entry(_l("Delegations"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint("group_size BETWEEN 1 AND 200", name="group_size"),
        CheckConstraint("travel BETWEEN 0 AND 600", name="travel"),
    )
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    destination_vi: Mapped[str] = mapped_column(default="")
    destination_en: Mapped[str] = mapped_column(default="")
    group_size: Mapped[int] = mapped_column(default=15)
    travel: Mapped[int] = mapped_column(default=30)
    created_at: Mapped[datetime]
    event: Mapped[Event] = relationship()
    days: Mapped[list[DelegationDay]] = relationship(
        order_by="DelegationDay.on", cascade="all, delete-orphan", lazy="selectin"
    )
    hosts: Mapped[list[VisitHost]] = relationship(order_by="VisitHost.id", cascade="all, delete-orphan")
    ways: Mapped[list[VisitWay]] = relationship(cascade="all, delete-orphan")


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
    """An organisation that receives the delegation, a visit of `minutes` for at most `seats` people at once."""

    __register__ = Entry(_l("Hosts of delegations"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint("closes > opens", name="closes_after_it_opens"),
        CheckConstraint("seats BETWEEN 1 AND 500", name="seats"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("delegation.event_id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Str(300), default="")
    opens: Mapped[time]
    closes: Mapped[time]
    seats: Mapped[int]
    minutes: Mapped[int]
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


class VisitWish(Model):
    """What a member says of a host. Nothing said: it comes along."""

    __register__ = Entry(_l("Wishes for visits"), WITH_ITS_OWNER, why=_l("To know who said what"))
    __table_args__ = (UniqueConstraint("registration_id", "host_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("visit_host.id", ondelete="CASCADE"), index=True)
    wish: Mapped[Wish] = mapped_column(state(Wish), info=plain(_l("Wish")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
