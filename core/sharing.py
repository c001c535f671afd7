"""Public pages that browsers and proxies may keep: only those that nobody in particular reads.

A view says `sharing.allow()`. The answer is shared only when nobody is signed in and the reader's cookie holds
nothing (no token of a form, no message); it depends on the cookie, so readers with a language or an account of their
own never get it from a proxy. Browsers ask again each time and get "not modified" where nothing was.
"""

from __future__ import annotations

import flask
from flask import Response, g, request

SECONDS = 60  # that a proxy may answer with a stored page


def allow() -> None:
    """This page, as it is being made, says the same to everybody who is not signed in."""
    g.may_be_shared = True


def share(response: Response) -> bool:
    """Mark the answer as one to be kept, if it is; whether it was. Called when nobody is signed in."""
    in_person = bool(flask.session) or flask.session.modified or "Set-Cookie" in response.headers
    if not g.get("may_be_shared") or response.status_code != 200 or in_person:
        return False
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={SECONDS}, must-revalidate"
    response.vary.add("Cookie")
    response.add_etag()
    response.make_conditional(request)
    return True
