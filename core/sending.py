"""Sending what waits in the outbox: claim, commit `sending`, speak to the server, commit the outcome.

Between the server's acceptance and our second commit a crash can fall; such a row stays in `sending`, is sent
once more after five minutes, and flagged.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, and_, or_, select

import vietnamese
from core import clock
from core.config import Settings
from core.db import get, lock, session, write
from core.logs import log
from core.mail import Deferred, Letter, Part, Refused, Unreachable, compose, deliver
from core.outbox import Mail, MailState, settle
from core.timers import stopping

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
STUCK_AFTER = timedelta(minutes=5)
AT_ONCE = 20


def send_due() -> int:
    """Send what is due, at most 20 mails in one call; return how many were accepted.

    Mail after mail, so that a kill in between can leave only one in doubt. When the server does not answer, the
    others wait for the next call.
    """
    settings: Settings = current_app.extensions["settings"]
    accepted = 0
    for _turn in range(AT_ONCE):
        if stopping.is_set():
            break
        claimed = _claim(clock.now())
        if claimed is None:
            break
        mail_id, token, letter = claimed
        try:
            deliver(compose(letter, settings), settings)
        except Deferred as err:
            _defer(mail_id, token, str(err))
            if isinstance(err, Unreachable):
                break
        except Refused as err:
            _fail(mail_id, token, str(err))
        except ValueError as err:  # the message itself cannot be written
            _fail(mail_id, token, f"{type(err).__name__}: {err}")
        else:
            accepted += _sent(mail_id, token)
    return accepted


def back_off(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failed try: a minute, doubling up to an hour."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled)


def _claim(at: datetime) -> tuple[int, str, Letter] | None:
    """Take one due mail: the row is committed as `sending` when this returns."""
    if session.scalar(_due(at).limit(1)) is None:  # nothing due costs a read, not a write block
        session.rollback()
        return None
    with write():
        mail_id = session.scalar(_due(at).limit(1).with_for_update(skip_locked=True))
        mail = get(Mail, mail_id) if mail_id is not None else None
        if mail is None:
            return None
        if mail.state is MailState.SENDING:
            if mail.flagged:
                mail.state, mail.last_error = MailState.FAILED, "the job process stopped twice while sending this"
                log.error("mail given up", extra={"mail": mail.id})
                return None  # the next one at the next call
            mail.flagged = True
            log.warning("mail sent again after a stop", extra={"mail": mail.id})
        token = secrets.token_hex(16)
        mail.state, mail.locked_by, mail.locked_at = MailState.SENDING, token, at
        mail.attempts += 1
        letter = Letter(
            key=mail.message_id,
            recipient=mail.recipient,
            subject=mail.subject,
            body=mail.body,
            html=mail.html,
            language=mail.language,
            created_at=mail.created_at,
            parts=tuple(Part(a.name, a.media_type, a.data) for a in mail.attachments),
        )
        return mail.id, token, letter


def _due(at: datetime) -> Select[int]:
    """Waiting and due, or left in `sending` by a process that stopped (or from before the clock was set back)."""
    left = or_(Mail.locked_at < at - STUCK_AFTER, Mail.locked_at > at + STUCK_AFTER)
    return (
        select(Mail.id)
        .where(
            or_(
                and_(Mail.state == MailState.WAITING, Mail.not_before <= at),
                and_(Mail.state == MailState.SENDING, left),
            )
        )
        .order_by(Mail.not_before, Mail.id)
    )


def _sent(mail_id: int, token: str) -> bool:
    with write():
        mail = _mine(mail_id, token)
        if mail is None:
            return False
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, clock.now(), None
        mail.locked_by = mail.locked_at = None
        settle(mail)
    return True


def _defer(mail_id: int, token: str, reason: str) -> None:
    at = clock.now()
    with write():
        mail = _mine(mail_id, token)
        if mail is None:
            return
        mail.last_error = vietnamese.cap(vietnamese.clean_line(reason), 300)
        mail.locked_by = mail.locked_at = None
        if at - mail.due_at >= GIVEN_UP_AFTER:
            mail.state = MailState.FAILED
            settle(mail)
            log.error("mail given up", extra={"mail": mail_id, "detail": _kind_of(reason)})
        else:
            mail.state, mail.not_before = MailState.WAITING, at + back_off(mail.attempts)
            log.warning("mail deferred", extra={"mail": mail_id, "detail": _kind_of(reason)})


def _fail(mail_id: int, token: str, reason: str) -> None:
    with write():
        mail = _mine(mail_id, token)
        if mail is None:
            return
        mail.state, mail.last_error = MailState.FAILED, vietnamese.cap(vietnamese.clean_line(reason), 300)
        mail.locked_by = mail.locked_at = None
        settle(mail)
        log.error("mail refused", extra={"mail": mail_id, "detail": _kind_of(reason)})


def _kind_of(reason: str) -> str:
    """The code or the name of the error, for the log: what servers write after it often holds the address."""
    return reason.split(maxsplit=1)[0][:40] if reason.strip() else ""


def _mine(mail_id: int, token: str) -> Mail | None:
    """The row, if this claim still holds it: after a long pause another process may have taken it."""
    mail = lock(Mail, mail_id)
    if mail is None or mail.state is not MailState.SENDING or mail.locked_by != token:
        log.warning("mail was taken over", extra={"mail": mail_id})
        return None
    return mail
