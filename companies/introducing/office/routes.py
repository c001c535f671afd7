"""The pages on which officers decide about introductions and set their last day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies.introducing import operations, queries, rules
from companies.introducing.enums import IntroductionState
from companies.introducing.forms import AcceptForm, ClosingForm, DecisionForm, DeclineForm
from companies.introducing.models import Introduction
from companies.introducing.routes import chosen_year, this_year
from companies.joining import queries as joining
from companies.models import Organisation
from core import clock, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("introductions_office", __name__)
ONE = may(rules.decide_introduction, introduction=Introduction)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _index_page(form: ClosingForm | None = None, status: int = 200) -> ResponseReturnValue:
    chosen = request.args.get("state", "")
    state = IntroductionState(chosen) if chosen in set(IntroductionState) else None
    text, year = request.args.get("q", "")[:200], chosen_year()
    page = paging.page_of(queries.listed(actor(), year=year, state=state, text=text), request.args.get("page"))
    now = this_year()
    shown = render_template(
        "introductions/office.html",
        page=page,
        progress=queries.progress_of(page.rows),
        known=queries.known([row.tax_code for row in page.rows]),
        q=text,
        state=state,
        year=year,
        year_options=[(y, y) for y in queries.years(actor())],
        this_year=now,
        form=form or ClosingForm(formdata=None, closes_on=queries.closing(now)),
    )
    return shown, status


@bp.get("/introductions/office", access=may(rules.decide))
def index() -> ResponseReturnValue:
    return _index_page()


@bp.post("/introductions/office/closing", access=may(rules.decide))
def set_closing() -> ResponseReturnValue:
    form = ClosingForm()
    day = form.closes_on.data if form.validate_on_submit() else None
    if day is None:
        return _index_page(form, 422)
    try:
        with write():
            operations.set_closing(this_year(), day, by=me(), at=clock.now())
    except UserError as err:
        return _index_page(form.blame(err), err.status)
    flash(_("Saved."), "success")
    return redirect(url_for("introductions_office.index"))


def _accept_form(introduction: Introduction, known: Organisation | None, door: joining.Door) -> AcceptForm:
    """The invitation is ticked where there is an address, and nobody acts for the firm or was asked to."""
    address = introduction.email or (known.email if known else None)
    ticked = bool(address) and not door.joined and door.invited_at is None
    return AcceptForm(formdata=None, version=introduction.version, email=address, invite=ticked)


def _page(introduction: Introduction, form: DecisionForm | None = None, status: int = 200) -> ResponseReturnValue:
    known = queries.known([introduction.tax_code]).get(introduction.tax_code)
    door = joining.doors([known.id]).get(known.id, joining.Door()) if known else joining.Door()
    return render_template(
        "introductions/review.html",
        introduction=introduction,
        progress=queries.progress_of([introduction])[introduction.id],
        known=known,
        door=door,
        others=queries.of_the_same_firm(introduction),
        accept_form=form if isinstance(form, AcceptForm) else _accept_form(introduction, known, door),
        form=form if isinstance(form, DeclineForm) else DeclineForm(formdata=None, version=introduction.version),
        errors=form.form_errors if form else (),
    ), status


@bp.get("/introductions/office/<int:introduction_id>", access=ONE)
def show(introduction: Introduction) -> ResponseReturnValue:
    return _page(introduction)


def _act(introduction: Introduction, form: DecisionForm, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _page(introduction, form, 422)
    try:
        with write():
            act()
    except UserError as err:
        return _page(introduction, form.blame(err), err.status)
    flash(done, "success")
    return redirect(url_for("introductions_office.show", introduction_id=introduction.id))


@bp.post("/introductions/office/<int:introduction_id>/accept", access=ONE)
def accept(introduction: Introduction) -> ResponseReturnValue:
    form = AcceptForm()
    return _act(
        introduction,
        form,
        lambda: operations.accept(
            introduction,
            version=form.seen_version(),
            by=me(),
            at=clock.now(),
            invite=form.email.data if form.invite.data else None,
        ),
        _("Accepted. Who introduced the firm is told by mail."),
    )


@bp.post("/introductions/office/<int:introduction_id>/decline", access=ONE)
def decline(introduction: Introduction) -> ResponseReturnValue:
    form = DeclineForm()
    return _act(
        introduction,
        form,
        lambda: operations.decline(
            introduction, form.reason.data or "", version=form.seen_version(), by=me(), at=clock.now()
        ),
        _("Declined. Who introduced the firm is told by mail."),
    )


@bp.post("/introductions/office/<int:introduction_id>/reopen", access=ONE)
def reopen(introduction: Introduction) -> ResponseReturnValue:
    return _act(
        introduction,
        DecisionForm(),
        lambda: operations.reopen(introduction, by=me(), at=clock.now()),
        _("The refusal is taken back; decide anew."),
    )
