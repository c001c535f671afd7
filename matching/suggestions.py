"""Who should meet whom: the ranker that the site calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.background import Background
from matching.explaining import Explainer
from matching.facts import Facts
from matching.learning import Learnt
from matching.parts import Parts, Side, best_per_profile, mean_of_best, parts_of, with_kinds
from matching.profiles import Part, Profile, Role
from matching.reasons import Explanation
from matching.resources_lines import foreign_terms, shipped_lines
from matching.scale import Scale
from matching.structured import GATE_FUNCTIONS, SCORER_FUNCTIONS
from matching.text.encoder import Encoder, Verdict, judge, mixed
from matching.text.language import language_of
from matching.text.space import Bilingual, TextSpace
from matching.weights import GATES, NEUTRAL, alone_of, gates_of, weights_of

ENGINE_VERSION = "1.3"
MOST_TEXTS = 20_000  # of all profiles, evenly spaced: more hardly change what is rare, and take time
MOST_JUDGED = 300  # bilingual texts on which an encoder is judged

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """`fit`: the fit estimate, float64 (n, m) in [0, 1], 0 where gated. `gate`: int8 (n, m), index into `GATES`.

    `popularity`: mean fit of each column's partner over all rows, (m,), for the correction of hubs.
    """

    fit: Matrix
    gate: NDArray[np.int8]
    popularity: Matrix


class Ranker(BaseEstimator):
    """Mutual fit of profiles on two sides of one kind of conference.

    `kind`: which row of the weight table counts ("bank", "university", "fdi", ...); `weights`: other weights by
    scorer name; `learnt`: a fitted model of answers (`matching.learning`) over the scorers of the kind in order, or
    None for the hand weights; `scale`: puts the fits of this kind on the scale of all kinds, or None for raw fits.
    Deterministic: the same profiles give the same numbers.
    """

    def __init__(
        self,
        kind: str = "general",
        weights: Mapping[str, float] | None = None,
        learnt: Learnt | None = None,
        scale: Scale | None = None,
    ) -> None:
        self.kind = kind
        self.weights = weights
        self.learnt = learnt
        self.scale = scale

    def fit(
        self, profiles_a: Sequence[Profile], profiles_b: Sequence[Profile], *, lines: Sequence[Bilingual] = ()
    ) -> Self:
        """Learn words, translation and background from both sides, the shipped resources and more bilingual `lines`.

        Raises ValueError when the weights make no sense.
        """
        self.weights_ = weights_of(self.kind, self.weights)
        parts = [part for side in (profiles_a, profiles_b) for profile in side for part in profile.parts]
        shipped = shipped_lines()
        every = [*shipped, *lines, *_bilingual(parts)]
        texts = [part.texts for part in parts if not part.empty]
        self.space_ = TextSpace().fit(texts[:: 1 + len(texts) // MOST_TEXTS], every, foreign_terms())
        self.background_ = Background().fit(shipped, self.space_)
        self.encoder_, self.verdict_ = self._encoder(parts, [*shipped, *lines])
        self.inputs_ = {"profiles_a": len(profiles_a), "profiles_b": len(profiles_b), "lines": len(every)}
        return self

    def _encoder(self, parts: Sequence[Part], lines: Sequence[Bilingual]) -> tuple[Encoder | None, Verdict | None]:
        """The operator's encoder when it helps on the bilingual parts, judged with words that did not learn them."""
        encoder = Encoder.from_environment()
        if encoder is None:
            return None, None
        found = _bilingual(parts)
        held = found[:: 1 + len(found) // MOST_JUDGED]
        vi, en = [(line.vi, "", "") for line in held], [("", line.en, "") for line in held]
        space = TextSpace().fit([*vi, *en], lines, foreign_terms())
        (left, forms), (right, other) = space.transform_with_forms(vi), space.transform_with_forms(en)
        words = self.background_.transform(left.against(right), forms, other).toarray() if held else np.zeros((0, 0))
        verdict = judge(encoder, held, words)
        return encoder if verdict.used else None, verdict

    def score(self, profiles_a: Sequence[Profile], profiles_b: Sequence[Profile]) -> Scores:
        """Fit estimates of all pairs. Raises NotFittedError before `fit`."""
        check_is_fitted(self)
        return self.score_sides(self.side(profiles_a), self.side(profiles_b))

    def score_sides(self, a: Side, b: Side) -> Scores:
        """As `score`, for sides that were read before."""
        fit = self.combine({scorer: self.values(scorer, a, b) for scorer in self.weights_})
        gate = self.gates(a, b)
        fit = np.where(gate == 0, fit, 0.0)
        open_pairs = np.maximum((gate == 0).sum(axis=0), 1)
        return Scores(fit, gate, fit.sum(axis=0) / open_pairs)

    def combine(self, values: Mapping[str, Matrix]) -> Matrix:
        """The fit of scorer values, each (n, m) with NaN for unknown: weighted sum or learnt probability, scaled."""
        filled = {scorer: np.nan_to_num(values[scorer], nan=NEUTRAL) for scorer in self.weights_}
        if self.learnt is not None:
            stack = np.stack(list(filled.values()), axis=-1)
            fit = self.learnt.predict(stack.reshape(-1, stack.shape[-1])).reshape(stack.shape[:-1])
        else:
            fit = np.asarray(sum(weight * filled[scorer] for scorer, weight in self.weights_.items()))
        fit = np.asarray(np.clip(fit, 0.0, 1.0))
        return fit if self.scale is None else self.scale.transform(fit)

    def explain(self, a: Profile, b: Profile) -> Explanation:
        """The reasons of one pair's fit; numerically the same as `score` gives. For many pairs: `Explainer`."""
        check_is_fitted(self)
        return Explainer(self, self.side([a]), self.side([b])).explain(0, 0)

    def for_kind(self, kind: str) -> Ranker:
        """The same words, translation and background with the weights and gates of another kind."""
        check_is_fitted(self)
        other = copy(self)
        other.kind, other.weights, other.weights_ = kind, None, weights_of(kind)
        other.learnt, other.scale = None, None
        return other

    def describe(self) -> dict[str, Any]:
        """What the audit keeps: version, kind, weights and what the ranker was fitted on."""
        check_is_fitted(self)
        return {
            "engine": ENGINE_VERSION, "kind": self.kind, "weights": dict(self.weights_), "neutral": NEUTRAL,
            "alone": alone_of(self.kind),
            "learnt": type(self.learnt).__name__ if self.learnt is not None else None,
            "scale": self.scale.describe() if self.scale is not None else None,
            "encoder": self.verdict_._asdict() if self.verdict_ is not None else None,
            "gates": list(gates_of(self.kind)), "inputs": dict(self.inputs_),
        }  # fmt: skip

    def side(self, profiles: Sequence[Profile]) -> Side:
        """Profiles with their facts and their parts as arrays."""
        return Side(
            Facts(profiles),
            self._parts(profiles, "need"),
            self._parts(profiles, "offer"),
        )

    def _parts(self, profiles: Sequence[Profile], role: Role) -> Parts:
        found = parts_of(profiles, role, self.space_)
        if self.encoder_ is None or not found.parts:
            return found
        return found._replace(vectors=self.encoder_.encode([next(filter(str.strip, p.texts)) for p in found.parts]))

    def values(self, scorer: str, a: Side, b: Side) -> Matrix:
        """What one scorer says of all pairs, (n, m) in [0, 1], NaN where one of the two says nothing."""
        if scorer == "text":
            ways = self._one_way(a.needs, b.offers), self._one_way(b.needs, a.offers).T
            return both_ways(*ways, alone_of(self.kind))
        return SCORER_FUNCTIONS[scorer](a.facts, b.facts)

    def _one_way(self, needs: Parts, offers: Parts) -> Matrix:
        """How well offers answer needs, (profiles with needs, profiles with offers); NaN where there are none."""
        best = best_per_profile(self.part_values(needs, offers), offers.owner, offers.profiles)
        return mean_of_best(best, needs.owner, needs.profiles)

    def part_values(self, needs: Parts, offers: Parts) -> Matrix:
        """How well each offer answers each need, (needs, offers) in [0, 1]."""
        similarity = needs.rows.against(offers.rows)
        values = self.background_.transform(similarity, needs.form, offers.form)
        if needs.vectors is not None and offers.vectors is not None:
            values = sp.csr_matrix(mixed(values.toarray(), needs.vectors @ offers.vectors.T))
        return np.asarray(with_kinds(values, needs.kind, offers.kind).toarray())

    def gates(self, a: Side, b: Side) -> NDArray[np.int8]:
        """0 where a pair may meet, else an index into `GATES`, (n, m)."""
        gate = np.zeros((len(a.facts), len(b.facts)), dtype=np.int8)
        for name in reversed(gates_of(self.kind)):  # the first that closes is the one that is told
            gate[GATE_FUNCTIONS[name](a.facts, b.facts)] = GATES.index(name)
        return gate


def both_ways(one: Matrix, other: Matrix, alone: tuple[float, float] = (0.0, 0.0)) -> Matrix:
    """Harmonic mean of the two directions, mixed with each direction by its share in `alone`.

    A direction that is unknown (NaN: no needs or no offers to compare) counts as the neutral value, so that saying
    nothing never beats a true answer; NaN where both are unknown.
    """
    x, y = np.nan_to_num(one, nan=NEUTRAL), np.nan_to_num(other, nan=NEUTRAL)
    total = x + y
    harmonic = np.divide(2 * x * y, total, out=np.zeros_like(total), where=total > 0)
    value = (1 - sum(alone)) * harmonic + alone[0] * x + alone[1] * y
    return np.where(np.isnan(one) & np.isnan(other), np.nan, value)


def top(scores: Scores, k: int, *, hub: float = 0.3) -> NDArray[np.intp]:
    """The best `k` columns of each row, (n, min(k, m)), best first, -1 where fewer are open.

    `hub` times a partner's popularity above the mean is taken off for the order, so that nobody swallows every list;
    the fit that is shown stays as it is. Ties go to the lower index.
    """
    if k < 0:
        raise ValueError("k is 0 or more")
    above = scores.popularity - scores.popularity.mean() if scores.popularity.size else scores.popularity
    order_by = np.where(scores.gate == 0, scores.fit - hub * above[None, :], -np.inf)
    best = _best_columns(order_by, k)
    return np.where(np.isneginf(np.take_along_axis(order_by, best, axis=1)), -1, best)


def _best_columns(values: Matrix, k: int) -> NDArray[np.intp]:
    """Columns of the `k` largest values of each row in order, ties to the lower column."""
    if 4 * k >= values.shape[1]:
        return np.argsort(-values, axis=1, kind="stable")[:, :k]
    bound = np.partition(values, values.shape[1] - k, axis=1)[:, values.shape[1] - k, None]
    out = np.empty((len(values), k), dtype=np.intp)
    for i, row in enumerate(values):  # everything not below the k-th value, so that ties are kept until sorted
        found = np.flatnonzero(row >= bound[i])
        out[i] = found[np.argsort(-row[found], kind="stable")[:k]]
    return out


def _bilingual(parts: Sequence[Part]) -> list[Bilingual]:
    """Parts that say the same in both languages, as lines to learn from."""
    return [
        Bilingual(part.vi, part.en, 0.5)
        for part in dict.fromkeys(parts)
        if part.vi.strip() and part.en.strip() and language_of(part.vi) == "vi" and language_of(part.en) == "en"
    ]
