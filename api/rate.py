"""How often a token reads: counted in all web processes together, with one write for several reads.

A process takes some of the minute's reads at a time (`rules.READS_AT_ONCE`) and hands them out from memory. What it
took and did not use is lost with the minute, so that the limit is never exceeded, and reached a little early at most.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import after_this_request
from werkzeug import Response
from werkzeug.exceptions import TooManyRequests

from api import operations
from api.models import ApiToken
from core import clock
from core.db import write

View = Callable[..., Any]


@dataclass
class _Share:
    """What a process has left of a minute's reads; nothing is left to take once `over`."""

    minute: datetime
    left: int = 0
    over: bool = False


_shares: dict[str, _Share] = {}  # by the hash of the key
_sharing = threading.Lock()
_taking = threading.Lock()


def limited(view: View) -> View:
    """The view of a read: 429 with the seconds to wait once the token has read too often in this minute."""

    @wraps(view)
    def counted(api_token: ApiToken, **arguments: Any) -> Any:
        at = clock.now()
        if not _read(api_token, at):
            wait = 60 - at.second
            after_this_request(lambda response: _retry(response, wait))
            raise TooManyRequests
        return view(api_token=api_token, **arguments)

    return counted


def _retry(response: Response, seconds: int) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


def _read(token: ApiToken, at: datetime) -> bool:
    """Count a read; whether it is within the limit."""
    minute = at - timedelta(seconds=at.second, microseconds=at.microsecond)
    if (allowed := _from_share(token.key_hash, minute)) is not None:
        return allowed
    with _taking:  # others of this process wait for what one takes
        if (allowed := _from_share(token.key_hash, minute)) is not None:
            return allowed
        with write():
            granted = operations.take_reads(token, minute)
        with _sharing:
            _forget(minute)
            _shares[token.key_hash] = _Share(minute, max(0, granted - 1), over=not granted)
    return granted > 0


def _from_share(key: str, minute: datetime) -> bool | None:
    """Hand a read out from memory: None when more has to be taken first."""
    with _sharing:
        share = _shares.get(key)
        if share is None or share.minute != minute:
            return None
        if share.left:
            share.left -= 1
            return True
        return False if share.over else None


def _forget(minute: datetime) -> None:
    """Drop the shares of minutes that are over."""
    for key in [key for key, share in _shares.items() if share.minute < minute]:
        del _shares[key]
