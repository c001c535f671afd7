"""The pages on which officers deal with requests, and the register for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from accounts.privacy import attention as _attention  # noqa: F401 - registers what needs officers
from accounts.privacy import cases, deletion, queries, register, rules
from accounts.privacy.enums import HOLDING, OPEN, CaseKind, CaseState
from accounts.privacy.forms import AnswerForm, CloseForm, ExtensionForm
from accounts.privacy.models import DataCase
from accounts.privacy.office import incidents, receiving
from core import clock, files, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.forms import Form
from core.i18n import _
from core.personal import KIND_LABELS
from core.web import Blueprint

bp = Blueprint("privacy_office", __name__)
VIEWS = ("open", "overdue", "closed")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.register_blueprint(incidents.bp)
    app.register_blueprint(receiving.bp)
    app.jinja_env.globals.update(tells_labels=KIND_LABELS)


@bp.get("/admin/data-requests", access=may(rules.handle_requests))
def index() -> ResponseReturnValue:
    view = request.args.get("view", "open")
    view, today = view if view in VIEWS else "open", clock.today()
    return render_template(
        "privacy/office.html",
        view=view,
        today=today,
        counts=queries.counts(today=today),
        page=paging.page_of(queries.cases(view, today=today), request.args.get("page")),
    )


@bp.get("/admin/data-requests/<int:data_case_id>", access=may(rules.handle_request, data_case=DataCase))
def case(data_case: DataCase) -> ResponseReturnValue:
    return _case_page(data_case)


def _case_page(data_case: DataCase, status: int = 200, **forms: Form) -> ResponseReturnValue:
    page = render_template(
        "privacy/case.html",
        case=data_case,
        receipt=queries.receipt_of(data_case),
        today=clock.today(),
        open=data_case.state in OPEN,
        received=data_case.state is CaseState.RECEIVED,
        in_force=data_case.kind in HOLDING and data_case.state is CaseState.DONE and data_case.lifted_at is None,
        answer=forms.get("answer", AnswerForm(formdata=None)),
        extension=forms.get("extension", ExtensionForm(formdata=None)),
        close=forms.get("close", CloseForm(formdata=None)),
    )
    return page, status


def _act(
    data_case: DataCase,
    name: str,
    form: Form,
    act: Callable[[], Any],
    told: str,
    afterwards: Callable[[], None] = lambda: None,
) -> ResponseReturnValue:
    """Validate, act in a write block, and come back to the page; a fault stands beside its field."""
    if not form.validate_on_submit():
        return _case_page(data_case, 422, **{name: form})
    try:
        with write():
            act()
    except UserError as err:
        return _case_page(data_case, err.status, **{name: form.blame(err)})
    afterwards()
    flash(told, "success")
    return redirect(url_for("privacy_office.case", data_case_id=data_case.id))


@bp.post("/admin/data-requests/<int:data_case_id>/answer", access=may(rules.handle_request, data_case=DataCase))
def answer(data_case: DataCase) -> ResponseReturnValue:
    form = AnswerForm()

    def act() -> None:
        cases.answer(data_case, form.answer.data, third_parties=form.third_parties.data, by=me(), at=clock.now())

    return _act(data_case, "answer", form, act, _("The answer is on its way."))


@bp.post("/admin/data-requests/<int:data_case_id>/extend", access=may(rules.handle_request, data_case=DataCase))
def extend(data_case: DataCase) -> ResponseReturnValue:
    form = ExtensionForm()

    def act() -> None:
        cases.extend(data_case, form.reason.data, by=me(), at=clock.now())

    return _act(data_case, "extension", form, act, _("The time is extended, and the person is told why."))


@bp.post("/admin/data-requests/<int:data_case_id>/refuse", access=may(rules.handle_request, data_case=DataCase))
def refuse(data_case: DataCase) -> ResponseReturnValue:
    form = CloseForm()

    def act() -> None:
        cases.close(data_case, CaseState.REFUSED, form.outcome.data, by=me(), at=clock.now())

    return _act(data_case, "close", form, act, _("The request is refused, and the person is told why."))


@bp.post("/admin/data-requests/<int:data_case_id>/complete", access=may(rules.handle_request, data_case=DataCase))
def complete(data_case: DataCase) -> ResponseReturnValue:
    form = CloseForm()
    if data_case.kind is CaseKind.DELETION:
        return _delete(data_case, form)

    def act() -> None:
        cases.close(data_case, CaseState.DONE, form.outcome.data, by=me(), at=clock.now())

    return _act(data_case, "close", form, act, _("The request is done, and the person is told so."))


def _delete(data_case: DataCase, form: CloseForm) -> ResponseReturnValue:
    """Done means deleted: the same act closes the request and empties what is kept."""
    try:
        prepared = deletion.prepare(data_case.user)
    except UserError as err:
        return _case_page(data_case, err.status, close=form.blame(err))

    def act() -> None:
        at = clock.now()
        cases.close(data_case, CaseState.DONE, form.outcome.data, by=me(), at=at, tell=False)
        deletion.carry_out(prepared, by=me(), at=at)

    return _act(data_case, "close", form, act, _("The person's data are deleted."), prepared.clean_up)


@bp.post("/admin/data-requests/<int:data_case_id>/lift", access=may(rules.handle_request, data_case=DataCase))
def lift(data_case: DataCase) -> ResponseReturnValue:
    with write():
        cases.lift(data_case, by=me(), at=clock.now())
    flash(_("The restriction is lifted."), "success")
    return redirect(url_for("privacy_office.case", data_case_id=data_case.id))


@bp.get("/admin/processing-register", access=may(rules.read_register))
def processing_register() -> ResponseReturnValue:
    concerned, others = register.lines()
    return render_template("privacy/register.html", concerned=concerned, others=others, deadlines=rules.DEADLINES)


@bp.get("/admin/processing-register.xlsx", access=may(rules.read_register))
def register_file() -> ResponseReturnValue:
    return files.attachment(register.as_workbook(), _("Register of processing") + ".xlsx", files.XLSX)
