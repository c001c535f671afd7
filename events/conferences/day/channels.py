"""How people are told on the day: by mail, and by whatever an operator adds (SMS, Zalo) without changing the site.

A channel is a function `send(user, subject, text, *, key, at)`, called inside the write block: it writes a row of its
own, as mail does, and something else sends it afterwards. `key` names the message: the same one is not sent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from accounts.models import User
from core import outbox


class Channel(Protocol):
    """Queue a short message to a person; see the module's first lines."""

    def __call__(self, user: User, subject: str, text: str, *, key: str, at: datetime) -> None: ...


channels: dict[str, Channel] = {}


def channel(name: str) -> Callable[[Channel], Channel]:
    """Register a channel: `@channel("sms") def send(user, subject, text, *, key, at): ...`."""

    def register(send: Channel) -> Channel:
        channels[name] = send
        return send

    return register


@channel("mail")
def by_mail(user: User, subject: str, text: str, *, key: str, at: datetime) -> None:
    """A mail in the outbox."""
    outbox.enqueue("day.changed", user.email, subject, text, at=at, dedupe_key=key, language=user.language)


def tell(user: User, subject: str, text: str, *, key: str, at: datetime) -> None:
    """Tell a person over every channel."""
    for send in channels.values():
        send(user, subject, text, key=key, at=at)
