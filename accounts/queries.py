"""Named reads of users and sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, false, select, true

from accounts import rules
from accounts.models import FailedSignIn, SignIn, User
from core.access import Actor, visible
from core.db import contains, session

MEMORY_OF_FAILURES = timedelta(hours=1)


def digest(text: str) -> str:
    """SHA-256 in hexadecimal: how random keys, and the keys of limits, are stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def by_email(email: str) -> User | None:
    """The user with that address, whatever its case."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def sign_in_by_key(key: str) -> SignIn | None:
    """The session row of a cookie's key, ended or not, with its user."""
    return session.scalars(select(SignIn).where(SignIn.key_hash == digest(key))).one_or_none()


def failures(account: str, place: str, *, at: datetime) -> Sequence[datetime]:
    """When signing in to that account from that place failed within the last hour."""
    return session.scalars(
        select(FailedSignIn.at).where(
            FailedSignIn.account_hash == digest(account),
            FailedSignIn.place_hash == digest(place),
            FailedSignIn.at > at - MEMORY_OF_FAILURES,
        )
    ).all()


def open_sign_ins(user: User) -> Sequence[SignIn]:
    """A user's sessions that have not been ended, the newest first."""
    return session.scalars(
        select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None)).order_by(SignIn.seen_at.desc())
    ).all()


def search(text: str) -> Select[User]:
    """Users by name or address, in Vietnamese order."""
    return select(User).where(contains(User.search_key, text)).order_by(User.sort_key, User.id)


def users_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Administrators know every account, everybody his own."""
    if rules.manage_accounts(actor):
        return true()
    return User.id == actor.user_id if actor.signed_in else false()


def sign_ins_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Everybody knows his own sessions."""
    return SignIn.user_id == actor.user_id if actor.signed_in else false()


visible(User, users_visible_to)
visible(SignIn, sign_ins_visible_to)
