"""Links in mail: single-use, expiring, random tokens, hashed at rest and bound to a person or an address.

The link opens a page (`find` reads and changes nothing), and the button of that page posts (`use`, in the write block
of the act that it allows). A token that is used, expired, withdrawn, made up, or meant for another purpose or another
person is all the same: there is no such page.

A link that stays in its holder's hands, as the one to the page of a host of a delegation, is only ever found.

    secret = tokens.issue("reset", user=user, lasts=timedelta(hours=1), at=at)
    link = urls.in_letter("accounts.reset", key=secret)
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update

from accounts import queries
from accounts.models import Token, User
from core.db import count, session
from core.errors import Gone

SAYS_SO = timedelta(days=1)  # how long the link of a used token tells what came of it
LONGEST_SECRET = 100  # characters that are looked at; ours have 43


def issue(
    purpose: str,
    *,
    lasts: timedelta,
    at: datetime,
    user: User | None = None,
    address: str | None = None,
    about: str | None = None,
) -> str:
    """A new token for a link: 256 random bits. Only the one who gets the mail knows it; the table has its hash."""
    secret = secrets.token_urlsafe(32)
    session.add(
        Token(
            purpose=purpose,
            key_hash=queries.digest(secret),
            user_id=user.id if user else None,
            address=address.strip().lower() if address else None,
            about=about,
            created_at=at,
            expires_at=at + lasts,
        )
    )
    session.flush()
    return secret


def find(purpose: str, secret: str, *, at: datetime, user: User | None = None) -> Token:
    """The token if it is good now, for the page that its link opens. Raise Gone otherwise.

    With `user`, a token that is bound to somebody else is no good either.
    """
    token = session.scalars(select(Token).where(_good(purpose, secret, at))).one_or_none()
    return _of(token, user)


def use(purpose: str, secret: str, *, at: datetime, user: User | None = None) -> Token:
    """Take the token, in the write block of what it allows: of two at once, one gets it. Raise Gone otherwise."""
    taken = session.scalars(
        update(Token).where(_good(purpose, secret, at)).values(used_at=at).returning(Token)
    ).one_or_none()
    return _of(taken, user)


def used(purpose: str, secret: str, *, at: datetime) -> Token:
    """The token that was used within the last day, for the page that says what came of it. Raise Gone otherwise.

    So the answer to a button has an address: it can be loaded again, and read in the other language.
    """
    made = and_(Token.key_hash == queries.digest(secret[:LONGEST_SECRET]), Token.purpose == purpose)
    return _of(session.scalars(select(Token).where(made, Token.used_at > at - SAYS_SO)).one_or_none(), None)


def issued(address: str, *purposes: str, since: datetime) -> int:
    """How many tokens of these purposes were made for an address since then: the limit on mail to it."""
    made = and_(Token.address == address.strip().lower(), Token.purpose.in_(purposes), Token.created_at > since)
    return count(select(Token.id).where(made))


def withdraw(
    purpose: str, *, at: datetime, user: User | None = None, address: str | None = None, about: str | None = None
) -> None:
    """Make open tokens of that purpose worth nothing: those of the user, the address or about the row (all given)."""
    given = {"user_id": user and user.id, "address": address and address.strip().lower(), "about": about}
    named = [Token.__table__.c[name] == value for name, value in given.items() if value is not None]
    if not named:
        raise ValueError("withdraw needs a user, an address or a row")
    session.execute(update(Token).where(Token.purpose == purpose, _open(at), *named).values(withdrawn_at=at))


def _open(at: datetime) -> ColumnElement[bool]:
    return and_(Token.used_at.is_(None), Token.withdrawn_at.is_(None), Token.expires_at > at)


def _good(purpose: str, secret: str, at: datetime) -> ColumnElement[bool]:
    return and_(Token.key_hash == queries.digest(secret[:LONGEST_SECRET]), Token.purpose == purpose, _open(at))


def _of(token: Token | None, user: User | None) -> Token:
    """The token, unless there is none or it is bound to another person than `user`."""
    if token is None or (user is not None and token.user_id not in (None, user.id)):
        raise Gone
    return token
