"""Past conferences taken over from spreadsheets: template, upload, preview with faults by cell, take over, delete."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from accounts.access import me
from companies.forms import UploadForm
from companies.models import Organisation
from core import clock, files, paging
from core.access import may
from core.db import session, write
from core.errors import UserError
from core.i18n import _, language, ngettext
from core.tasks import start
from core.web import Blueprint
from events.conferences.past import importing, merging, operations, queries, rules, tasks
from events.conferences.past.models import PastList

bp = Blueprint("past", __name__)
LIST = may(rules.keep_past, past_list=PastList)

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
    at, found = clock.now(), None
    try:
        received = files.receive(form.file.data, kind=files.Kind.SPREADSHEET)
        if len(received.data) <= operations.SHORT:
            found = importing.look(received.data, received.name, today=clock.today())
        with write():
            row = operations.keep(received, by=me(), at=at)
            if found is None:
                row.task = start(tasks.LOOK, by=me(), at=at, key=f"past:{row.id}", past_list_id=row.id)
                return redirect(url_for("tasks.show", task_id=row.task.id))
            operations.note(row, found, by=me(), at=at)
            key = row.id
    except UserError as err:
        return _index(form.blame(err), err.status)
    return redirect(url_for("past.show", past_list_id=key))


@bp.get("/conferences/past/<int:past_list_id>", access=LIST)
def show(past_list: PastList) -> ResponseReturnValue:
    """The preview; once taken over, the meetings; while it is looked at, how far that is."""
    if past_list.applied_at is not None:
        page = paging.page_of(queries.taken(past_list), request.args.get("page"))
        return render_template("past/taken.html", past_list=past_list, page=page)
    if past_list.task is not None and past_list.task.open:
        return redirect(url_for("tasks.show", task_id=past_list.task.id))
    if past_list.file is None and past_list.preview is None:
        flash(_("The uploaded file is no longer kept. Upload it again."), "danger")
        return redirect(url_for("past.index"))
    preview = past_list.preview
    if preview is None:  # uploaded before what was found was kept, or the task was stopped
        preview = importing.look(operations.data_of(past_list), past_list.name, today=clock.today()).preview
    rows = importing.shown(preview) if "shown" in preview else []
    names = _organisations({key for met in rows for key in (met.firm_id, met.partner_id)})
    shown = [(names.get(met.firm_id), names.get(met.partner_id), met) for met in rows]
    return render_template("past/preview.html", past_list=past_list, preview=preview, rows=shown)


def _organisations(keys: Collection[int]) -> dict[int, Organisation]:
    return {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(keys)))}


@bp.get("/conferences/past/<int:past_list_id>/faults.xlsx", access=LIST)
def report(past_list: PastList) -> ResponseReturnValue:
    """The list given back with the faults beside their cells."""
    stored = past_list.report_in(language())
    if stored is None:
        raise NotFound
    return files.send(stored)


@bp.post("/conferences/past/<int:past_list_id>/take-over", access=LIST)
def take_over(past_list: PastList) -> ResponseReturnValue:
    key, at = past_list.id, clock.now()
    if past_list.applied_at is None and not operations.short(past_list):
        with write():
            past_list.task = start(tasks.TAKE_OVER, by=me(), at=at, key=f"past:{key}", past_list_id=key)
            return redirect(url_for("tasks.show", task_id=past_list.task.id))
    found = importing.read(operations.data_of(past_list), today=clock.today())
    kinds = operations.kinds_of(found)
    with write():
        number = operations.take_over(key, found, kinds, by=me(), at=at)
    flash(ngettext("%(num)d meeting is taken over.", "%(num)d meetings are taken over.", number), "success")
    return redirect(url_for("past.show", past_list_id=key))


@bp.post("/conferences/past/<int:past_list_id>/delete", access=LIST)
def delete(past_list: PastList) -> ResponseReturnValue:
    with write():
        operations.delete(past_list, by=me(), at=clock.now())
    flash(_("The list is deleted, with its meetings."), "success")
    return redirect(url_for("past.index"))
