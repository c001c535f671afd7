"""Giving, withdrawing and asking for consent. Whoever does what is optional asks `allowed` or `queries.agreed`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy import queries, texts
from accounts.privacy.enums import OPTIONAL_MAIL, Channel, Purpose
from accounts.privacy.models import Consent
from core import audit, outbox
from core.db import lock, session
from core.errors import Conflict
from core.i18n import _, language


def allowed(user: User, purpose: Purpose) -> bool:
    """Whether the person agrees to the purpose now, and neither restricted nor objected to it."""
    return bool(queries.who_agreed(purpose, [user.id]))


def give(user: User, purpose: Purpose, *, shown: int, by: Any, at: datetime) -> Consent:
    """The person agrees to the text of version `shown`. Giving it twice is giving it once.

    Raise Conflict if another version is in force by now: nobody agrees to what he has not read.
    """
    if shown != texts.newest(purpose)[0]:
        raise Conflict(_("The text has changed in the meantime. Please read it and decide again."))
    return note(user, purpose, shown, language(), channel=Channel.SITE, given_at=at, by=by, at=at)


def note(
    user: User, purpose: Purpose, version: int, language: str, *, channel: Channel, given_at: datetime, by: Any,
    at: datetime,
) -> Consent:  # fmt: skip
    """Write down that the person agreed to that version of the text, in that language, at that moment."""
    lock(User, user.id)
    present = queries.present(user.id, purpose)
    if present is not None and present.text_version == version:
        return present
    if present is not None:
        _end(present, withdrawn_at=given_at, by=by, at=at, channel=channel)
    row = Consent(
        user_id=user.id,
        purpose=purpose,
        text_version=version,
        text_sha256=texts.version(purpose, version).sha256,
        language=language,
        given_at=given_at,
        channel=channel,
        given_by_id=by.id,
    )
    session.add(row)
    session.flush()
    audit.record("consent.give", row, by=by, at=at, purpose=purpose.value, version=version, channel=channel.value)
    return row


def withdraw(
    user: User,
    purpose: Purpose,
    *,
    by: Any,
    at: datetime,
    channel: Channel = Channel.SITE,
    said_at: datetime | None = None,
) -> Consent | None:
    """The person withdraws; whatever asks from now on hears no. Withdrawing twice is withdrawing once: None."""
    lock(User, user.id)
    present = queries.present(user.id, purpose)
    if present is not None:
        _end(present, withdrawn_at=said_at or at, by=by, at=at, channel=channel)
        outbox.take_back(user.email, OPTIONAL_MAIL.get(purpose, ()))
    return present


def _end(row: Consent, *, withdrawn_at: datetime, by: Any, at: datetime, channel: Channel) -> None:
    row.withdrawn_at, row.withdrawn_channel = max(withdrawn_at, row.given_at), channel
    session.flush()
    audit.record("consent.withdraw", row, by=by, at=at, purpose=row.purpose.value, channel=channel.value)
