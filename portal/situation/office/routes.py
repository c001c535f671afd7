"""The pages on which officers open rounds, read what firms say, answer, and report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from core import clock, files, paging
from core.access import may
from core.db import session, write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint
from portal.queries import officers
from portal.situation import exports, operations, queries, rules
from portal.situation.enums import CaseState
from portal.situation.forms import AssignForm, OutcomeForm, ReplyForm, RoundForm
from portal.situation.models import SituationCase, SituationRound
from portal.situation.picture import trend_rows

bp = Blueprint("situation_office", __name__)
ROUND = may(rules.manage_round, situation_round=SituationRound)
CASE = may(rules.manage_case, situation_case=SituationCase)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/situation/office", access=may(rules.manage))
def index() -> ResponseReturnValue:
    chosen = request.args.get("state", "")
    state = CaseState(chosen) if chosen in set(CaseState) else None
    mine = request.args.get("mine") == "1"
    found = queries.cases(state=state, assignee_id=me().id if mine else None)
    rounds = queries.rounds(actor())
    return render_template(
        "situation/office.html",
        rounds=rounds,
        today=clock.today(),
        page=paging.page_of(found, request.args.get("page")),
        state=state,
        mine=mine,
    )


@bp.get("/situation/office/rounds/new", access=may(rules.manage))
def new() -> ResponseReturnValue:
    return render_template("situation/round_edit.html", form=RoundForm(), round=None)


@bp.post("/situation/office/rounds/new", access=may(rules.manage))
def create() -> ResponseReturnValue:
    return _save_round(RoundForm(), None)


@bp.get("/situation/office/rounds/<int:situation_round_id>/edit", access=ROUND)
def edit(situation_round: SituationRound) -> ResponseReturnValue:
    return render_template("situation/round_edit.html", form=RoundForm(obj=situation_round), round=situation_round)


@bp.post("/situation/office/rounds/<int:situation_round_id>/edit", access=ROUND)
def save(situation_round: SituationRound) -> ResponseReturnValue:
    return _save_round(RoundForm(), situation_round)


def _save_round(form: RoundForm, row: SituationRound | None) -> ResponseReturnValue:
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                row = operations.save_round(row, form.values(), version=form.seen_version(), by=me(), at=clock.now())
            flash(_("Saved. Firms are told by mail when the round opens."), "success")
            return redirect(url_for("situation_office.show", situation_round_id=row.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return render_template("situation/round_edit.html", form=form, round=row), status


@bp.get("/situation/office/rounds/<int:situation_round_id>", access=ROUND)
def show(situation_round: SituationRound) -> ResponseReturnValue:
    rounds, tallies = queries.balances(situation_round)
    found = queries.cases(round_id=situation_round.id)
    return render_template(
        "situation/round.html",
        round=situation_round,
        summary=queries.summary(situation_round, actor()),
        asked=queries.asked(situation_round),
        sent=queries.sent_count(situation_round),
        case_counts=queries.case_counts(situation_round),
        rounds=rounds,
        picture=trend_rows(tallies),
        page=paging.page_of(found, request.args.get("page")),
    )


@bp.get("/situation/office/rounds/<int:situation_round_id>/report.xlsx", access=ROUND)
def report(situation_round: SituationRound) -> ResponseReturnValue:
    found = session.scalars(queries.cases(round_id=situation_round.id)).all()
    data = exports.report(queries.summary(situation_round, actor()), found)
    return files.attachment(data, f"{situation_round.title_vi}.xlsx", files.XLSX)


def _case_page(case: SituationCase, forms: dict[str, Any] | None = None, status: int = 200) -> ResponseReturnValue:
    fresh: dict[str, Any] = {
        "assign": AssignForm(formdata=None, version=case.version, assignee=str(case.assignee_id or "")).offer(
            officers()
        ),
        "reply": ReplyForm(formdata=None, version=case.version, reply=case.reply),
        "outcome": OutcomeForm(formdata=None, version=case.version, outcome=case.outcome),
    }
    return render_template("situation/case.html", case=case, forms=fresh | (forms or {})), status


@bp.get("/situation/office/cases/<int:situation_case_id>", access=CASE)
def show_case(situation_case: SituationCase) -> ResponseReturnValue:
    return _case_page(situation_case)


def _act(case: SituationCase, name: str, form: Any, act: Callable[[], None]) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _case_page(case, {name: form}, 422)
    try:
        with write():
            act()
    except UserError as err:
        return _case_page(case, {name: form.blame(err)}, err.status)
    flash(_("Saved."), "success")
    return redirect(url_for("situation_office.show_case", situation_case_id=case.id))


@bp.post("/situation/office/cases/<int:situation_case_id>/assign", access=CASE)
def assign(situation_case: SituationCase) -> ResponseReturnValue:
    form = AssignForm().offer(officers())
    return _act(
        situation_case,
        "assign",
        form,
        lambda: operations.assign(
            situation_case, form.assignee_id(), version=form.seen_version(), by=me(), at=clock.now()
        ),
    )


@bp.post("/situation/office/cases/<int:situation_case_id>/reply", access=CASE)
def reply(situation_case: SituationCase) -> ResponseReturnValue:
    form = ReplyForm()
    return _act(
        situation_case,
        "reply",
        form,
        lambda: operations.reply(
            situation_case, form.reply.data or "", version=form.seen_version(), by=me(), at=clock.now()
        ),
    )


@bp.post("/situation/office/cases/<int:situation_case_id>/resolve", access=CASE)
def resolve(situation_case: SituationCase) -> ResponseReturnValue:
    form = OutcomeForm()
    return _act(
        situation_case,
        "outcome",
        form,
        lambda: operations.resolve(
            situation_case, form.outcome.data or "", version=form.seen_version(), by=me(), at=clock.now()
        ),
    )


@bp.post("/situation/office/cases/<int:situation_case_id>/reopen", access=CASE)
def reopen(situation_case: SituationCase) -> ResponseReturnValue:
    form = OutcomeForm()
    return _act(
        situation_case,
        "outcome",
        form,
        lambda: operations.reopen(situation_case, version=form.seen_version(), by=me(), at=clock.now()),
    )
