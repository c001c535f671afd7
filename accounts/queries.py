"""Named reads of users and sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from accounts import rules
from accounts.models import FailedSignIn, RecoveryCode, SecondFactor, SignIn, User
from core.access import Actor, visible
from core.db import contains, count, session

MEMORY_OF_FAILURES = timedelta(hours=1)
DEVICE_KNOWN_FOR = timedelta(days=180)


def digest(text: str) -> str:
    """SHA-256 in hexadecimal: how random keys, and the keys of limits, are stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def by_email(email: str) -> User | None:
    """The user with that address, whatever its case."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def sign_in_by_key(key: str) -> SignIn | None:
    """The session row of a cookie's key, ended or not, with its user and his roles: asked for with every page."""
    query = select(SignIn).where(SignIn.key_hash == digest(key))
    with_roles = joinedload(SignIn.user).joinedload(User.roles)
    return session.scalars(query.options(with_roles)).unique().one_or_none()


def failures(account: str, place: str, *, at: datetime) -> tuple[rules.Failures, rules.Failures, rules.Failures]:
    """Failed tries within the last hour: of the account here, of the account at unknown places, of the place."""
    row, own, at_place = (
        FailedSignIn,
        FailedSignIn.account_hash == digest(account),
        FailedSignIn.place_hash == digest(place),
    )
    parts = (and_(own, at_place), and_(own, row.known.is_(False)), and_(at_place, row.known.is_(False)))
    columns = [column for part in parts for column in (func.count().filter(part), func.max(row.at).filter(part))]
    found: Any = session.execute(
        select(*columns).where(or_(own, at_place), row.at > at - MEMORY_OF_FAILURES, row.at <= at)
    ).one()
    here, elsewhere, of_place = (rules.Failures(found[n], found[n + 1]) for n in (0, 2, 4))
    return here, elsewhere, of_place


def device_known(device_key: str, user_id: int | None, *, at: datetime) -> bool:
    """Whether a browser was signed in before, to that account or (None) to any, within half a year."""
    used = exists().where(SignIn.device_hash == digest(device_key), SignIn.created_at > at - DEVICE_KNOWN_FOR)
    if user_id is not None:
        used = used.where(SignIn.user_id == user_id)
    return bool(session.scalar(select(used)))


def known_browsers(user: User, *, at: datetime) -> list[SignIn]:
    """The browsers that an account is known by: the newest session of each, the last used first."""
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user.id, SignIn.device_hash.is_not(None), SignIn.created_at > at - DEVICE_KNOWN_FOR)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    found: dict[str | None, SignIn] = {}
    for row in rows:
        found.setdefault(row.device_hash, row)
    return list(found.values())


def of_browser(row: SignIn) -> Sequence[SignIn]:
    """All sessions of the user in the browser of this one."""
    return session.scalars(
        select(SignIn).where(SignIn.user_id == row.user_id, SignIn.device_hash == row.device_hash)
    ).all()


def factor_begun(user_id: int) -> SecondFactor | None:
    """A user's second factor, whether it counts already or is being set up."""
    return session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one_or_none()


def second_factor(user_id: int) -> SecondFactor | None:
    """A user's second factor that counts."""
    row = factor_begun(user_id)
    return row if row is not None and row.confirmed_at is not None else None


def recovery_codes_left(user_id: int) -> int:
    """How many of a user's recovery codes are still good."""
    return count(select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)))


def living_sign_ins(user: User, idle: timedelta, absolute: timedelta, *, at: datetime) -> list[SignIn]:
    """A user's sessions that still count, the newest first."""
    return [
        row
        for row in open_sign_ins(user)
        if rules.session_alive(created=row.created_at, seen=row.seen_at, idle=idle, absolute=absolute, at=at)
    ]


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
