"""The organiser's list of pairs to bring together again."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from core import clock, paging
from core.access import may
from core.web import Blueprint
from events.conferences import rules
from events.conferences.continuing import queries
from events.conferences.models import Conference

bp = Blueprint("continuing", __name__)


def init_app(app: Flask) -> None:
    """Register the page."""
    app.register_blueprint(bp)


@bp.get("/conferences/<int:conference_id>/continue", access=may(rules.organise, conference=Conference))
def index(conference: Conference) -> ResponseReturnValue:
    pairs = queries.to_continue(conference, at=clock.now())
    return render_template(
        "continuing/index.html",
        conference=conference,
        event=conference.event,
        page=paging.page_of_keys(pairs, request.args.get("page"), 50),
    )
