"""A person's own pages: what he agrees to, what is kept about him, what he asks for."""

from __future__ import annotations

import json

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from accounts.models import User
from accounts.privacy import cases, consent, operations, queries, rules, texts
from accounts.privacy.enums import (
    CASE_KIND_LABELS,
    CASE_STATE_LABELS,
    CHANNEL_LABELS,
    OPEN,
    PURPOSE_LABELS,
    CaseKind,
    Purpose,
)
from accounts.privacy.forms import ConsentForm, PersonForm, RequestForm
from accounts.privacy.models import DataCase
from core import audit, clock, files, subject
from core.access import may, own_account
from core.db import row_key, write
from core.errors import UserError
from core.i18n import _
from core.personal import Person
from core.web import Blueprint

bp = Blueprint("privacy", __name__)
SHOWN_ROWS = 20  # of one table on the page; the files hold all


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        case_kind_labels=CASE_KIND_LABELS,
        case_state_labels=CASE_STATE_LABELS,
        channel_labels=CHANNEL_LABELS,
        purpose_labels=PURPOSE_LABELS,
    )


# --- consents -------------------------------------------------------------------------------------------------


@bp.get("/account/consents", access=own_account())
def consents() -> ResponseReturnValue:
    return _consents_page()


@bp.post("/account/consents/<purpose>/give", access=own_account())
def give(purpose: str) -> ResponseReturnValue:
    chosen, form = _purpose(purpose), ConsentForm(prefix=purpose)
    if not form.validate_on_submit():
        return _consents_page(chosen, form, 422)
    try:
        with write():
            consent.give(me(), chosen, shown=row_key(form.shown.data), by=me(), at=clock.now())
    except UserError as err:
        return _consents_page(chosen, form.blame(err), err.status)
    flash(_("Noted. You can withdraw this here at any time."), "success")
    return redirect(url_for("privacy.consents"))


@bp.post("/account/consents/<purpose>/withdraw", access=own_account())
def withdraw(purpose: str) -> ResponseReturnValue:
    chosen = _purpose(purpose)
    with write():
        consent.withdraw(me(), chosen, by=me(), at=clock.now())
    flash(_("Withdrawn. From now on your data are not used for this any more."), "success")
    return redirect(url_for("privacy.consents"))


def _purpose(name: str) -> Purpose:
    try:
        return Purpose(name)
    except ValueError:
        raise NotFound from None


def _consents_page(
    asked: Purpose | None = None, form: ConsentForm | None = None, status: int = 200
) -> ResponseReturnValue:
    history = queries.consents_of(me().id)
    present = {row.purpose: row for row in history if row.withdrawn_at is None}
    newest = {purpose: texts.newest(purpose) for purpose in Purpose}
    forms = {p: ConsentForm(formdata=None, prefix=p.value, shown=str(newest[p][0])) for p in Purpose}
    if asked is not None and form is not None:
        form.shown.data = str(newest[asked][0])
        forms[asked] = form
    page = render_template(
        "privacy/consents.html",
        newest=newest,
        present=present,
        history=history,
        forms=forms,
        version=texts.version,
        receipts={(row.consent_id, row.statement): row for row in queries.receipts_of(me().id)},
    )
    return page, status


# --- my data --------------------------------------------------------------------------------------------------


@bp.get("/account/data", access=own_account())
def data() -> ResponseReturnValue:
    return _data_page(PersonForm(name=me().name, phone=me().phone))


@bp.post("/account/data", access=own_account())
def correct() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return _data_page(form, 422)
    with write():
        operations.correct(me(), name=form.name.data, phone=form.phone.data or None, by=me(), at=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for("privacy.data"))


def _data_page(form: PersonForm, status: int = 200) -> ResponseReturnValue:
    parts = subject.collect(person_of(me()))
    shown = [(part, [row for row, _n in zip(subject.shown(part), range(SHOWN_ROWS), strict=False)]) for part in parts]
    return render_template("privacy/data.html", form=form, parts=shown), status


@bp.get("/account/data.json", access=own_account())
def data_json() -> ResponseReturnValue:
    at = clock.now()
    document = subject.as_document(subject.collect(person_of(me())), person_of(me()), at=at)
    _note_export("json")
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return files.attachment(text.encode(), _("My data") + ".json", "application/json")


@bp.get("/account/data.xlsx", access=own_account())
def data_xlsx() -> ResponseReturnValue:
    book = subject.as_workbook(subject.collect(person_of(me())))
    _note_export("xlsx")
    return files.attachment(book, _("My data") + ".xlsx", files.XLSX)


def _note_export(form: str) -> None:
    with write():
        audit.record("my_data.export", me(), by=me(), at=clock.now(), form=form)


def person_of(user: User) -> Person:
    """The person as core knows one."""
    return Person(user.id, user.email, user.name)


# --- requests -------------------------------------------------------------------------------------------------


@bp.get("/account/requests", access=own_account())
def requests() -> ResponseReturnValue:
    return _requests_page(RequestForm(formdata=None))


@bp.post("/account/requests", access=own_account())
def file_request() -> ResponseReturnValue:
    form = RequestForm()
    if not form.validate_on_submit():
        return _requests_page(form, 422)
    try:
        with write():
            cases.file(me(), CaseKind(form.kind.data), form.words.data or "", by=me(), at=clock.now())
    except UserError as err:
        return _requests_page(form.blame(err), err.status)
    flash(_("Your request has arrived. You see here what becomes of it."), "success")
    return redirect(url_for("privacy.requests"))


@bp.post("/account/requests/<int:data_case_id>/take-back", access=may(rules.own_request, data_case=DataCase))
def take_back(data_case: DataCase) -> ResponseReturnValue:
    with write():
        cases.take_back(data_case, by=me(), at=clock.now())
    flash(_("The request is withdrawn."), "success")
    return redirect(url_for("privacy.requests"))


def _requests_page(form: RequestForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "privacy/requests.html",
        form=form,
        cases=queries.cases_of(me().id),
        open_states=OPEN,
        receipts={row.data_case_id: row for row in queries.receipts_of(me().id)},
    ), status
