"""Invitations to an organisation, and requests of people who want to join one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, and_, column, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from companies.enums import Kind, MembershipRole
from companies.joining.enums import RequestState
from companies.models import NAME_LENGTH, Organisation
from core import personal
from core.db import JSON, Model, Str
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import By, Entry, Then, plain, refers, tag
from core.tasks import Task

WHY = _l("To know who acts for whom")
KEPT = timedelta(days=400)
_OPEN = and_(column("accepted_at").is_(None), column("revoked_at").is_(None))


class Invitation(Model):
    """Somebody is asked by mail to join an organisation. `sends`: how many mails there were, so far."""

    __register__ = Entry(_l("Invitations"), personal.dropped(KEPT, since="sent_at"), why=WHY)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(
        Str(254), index=True, info=refers(Then.DROP, By.ADDRESS) | tag(_l("E-mail address"))
    )
    name: Mapped[str] = mapped_column(Str(120), default="", info=tag(_l("Full name")))
    role: Mapped[MembershipRole] = mapped_column(states(MembershipRole))
    language: Mapped[str] = mapped_column(Str(2), default="vi", info=plain(_l("Language")))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime] = mapped_column(info=plain(_l("Sent")))
    sends: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Accepted")))
    revoked_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Taken back")))
    organisation: Mapped[Organisation] = relationship()
    by: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(column("sends") >= 1, name="sends"),
        Index(
            "uq_invitation_open", "organisation_id", "email", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )


class InvitationList(Model):
    """Organisations that an officer wants to invite at once: looked at, then sent by a task. `name`: where from.

    `lines`: the organisations with their addresses, as read, then as confirmed; empty when all is sent.
    `asked`: how many were confirmed; `done`: were dealt with so far; `sent`: were really invited.
    """

    __register__ = Entry(
        _l("Lists of organisations to invite"), personal.dropped(timedelta(days=30), since="at"), why=WHY
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Str(200), info=plain(_l("List")))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    at: Mapped[datetime] = mapped_column(index=True)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info=plain(_l("Organisations")))
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    by: Mapped[User | None] = relationship()
    task: Mapped[Task | None] = relationship()


class JoinRequest(Model):
    """Somebody says that he belongs to an organisation; what he typed, and nothing of what we know of it.

    `organisation_id`: the organisation that he joined when the request was confirmed.
    """

    __register__ = Entry(_l("Requests to join"), personal.dropped(KEPT, since="created_at"), why=WHY)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, info=refers(Then.DROP)
    )
    email: Mapped[str] = mapped_column(
        Str(254), index=True, info=refers(Then.DROP, By.ADDRESS) | tag(_l("E-mail address"))
    )
    name: Mapped[str] = mapped_column(Str(120), info=tag(_l("Full name")))
    position: Mapped[str] = mapped_column(Str(120), default="", info=tag(_l("Position")))
    language: Mapped[str] = mapped_column(Str(2), default="vi", info=plain(_l("Language")))
    kind: Mapped[Kind] = mapped_column(states(Kind))
    organisation_name: Mapped[str] = mapped_column(Str(NAME_LENGTH), info=plain(_l("Organisation")))
    tax_code: Mapped[str | None] = mapped_column(Str(13), index=True, info=plain(_l("Tax code")))
    country: Mapped[str] = mapped_column(Str(2), default="VN", info=plain(_l("Country")))
    foreign_id: Mapped[str | None] = mapped_column(Str(40), info=plain(_l("Number in its register")))
    state: Mapped[RequestState] = mapped_column(states(RequestState), index=True)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Decided")))
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    reason: Mapped[str] = mapped_column(Str(500), default="", info=plain(_l("Reason")))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        CheckConstraint(or_(column("tax_code").is_not(None), column("foreign_id").is_not(None)), name="identified"),
        CheckConstraint(or_(column("state") == "mailed", column("user_id").is_not(None)), name="asked_by_somebody"),
    )
