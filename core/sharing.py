"""Public pages that browsers and proxies may keep: only those that nobody in particular reads.

A view says `sharing.allow()`. The answer is shared only when nobody is signed in and the reader's cookie holds
nothing (no token of a form, no message); it depends on the cookie, so readers with a language or an account of their
own never get it from a proxy. Browsers ask again each time and get "not modified" where nothing was.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any

import flask
from flask import Response, current_app, g, request

from core import clock
from core.access import current_actor
from core.i18n import language

SECONDS = 60  # that a proxy may answer with a stored page
KEPT = 400  # pages that a process keeps, the least lately read are forgotten first
_LOCK = Lock()


def allow() -> None:
    """This page, as it is being made, says the same to everybody who is not signed in."""
    g.may_be_shared = True


def kept(mark: Callable[[], Hashable]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For a view whose page for strangers says the same as long as `mark()` does: it is made once and kept.

    Below the line that gives the page its URL, so that the guard stands before it. Without a mark nothing is kept.
    """

    def keep(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(**arguments: Any) -> Any:
            allow()
            if current_actor().signed_in or flask.session or (now := mark()) is None:
                return view(**arguments)
            key = (now, clock.today(), language(), request.full_path)
            if (page := _look_up(key)) is not None:
                return Response(page[0], mimetype=page[1])
            g.page_key = key
            return view(**arguments)

        return answer

    return keep


def _pages() -> OrderedDict[Hashable, tuple[bytes, str]]:
    pages: OrderedDict[Hashable, tuple[bytes, str]] = current_app.extensions.setdefault("kept_pages", OrderedDict())
    return pages


def _look_up(key: Hashable) -> tuple[bytes, str] | None:
    with _LOCK:
        pages = _pages()
        if key in pages:
            pages.move_to_end(key)
        return pages.get(key)


def _remember(key: Hashable, response: Response) -> None:
    with _LOCK:
        pages = _pages()
        pages[key] = (response.get_data(), response.mimetype or "text/html")
        while len(pages) > KEPT:
            pages.popitem(last=False)


def share(response: Response) -> bool:
    """Mark the answer as one to be kept, if it is; whether it was. Called when nobody is signed in."""
    in_person = bool(flask.session) or flask.session.modified or "Set-Cookie" in response.headers
    if not g.get("may_be_shared") or response.status_code != 200 or in_person:
        return False
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={SECONDS}, must-revalidate"
    response.vary.add("Cookie")
    if (key := g.get("page_key")) is not None:
        _remember(key, response)
    response.add_etag()
    response.make_conditional(request)
    return True
