"""The guard's knowledge of people: who holds the cookie, and what he is tied to."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, UserMixin
from flask_login import current_user as login_user
from werkzeug.exceptions import Forbidden

from accounts import queries, rules
from accounts.models import SignIn, User
from core import assets, audit, clock
from core.access import NOBODY, Actor, acting, provide_actor, ties_of
from core.db import get, write
from core.errors import UserError
from core.i18n import _
from core.web import wants_json

SEEN_EVERY = timedelta(minutes=5)
WITHOUT_FACTOR = frozenset(  # all that somebody can open who has yet to set up his second factor
    {"factor.show", "factor.begin", "factor.confirm", "accounts.sign_out", "accounts.language",
     "portal.accessibility", "portal.privacy"}
) | assets.ENDPOINTS  # fmt: skip
WHEN_ACTING_IS_OVER = frozenset(  # what is open to somebody who has yet to say whether he goes on acting for another
    {"accounts.acting", "accounts.go_on_acting", "accounts.stop_acting", "accounts.sign_out", "accounts.language",
     "portal.accessibility", "portal.privacy"}
) | assets.ENDPOINTS  # fmt: skip
login_manager = LoginManager()
login_manager.session_protection = None  # phones change their address; sessions are rows that can be ended


class Session(UserMixin):
    """What Flask-Login carries: a session row and the key that the cookie holds."""

    def __init__(self, key: str, row: SignIn) -> None:
        self.key, self.row = key, row

    def get_id(self) -> str:
        return self.key


def init_app(app: Flask) -> None:
    """Plug the reader into the guard."""
    login_manager.init_app(app, add_context_processor=False)  # templates have our own current_user()
    login_manager.anonymous_user = AnonymousUserMixin
    provide_actor(actor, actor_of)
    audit.provide_principal(acting_for)
    app.before_request(_know_reader)
    app.before_request(_lead_to_second_factor)
    app.before_request(_ask_whether_to_go_on)


@login_manager.user_loader
def load(key: str) -> Session | None:
    """The session of a cookie, unless it was ended, has run out, or its account is locked."""
    row = queries.sign_in_by_key(key)
    settings = current_app.extensions["settings"]
    if row is None or row.ended_at is not None or row.user.disabled_at is not None:
        return None
    alive = rules.session_alive(
        created=row.created_at,
        seen=row.seen_at,
        idle=settings.session_idle,
        absolute=settings.session_absolute,
        at=clock.now(),
    )
    return Session(key, row) if alive else None


def current_user() -> User | None:
    """The person signed in, or None."""
    return login_user.row.user if login_user.is_authenticated else None


def me() -> User:
    """The person signed in; the declared access made sure that there is one."""
    user = current_user()
    assert user is not None
    return user


def current_sign_in() -> SignIn | None:
    """The session row of this request, or None."""
    return login_user.row if login_user.is_authenticated else None


def actor_of(user_id: int) -> Actor:
    """That person with the rights he has now; nobody if his account is locked."""
    user = get(User, user_id)
    return NOBODY if user is None or user.disabled_at is not None else _actor(user)


def _actor(user: User) -> Actor:
    return Actor(user.id, frozenset(r.role.value for r in user.roles), ties_of(user.id))


def actor() -> Actor:
    """Who asks, with his roles and ties; read once a request."""
    if "actor" not in g:
        user = current_user()
        g.actor = NOBODY if user is None else _in_part(_actor(user), acting_for())
    return g.actor


def _in_part(own: Actor, part: str | None) -> Actor:
    """The reader in the part that he plays in this session, if he still may."""
    if part is None or own.user_id is None or not rules.act_for(own):
        return own
    return acting(own.user_id, part)


class ActingOver(UserError):
    """The time of acting for another is over, and nothing was changed."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "The hour in which you acted for another is over; nothing was changed. Open any page, say that you "
                "go on, come back here and send it again."
            )
        )


def acting_for() -> str | None:
    """For whom the reader acts in this session: "organisation:4"; None in his own name, and outside requests."""
    row = current_sign_in() if has_request_context() else None
    return row.acting_for if row is not None else None


def acting_until() -> datetime | None:
    """Until when he does."""
    row = current_sign_in()
    return row.acting_until if row is not None and row.acting_for is not None else None


def _know_reader() -> None:
    """Note who reads for the logs and the language; remember at most every five minutes that he was seen."""
    row = current_sign_in() if request.endpoint not in assets.ENDPOINTS else None
    if row is None:
        return
    g.user_id, g.user_language = row.user_id, row.user.language
    at = clock.now()
    if at - row.seen_at > SEEN_EVERY:
        with write():
            row.seen_at = at


def factor_needed(user: User) -> bool:
    """Whether that person's roles ask for a second factor on this site."""
    roles = (r.role.value for r in user.roles)
    return current_app.extensions["settings"].second_factor and rules.needs_second_factor(roles)


def _lead_to_second_factor() -> ResponseReturnValue | None:
    """Whose roles ask for a second factor does nothing here but set it up, as long as he has none."""
    user = current_user() if request.endpoint not in WITHOUT_FACTOR else None
    if user is None or not factor_needed(user):
        return None
    if queries.second_factor(user.id) is not None:
        return None
    if request.method == "GET" and not wants_json():
        return redirect(url_for("factor.show"))
    raise Forbidden


def _ask_whether_to_go_on() -> ResponseReturnValue | None:
    """Who acts for another is asked again after an hour; a form that he opened before may still be sent."""
    row = current_sign_in() if request.endpoint not in WHEN_ACTING_IS_OVER else None
    if row is None or row.acting_for is None:
        return None
    reads = request.method in ("GET", "HEAD")
    if not rules.acting_over(until=row.acting_until, sends=not reads, at=clock.now()):
        return None
    if reads and not wants_json():
        return redirect(url_for("accounts.acting", next=request.full_path.rstrip("?")))
    raise ActingOver
