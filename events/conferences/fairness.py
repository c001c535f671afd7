"""For officers: who is seen on the lists, the visible rule that lifts some, and which engine made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies.enums import BAND_LABELS, KIND_LABELS, Kind
from core import clock
from core.access import may
from core.db import session, write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint
from events.conferences import exploration, freshness, lift, queries, rules
from events.conferences.exposure import exposure
from events.conferences.forms import ExplorationForm, LiftForm
from events.conferences.models import Conference
from events.conferences.reasons import SCORER_LABELS

bp = Blueprint("fairness", __name__)
PATH = "/conferences/<int:conference_id>/fairness"
ORGANISE = may(rules.organise, conference=Conference)


@dataclass(frozen=True)
class EngineLine:
    """What the engine counted for one kind of partner: labels and weights, the greatest first."""

    kind: Any
    weights: list[tuple[Any, float]]


@dataclass(frozen=True)
class Engine:
    """Which engine made the stored lists, when, and from what."""

    version: str
    computed_at: datetime
    inputs: Mapping[str, int]
    learnt: bool
    kinds: list[EngineLine]


@bp.get(PATH, access=ORGANISE)
def show(conference: Conference) -> ResponseReturnValue:
    return _page(conference)


@bp.post(PATH, access=ORGANISE)
def set_lift(conference: Conference) -> ResponseReturnValue:
    form = LiftForm()
    if not form.validate_on_submit():
        return _page(conference, 422, lift_form=form)
    try:
        with write():
            lift.set_points(conference, form.points.data, by=me(), at=clock.now())
    except UserError as err:
        form.blame(err)
        return _page(conference, err.status, lift_form=form)
    return _saved(conference)


@bp.post(f"{PATH}/exploration", access=ORGANISE)
def set_exploration(conference: Conference) -> ResponseReturnValue:
    form = ExplorationForm()
    if not form.validate_on_submit():
        return _page(conference, 422, exploration_form=form)
    try:
        with write():
            exploration.set_percent(conference, form.percent.data, by=me(), at=clock.now())
    except UserError as err:
        form.blame(err)
        return _page(conference, err.status, exploration_form=form)
    return _saved(conference)


def _saved(conference: Conference) -> ResponseReturnValue:
    flash(_("The rule is saved. The lists are computed again by themselves."), "success")
    return redirect(url_for("fairness.show", conference_id=conference.id))


def _page(
    conference: Conference,
    status: int = 200,
    *,
    lift_form: LiftForm | None = None,
    exploration_form: ExplorationForm | None = None,
) -> ResponseReturnValue:
    people = session.scalars(queries.participants(conference, kinds=False)).all()
    firms = [p.organisation_id for p in people if p.kind is Kind.FIRM]
    stored = freshness.stored(conference)
    page = render_template(
        "conferences/fairness.html",
        conference=conference,
        event=conference.event,
        form=lift_form or LiftForm(formdata=None, data={"points": conference.lift_points}),
        exploration_form=exploration_form
        or ExplorationForm(formdata=None, data={"percent": conference.exploration_percent}),
        kept_places=exploration.KEPT_PLACES,
        seen=exposure(conference, people),
        eligible=len(lift.without_support(conference, firms, on=clock.today())),
        shown=rules.SUGGESTIONS_SHOWN,
        engine=_engine(stored) if stored is not None else None,
        stale=stored.differs(conference) if stored is not None else bool(people),
        band_labels=BAND_LABELS,
    )
    return page, status


def _engine(scores: freshness.Stored) -> Engine | None:
    described = list(scores.engine.values())
    if not described:
        return None
    kinds = [
        EngineLine(KIND_LABELS[Kind(kind)], _weights(described_.get("weights", {})))
        for kind, described_ in scores.engine.items()
    ]
    first = described[0]
    learnt = any(line.get("model") for line in described)
    return Engine(first["engine"], scores.computed_at, first.get("inputs", {}), learnt, kinds)


def _weights(stored: Mapping[str, float]) -> list[tuple[Any, float]]:
    ordered = sorted(stored.items(), key=lambda pair: -pair[1])
    return [(SCORER_LABELS.get(scorer, scorer), weight) for scorer, weight in ordered]
