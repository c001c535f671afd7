"""People and their sign-ins. Knows no organisation: memberships are rows of companies."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, column, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.enums import Role
from core.db import Model, Searchable, Str, Versioned, state
from core.i18n import _l
from core.personal import WITH_ITS_OWNER, By, Entry, Kind, Then, dropped, kept, plain, refers, tag

SIGNING_IN = _l("To let people sign in and know who acts")


class User(Searchable, Versioned, Model):
    """A person who can sign in. `email` is stored in lower case and is the key."""

    __register__ = Entry(
        _l("Accounts"),
        kept(_l("Until its owner has it deleted, or two years after it was locked")),
        why=SIGNING_IN,
    )
    id: Mapped[int] = mapped_column(primary_key=True, info=refers(Then.BLANK, By.SELF))
    email: Mapped[str] = mapped_column(
        Str(254), unique=True, info=tag(_l("E-mail address"), erased="deleted-{id}@invalid")
    )
    name: Mapped[str] = mapped_column(Str(120), info=tag(_l("Full name"), erased="#{id}"))
    phone: Mapped[str | None] = mapped_column(Str(20), info=tag(_l("Phone")))
    password_hash: Mapped[str] = mapped_column(Str(200), info=tag(_l("Password"), Kind.KEY))
    language: Mapped[str] = mapped_column(Str(2), default="vi", info=plain(_l("Language")))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    email_verified_at: Mapped[datetime | None] = mapped_column(info=plain(_l("E-mail confirmed")))
    roles: Mapped[list[UserRole]] = relationship(back_populates="user", cascade="all, delete-orphan", lazy="selectin")

    def search_text(self) -> str:
        return f"{self.name} {self.email}"

    def sort_text(self) -> str:
        return self.name.rsplit(" ", 1)[-1] + " " + self.name


class UserRole(Model):
    """A staff role of a user."""

    __register__ = Entry(_l("Staff roles"), WITH_ITS_OWNER, why=SIGNING_IN)
    __table_args__ = (UniqueConstraint("user_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=refers(Then.DROP))
    role: Mapped[Role] = mapped_column(state(Role))
    user: Mapped[User] = relationship(back_populates="roles")


class SignIn(Model):
    """A session: the cookie holds the random key, the row its SHA-256. Ending the row ends the session.

    `device_hash`: of the key that a browser keeps; by it the browser of an owner is known again (`rules.wait`).
    `acting_for`: the organisation that an officer acts for in this session ("organisation:5"), until `acting_until`.
    """

    __register__ = Entry(_l("Sessions"), dropped(timedelta(days=400), since="seen_at"), why=SIGNING_IN)
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(Str(64), unique=True, info=tag(_l("Key"), Kind.KEY))
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, info=refers(Then.DROP)
    )
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(Str(200), default="", info=tag(_l("Browser")))
    device_hash: Mapped[str | None] = mapped_column(Str(64), info=tag(_l("Key of the browser"), Kind.KEY))
    acting_for: Mapped[str | None] = mapped_column(Str(60), info=plain(_l("Acting for")))
    acting_until: Mapped[datetime | None] = mapped_column(info=plain(_l("Acting until")))
    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (Index("ix_sign_in_device", "user_id", "device_hash"),)


class FailedSignIn(Model):
    """A failed try, for the limits: the address that was typed and the place, both hashed.

    The place is the network address, or the browser where it is one that the account was used with (`known`).
    """

    __register__ = Entry(
        _l("Failed sign-ins"), dropped(timedelta(days=1), since="at"), why=_l("To keep strangers out of accounts")
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(
        Str(64), index=True, info=refers(Then.DROP, By.ADDRESS_HASH) | tag(_l("Account"), Kind.KEY)
    )
    place_hash: Mapped[str] = mapped_column(Str(64), index=True, info=tag(_l("Place"), Kind.KEY))
    known: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(index=True)


class Token(Model):
    """What a link in a mail carries: random, kept as its SHA-256, good once and until it expires.

    It is bound to a user, to a mail address, or to both; else to the row `about` that it opens, as the audit says it.
    """

    __register__ = Entry(_l("Links in mail"), dropped(timedelta(days=30), since="expires_at"), why=SIGNING_IN)
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Str(40), info=plain(_l("Purpose")))
    key_hash: Mapped[str] = mapped_column(Str(64), unique=True, info=tag(_l("Key"), Kind.KEY))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, info=refers(Then.DROP)
    )
    address: Mapped[str | None] = mapped_column(
        Str(254), index=True, info=refers(Then.DROP, By.ADDRESS) | tag(_l("E-mail address"))
    )
    about: Mapped[str | None] = mapped_column(Str(80), index=True, info=plain(_l("Concerning")))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            or_(column("user_id").is_not(None), column("address").is_not(None), column("about").is_not(None)),
            name="bound",
        ),
    )


class SecondFactor(Model):
    """The secret that a user's authenticator app shares with us, encrypted; it counts once `confirmed_at` is set.

    `last_step`: the number of the last half minute whose code was used, so that no code is good twice.
    """

    __register__ = Entry(_l("Second factors"), WITH_ITS_OWNER, why=SIGNING_IN)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), unique=True, info=refers(Then.DROP)
    )
    sealed_secret: Mapped[str] = mapped_column(Str(300), info=tag(_l("Key"), Kind.KEY))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    user: Mapped[User] = relationship()


class RecoveryCode(Model):
    """A code on paper for the day that the telephone is lost: shown once, kept as its SHA-256, good once."""

    __register__ = Entry(_l("Recovery codes"), WITH_ITS_OWNER, why=SIGNING_IN)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, info=refers(Then.DROP)
    )
    code_hash: Mapped[str] = mapped_column(Str(64), unique=True, info=tag(_l("Key"), Kind.KEY))
    used_at: Mapped[datetime | None]
