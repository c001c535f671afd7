"""The pages of introducers: firms that they introduce, one by one or as a list, and what became of each."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies.forms import UploadForm
from companies.introducing import attention as _attention  # noqa: F401 - registers what needs officers
from companies.introducing import exports, importing, operations, queries, recognised, rules
from companies.introducing.enums import (
    CONDITION_LABELS,
    GROUND_LABELS,
    PROGRESS_LABELS,
    PROGRESS_TONES,
    STATE_LABELS,
    VERDICT_LABELS,
    VERDICT_TONES,
    IntroductionState,
)
from companies.introducing.forms import IntroductionForm
from companies.introducing.models import Introduction
from core import clock, files, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("introductions", __name__)
MINE = may(rules.change_introduction, introduction=Introduction)


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        ground_labels=GROUND_LABELS,
        condition_labels=CONDITION_LABELS,
        introduction_state_labels=STATE_LABELS,
        progress_labels=PROGRESS_LABELS,
        progress_tones=PROGRESS_TONES,
        verdict_labels=VERDICT_LABELS,
        verdict_tones=VERDICT_TONES,
        eligibility_of=eligibility_of,
        overall_verdict=rules.overall,
    )


def eligibility_of(introduction: Introduction) -> tuple[rules.Finding, ...]:
    """What the guide of its year says of a firm that was introduced."""
    return rules.eligibility(
        year=introduction.year,
        ground=introduction.ground,
        in_hanoi=introduction.in_hanoi,
        revenue_vnd=introduction.revenue_vnd,
        export_usd=introduction.export_usd,
    )


def this_year() -> int:
    """The year of the selection that firms are introduced for today."""
    return rules.current_year(queries.closings(), on=clock.today())


def chosen_year() -> int | None:
    """The year that the reader asked for."""
    text = request.args.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _index_page(
    upload: UploadForm, faults: list[importing.Fault] | None = None, status: int = 200
) -> ResponseReturnValue:
    year = chosen_year() or this_year()
    page = paging.page_of(queries.listed(actor(), year=year), request.args.get("page"))
    years = sorted({this_year(), *queries.years(actor())}, reverse=True)
    shown = render_template(
        "introductions/index.html",
        page=page,
        progress=queries.progress_of(page.rows),
        body=queries.body_of(actor()),
        year=year,
        year_options=[(y, y) for y in years],
        closes_on=queries.closing(year),
        open_now=year >= this_year(),
        form=upload,
        faults=faults or [],
        guide=rules.edition(year),
    )
    return shown, status


@bp.get("/introductions", access=may(rules.introduce))
def index() -> ResponseReturnValue:
    return _index_page(UploadForm())


@bp.get("/introductions/template.xlsx", access=may(rules.introduce))
def template() -> ResponseReturnValue:
    return files.attachment(importing.template(), _("Firms to introduce (template)") + ".xlsx", files.XLSX)


@bp.get("/introductions/recognised.xlsx", access=may(rules.introduce), endpoint="recognised")
def recognised_file() -> ResponseReturnValue:
    data = exports.recognised_file(recognised.titles(on=clock.today()))
    return files.attachment(data, _("Recognised firms") + ".xlsx", files.XLSX)


@bp.post("/introductions/list", access=may(rules.introduce))
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form, status=422)
    try:
        received = files.receive(form.file.data, kind=files.Kind.SPREADSHEET)
        found = importing.read(received.data)
        if found.faults:
            return _index_page(form, found.faults, 422)
        body = queries.body_of(actor())
        with write():
            counts = operations.introduce_list(body, found.rows, year=this_year(), by=me(), at=clock.now())
    except UserError as err:
        return _index_page(form.blame(err), status=err.status)
    flash(
        _(
            "Introduced: %(new)d new, %(changed)d corrected, %(unchanged)d unchanged, %(decided)d decided already.",
            **counts,
        ),
        "success",
    )
    return redirect(url_for("introductions.index"))


def _form_page(form: IntroductionForm, row: Introduction | None, status: int = 200) -> ResponseReturnValue:
    year = row.year if row else this_year()
    return render_template(
        "introductions/edit.html",
        form=form,
        introduction=row,
        year=year,
        closes_on=queries.closing(year),
        guide=rules.edition(year),
    ), status


@bp.get("/introductions/new", access=may(rules.introduce))
def new() -> ResponseReturnValue:
    return _form_page(IntroductionForm(), None)


@bp.post("/introductions/new", access=may(rules.introduce))
def create() -> ResponseReturnValue:
    form = IntroductionForm()
    if not form.validate_on_submit():
        return _form_page(form, None, 422)
    body = queries.body_of(actor())
    try:
        with write():
            row = operations.introduce(body, form.values(), year=this_year(), by=me(), at=clock.now())
    except UserError as err:
        return _form_page(form.blame(err), None, err.status)
    known = queries.known([row.tax_code])
    flash(
        _("%(firm)s is introduced. The site knows it already; the Department will tie both.", firm=row.name)
        if known
        else _("%(firm)s is introduced.", firm=row.name),
        "success",
    )
    return redirect(url_for("introductions.index"))


@bp.get("/introductions/<int:introduction_id>", access=MINE)
def edit(introduction: Introduction) -> ResponseReturnValue:
    if introduction.state is not IntroductionState.RECEIVED or clock.today() > queries.closing(introduction.year):
        progress = queries.progress_of([introduction])[introduction.id]
        return render_template("introductions/show.html", introduction=introduction, progress=progress)
    return _form_page(IntroductionForm.of(introduction), introduction)


@bp.post("/introductions/<int:introduction_id>", access=MINE)
def save(introduction: Introduction) -> ResponseReturnValue:
    form = IntroductionForm.of(introduction)
    if not form.validate_on_submit():
        return _form_page(form, introduction, 422)
    try:
        with write():
            operations.correct(introduction, form.values(), version=form.seen_version(), by=me(), at=clock.now())
    except UserError as err:
        return _form_page(form.blame(err), introduction, err.status)
    flash(_("Saved."), "success")
    return redirect(url_for("introductions.index"))


@bp.post("/introductions/<int:introduction_id>/withdraw", access=MINE)
def withdraw(introduction: Introduction) -> ResponseReturnValue:
    try:
        with write():
            operations.withdraw(introduction, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
    else:
        flash(_("The introduction is withdrawn."), "success")
    return redirect(url_for("introductions.index"))
