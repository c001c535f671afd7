"""The page where an officer says what the columns of a foreign list are."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from companies import rules, uploads
from companies.columns import READABLE, READABLE_LABELS
from companies.enums import KIND_LABELS, Kind
from companies.forms import ColumnsForm
from companies.guessing import Layout
from companies.headings import Told
from companies.import_runs import ImportRun
from companies.imports import tasks
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.tasks import start
from core.web import Blueprint

bp = Blueprint("companies_import_columns", __name__)
ADDRESS = "/organisations/import/<int:import_run_id>/columns"


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _page(
    run: ImportRun, layouts: list[Layout], form: ColumnsForm, given: Mapping[str, str], status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "companies/import_columns.html",
        run=run,
        layouts=layouts,
        sheets=READABLE,
        sheet_labels=READABLE_LABELS,
        form=form,
        given=given,
        kinds=KIND_LABELS,
        chosen_kinds=request.form.getlist("kind") or run.layout.get("kinds", ()),
    )
    return page, status


@bp.get(ADDRESS, access=may(rules.manage_imports, import_run=ImportRun))
def show(import_run: ImportRun) -> ResponseReturnValue:
    _still_open(import_run)
    layouts = uploads.layouts(import_run, _told_before(import_run))
    return _page(import_run, layouts, ColumnsForm(formdata=None), _given_before(import_run, layouts))


@bp.post(ADDRESS, access=may(rules.manage_imports, import_run=ImportRun))
def tell(import_run: ImportRun) -> ResponseReturnValue:
    run, form, at = import_run, ColumnsForm(), clock.now()
    _still_open(run)
    shown = uploads.layouts(run, _chosen(run, "was-"))
    chosen = _chosen(run, "sheet-")
    if not form.validate_on_submit() or any(layout.sheet != chosen[layout.name] for layout in shown):
        return _page(run, uploads.layouts(run, chosen), form, {}, 200 if form.validate() else 422)
    told = {layout.name: _told(place, layout) for place, layout in enumerate(shown)}
    try:
        with write():
            uploads.tell_columns(run, told, _kinds(), by=me(), at=at)
            if not uploads.short(run):
                run.task = start(tasks.LOOK, by=me(), at=at, key=str(run.id), run_id=run.id)
                return redirect(url_for("tasks.show", task_id=run.task.id))
        found = uploads.look(run)
        with write():
            uploads.store(run, found, by=me(), at=at)
    except UserError as err:
        form.blame(err)
        return _page(run, shown, form, request.form, err.status)
    return redirect(url_for("companies_import.preview", import_run_id=run.id))


def _still_open(run: ImportRun) -> None:
    if run.applied_at is not None or "heads" not in run.layout:
        raise NotFound


def _told_before(run: ImportRun) -> dict[str, str]:
    return {name: said["sheet"] for name, said in run.layout.get("told", {}).items()}


def _given_before(run: ImportRun, layouts: list[Layout]) -> dict[str, str]:
    """What an officer told of this upload before, as the fields of the page; what is proposed is no field yet."""
    told = run.layout.get("told", {})
    return {
        f"column-{place}-{guess.index}": told[layout.name]["columns"].get(guess.key, "")
        for place, layout in enumerate(layouts)
        for guess in layout.guesses
        if layout.name in told
    }


def _chosen(run: ImportRun, prefix: str) -> dict[str, str]:
    """The sheet of ours that was chosen for each sheet of the file, "" for none."""
    found = {}
    for place, (name, _rows) in enumerate(run.layout["heads"]):
        value = request.form.get(f"{prefix}{place}", "")
        found[name] = value if value in READABLE else ""
    return found


def _told(place: int, layout: Layout) -> Told:
    known = {column.name for column in READABLE.get(layout.sheet, ())}
    columns = {}
    for guess in layout.guesses:
        value = request.form.get(f"column-{place}-{guess.index}", "")
        columns[guess.key] = value if value in known else ""
    return Told(layout.sheet, layout.row, columns)


def _kinds() -> list[Kind]:
    return [kind for kind in Kind if kind.value in request.form.getlist("kind")]
