"""Addresses: where a form may lead back to, and absolute links for mail."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from core.i18n import DEFAULT, language


def safe_next(target: str | None) -> str:
    """`target` if it is a page of our own, else the home page.

    Only a path that our URL map knows for GET counts: no host, scheme, backslash or control character.
    """
    home = url_for("portal.home")
    if not target or not target.startswith("/") or target.startswith("//"):
        return home
    if "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target) or len(target) > 2_000:
        return home
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return home
    try:
        current_app.url_map.bind(request.host).match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return home
    return target


def absolute(endpoint: str, **values: Any) -> str:
    """A link for mail, print and calendars: built from PUBLIC_BASE_URL, never from the request's host."""
    base: str = current_app.extensions["settings"].public_base_url
    return base + current_app.url_map.bind("").build(endpoint, values)


def in_letter(endpoint: str, **values: Any) -> str:
    """A link in a letter: its page opens in the letter's language, also in a browser that never was here."""
    if language() != DEFAULT:
        values.setdefault("lang", language())
    return absolute(endpoint, **values)
