"""Deleting a person: what tags and packages say is emptied, the account stays as a number without a name.

prepared = deletion.prepare(user)
with write():
    deletion.carry_out(prepared, by=..., at=...)
prepared.clean_up()
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from accounts.enums import Role
from accounts.models import User, UserRole
from accounts.privacy import consent, notices, queries
from accounts.privacy.enums import Channel, Purpose
from core import audit, erasure, forgotten
from core.db import lock, session, write
from core.erasure import Prepared
from core.errors import Conflict
from core.i18n import _
from core.personal import Person
from core.timers import timer

LOCKED_KEPT = timedelta(days=730)


def prepare(user: User) -> Prepared:
    """Look for what there is to do. Outside a write block. Raise Conflict for the last administrator."""
    if _is_last_administrator(user):
        raise Conflict(_("This is the only administrator. Give somebody else the role first."))
    return erasure.prepare(Person(user.id, user.email, user.name, user.phone))


def carry_out(prepared: Prepared, *, by: Any, at: datetime, tell: bool = True) -> None:
    """Delete the person, inside a write block: sessions end, the address is remembered only as a keyed hash."""
    person = prepared.person
    user = lock(User, person.id)
    assert user is not None  # accounts are emptied, never deleted
    if _is_last_administrator(user):
        raise Conflict(_("This is the only administrator. Give somebody else the role first."))
    for purpose in Purpose:
        consent.withdraw(user, purpose, by=by, at=at, channel=Channel.DELETION)
    language = user.language
    user.disabled_at = user.disabled_at or at
    forgotten.remember(person.email, at=at)
    audit.record("account.erase", user, by=by, at=at)
    erasure.carry_out(prepared, by=by, at=at)
    if tell:
        notices.deleted(person.email, language, at=at)


@timer("accounts locked long ago", seconds=3600, period="day")
def delete_locked(at: datetime) -> None:
    """Accounts that were locked two years ago are deleted, one by one."""
    for user in session.scalars(queries.locked_before(at - LOCKED_KEPT)).all():
        prepared = prepare(user)
        with write():
            carry_out(prepared, by="job:deletion", at=at, tell=False)
        prepared.clean_up()


def _is_last_administrator(user: User) -> bool:
    if all(row.role is not Role.ADMINISTRATOR for row in user.roles):
        return False
    others = (
        select(func.count())
        .select_from(UserRole)
        .join(User)
        .where(UserRole.role == Role.ADMINISTRATOR, User.id != user.id, User.disabled_at.is_(None))
    )
    return not session.scalar(others)
