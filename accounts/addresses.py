"""Verbs that rest on who reads an address's mail: a new password, a confirmed address, an account made for somebody.

Asking takes the same steps and the same time whether an address has an account or not, and answers the same; only
the mail differs. Run inside a write block; flush, never commit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import notices, operations, queries, tokens
from accounts.models import User
from core import audit
from core.errors import Conflict, Gone
from core.i18n import _

RESET, ADDRESS = "reset", "address"
RESET_NOBODY, ADDRESS_TAKEN = "reset of nobody", "address taken"  # good for nothing; they count for the limit
RESET_LASTS, WELCOME_LASTS, ADDRESS_LASTS = timedelta(hours=1), timedelta(days=7), timedelta(days=1)
MAILS_AN_HOUR = 3  # to one address: nobody's mailbox is filled through us


def ask_reset(email: str, *, language: str, at: datetime) -> None:
    """Mail a link for a new password; to an address without an account that can be used, mail that there is none."""
    address = email.strip().lower()
    user = queries.by_email(address)
    usable = user if user is not None and user.disabled_at is None else None
    if tokens.issued(address, RESET, RESET_NOBODY, since=at - timedelta(hours=1)) >= MAILS_AN_HOUR:
        return
    purpose = RESET if usable else RESET_NOBODY
    secret = tokens.issue(purpose, user=usable, address=address, lasts=RESET_LASTS, at=at)
    notice = notices.reset_link(secret) if usable else notices.no_account
    name, wanted = (usable.name, usable.language) if usable else ("", language)
    notices.write_to(address, "account.reset", notice, at=at, language=wanted, name=name, sensitive=True)
    audit.record("account.ask_reset", usable or "user:none", by="visitor", at=at)


def reset(secret: str, password_hash: str, *, at: datetime) -> User:
    """Set a new password by a link of a mail, which shows that the address is his; end all sessions."""
    token = tokens.use(RESET, secret, at=at)
    user = token.user
    if user is None or user.disabled_at is not None or token.address != user.email:
        raise Gone
    user.email_verified_at = user.email_verified_at or at
    tokens.withdraw(RESET, user=user, at=at)
    operations.change_password(user, password_hash, at=at)
    return user


def welcome(user: User, *, at: datetime) -> None:
    """Let the owner of an account that an administrator made choose his password."""
    secret = tokens.issue(RESET, user=user, address=user.email, lasts=WELCOME_LASTS, at=at)
    notices.tell(user, "account.welcome", notices.welcome(secret), at=at, sensitive=True)


def ask_address(user: User, email: str, *, at: datetime) -> None:
    """Mail a link to an address that a user says is his, the present one or a new one; of a taken one, mail that."""
    address = email.strip().lower()
    other = queries.by_email(address)
    if tokens.issued(address, ADDRESS, ADDRESS_TAKEN, since=at - timedelta(hours=1)) >= MAILS_AN_HOUR:
        return
    taken = other is not None and other.id != user.id
    secret = tokens.issue(ADDRESS_TAKEN if taken else ADDRESS, user=user, address=address, lasts=ADDRESS_LASTS, at=at)
    notice = notices.address_taken if taken else notices.address_link(secret)
    notices.write_to(address, "account.address", notice, at=at, language=user.language, sensitive=True)
    audit.record("account.ask_address", user, by=user, at=at)


def confirm_address(secret: str, *, at: datetime) -> User:
    """The one who opened the mail has the address: it is the account's from now on. The old one is told."""
    token = tokens.use(ADDRESS, secret, at=at)
    user, address = token.user, token.address
    if user is None or address is None or user.disabled_at is not None:
        raise Gone
    if address != user.email:
        if queries.by_email(address) is not None:
            raise Conflict(_("There is an account with this address already."))
        notices.tell(user, "account.address_changed", notices.address_changed, at=at)
        tokens.withdraw(RESET, user=user, at=at)  # they were mailed to the old address
        user.email = address
    user.email_verified_at = at
    tokens.withdraw(ADDRESS, user=user, at=at)
    audit.record("account.address", user, by=user, at=at, columns=["email", "email_verified_at"])
    return user
