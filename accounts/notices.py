"""What people are told of their accounts: functions that return a subject and paragraphs in the language in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from core import outbox
from core.i18n import _, force_locale
from core.urls import in_letter

Notice = Callable[[], tuple[str, Sequence[str]]]


class Row(Protocol):
    """Anything that people can be told of."""

    @property
    def id(self) -> int: ...


class Reader(Row, Protocol):
    """Who gets a mail: somebody with an account, or the address of an organisation of which nobody has one."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def name(self) -> str: ...


About = TypeVar("About", bound=Row)
To = TypeVar("To", bound=Reader)


def reset_link(secret: str) -> Notice:
    """The way to a new password, for the one who reads the account's mail."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("A new password for your account"), (
            _("Somebody, most likely you, asked for a new password on the site of Hanoi's key industrial products."),
            _("Open this address within one hour and choose one:"),
            in_letter("password.new", key=secret),
            _("If it was not you, do nothing: your password stays as it is."),
        )

    return notice


def no_account() -> tuple[str, Sequence[str]]:
    """The same question about an address that has no account that could be used."""
    return _("There is no account with this address"), (
        _("Somebody, most likely you, asked for a new password on the site of Hanoi's key industrial products."),
        _("No account can be used with this address. Perhaps you registered with another one, or not yet:"),
        in_letter("requests.ask"),
        _("If it was not you, do nothing. We keep nothing of this."),
    )


def welcome(secret: str) -> Notice:
    """An administrator made an account; its owner chooses the password."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Your account"), (
            _("An account was made for you on the site of Hanoi's key industrial products."),
            _("Open this address within seven days and choose a password:"),
            in_letter("password.new", key=secret),
        )

    return notice


def password_changed() -> tuple[str, Sequence[str]]:
    """So that a theft is noticed."""
    return _("Your password was changed"), (
        _("The password of your account was changed, and all other sessions were ended."),
        _("If it was not you, choose a new one at once, and tell the Department:"),
        in_letter("password.forgotten"),
    )


def address_link(secret: str) -> Notice:
    """Whoever reads this mail has the address."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Confirm your e-mail address"), (
            _("This address was given for an account on the site of Hanoi's key industrial products."),
            _("Open this address within one day and press the button:"),
            in_letter("address.confirm", key=secret),
            _("If it was not you, do nothing."),
        )

    return notice


def address_taken() -> tuple[str, Sequence[str]]:
    """Somebody wanted an address for his account that has one already."""
    return _("This address has an account already"), (
        _("Somebody, most likely you, gave this address for another account. It has one already: nothing changed."),
        in_letter("accounts.sign_in"),
    )


def address_changed() -> tuple[str, Sequence[str]]:
    """To the old address, so that a theft is noticed."""
    return _("Your e-mail address was changed"), (
        _("Your account now has another e-mail address; mail goes there from now on."),
        _("If it was not you, tell the Department at once."),
    )


def factor_removed() -> tuple[str, Sequence[str]]:
    """So that a theft is noticed."""
    return _("Your second factor was removed"), (
        _(
            "An administrator removed the second factor of your account, as for a lost telephone. "
            "Sign in and set it up anew:"
        ),
        in_letter("accounts.sign_in"),
        _("If you did not ask for this, tell the Department at once."),
    )


def tell(
    user: Reader, kind: str, notice: Notice, *, at: datetime, key: str | None = None, sensitive: bool = False
) -> None:
    """Put a notice into the outbox, in the language of the one who is told; under the same `key` only once."""
    write_to(user.email, kind, notice, at=at, language=user.language, name=user.name, key=key, sensitive=sensitive)


def tell_each(
    rows: Iterable[tuple[About, To]],
    kind: str,
    words: Callable[[About, To], tuple[str, Sequence[str]]],
    *,
    at: datetime,
    key: str,
    sensitive: bool = False,
) -> int:
    """Tell several people, each of a row that concerns him and in his language; return how many.

    `key` names the occasion: nobody is told twice of the same row under one key.
    """
    number = 0
    for about, user in rows:
        tell(user, kind, partial(words, about, user), at=at, key=f"{key}:{about.id}:{user.id}", sensitive=sensitive)
        number += 1
    return number


def write_to(
    address: str,
    kind: str,
    notice: Notice,
    *,
    at: datetime,
    language: str,
    name: str = "",
    key: str | None = None,
    sensitive: bool = False,
) -> None:
    """The same, to an address that need not have an account. `sensitive`: holds a link, and is blanked once sent."""
    with force_locale(language):
        subject, paragraphs = notice()
        greeting = _("Dear %(name)s,", name=name) if name else _("Good day,")
        end = _("This message was sent by the site of Hanoi's key industrial products. Please do not answer it.")
        body = "\n\n".join((greeting, *(p for p in paragraphs if p), end)) + "\n"
    outbox.enqueue(kind, address, subject, body, at=at, dedupe_key=key, language=language, sensitive=sensitive)
