"""Who should meet whom: the ranker that the site calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching import structured
from matching.background import Background
from matching.explaining import Explainer
from matching.learning import Learnt
from matching.parts import Parts, best_per_profile, mean_of_best, parts_of, with_kinds
from matching.profiles import Part, Profile
from matching.reasons import Explanation
from matching.resources_lines import foreign_terms, shipped_lines
from matching.text.language import language_of
from matching.text.space import Bilingual, TextSpace
from matching.weights import GATES, NEUTRAL, gates_of, weights_of

ENGINE_VERSION = "1.0"

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """`fit`: the fit estimate, float64 (n, m) in [0, 1], 0 where gated. `gate`: int8 (n, m), index into `GATES`.

    `popularity`: mean fit of each column's partner over all rows, (m,), for the correction of hubs.
    """

    fit: Matrix
    gate: NDArray[np.int8]
    popularity: Matrix


@dataclass(frozen=True, slots=True)
class Side:
    """Profiles with their parts as arrays."""

    profiles: tuple[Profile, ...]
    needs: Parts
    offers: Parts


class Ranker(BaseEstimator):
    """Mutual fit of profiles on two sides of one kind of conference.

    `kind`: which row of the weight table counts ("bank", "university", "fdi", ...); `weights`: other weights by
    scorer name; `learnt`: a fitted model of answers (`matching.learning`) over the scorers of the kind in order, or
    None for the hand weights. Deterministic: the same profiles give the same numbers.
    """

    def __init__(
        self, kind: str = "general", weights: Mapping[str, float] | None = None, learnt: Learnt | None = None
    ) -> None:
        self.kind = kind
        self.weights = weights
        self.learnt = learnt

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
        self.space_ = TextSpace().fit([part.texts for part in parts if not part.empty], every, foreign_terms())
        self.background_ = Background().fit(shipped, self.space_)
        self.inputs_ = {"profiles_a": len(profiles_a), "profiles_b": len(profiles_b), "lines": len(every)}
        return self

    def score(self, profiles_a: Sequence[Profile], profiles_b: Sequence[Profile]) -> Scores:
        """Fit estimates of all pairs. Raises NotFittedError before `fit`."""
        check_is_fitted(self)
        return self.score_sides(self.side(profiles_a), self.side(profiles_b))

    def score_sides(self, a: Side, b: Side) -> Scores:
        """As `score`, for sides that were read before."""
        fit = self.combine({scorer: self.values(scorer, a, b) for scorer in self.weights_})
        gate = self.gates(a.profiles, b.profiles)
        fit = np.where(gate == 0, fit, 0.0)
        open_pairs = np.maximum((gate == 0).sum(axis=0), 1)
        return Scores(fit, gate, fit.sum(axis=0) / open_pairs)

    def combine(self, values: Mapping[str, Matrix]) -> Matrix:
        """The fit of scorer values, each (n, m) with NaN for unknown: weighted sum, or the learnt probability."""
        filled = {scorer: np.nan_to_num(values[scorer], nan=NEUTRAL) for scorer in self.weights_}
        if self.learnt is not None:
            stack = np.stack(list(filled.values()), axis=-1)
            chance = self.learnt.predict(stack.reshape(-1, stack.shape[-1])).reshape(stack.shape[:-1])
            return np.asarray(np.clip(chance, 0.0, 1.0))
        fit = sum((weight * filled[scorer] for scorer, weight in self.weights_.items()), np.float64(0.0))
        return np.asarray(np.clip(fit, 0.0, 1.0))

    def explain(self, a: Profile, b: Profile) -> Explanation:
        """The reasons of one pair's fit; numerically the same as `score` gives. For many pairs: `Explainer`."""
        check_is_fitted(self)
        return Explainer(self, [a], [b]).explain(0, 0)

    def for_kind(self, kind: str) -> Ranker:
        """The same words, translation and background with the weights and gates of another kind."""
        check_is_fitted(self)
        other = copy(self)
        other.kind, other.weights, other.learnt, other.weights_ = kind, None, None, weights_of(kind)
        return other

    def codes(self, scorer: str, a: Profile, b: Profile) -> tuple[str, ...]:
        """What a structured scorer found in common."""
        return codes_of(scorer, a, b)

    def describe(self) -> dict[str, Any]:
        """What the audit keeps: version, kind, weights and what the ranker was fitted on."""
        check_is_fitted(self)
        return {
            "engine": ENGINE_VERSION, "kind": self.kind, "weights": dict(self.weights_), "neutral": NEUTRAL,
            "learnt": type(self.learnt).__name__ if self.learnt is not None else None,
            "gates": list(gates_of(self.kind)), "inputs": dict(self.inputs_),
        }  # fmt: skip

    def side(self, profiles: Sequence[Profile]) -> Side:
        """Profiles with their parts as arrays."""
        return Side(
            tuple(profiles),
            parts_of(profiles, "need", self.space_),
            parts_of(profiles, "offer", self.space_),
        )

    def values(self, scorer: str, a: Side, b: Side) -> Matrix:
        """What one scorer says of all pairs, (n, m) in [0, 1], NaN where one of the two says nothing."""
        if scorer == "text":
            return both_ways(self._one_way(a.needs, b.offers), self._one_way(b.needs, a.offers).T)
        return structured.SCORER_FUNCTIONS[scorer](a.profiles, b.profiles)

    def _one_way(self, needs: Parts, offers: Parts) -> Matrix:
        """How well offers answer needs, (profiles with needs, profiles with offers); NaN where there are none."""
        best = best_per_profile(self.part_values(needs, offers), offers.owner, offers.profiles)
        return mean_of_best(best, needs.owner, needs.profiles)

    def part_values(self, needs: Parts, offers: Parts) -> Matrix:
        """How well each offer answers each need, (needs, offers) in [0, 1]."""
        similarity = needs.rows.against(offers.rows)
        values = self.background_.transform(similarity, needs.form, offers.form)
        return np.asarray(with_kinds(values, needs.kind, offers.kind).toarray())

    def gates(self, a: Sequence[Profile], b: Sequence[Profile]) -> NDArray[np.int8]:
        """0 where a pair may meet, else an index into `GATES`, (n, m)."""
        gate = np.zeros((len(a), len(b)), dtype=np.int8)
        for name in reversed(gates_of(self.kind)):  # the first that closes is the one that is told
            gate[_closed(name, a, b)] = GATES.index(name)
        return gate


