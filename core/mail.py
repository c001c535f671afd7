"""Handing a mail over: to an SMTP server, or into a folder in the demo."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core import clock
from core.config import Settings
from core.disk import write_atomically

LONGEST_PLAIN_SUBJECT, ENCODED_AT_ONCE = 66, 39  # characters; bytes, which come to 64 characters
CONNECT_TIMEOUT = 20.0  # seconds for each exchange with the server
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Deferred(Exception):
    """Not now: the server could not be reached or asked to come again."""


class Unreachable(Deferred):
    """Not now, and no other mail either: the server does not answer."""


class Refused(Exception):
    """Never: the server refused this mail for good."""


@dataclass(frozen=True)
class Part:
    """A file that goes with a message."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """All that a message is made of. `key` is random and stays the same over every try."""

    key: str
    recipient: str
    subject: str
    body: str
    html: str | None
    language: str
    created_at: datetime
    parts: tuple[Part, ...] = ()


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """The message, with headers that machines know it by as automatic."""
    sender, address = parseaddr(settings.mail_from)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(sender, addr_spec=address)
    message["To"] = Address(addr_spec=letter.recipient)
    message.set_raw("Subject", written_subject(letter.subject))
    message["Date"] = format_datetime(clock.local(letter.created_at))
    message["Message-ID"] = f"<{letter.key}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    message["Content-Language"] = letter.language
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for part in letter.parts:
        main, _slash, sub = part.media_type.partition("/")
        message.add_attachment(part.data, maintype=main, subtype=sub, filename=part.name)
    return message


def written_subject(text: str) -> str:
    """A subject as a header holds it (RFC 2047), in lines of at most 76 characters.

    The library breaks long ones between words that need encoding and words that do not, and loses the blank there:
    here every blank is inside an encoded word.
    """
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise ValueError("a subject is one line")
    if text.isascii() and len(text) <= LONGEST_PLAIN_SUBJECT and "=?" not in text:
        return text
    parts = [""]
    for c in text:
        if len((parts[-1] + c).encode()) > ENCODED_AT_ONCE:
            parts.append("")
        parts[-1] += c
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in parts)


def deliver(message: EmailMessage, settings: Settings) -> None:
    """Hand the message over. Raise Deferred to be called again later, Refused when that is of no use."""
    if settings.smtp_url is None:
        _into_folder(message, settings.mail_dir)
        return
    try:
        with _connect(settings.smtp_url) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as err:
        code, text = next(iter(err.recipients.values()))
        raise _by_code(code, text) from err
    except smtplib.SMTPNotSupportedError as err:
        raise Unreachable(str(err)) from err
    except smtplib.SMTPAuthenticationError as err:  # a wrong password here is ours to mend, not the mail's fault
        raise Unreachable(f"{err.smtp_code} sign-in refused") from err
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as err:
        raise _by_code(err.smtp_code, err.smtp_error) from err
    except (smtplib.SMTPException, OSError) as err:
        raise Unreachable(f"{type(err).__name__}: {err}") from err


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=CONNECT_TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=CONNECT_TIMEOUT)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _by_code(code: int, text: bytes | str) -> Deferred | Refused:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return (Refused if 500 <= code < 600 else Deferred)(f"{code} {words}")


def _into_folder(message: EmailMessage, folder: Path) -> None:
    key = str(message["Message-ID"]).strip("<>").partition("@")[0]
    try:
        write_atomically(folder / f"{clock.now():%Y%m%d-%H%M%S}-{key[:12]}.eml", message.as_bytes())
    except OSError as err:
        raise Deferred(f"{type(err).__name__}: {err.strerror}") from err
