"""The pages on which a firm answers the questionnaire and reads what the Department replied."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies.models import Organisation
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint
from portal.situation import attention as _attention  # noqa: F401 - registers what needs officers
from portal.situation import operations, queries, rules
from portal.situation.enums import (
    CASE_STATE_LABELS,
    CASE_STATE_TONES,
    DIFFICULTY_LABELS,
    MATTER_LABELS,
    QUESTIONS,
    STEP_LABELS,
    TREND_ICONS,
    TREND_LABELS,
    TREND_STEPS,
    Step,
)
from portal.situation.forms import FORMS
from portal.situation.models import SituationAnswer, SituationRound

bp = Blueprint("situation", __name__)
ANSWER = may(rules.answer, situation_round=SituationRound, organisation=Organisation)
URL = "/situation/<int:situation_round_id>/<int:organisation_id>"


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        trend_labels=TREND_LABELS,
        trend_icons=TREND_ICONS,
        trend_steps=TREND_STEPS,
        step_labels=STEP_LABELS,
        difficulty_labels=DIFFICULTY_LABELS,
        matter_labels=MATTER_LABELS,
        case_state_labels=CASE_STATE_LABELS,
        case_state_tones=CASE_STATE_TONES,
    )


@bp.get("/situation", access=may(rules.has_firm))
def index() -> ResponseReturnValue:
    firms = queries.firms_of(actor())
    today = clock.today()
    answers = queries.answers_of(firms)
    return render_template(
        "situation/index.html",
        firms=firms,
        rounds=queries.open_rounds(on=today),
        answers=answers,
        by_key={(a.round_id, a.organisation_id): a for a in answers},
        today=today,
    )


def _step(text: str) -> Step:
    try:
        return Step(text)
    except ValueError:
        raise NotFound from None


def _stored(row: SituationAnswer | None, step: Step) -> dict[str, Any]:
    """What the form of a question shows at first."""
    if row is None:
        return {}
    if step is Step.DIFFICULTIES:
        return {"difficulties": row.difficulties, "difficulty_text": row.difficulty_text}
    if step is Step.REQUEST:
        return {"request_text": row.request_text}
    return {"trend": getattr(row, step.value)}


def _page(
    situation_round: SituationRound, organisation: Organisation, step: Step, form: Any, status: int = 200
) -> ResponseReturnValue:
    steps = list(Step)
    place = steps.index(step)
    return render_template(
        "situation/step.html",
        round=situation_round,
        organisation=organisation,
        step=step,
        question=QUESTIONS[step],
        steps=steps,
        place=place,
        before=steps[place - 1] if place else None,
        form=form,
        last=queries.answer_before(situation_round, organisation),
    ), status


def _on_to(
    situation_round: SituationRound, organisation: Organisation, step: Step | None = None
) -> ResponseReturnValue:
    """Go on to a question, or to all answers."""
    return redirect(
        url_for(
            "situation.ask" if step else "situation.review",
            situation_round_id=situation_round.id,
            organisation_id=organisation.id,
            step=step.value if step else None,
        )
    )


@bp.get(f"{URL}/<step>", access=ANSWER)
def ask(situation_round: SituationRound, organisation: Organisation, step: str) -> ResponseReturnValue:
    chosen = _step(step)
    row = queries.answer_of(situation_round, organisation)
    return _page(situation_round, organisation, chosen, FORMS[chosen](data=_stored(row, chosen)))


@bp.post(f"{URL}/<step>", access=ANSWER)
def save(situation_round: SituationRound, organisation: Organisation, step: str) -> ResponseReturnValue:
    chosen = _step(step)
    form = FORMS[chosen]()
    if not form.validate_on_submit():
        return _page(situation_round, organisation, chosen, form, 422)
    try:
        with write():
            operations.answer(situation_round, organisation, chosen, form.values(), by=me(), at=clock.now())
    except UserError as err:
        return _page(situation_round, organisation, chosen, form.blame(err), err.status)
    steps = list(Step)
    place = steps.index(chosen) + 1
    return _on_to(situation_round, organisation, steps[place] if place < len(steps) else None)


@bp.get(URL, access=ANSWER)
def review(situation_round: SituationRound, organisation: Organisation) -> ResponseReturnValue:
    row = queries.answer_of(situation_round, organisation)
    open_now = rules.is_open(opens_on=situation_round.opens_on, closes_on=situation_round.closes_on, on=clock.today())
    return render_template(
        "situation/review.html", round=situation_round, organisation=organisation, answer=row, open_now=open_now
    )


@bp.post(URL, access=ANSWER)
def send(situation_round: SituationRound, organisation: Organisation) -> ResponseReturnValue:
    try:
        with write():
            row = queries.answer_of(situation_round, organisation)
            if row is not None:
                operations.send(row, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return _on_to(situation_round, organisation)
    if row is None:
        return _on_to(situation_round, organisation, Step.PRODUCTION)
    flash(_("Sent. Thank you! You can still correct it until the round closes."), "success")
    return redirect(url_for("situation.index"))


@bp.get("/situation/<int:situation_round_id>/results", access=may(rules.read_results, situation_round=SituationRound))
def results(situation_round: SituationRound) -> ResponseReturnValue:
    return render_template(
        "situation/results.html",
        round=situation_round,
        summary=queries.summary(situation_round, actor()),
        today=clock.today(),
    )
