"""Importing a list of organisations: template, upload, preview, confirmation."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies import applying, exports, queries, reconciling, rules
from companies.forms import ConfirmForm, UploadForm
from companies.models import ImportRun
from companies.plans import What
from core import clock, files, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("companies_import", __name__)
SHOWN_FAULTS, SHOWN_CHANGES = 200, 200


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _index_page(form: UploadForm, status: int = 200) -> ResponseReturnValue:
    page = paging.page_of(queries.import_runs(actor()), request.args.get("page"))
    return render_template("companies/import.html", form=form, page=page), status


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
    at = clock.now()
    try:
        received = files.receive(form.file.data, kind=files.Kind.SPREADSHEET)
        applying.check(received.data, at=at)
        with write():
            run = applying.keep(received, by=me(), at=at)
    except UserError as err:
        form.blame(err)
        return _index_page(form, err.status)
    return redirect(url_for("companies_import.preview", import_run_id=run.id))


def _preview_page(run: ImportRun, message: str | None = None, status: int = 200) -> ResponseReturnValue:
    plan = None if run.applied_at else reconciling.reconcile(applying.read(run))
    changes = [c for c in plan.changes if c.what is not What.UNCHANGED] if plan else []
    page = render_template(
        "companies/import_preview.html",
        run=run,
        plan=plan,
        counts=plan.counts() if plan else run.counts,
        changes=changes[:SHOWN_CHANGES],
        hidden_changes=max(0, len(changes) - SHOWN_CHANGES),
        faults=plan.faults[:SHOWN_FAULTS] if plan else (),
        hidden_faults=max(0, len(plan.faults) - SHOWN_FAULTS) if plan else 0,
        form=ConfirmForm(formdata=None, fingerprint=plan.fingerprint()) if plan else None,
        message=message,
    )
    return page, status


@bp.get("/organisations/import/<int:import_run_id>", access=may(rules.manage_imports, import_run=ImportRun))
def preview(import_run: ImportRun) -> ResponseReturnValue:
    try:
        return _preview_page(import_run)
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(url_for("companies_import.index"))


@bp.post("/organisations/import/<int:import_run_id>/apply", access=may(rules.manage_imports, import_run=ImportRun))
def apply(import_run: ImportRun) -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _preview_page(import_run, _("This form is not complete. Confirm again."), 422)
    try:
        if import_run.applied_at is None:
            book = applying.read(import_run)
            with write():
                applying.apply_run(import_run, book, fingerprint=form.fingerprint.data, by=me(), at=clock.now())
            flash(_("The list is imported."), "success")
    except UserError as err:
        return _preview_page(import_run, str(err.message), err.status)
    return redirect(url_for("companies_import.preview", import_run_id=import_run.id))


@bp.post("/organisations/import/<int:import_run_id>/discard", access=may(rules.manage_imports, import_run=ImportRun))
def discard(import_run: ImportRun) -> ResponseReturnValue:
    with write():
        applying.discard(import_run, by=me(), at=clock.now())
    flash(_("The upload is thrown away; nothing was changed."), "success")
    return redirect(url_for("companies_import.index"))
