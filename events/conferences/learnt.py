"""For officers: what the engine learnt from answers, by kind of partner, and which version counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies.enums import KIND_LABELS, Kind
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint
from events.conferences import learning, model_versions, rules
from events.conferences.enums import PARTNER_KINDS
from events.conferences.forms import ModelForm
from events.conferences.model_versions import ModelChoice, ModelVersion
from events.conferences.reasons import SCORER_LABELS
from matching.weights import weights_of

bp = Blueprint("learning", __name__)
PATH = "/conferences/learning"
MUCH = 0.03  # by how much a share has to differ to be told as more or less
BY_HAND, MACHINE = "hand", "machine"  # besides the ids of versions


@dataclass(frozen=True)
class Weight:
    """What one scorer moves: by hand and as learnt (None: nothing learnt), shares of 1."""

    label: Any
    by_hand: float
    learnt: float | None

    @property
    def change(self) -> str:
        """`more`, `less` or `same`."""
        if self.learnt is None or abs(self.learnt - self.by_hand) < MUCH:
            return "same"
        return "more" if self.learnt > self.by_hand else "less"


@dataclass(frozen=True)
class KindLine:
    """Everything of one kind of partner."""

    kind: Kind
    label: Any
    choice: ModelChoice | None
    versions: Sequence[ModelVersion]
    history: Sequence[ModelChoice]
    weights: Sequence[Weight]
    form: ModelForm

    @property
    def counts(self) -> ModelVersion | None:
        """The version that counts, None for the weights set by hand."""
        return self.choice.chosen if self.choice is not None else None


@bp.get(PATH, access=may(rules.organise))
def show() -> ResponseReturnValue:
    return _page()


@bp.post(f"{PATH}/learn", access=may(rules.organise))
def learn() -> ResponseReturnValue:
    with write():
        task = learning.ask(by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.post(PATH, access=may(rules.organise))
def choose() -> ResponseReturnValue:
    kind = next((k for k in PARTNER_KINDS if k.value == request.form.get("kind")), None)
    if kind is None:
        flash(_("Choose a kind of partner."), "warning")
        return redirect(url_for("learning.show"))
    versions = model_versions.versions().get(kind, [])
    form = _form(kind, versions)
    if not form.validate_on_submit():
        return _page({kind: form}, 422)
    chosen = form.choice.data
    version = next((v for v in versions if str(v.id) == chosen), None)
    if chosen == MACHINE:  # what it would let count: the newest version, if that is better
        version = next((v for v in versions[:1] if v.about["verdict"]["adopted"]), None)
    try:
        with write():
            model_versions.choose(
                kind, version, held=chosen != MACHINE, reason=form.reason.data, by=me(), at=clock.now()
            )
    except UserError as err:
        form.blame(err)
        return _page({kind: form}, err.status)
    flash(_("From now on this counts. Lists of coming conferences are computed again by themselves."), "success")
    return redirect(url_for("learning.show", _anchor=kind.value))


def _form(kind: Kind, versions: Sequence[ModelVersion], *, posted: bool = True) -> ModelForm:
    data = {} if posted else {"formdata": None}
    form = ModelForm(prefix=f"{kind.value}-", **data)
    form.choice.choices = [
        (BY_HAND, _("The weights set by hand")),
        (MACHINE, _("Let the machine choose: what is better on held-out answers")),
        *((str(v.id), _("Version %(name)s", name=v.name)) for v in versions),
    ]
    return form


def _page(forms: Mapping[Kind, ModelForm] | None = None, status: int = 200) -> ResponseReturnValue:
    current, versions, choices = model_versions.current(), model_versions.versions(), model_versions.choices()
    lines = []
    for kind in PARTNER_KINDS:
        of_kind, choice = versions.get(kind, []), current.get(kind)
        form = (forms or {}).get(kind) or _form(kind, of_kind, posted=False)
        if not form.is_submitted():
            form.choice.data = _chosen(choice)
        told = choice.chosen if choice is not None and choice.chosen is not None else next(iter(of_kind), None)
        lines.append(
            KindLine(kind, KIND_LABELS[kind], choice, of_kind, choices.get(kind, []), _weights(kind, told), form)
        )
    html = render_template(
        "conferences/learnt.html",
        lines=[line for line in lines if line.versions],
        silent=[line.label for line in lines if not line.versions],
        fewest=learning.FEWEST,
    )
    return html, status


def _chosen(choice: ModelChoice | None) -> str:
    if choice is None or not choice.held:
        return MACHINE
    return str(choice.version_id) if choice.version_id is not None else BY_HAND


def _weights(kind: Kind, version: ModelVersion | None) -> list[Weight]:
    by_hand = version.about["by_hand"] if version else weights_of(kind.value)
    learnt = version.about["learnt"] if version else {}
    found = [Weight(SCORER_LABELS[name], share, learnt.get(name)) for name, share in by_hand.items()]
    return sorted(found, key=lambda w: -(w.learnt if w.learnt is not None else w.by_hand))
