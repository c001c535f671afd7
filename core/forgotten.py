"""Addresses of people who had themselves deleted, as keyed hashes: an old list does not bring them back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, Str, session
from core.i18n import _l
from core.personal import Entry, dropped

CHUNK = 1_000  # bound parameters of one query


class ForgottenAddress(Model):
    """The hash of an address; without the site's secret key nobody can try out which one it was."""

    __register__ = Entry(
        _l("Deleted addresses, as keyed hashes"),
        dropped(timedelta(days=10 * 365), since="at"),
        why=_l("So that an old list does not bring back who had himself deleted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(Str(64), unique=True)
    at: Mapped[datetime]


def remember(address: str, *, at: datetime) -> None:
    """Do not take this address in again from lists. In the caller's write block."""
    if not among([address]):
        session.add(ForgottenAddress(address_hash=_hash(address), at=at))
        session.flush()


def lift(address: str) -> None:
    """The person came back of his own accord. In the caller's write block."""
    session.execute(delete(ForgottenAddress).where(ForgottenAddress.address_hash == _hash(address)))


def among(addresses: Iterable[str]) -> frozenset[str]:
    """Those of these addresses that are not to be taken in."""
    by_hash = {_hash(address): address for address in addresses}
    keys = list(by_hash)
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        query = select(ForgottenAddress.address_hash).where(ForgottenAddress.address_hash.in_(chunk))
        found |= {by_hash[key] for key in session.scalars(query)}
    return frozenset(found)


def _hash(address: str) -> str:
    key: str = current_app.extensions["settings"].secret_key
    return hmac.new(
        key.encode(), b"forgotten address:" + address.strip().lower().encode(), hashlib.sha256
    ).hexdigest()
