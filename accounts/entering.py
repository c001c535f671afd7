"""Getting in: limits on tries, the browser that an account is known by, the second step, the session's beginning."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from werkzeug import Response

from accounts import access as guard
from accounts import operations, queries, rules, tokens
from accounts.models import User
from core import clock
from core.db import write
from core.errors import Gone
from core.extensions import LANGUAGE_COOKIE
from core.i18n import _
from core.urls import safe_next

YEAR = 31_536_000  # seconds
SECOND_STEP, SECOND_STEP_LASTS = "second step", timedelta(minutes=10)
_DEVICE_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


def device_cookie() -> str:
    """The cookie that a browser is known by after its first sign-in; it opens nothing by itself."""
    return "__Host-device" if current_app.extensions["settings"].https else "device"


def device_key() -> str | None:
    """What the browser is known by, if it was signed in before."""
    key = request.cookies.get(device_cookie(), "")
    return key if _DEVICE_KEY.fullmatch(key) else None


def known_device() -> bool:
    """Whether somebody signed in with this browser before: the coarse limit by address does not count it."""
    key = device_key()
    return key is not None and queries.device_known(key, None, at=clock.now())


class Tries:
    """The tries of one account from here: how long the next one waits, and a note of each that failed."""

    def __init__(self, account: str, user: User | None) -> None:
        self.account, self.at = account, clock.now()
        key = device_key()
        self.known = bool(key and user and queries.device_known(key, user.id, at=self.at))
        self.place = f"device:{key}" if self.known else request.remote_addr or ""

    def seconds_to_wait(self) -> int:
        """0 when the next try may come now."""
        here, elsewhere, of_place = queries.failures(self.account, self.place, at=self.at)
        wait = rules.wait(here=here, elsewhere=elsewhere, of_place=of_place, known=self.known, at=self.at)
        return int(wait.total_seconds()) + 1 if wait else 0

    def failed(self) -> None:
        """Note a failed try, in a write block of its own: it stays although the answer is a refusal."""
        with write():
            operations.note_failure(self.account, self.place, known=self.known, at=self.at)


def password_again(field: Any) -> bool:
    """Whether the present password was typed into `field`; an open screen alone is not enough for what follows."""
    user = guard.me()
    tries = Tries(user.email, user)
    if seconds := tries.seconds_to_wait():
        field.errors = [_("Too many failed tries. Wait %(seconds)d seconds.", seconds=seconds)]
        return False
    if not operations.password_fits(user, field.data):
        tries.failed()
        field.errors = [_("This is not your present password.")]
        return False
    return True


def password_was_right(user: User, target: str | None) -> ResponseReturnValue:
    """Begin a session, or ask for the second factor of an account that has one."""
    if queries.second_factor(user.id) is None:
        return begin_session(user, target)
    with write():
        secret = tokens.issue(SECOND_STEP, user=user, lasts=SECOND_STEP_LASTS, at=clock.now())
    session.clear()
    session[SECOND_STEP] = secret
    return redirect(url_for("factor.ask", next=target))


def user_at_second_step() -> User | None:
    """Whose password was right in this browser within the last ten minutes."""
    try:
        user = tokens.find(SECOND_STEP, session.get(SECOND_STEP, ""), at=clock.now()).user
    except Gone:
        return None
    return user if user is not None and user.disabled_at is None else None


def begin_session(user: User, target: str | None) -> ResponseReturnValue:
    """A session under a new key, and the way to where the reader wanted to go."""
    device, at = device_key() or secrets.token_urlsafe(32), clock.now()
    with write():
        key, row = operations.sign_in(user, device=str(request.user_agent), device_key=device, at=at)
        language = user.language
        if SECOND_STEP in session:
            tokens.withdraw(SECOND_STEP, user=user, at=at)
    session.clear()
    login_user(guard.Session(key, row))
    return with_cookies(redirect(safe_next(target)), device, language)


def keep_language(response: Response, language: str) -> None:
    """Have the browser remember the language that its reader chose."""
    secure = current_app.extensions["settings"].https
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)


def forget_device(response: Response) -> Response:
    """Take the cookie away that this browser is known by."""
    secure = current_app.extensions["settings"].https
    response.delete_cookie(device_cookie(), samesite="Lax", httponly=True, secure=secure)
    return response


def with_cookies(response: Response, device: str, language: str) -> Response:
    """The browser is known by now, and speaks the user's language unless it was told another one."""
    secure = current_app.extensions["settings"].https
    response.set_cookie(device_cookie(), device, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    if LANGUAGE_COOKIE not in request.cookies:
        keep_language(response, language)
    return response
