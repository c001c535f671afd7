"""What the engine is asked about a conference: all pairs, kind by kind, and the list of one edited profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

import vietnamese
from companies.models import Organisation
from events.conferences.enums import Side
from events.conferences.listing import (
    READABLE,
    Computed,
    OfKind,
    Rules,
    Who,
    all_rows,
    firm_lists,
    lines,
    partner_lists,
)
from events.conferences.model_versions import Adopted
from matching.explaining import Explainer
from matching.learning import Matrix
from matching.parts import Side as EngineSide
from matching.profiles import Profile
from matching.reasons import Explanation
from matching.scale import Scale
from matching.suggestions import Ranker, Scores

LEARNT_PULL = 30.0  # pairs that the plain points are worth where a learnt model gives the fits


def who(row: Any, organisation: Organisation, profile: Profile) -> Who:
    """A participant's row as plain data."""
    return Who(row.id, row.organisation_id, row.side, row.kind.value, profile, readable_words(organisation))


def compute(
    conference_id: int,
    people: Sequence[Who],
    rules: Rules,
    adopted: Mapping[str, Adopted],
    *,
    at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Computed:
    """Score all pairs, kind by kind, and rank each participant's list."""
    firms = [p for p in people if p.side is Side.FIRM]
    partners = [p for p in people if p.side is Side.PARTNER]
    fitted = Ranker(kind="general").fit([p.profile for p in firms], [p.profile for p in partners])
    left, shape = fitted.side([p.profile for p in firms]), (len(firms), len(partners))
    common, shown, gate = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int8)
    kinds: dict[str, OfKind] = {}
    names = sorted({p.kind for p in partners})
    for n, kind in enumerate(names):
        progress(n, len(names) + 1)
        columns = np.array([j for j, p in enumerate(partners) if p.kind == kind], dtype=np.intp)
        side = fitted.side([partners[j].profile for j in columns])
        ranker, learnt = fitted.for_kind(kind), adopted.get(kind)
        scale, scores = _fit(ranker, learnt, left, side)
        kinds[kind] = of_kind = OfKind(ranker, learnt, scale, side, columns)
        common[:, columns], gate[:, columns] = scale.transform(scores.fit), scores.gate
        shown[:, columns] = scores.fit if of_kind.chance else common[:, columns]
    gate[_same_organisation(firms, partners)] = 1
    if all(of_kind.chance for of_kind in kinds.values()):
        common = shown.copy()  # probabilities compare by themselves
    common[gate != 0], shown[gate != 0] = 0.0, 0.0
    computed = Computed(conference_id, at, firms, partners, left, kinds, common, shown, gate, rules, [])
    computed.rows.extend(all_rows(computed))
    return computed


def _fit(ranker: Ranker, adopted: Adopted | None, left: EngineSide, right: EngineSide) -> tuple[Scale, Scores]:
    """Raw fits of a kind and their scale; sets the ranker's model, and its scale unless it is a chance."""
    ranker.learnt = adopted.model if adopted else None
    scores = ranker.score_sides(left, right)
    scale = Scale("learnt", pull=LEARNT_PULL) if adopted else Scale(ranker.kind)
    scale.fit(scores.fit, scores.gate != 0)
    if adopted is None or not adopted.calibrated:
        ranker.scale = scale
    return scale, scores


def _same_organisation(firms: Sequence[Who], partners: Sequence[Who]) -> Any:
    left = np.array([p.organisation_id for p in firms]).reshape(-1, 1)
    right = np.array([p.organisation_id for p in partners]).reshape(1, -1)
    return left == right


def readable_words(organisation: Organisation) -> str:
    """Search key of what partners may read of an organisation's needs, offers, products and introduction."""
    texts: list[str | None] = []
    for row in organisation.needs_offers:
        if row.visibility in READABLE:
            texts += [row.text_vi, row.text_en, row.text_original]
    for product in organisation.products:
        texts += [product.name_vi, product.name_en, product.description_vi, product.description_en]
    texts += [organisation.intro_vi, organisation.intro_en]
    return vietnamese.search_key(" ".join(t for t in texts if t))


# --- one edited profile ----------------------------------------------------------------------------------------


def own_list(c: Computed, edited: Who) -> list[dict[str, Any]]:
    """The list of one participant whose profile changed, against the others and the background as they are held.

    Raises KeyError when it did not take part when they were computed.
    """
    if edited.id not in {p.id for p in (*c.firms, *c.partners)}:
        raise KeyError(edited.id)
    if edited.side is Side.FIRM:
        return _own_list_of_firm(c, edited)
    return _own_list_of_partner(c, edited)


def _own_list_of_firm(c: Computed, edited: Who) -> list[dict[str, Any]]:
    shape = 1, len(c.partners)
    common, shown, gate = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int8)
    explainers: dict[str, Explainer] = {}
    for kind, of in c.kinds.items():
        side = of.ranker.side([edited.profile])
        scores = of.ranker.score_sides(side, of.side)
        shown[:, of.columns], gate[:, of.columns] = scores.fit, scores.gate
        common[:, of.columns] = _common(c, of, scores.fit)
        explainers[kind] = Explainer(of.ranker, side, of.side)
    gate[_same_organisation([edited], c.partners)] = 1
    common[gate != 0] = 0.0
    (found,) = firm_lists(c, common, gate, [edited])

    def read(j: int) -> tuple[Who, float, Explanation]:
        other = c.partners[j]
        column = int(np.searchsorted(c.kinds[other.kind].columns, j))
        return other, float(shown[0, j]), explainers[other.kind].explain(0, column)

    return lines(c, edited, found, read)


def _own_list_of_partner(c: Computed, edited: Who) -> list[dict[str, Any]]:
    of = c.kinds[edited.kind]
    side = of.ranker.side([edited.profile])
    scores = of.ranker.score_sides(c.left, side)
    gate = scores.gate.copy()
    gate[_same_organisation(c.firms, [edited])] = 1
    common = np.where(gate == 0, _common(c, of, scores.fit), 0.0)
    (found,) = partner_lists(c, common, gate, [edited])
    explainer = Explainer(of.ranker, c.left, side)
    return lines(c, edited, found, lambda i: (c.firms[i], float(scores.fit[i, 0]), explainer.explain(i, 0)))


def _common(c: Computed, of: OfKind, fit: Matrix) -> Matrix:
    """Fits of a ranker on the common scale: they are on it, unless they are chances beside kinds that are not."""
    mixed = of.chance and not all(other.chance for other in c.kinds.values())
    return of.scale.transform(fit) if mixed else fit
