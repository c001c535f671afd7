"""Mail is a row, written in the same block as the act that it tells of, and sent afterwards by the job process.

The promise: never lost, never for an act that was rolled back, at most one duplicate for a crash. A duplicate
carries the same Message-ID, which is drawn when the row is made.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from html import escape
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    delete,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import audit
from core.access import Actor, visible
from core.db import LongStr, Model, Str, lock, session, state
from core.errors import Conflict, Invalid
from core.i18n import _, _l
from core.personal import (
    WITH_ITS_OWNER,
    By,
    Entry,
    Person,
    Step,
    Then,
    on_erasure,
    plain,
    purged,
    purges,
    refers,
    tag,
)

LONGEST_SUBJECT, LONGEST_BODY, LARGEST_ATTACHMENTS = 250, 200_000, 5 * 2**20
TEXT_KEPT, ROW_KEPT = timedelta(days=90), timedelta(days=400)
LAST_WORDS = "privacy.deleted"  # a mail of this kind gives up its address, too, as soon as it is over
SHORTEST_NAME = 6  # characters of a full name that is searched for
FORGOTTEN = "forgotten@invalid"  # the recipient of a mail that was blanked


class MailState(StrEnum):
    """`sending` is committed before the server is spoken to, `sent` after it accepted."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


OPEN = (MailState.WAITING, MailState.SENDING)


