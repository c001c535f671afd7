"""The report of a delegation: on a page, for Word in both languages, and as a spreadsheet with every row."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from core import audit, clock, files
from core.db import write
from core.i18n import LANGUAGES, _
from core.web import Blueprint
from events.conferences.delegations import documents
from events.conferences.delegations.figures import figures, rows
from events.conferences.delegations.pages import ORGANISES, PATH, delegation_of
from events.models import Event

bp = Blueprint("visit_report", __name__)


@bp.get(f"{PATH}/report", access=ORGANISES)
def show(event: Event) -> ResponseReturnValue:
    delegation, found, at = delegation_of(event), rows([event.id]), clock.now()
    computed = figures(found, at=at)
    return render_template(
        "delegations/report.html",
        event=event,
        delegation=delegation,
        figures=computed,
        sections=list(documents.sections(delegation, computed, at)),
        outcomes=found.outcomes,
    )


@bp.get(f"{PATH}/report.<string(length=2):language>.docx", access=ORGANISES)
def word(event: Event, language: str) -> ResponseReturnValue:
    if language not in LANGUAGES:
        raise NotFound
    at = clock.now()
    data = documents.word(delegation_of(event), figures(rows([event.id]), at=at), language, at=at)
    return files.attachment(data, _("Report of the delegation") + f" ({language}).docx", files.DOCX)


@bp.get(f"{PATH}/report.xlsx", access=ORGANISES)
def spreadsheet(event: Event) -> ResponseReturnValue:
    delegation_of(event)
    data = documents.spreadsheet(rows([event.id]))
    with write():  # amounts leave the site: who took them stays on record
        audit.record("outcome.export", event, by=me(), at=clock.now(), columns=["amount"])
    return files.attachment(data, _("Report of the delegation") + ".xlsx", files.XLSX)
