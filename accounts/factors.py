"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes on paper for the lost telephone.

The shared secret is encrypted at rest; recovery codes are kept as hashes and shown once. Run inside a write block;
flush, never commit.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from hmac import compare_digest
from typing import Any

import pyotp
from sqlalchemy import delete, update

from accounts import notices, operations, queries
from accounts.models import RecoveryCode, SecondFactor, User
from core import audit, sealing
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _

SEAL = "second factor"
STEP_SECONDS = 30
STEPS_AROUND = (-1, 0, 1)  # clocks of telephones are up to half a minute off
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: they are read off paper
_GROUPS, _GROUP = 6, 4  # 31**24 is more than 2**118


def begin(user: User, *, at: datetime) -> None:
    """Draw the secret that the app is to know; it counts once a code of it was typed."""
    if queries.second_factor(user.id) is not None:
        raise Conflict(_("Your account has a second factor already. Remove it before you set up another."))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    sealed = sealing.seal(pyotp.random_base32(32), SEAL)
    session.add(SecondFactor(user_id=user.id, sealed_secret=sealed, created_at=at))
    session.flush()


def secret_to_set_up(user: User) -> str | None:
    """The secret of a factor that was begun and does not count yet: what the page shows."""
    row = queries.factor_begun(user.id)
    return sealing.unseal(row.sealed_secret, SEAL) if row is not None and row.confirmed_at is None else None


def address_for_app(user: User, secret: str) -> str:
    """What the QR code holds for the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="SPCNCL Hà Nội")


def confirm(user: User, code: str, *, at: datetime) -> list[str]:
    """The app shows right codes: the factor counts from now on. Return recovery codes, to be shown this once."""
    row = queries.factor_begun(user.id)
    if row is None or row.confirmed_at is not None:
        raise Conflict(_("Begin to set up the second factor first."))
    if not _use_step(row, code, at):
        raise Invalid(_("This is not the code that the app shows now."), field="code")
    row.confirmed_at = at
    audit.record("account.factor", user, by=user, at=at)
    return renew_codes(user, at=at)


def use(user: User, code: str, *, at: datetime) -> bool:
    """Whether the code is right, of the app or of the paper; it is used up by that."""
    row = queries.second_factor(user.id)
    if row is None:
        return False
    if _use_step(row, code, at):
        return True
    written = _written(code)
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == queries.digest(written),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    ).all()
    if used:
        audit.record("account.recovery_code", user, by=user, at=at)
    return bool(used)


def renew_codes(user: User, *, at: datetime) -> list[str]:
    """New recovery codes in place of the old ones, to be shown this once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _n in range(_GROUP)) for _g in range(_GROUPS))
        for _c in range(RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=queries.digest(_written(code))) for code in codes)
    session.flush()
    audit.record("account.recovery_codes", user, by=user, at=at)
    return codes


def remove(user: User, *, by: Any, at: datetime) -> None:
    """Take the second factor away: its owner does, or an administrator for a lost telephone; its owner is told."""
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    audit.record("account.factor_remove", user, by=by, at=at)
    if getattr(by, "id", None) != user.id:
        operations.end_all(user, at)
        notices.tell(user, "account.factor_removed", notices.factor_removed, at=at)


def _use_step(row: SecondFactor, code: str, at: datetime) -> bool:
    """Whether the app shows that code about now; its half minute, and those before it, are used up by that."""
    digits = re.sub(r"\s", "", code)
    secret = sealing.unseal(row.sealed_secret, SEAL)
    if secret is None or not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return False
    app, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    for step in (now + around for around in STEPS_AROUND):
        if compare_digest(app.generate_otp(step), digits):
            taken = session.execute(
                update(SecondFactor)
                .where(SecondFactor.user_id == row.user_id, SecondFactor.last_step < step)
                .values(last_step=step)
                .returning(SecondFactor.user_id)
            ).all()
            return bool(taken)
    return False


def _written(code: str) -> str:
    """A recovery code as it is hashed, however it was typed."""
    return re.sub(r"[^a-z0-9]", "", code.lower())[:100]
