"""What belongs to no single world: the home page, and what every page needs to show itself."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from accounts.access import actor
from accounts.rules import is_staff
from companies.queries import mine
from core import clock
from core.access import public
from core.i18n import language, pick
from core.web import Blueprint
from events.queries import fill, upcoming
from portal import formatting, navigation, queries
from portal.desk.routes import needed_now
from portal.icons import icon
from portal.news.queries import latest

bp = Blueprint("portal", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, the filters and what base.html and the macros call."""
    app.register_blueprint(bp)
    formatting.init_app(app)
    app.jinja_env.globals.update(
        icon=icon,
        known=navigation.known,
        language=language,
        navigation=navigation.navigation,
        other_language=navigation.other_language,
        pick=pick,
        settings=app.extensions["settings"],
        this_page=navigation.this_page,
        with_arguments=navigation.with_arguments,
        kept_arguments=navigation.kept_arguments,
        page_in=navigation.page_in,
    )


@bp.get("/", access=public())
def home() -> ResponseReturnValue:
    reader, at = actor(), clock.now()
    events = upcoming(reader, at=at, limit=4)
    return render_template(
        "portal/home.html",
        numbers=queries.numbers(at=at),
        events=events,
        fill=fill(events),
        staff=is_staff(reader),
        desk=needed_now(reader, at=at),
        organisations=mine(reader),
        news=latest(reader, on=clock.today()),
        coming=queries.coming(reader, at=at) if reader.signed_in else (),
    )


@bp.get("/about", access=public())
def about() -> ResponseReturnValue:
    return render_template("portal/about.html")


@bp.get("/accessibility", access=public())
def accessibility() -> ResponseReturnValue:
    return render_template("portal/accessibility.html")


@bp.get("/personal-data", access=public())
def privacy() -> ResponseReturnValue:
    return render_template("portal/privacy.html")
