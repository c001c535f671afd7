"""Which reminders of a conference were sent, and which an officer stopped. What is due, `reminding` computes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from core.db import Model, session
from core.db import state as states
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, refers
from events.conferences.enums import ReminderKind, Side
from events.conferences.models import Conference
from events.models import Registration

_BY_ITSELF = text("NOT by_hand")


class Reminder(Model):
    """Who was reminded of what. The site itself reminds nobody of the same thing twice; an officer may."""

    __tablename__ = "conference_reminder"
    __register__ = Entry(_l("Reminders of conferences"), PART_OF_THE_RECORD, why=_l("To know who decided"))
    __table_args__ = (
        Index(
            "uq_conference_reminder_once",
            "kind",
            "registration_id",
            "side",
            unique=True,
            sqlite_where=_BY_ITSELF,
            postgresql_where=_BY_ITSELF,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ReminderKind] = mapped_column(states(ReminderKind))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side] = mapped_column(states(Side))  # one registration may stand behind a firm and a partner
    at: Mapped[datetime]
    by_hand: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    registration: Mapped[Registration] = relationship()


class ReminderStop(Model):
    """That an officer stopped one kind of reminder for a conference."""

    __tablename__ = "conference_reminder_stop"
    __register__ = Entry(_l("Stopped reminders"), WITH_ITS_OWNER, why=_l("To know who decided"))
    __table_args__ = (UniqueConstraint("conference_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind] = mapped_column(states(ReminderKind))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))


class Whom(NamedTuple):
    """Somebody to remind: a registration, on one side."""

    registration_id: int
    side: Side

    @classmethod
    def invited(cls, registration: Registration, conference: Conference) -> Whom:
        """An invitation, on the side for which it was sent."""
        return cls(registration.id, Side.PARTNER if registration.side in conference.partner_kinds else Side.FIRM)


def note(
    conference: Conference, kind: ReminderKind, whom: Iterable[Whom], *, by_hand: bool, by: Any, at: datetime
) -> None:
    """Remember that these were reminded, in the block in which their mails are queued."""
    session.add_all(
        Reminder(
            conference_id=conference.id,
            kind=kind,
            registration_id=one.registration_id,
            side=one.side,
            at=at,
            by_hand=by_hand,
            by_id=getattr(by, "id", None),
        )
        for one in whom
    )
    session.flush()


def sent(conference: Conference) -> Select[Reminder]:
    """What was sent, the latest first."""
    return (
        select(Reminder)
        .where(Reminder.conference_id == conference.id)
        .options(joinedload(Reminder.registration).joinedload(Registration.organisation))
        .order_by(Reminder.at.desc(), Reminder.id.desc())
    )


def stopped(conference: Conference) -> dict[ReminderKind, ReminderStop]:
    """The kinds that an officer stopped."""
    rows = session.scalars(select(ReminderStop).where(ReminderStop.conference_id == conference.id))
    return {row.kind: row for row in rows}