class Mail(Model):
    """One mail to one address. `due_at`: when it was to go out first; `not_before`: when it is tried next.

    `flagged`: it was sent again after a crash, so that it may have come twice.
    """

    __register__ = Entry(
        _l("Mail"),
        purged(ROW_KEPT, _l("The text and the address are emptied 90 days after sending, the row is deleted later")),
        why=_l("To tell people what concerns them"),
    )
    __table_args__ = (
        Index("ix_mail_due", "state", "not_before"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Str(80), index=True, info=plain(_l("Kind")))
    dedupe_key: Mapped[str | None] = mapped_column(Str(200), unique=True, info=plain(_l("Key")))
    message_id: Mapped[str] = mapped_column(Str(80), unique=True, info=plain(_l("Message number")))
    recipient: Mapped[str] = mapped_column(
        Str(254), index=True, info=refers(Then.BLANK, By.ADDRESS) | tag(_l("To"), erased=FORGOTTEN)
    )
    subject: Mapped[str] = mapped_column(Str(LONGEST_SUBJECT), info=tag(_l("Subject")))
    body: Mapped[str] = mapped_column(LongStr, info=tag(_l("Text")))
    html: Mapped[str | None] = mapped_column(LongStr, info=tag(_l("Text as HTML")))
    language: Mapped[str] = mapped_column(Str(2), default="vi", info=plain(_l("Language")))
    sensitive: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MailState] = mapped_column(state(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    not_before: Mapped[datetime]
    locked_by: Mapped[str | None] = mapped_column(Str(80), info=plain(_l("Process")))
    locked_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Str(300), info=tag(_l("What went wrong")))
    flagged: Mapped[bool] = mapped_column(default=False)
    attachments: Mapped[list[MailAttachment]] = relationship(
        cascade="all, delete-orphan", order_by="MailAttachment.id", passive_deletes=True
    )


class MailAttachment(Model):
    """A file that goes with a mail."""

    __register__ = Entry(_l("Files in mail"), WITH_ITS_OWNER, why=_l("To tell people what concerns them"))
    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(
        ForeignKey("mail.id", ondelete="CASCADE"), index=True, info=refers(Then.DROP, By.PARENT)
    )
    name: Mapped[str] = mapped_column(Str(200), info=tag(_l("File name")))
    media_type: Mapped[str] = mapped_column(Str(100), info=plain(_l("File type")))
    data: Mapped[bytes] = mapped_column(LargeBinary, info=tag(_l("Content")))


@dataclass(frozen=True)
class Attachment:
    """A file to go with a mail; `media_type` for example "text/calendar"."""

    name: str
    media_type: str
    data: bytes


def enqueue(
    kind: str,
    to: str,
    subject: str,
    body: str,
    *,
    at: datetime,
    dedupe_key: str | None = None,
    html: str | None = None,
    attachments: Sequence[Attachment] = (),
    not_before: datetime | None = None,
    language: str = "vi",
    sensitive: bool = False,
) -> Mail:
    """Add a mail in the caller's write block and return its row.

    With a `dedupe_key` that was used before, nothing is added and the first row comes back. `sensitive` text (a
    token in a link) is blanked in the table as soon as it is sent. Raise Invalid for an address or a subject
    that cannot be used.
    """
    known = _by_dedupe_key(dedupe_key)
    if known is not None:
        return known
    mail = Mail(
        kind=kind,
        dedupe_key=dedupe_key,
        message_id=secrets.token_hex(16),
        recipient=checked_address(to),
        subject=_checked_line(subject),
        body=_checked_text(body),
        html=html and _checked_text(html),
        language=language,
        sensitive=sensitive,
        created_at=at,
        due_at=not_before or at,
        not_before=not_before or at,
        attachments=_checked_attachments(attachments),
    )
    try:
        with session.begin_nested():
            session.add(mail)
            session.flush()
    except IntegrityError:  # somebody else's block used the key first
        known = _by_dedupe_key(dedupe_key)
        if known is None:
            raise
        return known
    return mail


def checked_address(address: str) -> str:
    """The address as it is stored: NFC, the domain in lower case. Raise Invalid unless mail can go there."""
    try:
        found = validate_email(address.strip(" "), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as err:
        raise Invalid(_("This e-mail address cannot be used."), field="email") from err
    return found.normalized


def waiting_since() -> datetime | None:
    """Since when the oldest mail that is not sent is due, however often it was tried; None if none is."""
    return session.scalar(select(func.min(Mail.due_at)).where(Mail.state.in_(OPEN)))


def in_state(wanted: MailState | None) -> Select[Mail]:
    """Mails, the newest first; all of them or those of one state."""
    query = select(Mail).order_by(Mail.id.desc())
    return query if wanted is None else query.where(Mail.state == wanted)


def counts() -> dict[MailState, int]:
    """How many mails there are in each state."""
    found = session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
    return dict.fromkeys(MailState, 0) | {row[0]: row[1] for row in found}


def retry(mail: Mail, *, by: Any, at: datetime) -> None:
    """Let a mail that failed go out again. Raise Conflict if it did not fail, or if its text is gone."""
    found = lock(Mail, mail.id)
    if found is None or found.state is not MailState.FAILED:
        raise Conflict(_("This mail is not among those that failed."))
    if not found.body:
        raise Conflict(_("The text of this mail is not kept any more; it cannot be sent again."))
    found.state, found.due_at, found.not_before, found.attempts = MailState.WAITING, at, at, 0
    audit.record("mail.retry", found, by=by, at=at)


def mails_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Administrators look after the mail; nobody else reads what others were sent."""
    return true() if may_look_after(actor) else false()


def may_look_after(actor: Actor, mail: Mail | None = None) -> bool:
    """Administrators look after the mail."""
    return actor.has("administrator")


visible(Mail, mails_visible_to)


def take_back(address: str, kinds: Sequence[str]) -> None:
    """What waits of these kinds for an address is not sent any more: its reader no longer wants it."""
    session.execute(
        update(Mail)
        .where(Mail.recipient == address, Mail.kind.in_(kinds), Mail.state == MailState.WAITING)
        .values(state=MailState.FAILED, last_error="withdrawn", subject="", body="")
        .execution_options(synchronize_session=False)
    )


def forget(address: str, *, at: datetime) -> None:
    """Blank all that is kept of mail to `address`; what still waits is not sent any more."""
    for mail in session.scalars(select(Mail).where(func.lower(Mail.recipient) == address.lower())).all():
        if mail.state is MailState.WAITING:
            mail.state, mail.last_error = MailState.FAILED, "forgotten"
        blank(mail)
        mail.recipient = FORGOTTEN
    session.flush()


@on_erasure
def forget_person(person: Person) -> Step:
    """Of mail to the person nothing is kept; mail to others that names him is blanked once it is sent."""

    def step(*, by: Any, at: datetime) -> None:
        forget(person.email, at=at)
        for mail in session.scalars(select(Mail).where(_names(person))).all():
            if mail.state in OPEN:
                mail.subject, mail.body, mail.html = (
                    _unnamed(t, person) for t in (mail.subject, mail.body, mail.html)
                )
            else:
                blank(mail)

    return step


def _names(person: Person) -> ColumnElement[bool]:
    """Mail whose words hold the address or the full name. A single short word would be a name of many."""
    named = [n for n in (person.email, person.name) if len(n) >= SHORTEST_NAME]
    columns = (Mail.subject, Mail.body, Mail.html)
    found = (c.contains(text, autoescape=True) for n in named for text in {n, escape(n)} for c in columns)
    return or_(false(), *found)


def _unnamed(text: str | None, person: Person) -> Any:
    for name in (person.email, person.name):
        if text and len(name) >= SHORTEST_NAME:
            text = text.replace(escape(name), person.pseudonym).replace(name, person.pseudonym)
    return text


def settle(mail: Mail) -> None:
    """What a mail drops when it is sent or given up for good."""
    if mail.sensitive and mail.state is MailState.SENT:
        blank(mail)
    if mail.kind == LAST_WORDS:
        blank(mail)
        mail.recipient, mail.last_error = FORGOTTEN, None


def blank(mail: Mail) -> None:
    """Drop the words and files of a mail, keep that it was sent."""
    mail.subject = mail.body = ""
    mail.html = None
    mail.attachments.clear()


@purges(Mail)
def purge(at: datetime) -> None:
    """Blank the text of mail sent long ago, and later drop the rows (a dedupe key is needed no longer then)."""
    old = select(Mail.id).where(Mail.state == MailState.SENT, Mail.sent_at < at - TEXT_KEPT)
    session.execute(delete(MailAttachment).where(MailAttachment.mail_id.in_(old)))
    session.execute(
        update(Mail)
        .where(Mail.id.in_(old), Mail.body != "")
        .values(subject="", body="", html=None, recipient=FORGOTTEN)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Mail)
        .where(Mail.state.in_((MailState.SENT, MailState.FAILED)), Mail.created_at < at - ROW_KEPT)
        .execution_options(synchronize_session=False)
    )


def _by_dedupe_key(key: str | None) -> Mail | None:
    return None if key is None else session.scalars(select(Mail).where(Mail.dedupe_key == key)).one_or_none()


def _checked_line(text: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in text):
        raise Invalid(_("The subject of a mail is one line of plain text."), field="subject")
    return text.strip()[:LONGEST_SUBJECT]


def _checked_text(text: str) -> str:
    if "\x00" in text or len(text) > LONGEST_BODY or any("\ud800" <= c <= "\udfff" for c in text):
        raise Invalid(_("The text of the mail is too long or holds characters that cannot be sent."), field="body")
    return text


def _checked_attachments(given: Sequence[Attachment]) -> list[MailAttachment]:
    if sum(len(a.data) for a in given) > LARGEST_ATTACHMENTS:
        raise Invalid(_("The attachments of a mail are too large."), field="attachments")
    return [MailAttachment(name=_checked_line(a.name)[:200], media_type=a.media_type, data=a.data) for a in given]