def both_ways(one: Matrix, other: Matrix) -> Matrix:
    """Harmonic mean of the two directions; the known one where the other is unknown (NaN); NaN where both are."""
    total = one + other
    harmonic = np.divide(2 * one * other, total, out=np.zeros_like(total), where=total > 0)
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, harmonic))


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


def codes_of(scorer: str, a: Profile, b: Profile) -> tuple[str, ...]:
    """What a structured scorer found in common."""
    if scorer == "sector":
        return tuple(sorted({*a.sectors} & {*b.sectors} or structured.divisions(a) & structured.divisions(b)))
    if scorer == "hs":
        return tuple(
            sorted(
                structured.tariff(a, 4) & structured.tariff(b, 4) or structured.tariff(a, 2) & structured.tariff(b, 2)
            )
        )
    if scorer == "certificates":
        wanted = frozenset[str]().union(*structured.required(a), *structured.required(b))
        return tuple(sorted(wanted & (structured.held(a) | structured.held(b))))
    if scorer == "markets":
        return tuple(sorted({*a.markets, *a.countries} & {*b.markets, *b.countries}))
    if scorer == "languages":
        return tuple(sorted({*a.languages} & {*b.languages}))
    if scorer == "tags":
        return tuple(sorted({t for p in a.parts for t in p.tags} & {t for p in b.parts for t in p.tags}))
    return ()


def _closed(name: str, a: Sequence[Profile], b: Sequence[Profile]) -> NDArray[np.bool_]:
    if name == "loan_range":
        return structured.loan_out_of_range(a, b)
    if name == "certificate":
        return structured.certificate_missing(a, b)
    if name == "same_profile":
        return _equal([p.key for p in a], [p.key for p in b])
    if name == "same_group":
        return _equal([p.group for p in a], [p.group for p in b])
    return structured.declined(a, b)


def _equal(a: Sequence[str | None], b: Sequence[str | None]) -> NDArray[np.bool_]:
    """True where both name the same thing; None and the empty text equal nothing."""
    names = {name: i for i, name in enumerate(dict.fromkeys(n for n in (*a, *b) if n))}
    left = np.array([names.get(n, -1) if n else -1 for n in a], dtype=np.intp)
    right = np.array([names.get(n, -2) if n else -2 for n in b], dtype=np.intp)
    return np.asarray(left[:, None] == right[None, :])


def _bilingual(parts: Sequence[Part]) -> list[Bilingual]:
    """Parts that say the same in both languages, as lines to learn from."""
    return [
        Bilingual(part.vi, part.en, 0.5)
        for part in dict.fromkeys(parts)
        if part.vi.strip() and part.en.strip() and language_of(part.vi) == "vi" and language_of(part.en) == "en"
    ]
