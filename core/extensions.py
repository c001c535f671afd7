"""The Flask extensions that belong to no package, and how the reader's language is found."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_translations
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from core.db import db
from core.i18n import DEFAULT, LANGUAGES, language, say_again

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
    app.url_defaults(_keep_language)
    _speak_in_templates(app)
    app.jinja_env.globals.update(address_language=address_language, say_again=say_again)


def _speak_in_templates(app: Flask) -> None:
    """Messages as Jinja's own new style has them, with one look at the request for a word: a page has hundreds."""
    catalogues: dict[str, Any] = {}

    def catalogue() -> Any:
        code = language()
        if code not in catalogues:
            catalogues[code] = get_translations()
        return catalogues[code]

    def filled(context: EvalContext, text: str, values: dict[str, Any]) -> str:
        if not values:
            text = text % values
        safe = Markup(text) if context.autoescape else text  # noqa: S704 - the catalogue is ours, values are escaped
        return safe % values if values else safe

    @pass_eval_context
    def gettext(context: EvalContext, source: str, /, **values: Any) -> str:
        return filled(context, catalogue().ugettext(source), values)

    @pass_eval_context
    def ngettext(context: EvalContext, singular: str, plural: str, num: int, /, **values: Any) -> str:
        return filled(context, catalogue().ungettext(singular, plural, num), {"num": num, **values})

    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)


def address_language() -> str | None:
    """The language that the address itself names, if it does."""
    named = (request.view_args or {}).get("lang") or request.args.get("lang")
    return named if named in LANGUAGES else None


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Who came by an address that names a language stays in it from link to link, without a cookie."""
    if endpoint.endswith("static") or "lang" in values or not has_request_context():
        return
    if current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = language()
    elif named := address_language():
        values["lang"] = named


def chosen_language() -> str:
    """The address's own language, else what the reader chose before, else Vietnamese."""
    if not has_request_context():
        return DEFAULT
    for value in (address_language(), request.cookies.get(LANGUAGE_COOKIE), g.get("user_language")):
        if value in LANGUAGES:
            return value
    return DEFAULT
