"""Learning what counts from answers: once a day, and when an officer asks. What is better counts by itself.

A version that an officer chose stays until an officer says otherwise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from companies.enums import Kind
from core import clock, tasks
from core.db import session, write
from core.i18n import _, _l
from core.timers import timer
from events.conferences import model_versions
from events.conferences.answers import Evidence, evidence
from events.conferences.enums import PARTNER_KINDS
from events.conferences.model_versions import JOB, ModelVersion
from matching import store
from matching.judging import judge, strengths
from matching.learning import LevelShift, candidate
from matching.suggestions import ENGINE_VERSION
from matching.weights import weights_of

FEWEST = 10  # pairs; fewer say nothing at all


def ask(*, by: Any, at: datetime) -> tasks.Task:
    """Have it learn in the background."""
    return tasks.start("learning", by=by, at=at, key="all")


@tasks.handler("learning")
def run(context: tasks.Context) -> dict[str, Any]:
    """Learn for every kind of partner."""
    found = 0
    for n, kind in enumerate(PARTNER_KINDS):
        context.progress(n, len(PARTNER_KINDS), _l("Learning from answers"))
        found += learn(kind, at=clock.now()) is not None
    return {
        "url": "/conferences/learning",
        "message": _("%(count)d kinds of partner have enough answers.", count=found),
    }


@timer("learning", seconds=900, period="day")
def learn_all(at: datetime) -> None:
    """Learn for every kind of partner whose answers changed."""
    for kind in PARTNER_KINDS:
        learn(kind, at=at)


def learn(kind: Kind, *, at: datetime) -> ModelVersion | None:
    """Fit, judge and keep a version from the answers of a kind, and let it count when it is better.

    None where there are too few answers. The same answers are learnt from once.
    """
    found = evidence(kind, at=at)
    known = next(iter(model_versions.versions().get(kind, [])), None)
    session.rollback()
    if len(found.answers.target) < FEWEST:
        return None
    if known is not None and known.about["inputs"]["digest"] == found.digest and _same_engine(known):
        return known
    packed = fitted(kind, found)
    with write():
        version = model_versions.keep(kind, packed, by=JOB, at=at)
        _choose(kind, version, at)
    return version


def _same_engine(version: ModelVersion) -> bool:
    return bool(version.about["engine"] == ENGINE_VERSION)


def fitted(kind: Kind, found: Evidence) -> store.Packed:
    """The model that so many answers can carry, with how it was judged and what each scorer moves."""
    scorers = weights_of(kind.value)
    weights, answers = list(scorers.values()), found.answers
    verdict = judge(answers, weights)
    model = candidate(len(answers.target), weights).fit(answers.values, answers.target, answers.share)
    hand = LevelShift(weights).fit(answers.values, answers.target, answers.share)
    about = {
        "kind": kind.value,
        "engine": ENGINE_VERSION,
        "scorers": list(scorers),
        "inputs": found.inputs,
        "verdict": verdict._asdict(),
        "by_hand": dict(zip(scorers, map(float, strengths(hand, answers.values).round(4)), strict=True)),
        "learnt": dict(zip(scorers, map(float, strengths(model, answers.values).round(4)), strict=True)),
    }
    return store.pack(model, about)


def _choose(kind: Kind, version: ModelVersion, at: datetime) -> None:
    """Let a better version count, and one that is no longer better give way; what a person chose stays."""
    choice = model_versions.current().get(kind)
    if choice is not None and choice.held:
        return
    better = bool(version.about["verdict"]["adopted"])
    before = choice.version_id if choice is not None else None
    wanted = version if better else None
    if (wanted.id if wanted else None) == before:
        return
    reason = "better on held-out answers" if better else "not better on the answers known by now"
    model_versions.choose(kind, wanted, held=False, reason=reason, by=JOB, at=at)
