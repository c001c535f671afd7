"""People and their sign-ins. Knows no organisation: memberships are rows of companies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, column, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.enums import Role
from core.db import Model, Searchable, Str, Versioned, state


class User(Searchable, Versioned, Model):
    """A person who can sign in. `email` is stored in lower case and is the key."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Str(254), unique=True)
    name: Mapped[str] = mapped_column(Str(120))
    password_hash: Mapped[str] = mapped_column(Str(200))
    language: Mapped[str] = mapped_column(Str(2), default="vi")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    roles: Mapped[list[UserRole]] = relationship(back_populates="user", cascade="all, delete-orphan", lazy="selectin")

    def search_text(self) -> str:
        return f"{self.name} {self.email}"

    def sort_text(self) -> str:
        return self.name.rsplit(" ", 1)[-1] + " " + self.name


class UserRole(Model):
    """A staff role of a user."""

    __table_args__ = (UniqueConstraint("user_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(state(Role))
    user: Mapped[User] = relationship(back_populates="roles")


class SignIn(Model):
    """A session: the cookie holds the random key, the row its SHA-256. Ending the row ends the session."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(Str(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(Str(200), default="")
    user: Mapped[User] = relationship(lazy="joined")


class FailedSignIn(Model):
    """A failed try, for the limits: the address that was typed and the place, both hashed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(Str(64), index=True)
    place_hash: Mapped[str] = mapped_column(Str(64))
    at: Mapped[datetime] = mapped_column(index=True)


class Token(Model):
    """What a link in a mail carries: random, kept as its SHA-256, good once and until it expires.

    It is bound to a user, to a mail address, or to both; `about` names the row that it opens, as the audit does.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Str(40))
    key_hash: Mapped[str] = mapped_column(Str(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    address: Mapped[str | None] = mapped_column(Str(254), index=True)
    about: Mapped[str | None] = mapped_column(Str(80), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(or_(column("user_id").is_not(None), column("address").is_not(None)), name="bound"),
    )
