"""The report of a conference: on a page, for Word in both languages, and as a spreadsheet."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from core import clock, files
from core.access import may
from core.i18n import LANGUAGES, _
from core.web import Blueprint
from events.conferences import rules, wishing
from events.conferences.models import Conference
from events.conferences.report import exports
from events.conferences.report.figures import figures, rows

bp = Blueprint("report", __name__)
ORGANISES = may(rules.organise, conference=Conference)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/conferences/<int:conference_id>/report", access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    at, found = clock.now(), rows(conference)
    computed = figures(conference, found, at=at)
    return render_template(
        "report/show.html",
        conference=conference,
        event=conference.event,
        figures=computed,
        sections=list(exports.sections(conference, computed, at)),
    )


@bp.get("/conferences/<int:conference_id>/report.<string(length=2):language>.docx", access=ORGANISES)
def document(conference: Conference, language: str) -> ResponseReturnValue:
    if language not in LANGUAGES:
        raise NotFound
    at, found = clock.now(), rows(conference)
    data = exports.document(conference, found, figures(conference, found, at=at), language, at=at)
    return files.attachment(data, _("Report of the conference") + f" ({language}).docx", files.DOCX)


@bp.get("/conferences/<int:conference_id>/report.xlsx", access=ORGANISES)
def spreadsheet(conference: Conference) -> ResponseReturnValue:
    data = exports.spreadsheet(rows(conference), wishing.wishes(conference))
    return files.attachment(data, _("Report of the conference") + ".xlsx", files.XLSX)
