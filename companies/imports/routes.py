"""Importing a list of organisations: template, upload, columns, preview, confirmation."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies import column_memory, exports, queries, rules, uploads
from companies.forms import ConfirmForm, PhotosForm, UploadForm
from companies.import_runs import ImportRun
from companies.imports import columns, tasks
from core import clock, files, paging
from core.access import may
from core.db import session, write
from core.errors import UserError
from core.i18n import _, language
from core.tasks import start
from core.web import Blueprint

bp = Blueprint("companies_import", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    columns.init_app(app)


def _index_page(form: UploadForm, status: int = 200, photos: PhotosForm | None = None) -> ResponseReturnValue:
    page = render_template(
        "companies/import.html",
        form=form,
        photos=photos or PhotosForm(formdata=None),
        page=paging.page_of(queries.import_runs(actor()), request.args.get("page")),
        sources=column_memory.sources(),
    )
    return page, status


@bp.get("/organisations/import", access=may(rules.manage_organisations))
def index() -> ResponseReturnValue:
    return _index_page(UploadForm())


@bp.get("/organisations/import/template.xlsx", access=may(rules.manage_organisations))
def template() -> ResponseReturnValue:
    return files.attachment(exports.template(), _("Organisations (template)") + ".xlsx", files.XLSX)


@bp.post("/organisations/import", access=may(rules.manage_organisations))
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form, 422)
    at, source, found = clock.now(), form.source.data or "", None
    try:
        received = files.receive(form.file.data, kind=files.Kind.SPREADSHEET)
        if len(received.data) <= uploads.SHORT:
            found = uploads.look_at(received.data, {}, source=source, at=at, name=received.name)
        with write():
            run = uploads.keep(received, source=source, by=me(), at=at)
            if found is not None:
                uploads.store(run, found, by=me(), at=at)
                return redirect(url_for("companies_import.preview", import_run_id=run.id))
            run.task = start(tasks.LOOK, by=me(), at=at, key=str(run.id), run_id=run.id)
            return redirect(url_for("tasks.show", task_id=run.task.id))
    except UserError as err:
        form.blame(err)
        return _index_page(form, err.status)


@bp.post("/organisations/import/photos", access=may(rules.manage_organisations))
def upload_photos() -> ResponseReturnValue:
    form = PhotosForm()
    try:
        if not form.validate_on_submit():
            return _index_page(UploadForm(formdata=None), 422, form)
        received = files.receive(form.archive.data, kind=files.Kind.ARCHIVE, field="archive")
        with write():
            stored = files.keep(received, by=me(), at=clock.now())
            task = start(tasks.PHOTOS, by=me(), at=clock.now(), file_id=stored.id)
            return redirect(url_for("tasks.show", task_id=task.id))
    except UserError as err:
        return _index_page(UploadForm(formdata=None), err.status, form.blame(err))


def _preview_page(run: ImportRun, message: str | None = None, status: int = 200) -> ResponseReturnValue:
    same = queries.same_file_applied(run) if run.sha256 else None
    page = render_template(
        "companies/import_preview.html",
        run=run,
        preview=run.preview or {},
        same=same,
        form=ConfirmForm(formdata=None),
        message=message,
    )
    return page, status


@bp.get("/organisations/import/<int:import_run_id>", access=may(rules.manage_imports, import_run=ImportRun))
def preview(import_run: ImportRun) -> ResponseReturnValue:
    run = import_run
    if run.applied_at is None and run.file is None:
        flash(_("The uploaded file is no longer kept. Upload it again."), "danger")
        return redirect(url_for("companies_import.index"))
    if run.applied_at is None and run.task is not None and run.task.open:
        return redirect(url_for("tasks.show", task_id=run.task.id))
    if run.applied_at is None and run.preview is None and "heads" in run.layout:
        return redirect(url_for("companies_import_columns.show", import_run_id=run.id))
    return _preview_page(run)


@bp.get(
    "/organisations/import/<int:import_run_id>/faults.xlsx", access=may(rules.manage_imports, import_run=ImportRun)
)
def report(import_run: ImportRun) -> ResponseReturnValue:
    stored = import_run.report_in(language())
    if stored is None:
        raise NotFound
    return files.send(stored)


@bp.post("/organisations/import/<int:import_run_id>/apply", access=may(rules.manage_imports, import_run=ImportRun))
def apply(import_run: ImportRun) -> ResponseReturnValue:
    form, run, at = ConfirmForm(), import_run, clock.now()
    here = url_for("companies_import.preview", import_run_id=run.id)
    if not form.validate_on_submit():
        return _preview_page(run, _("This form is not complete. Confirm again."), 422)
    if run.applied_at is not None:
        return redirect(here)
    fingerprint = form.fingerprint.data
    try:
        if not uploads.short(run):
            with write():
                run.task = start(tasks.APPLY, by=me(), at=at, key=str(run.id), run_id=run.id, fingerprint=fingerprint)
                return redirect(url_for("tasks.show", task_id=run.task.id))
        book = uploads.book_of(run)
        with write():
            uploads.apply_run(run, book, fingerprint=fingerprint, by=me(), at=at)
        flash(_("The list is imported."), "success")
    except UserError as err:
        return _looked_again(run, err)
    return redirect(here)


def _looked_again(run: ImportRun, err: UserError) -> ResponseReturnValue:
    """What was previewed is not so any more: show how it is now."""
    session.rollback()
    if run.applied_at is None and run.file is not None:
        found = uploads.look(run)
        with write():
            uploads.store(run, found, by=me(), at=clock.now())
    return _preview_page(run, str(err.message), err.status)


@bp.post("/organisations/import/<int:import_run_id>/discard", access=may(rules.manage_imports, import_run=ImportRun))
def discard(import_run: ImportRun) -> ResponseReturnValue:
    with write():
        uploads.discard(import_run, by=me(), at=clock.now())
    flash(_("The upload is thrown away; nothing was changed."), "success")
    return redirect(url_for("companies_import.index"))
