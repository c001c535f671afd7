"""Tokens of other systems, and receipts of what they handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from api.rules import RECEIPTS_KEPT
from core.db import JSON, Model, Str
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, dropped, plain, refers


class ApiToken(Model):
    """A key of another system, kept as a hash; `start` are its first characters, by which people know it again."""

    __register__ = Entry(_l("Tokens of other systems"), PART_OF_THE_RECORD, why=_l("To exchange data with agencies"))
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(Str(64), unique=True, info=plain(_l("Key")))
    start: Mapped[str] = mapped_column(Str(16), info=plain(_l("Begins with")))
    name: Mapped[str] = mapped_column(Str(120), info=plain(_l("System")))
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list, info=plain(_l("Rights")))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    by: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(column("name") != "", name="named"),
        CheckConstraint(column("expires_at") > column("created_at"), name="some_time"),
    )


class ApiReads(Model):
    """How many reads of a token the web processes took for themselves in the minute that begins at `minute`."""

    __register__ = Entry(_l("Reads of other systems"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"), unique=True)
    minute: Mapped[datetime]
    taken: Mapped[int] = mapped_column(default=0)


class ApiReceipt(Model):
    """What was answered to a call that handed in: the same key again gets the same answer and does nothing."""

    __register__ = Entry(_l("Receipts of other systems"), dropped(RECEIPTS_KEPT, since="at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Str(100))
    request_hash: Mapped[str] = mapped_column(Str(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("token_id", "key"),)
