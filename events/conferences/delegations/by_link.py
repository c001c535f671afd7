"""The page of a host for who has its personal link, without signing in: the same views behind other addresses.

The link is not used up: it stays in the host's hands as its way to this page, until it ends or is renewed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from core import clock
from core.access import public
from core.db import row_key
from core.web import Blueprint
from events.conferences.delegations import links, receptions, visited

bp = Blueprint("visit_links", __name__)
LINK = "/visits/<string(length=43):key>"
View = Callable[..., ResponseReturnValue]


def _opened(view: View) -> View:
    """The view of the host that the link names."""

    @wraps(view)
    def page(key: str) -> ResponseReturnValue:
        event, host = links.opened(key, at=clock.now())
        return view(event=event, host=host, key=key)

    return page


def _of_result(view: View) -> View:
    """The same of one of the outcomes that this host states, named by `result` in the form or address."""

    @wraps(view)
    def page(event: Any, host: Any, key: str) -> ResponseReturnValue:
        wanted = row_key(request.values.get("result"))
        result = next((row for row in visited.stated_by(host) if row.id == wanted), None)
        if result is None:
            raise NotFound
        return view(event=event, host=host, result=result, key=key)

    return page


bp.get(LINK, access=public())(_opened(receptions.show))
bp.get(f"{LINK}/programme.pdf", access=public())(_opened(receptions.pdf))
bp.get(f"{LINK}/outcomes/evidence", access=public())(_opened(_of_result(receptions.evidence)))
bp.post(f"{LINK}/confirm", access=public())(_opened(receptions.confirm))
bp.post(f"{LINK}/wishes", access=public())(_opened(receptions.wish))
bp.post(f"{LINK}/calendar", access=public())(_opened(receptions.renew_feed))
bp.post(f"{LINK}/said", access=public())(_opened(receptions.report))
bp.post(f"{LINK}/outcomes", access=public())(_opened(receptions.state))
bp.post(f"{LINK}/outcomes/withdraw", access=public())(_opened(_of_result(receptions.withdraw)))
