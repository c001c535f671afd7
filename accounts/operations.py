"""Verbs that change accounts. Run inside a write block; flush, never commit.

Hashing takes its time on purpose and is done before the block: see `hash_password` and `password_fits`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update

import vietnamese
from accounts import notices, passwords, queries, rules
from accounts.enums import Role
from accounts.models import FailedSignIn, SignIn, User, UserRole
from core import audit, forgotten
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _

_hasher = PasswordHasher()
_DUMMY_HASH = _hasher.hash(secrets.token_urlsafe(16))  # an unknown address costs as much time as a known one


def hash_password(password: str) -> str:
    """Argon2id of the NFC text; slow on purpose, so call it outside a write block."""
    return _hasher.hash(vietnamese.nfc(password))


def password_fits(user: User | None, password: str) -> bool:
    """Whether the password is the user's, in equal time whether there is such a user or not."""
    try:
        _hasher.verify(user.password_hash if user else _DUMMY_HASH, vietnamese.nfc(password))
    except (VerificationError, InvalidHashError):
        return False
    return user is not None


def check_password(password: str, *about: str) -> None:
    """Raise Invalid unless the password may be used: long enough, and not among those that are tried first."""
    if not rules.PASSWORD_SHORTEST <= len(password) <= rules.PASSWORD_LONGEST:
        raise Invalid(
            _(
                "A password has from %(low)d to %(high)d characters.",
                low=rules.PASSWORD_SHORTEST,
                high=rules.PASSWORD_LONGEST,
            ),
            field="password",
        )
    if passwords.guessable(password, *about):
        raise Invalid(
            _(
                "This password is known from leaks or easily guessed. Take several words that do not belong "
                "together, with or without marks."
            ),
            field="password",
        )


def create_user(
    *,
    email: str,
    name: str,
    password_hash: str,
    at: datetime,
    by: object,
    roles: Iterable[Role] = (),
    language: str = "vi",
) -> User:
    """A new account. Raise Conflict if the address has one."""
    if queries.by_email(email) is not None:
        raise Conflict(_("There is an account with this address already."), field="email")
    user = User(
        email=email.strip().lower(),
        name=vietnamese.clean_line(name),
        password_hash=password_hash,
        language=language,
        created_at=at,
        roles=[UserRole(role=role) for role in roles],
    )
    session.add(user)
    forgotten.lift(user.email)
    session.flush()
    audit.record("account.create", user, by=by, at=at, roles=[r.value for r in roles])
    return user


def sign_in(user: User, *, device: str, at: datetime, device_key: str | None = None) -> tuple[str, SignIn]:
    """Begin a session; return the key for the cookie, and its row. A disabled account raises Conflict."""
    if user.disabled_at is not None:
        raise Conflict(_("This account is locked. Please contact the Department."))
    key = secrets.token_urlsafe(32)
    row = SignIn(
        key_hash=queries.digest(key),
        user_id=user.id,
        created_at=at,
        seen_at=at,
        device=vietnamese.cap(device, 200),
        device_hash=device_key and queries.digest(device_key),
    )
    session.add(row)
    session.flush()
    audit.record("session.begin", user, by=user, at=at)
    return key, row


def note_failure(account: str, place: str, *, at: datetime, known: bool = False) -> None:
    """Remember a failed sign-in, and forget those that no longer count."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < at - queries.MEMORY_OF_FAILURES))
    row = FailedSignIn(account_hash=queries.digest(account), place_hash=queries.digest(place), known=known, at=at)
    session.add(row)
    session.flush()


def end_session(sign_in_row: SignIn, *, by: object, at: datetime) -> None:
    """End one session; its cookie is worth nothing from now on."""
    sign_in_row.ended_at = sign_in_row.ended_at or at
    audit.record("session.end", sign_in_row, by=by, at=at)


def act_for(row: SignIn, part: str | None, *, by: object, at: datetime) -> None:
    """Begin to act for somebody ("organisation:4") in this session, or (None) stop it."""
    audit.record("session.act" if part else "session.act_end", row, by=by, at=at, on_behalf_of=part or row.acting_for)
    row.acting_for, row.acting_until = part, at + rules.ACTING_LASTS if part else None


def forget_browser(row: SignIn, keep: SignIn | None, *, by: object, at: datetime) -> None:
    """The browser of a session is no longer known, and its sessions end, but for the one in use (`keep`)."""
    for other in queries.of_browser(row):
        if other.ended_at is None and (keep is None or other.id != keep.id):
            end_session(other, by=by, at=at)
        other.device_hash = None
    audit.record("browser.forget", row, by=by, at=at)


def end_others(user: User, keep: SignIn | None, *, at: datetime) -> int:
    """End all sessions of a user but the one he uses; return how many."""
    others = [row for row in queries.open_sign_ins(user) if keep is None or row.id != keep.id]
    for row in others:
        end_session(row, by=user, at=at)
    return len(others)


def change_password(user: User, password_hash: str, *, at: datetime) -> None:
    """Set the new hash and end every session of the user; he is told by mail."""
    user.password_hash = password_hash
    end_all(user, at)
    notices.tell(user, "account.password", notices.password_changed, at=at)
    audit.record("account.password", user, by=user, at=at, columns=["password_hash"])


def disable(user: User, *, by: object, at: datetime) -> None:
    """Lock an account: its sessions end at once."""
    if user.id == getattr(by, "id", None):
        raise Conflict(_("You cannot lock your own account."))
    user.disabled_at = user.disabled_at or at
    end_all(user, at)
    audit.record("account.disable", user, by=by, at=at, columns=["disabled_at"])


def enable(user: User, *, by: object, at: datetime) -> None:
    """Unlock an account."""
    user.disabled_at = None
    audit.record("account.enable", user, by=by, at=at, columns=["disabled_at"])


def set_roles(user: User, roles: Iterable[Role], *, by: object, at: datetime) -> None:
    """Give a user exactly these staff roles; the sessions begun with the old ones end."""
    wanted = {Role(r) for r in roles}
    held = {r.role for r in user.roles}
    if wanted == held:
        return
    if user.id == getattr(by, "id", None) and Role.ADMINISTRATOR in held - wanted:
        raise Conflict(_("You cannot take the administrator's role from yourself."))
    user.roles[:] = [r for r in user.roles if r.role in wanted] + [UserRole(role=r) for r in sorted(wanted - held)]
    end_all(user, at)
    audit.record("account.roles", user, by=by, at=at, before=sorted(held), after=sorted(wanted))


def set_language(user: User, language: str) -> None:
    """Remember the reader's language."""
    user.language = language


def end_all(user: User, at: datetime) -> None:
    """End every session of a user: his cookies are worth nothing from now on."""
    session.execute(update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None)).values(ended_at=at))
