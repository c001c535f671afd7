"""The Flask extensions that belong to no package, and how the reader's language is found."""

from __future__ import annotations

from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from core.db import db
from core.i18n import DEFAULT, LANGUAGES

LANGUAGE_COOKIE = "lang"

babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window")
migrate = Migrate(compare_type=True, render_as_batch=True)


def init_app(app: Flask) -> None:
    """Connect the extensions to the app."""
    babel.init_app(app, locale_selector=chosen_language)
    bootstrap.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    migrate.init_app(app, db, directory="migrations")


def chosen_language() -> str:
    """The address's own `lang`, else what the reader chose before, else Vietnamese."""
    if not has_request_context():
        return DEFAULT
    for value in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE), g.get("user_language")):
        if value in LANGUAGES:
            return value
    return DEFAULT
