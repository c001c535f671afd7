"""What belongs to no single world: the home page."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from core.access import public
from core.web import Blueprint

bp = Blueprint("portal", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/", access=public())
def home() -> ResponseReturnValue:
    return render_template("portal/home.html")
