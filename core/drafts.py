"""What people type into long forms is kept by their browser (static/js/drafts.js) until we say that it was saved.

The form sends along the name of its draft; the page after an answer which led on names it once, and the browser
forgets it. An answer that refuses, or asks to sign in first, says nothing, and the draft stays.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request, session, url_for

FIELD, SAVED = "_draft", "saved_form"
LONGEST = 400


def init_app(app: Flask) -> None:
    """Notice what was saved, and let the next page name it."""
    app.after_request(_note)
    app.jinja_env.globals.update(saved_form=_saved)


def _note(response: Response) -> Response:
    led_on = request.method == "POST" and response.status_code in (302, 303)
    name = request.form.get(FIELD) if led_on else None
    if name and urlsplit(response.location or "").path != url_for("accounts.sign_in"):
        session[SAVED] = name[:LONGEST]
    return response


def _saved() -> str | None:
    """The draft that was saved just now; named once."""
    name: str | None = session.pop(SAVED, None)
    return name
