"""The year's picture for officers: a page, and a spreadsheet."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from core import clock, files
from core.access import may
from core.i18n import _
from core.web import Blueprint
from events.conferences import rules
from events.conferences.delegations import figures as delegations
from events.conferences.delegations.rules import PLAN_CODE, PLANNED
from events.conferences.year import exports
from events.conferences.year.figures import lines, rows, years

bp = Blueprint("conference_year", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _year() -> int:
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if 1990 <= year <= 2200 else clock.today().year


@bp.get("/conferences/year", access=may(rules.organise))
def show() -> ResponseReturnValue:
    year = _year()
    return render_template(
        "year/show.html",
        year=year,
        years=years(),
        lines=lines(rows(year)),
        figures=exports.FIGURES,
        steps=exports.STEPS,
        kind_label_of=exports.kind_label,
        journeys=delegations.figures(delegations.of_year(year), at=clock.now()),
        journey_figures=exports.JOURNEY_FIGURES,
        planned_journeys=PLANNED,
        journey_code=PLAN_CODE,
    )


@bp.get("/conferences/year.xlsx", access=may(rules.organise))
def spreadsheet() -> ResponseReturnValue:
    year, found = _year(), rows(_year())
    data = exports.spreadsheet(year, found, lines(found), delegations.of_year(year), at=clock.now())
    return files.attachment(data, _("Conferences of the year") + f" {year}.xlsx", files.XLSX)
