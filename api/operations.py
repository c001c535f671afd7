"""Verbs of the interface. Run inside a write block; flush, never commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from api import queries, rules
from api.enums import Scope
from api.models import ApiReads, ApiReceipt, ApiToken
from core import audit
from core.db import lock, session
from core.errors import Invalid, UserError
from core.i18n import _

PREFIX = "spcncl_"


class TooMany(UserError):
    """A system asked too often."""

    status = 429


def issue(name: str, scopes: Iterable[Scope], *, days: int, by: Any, at: datetime) -> tuple[ApiToken, str]:
    """A new token and its key, which is shown once and never kept."""
    rights = sorted({scope.value for scope in scopes})
    if not rights:
        raise Invalid(_("Choose at least one right."), field="scopes")
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        key_hash=queries.digest(key), start=key[: len(PREFIX) + 5], name=name, scopes=rights, by_id=by.id,
        created_at=at, expires_at=at + timedelta(days=days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    audit.record("api_token.issue", token, by=by, at=at, scopes=rights)
    return token, key


def revoke(token: ApiToken, *, by: Any, at: datetime) -> None:
    """Take a token back; from the next call on it opens nothing."""
    token.revoked_at = token.revoked_at or at
    session.flush()
    audit.record("api_token.revoke", token, by=by, at=at)


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Remember that a token was used."""
    token.last_used_at = at
    session.flush()


def take_reads(token: ApiToken, minute: datetime) -> int:
    """Take some of a minute's reads for this process; 0 when all are taken."""
    lock(ApiToken, token.id)
    row = queries.reads_of(token.id)
    if row is None:
        row = ApiReads(token_id=token.id, minute=minute, taken=0)
        session.add(row)
    if row.minute < minute:  # a clock that runs behind takes of the newer minute
        row.minute, row.taken = minute, 0
    granted = rules.grant(row.taken)
    row.taken += granted
    session.flush()
    return granted


def check_rate(token: ApiToken, *, at: datetime) -> None:
    """Raise TooMany when a token handed in too often within the last hour."""
    if queries.writes_since(token, at - timedelta(hours=1)) >= rules.WRITES_AN_HOUR:
        raise TooMany(_("Too many tries. Wait a little and try again."))


def keep_receipt(token: ApiToken, key: str, request_hash: str, answer: dict[str, Any], *, at: datetime) -> None:
    """Remember what was answered under this key."""
    session.add(ApiReceipt(token_id=token.id, key=key, request_hash=request_hash, answer=answer, at=at))
    session.flush()
