"""Past conferences taken over from spreadsheets: template, upload, preview with faults by cell, take over, delete."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts.access import me
from companies.forms import UploadForm
from companies.models import Organisation
from core import clock, files, paging
from core.access import may
from core.db import session, write
from core.errors import UserError
from core.i18n import _, ngettext
from core.web import Blueprint
from events.conferences.past import importing, merging, operations, queries, rules
from events.conferences.past.importing import MeetingList
from events.conferences.past.models import PastList

bp = Blueprint("past", __name__)
LIST = may(rules.keep_past, past_list=PastList)
SHOWN = 100

__all__ = ["bp", "init_app", "merging"]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/conferences/past", access=may(rules.keep_past))
def index() -> ResponseReturnValue:
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm, status: int = 200) -> ResponseReturnValue:
    page = paging.page_of(queries.lists(), request.args.get("page"))
    return render_template("past/index.html", form=form, page=page, counts=queries.counts(page.rows)), status


@bp.get("/conferences/past/template.xlsx", access=may(rules.keep_past))
def template() -> ResponseReturnValue:
    return files.attachment(importing.template(), _("Past meetings (template)") + ".xlsx", files.XLSX)


@bp.post("/conferences/past", access=may(rules.keep_past))
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    try:
        received = files.receive(form.file.data, kind=files.Kind.SPREADSHEET)
        importing.read(received.data, today=clock.today())
        with write():
            key = operations.keep(received, by=me(), at=clock.now()).id
    except UserError as err:
        return _index(form.blame(err), err.status)
    return redirect(url_for("past.show", past_list_id=key))


@bp.get("/conferences/past/<int:past_list_id>", access=LIST)
def show(past_list: PastList) -> ResponseReturnValue:
    """The preview; once taken over, the meetings."""
    if past_list.applied_at is not None:
        page = paging.page_of(queries.taken(past_list), request.args.get("page"))
        return render_template("past/taken.html", past_list=past_list, page=page)
    found = _read(past_list)
    if found is None:
        flash(_("The uploaded file is no longer kept. Upload it again."), "danger")
        return redirect(url_for("past.index"))
    rows = importing.shown(found.meetings, _organisations(found), SHOWN)
    return render_template("past/preview.html", past_list=past_list, found=found, rows=rows)


def _read(row: PastList) -> MeetingList | None:
    return importing.read(files.read(row.file), today=clock.today()) if row.file is not None else None


def _organisations(found: MeetingList) -> dict[int, Organisation]:
    keys = {key for met in found.meetings for key in (met.firm_id, met.partner_id)}
    return {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(keys)))}


@bp.post("/conferences/past/<int:past_list_id>/take-over", access=LIST)
def take_over(past_list: PastList) -> ResponseReturnValue:
    key, found = past_list.id, _read(past_list)
    if found is None:
        return redirect(url_for("past.show", past_list_id=key))
    kinds = {one: list(row.kinds) for one, row in _organisations(found).items()}
    with write():
        number = operations.take_over(key, found, kinds, by=me(), at=clock.now())
    flash(ngettext("%(num)d meeting is taken over.", "%(num)d meetings are taken over.", number), "success")
    return redirect(url_for("past.show", past_list_id=key))


@bp.post("/conferences/past/<int:past_list_id>/delete", access=LIST)
def delete(past_list: PastList) -> ResponseReturnValue:
    with write():
        operations.delete(past_list, by=me(), at=clock.now())
    flash(_("The list is deleted, with its meetings."), "success")
    return redirect(url_for("past.index"))
