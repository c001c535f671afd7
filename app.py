"""The application factory: configuration, extensions, blueprints, error pages, the access check. No logic."""

from __future__ import annotations

import importlib

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core import assets, config, db, download_pages, drafts, extensions, health, logs, mail_pages, task_pages, web

PACKAGES = (
    "accounts",
    "accounts.privacy",
    "accounts.privacy.office",
    "companies",
    "companies.editing",
    "companies.imports",
    "companies.listing",
    "companies.duplication",
    "companies.joining",
    "companies.titles",
    "companies.contacting",
    "companies.introducing",
    "companies.introducing.office",
    "events",
    "events.office",
    "events.conferences",
    "events.conferences.browsing",
    "events.conferences.choosing",
    "events.conferences.continuing",
    "events.conferences.day",
    "events.conferences.delegations",
    "events.conferences.hall",
    "events.conferences.live",
    "events.conferences.outcomes",
    "events.conferences.printing",
    "events.conferences.past",
    "events.conferences.reminding",
    "events.conferences.report",
    "events.conferences.standby",
    "events.conferences.walk_in",
    "events.conferences.year",
    "api",
    "portal",
    "portal.desk",
    "portal.news",
    "portal.news.office",
    "portal.situation",
    "portal.situation.office",
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """The site. `settings` is read from the environment unless given."""
    settings = settings or config.read()
    app = Flask(__name__)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.mode == "test",
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=20 * 2**20,
        MAX_FORM_MEMORY_SIZE=2 * 2**20,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES="translations",
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_ENABLED=settings.mode != "test",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.configure(settings.log_level)
    logs.init_app(app)
    web.init_app(app, settings)
    db.init_app(app, settings)
    extensions.init_app(app)
    assets.init_app(app)
    drafts.init_app(app)
    health.init_app(app)
    task_pages.init_app(app)
    download_pages.init_app(app)
    mail_pages.init_app(app)
    for package in PACKAGES:
        importlib.import_module(f"{package}.routes").init_app(app)
    return app
