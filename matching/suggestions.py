"""Who should meet whom: the ranker that the site calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching import structured
from matching.background import Background
from matching.meeting_terms import meeting_terms
from matching.parts import Parts, best_per_profile, kind_factors, mean_of_best, parts_of
from matching.profiles import Part, Profile
from matching.reasons import Contribution, Explanation, advice_for
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
class _Side:
    """Profiles with their parts as arrays."""

    profiles: tuple[Profile, ...]
    needs: Parts
    offers: Parts


class Ranker(BaseEstimator):
    """Mutual fit of profiles on two sides of one kind of conference.

    `kind`: which row of the weight table counts ("bank", "university", "fdi", ...); `weights`: other weights by
    scorer name. Deterministic: the same profiles give the same numbers.
    """

    def __init__(self, kind: str = "general", weights: Mapping[str, float] | None = None) -> None:
        self.kind = kind
        self.weights = weights

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
        a, b = self._side(profiles_a), self._side(profiles_b)
        fit = np.zeros((len(a.profiles), len(b.profiles)))
        for scorer, weight in self.weights_.items():
            fit += weight * np.nan_to_num(self._values(scorer, a, b), nan=NEUTRAL)
        gate = self._gates(a.profiles, b.profiles)
        fit = np.where(gate == 0, np.clip(fit, 0.0, 1.0), 0.0)
        open_pairs = np.maximum((gate == 0).sum(axis=0), 1)
        return Scores(fit, gate, fit.sum(axis=0) / open_pairs)

    def explain(self, a: Profile, b: Profile) -> Explanation:
        """The reasons of one pair's fit; numerically the same as `score` gives."""
        check_is_fitted(self)
        one, other = self._side([a]), self._side([b])
        contributions: list[Contribution] = []
        for scorer, weight in self.weights_.items():
            value = float(self._values(scorer, one, other)[0, 0])
            known = not np.isnan(value)
            terms = self._terms(one, other) if scorer == "text" and known else ()
            codes = codes_of(scorer, a, b) if known else ()
            contributions.append(Contribution(scorer, weight * (value if known else NEUTRAL), terms, codes, known))
        closed = tuple(name for name in gates_of(self.kind) if _closed(name, [a], [b])[0, 0])
        fit = 0.0 if closed else min(1.0, sum(c.value for c in contributions))
        return Explanation(fit, tuple(contributions), closed, advice_for(a, frozenset(self.weights_)))

    def describe(self) -> dict[str, Any]:
        """What the audit keeps: version, kind, weights and what the ranker was fitted on."""
        check_is_fitted(self)
        return {
            "engine": ENGINE_VERSION, "kind": self.kind, "weights": dict(self.weights_), "neutral": NEUTRAL,
            "gates": list(gates_of(self.kind)), "inputs": dict(self.inputs_),
        }  # fmt: skip

    def _side(self, profiles: Sequence[Profile]) -> _Side:
        return _Side(
            tuple(profiles),
            parts_of(profiles, "need", self.space_),
            parts_of(profiles, "offer", self.space_),
        )

    def _values(self, scorer: str, a: _Side, b: _Side) -> Matrix:
        if scorer == "text":
            return both_ways(self._one_way(a.needs, b.offers), self._one_way(b.needs, a.offers).T)
        return structured.SCORER_FUNCTIONS[scorer](a.profiles, b.profiles)

    def _one_way(self, needs: Parts, offers: Parts) -> Matrix:
        """How well offers answer needs, (profiles with needs, profiles with offers); NaN where there are none."""
        best = best_per_profile(self._part_values(needs, offers), offers.owner, offers.profiles)
        return mean_of_best(best, needs.owner, needs.profiles)

    def _part_values(self, needs: Parts, offers: Parts) -> Matrix:
        similarity = needs.rows.against(offers.rows)
        values = self.background_.transform(similarity, needs.form, offers.form)
        return np.asarray(values * kind_factors(needs.kind, offers.kind))

    def _gates(self, a: Sequence[Profile], b: Sequence[Profile]) -> NDArray[np.int8]:
        gate = np.zeros((len(a), len(b)), dtype=np.int8)
        for name in reversed(gates_of(self.kind)):  # the first that closes is the one that is told
            gate[_closed(name, a, b)] = GATES.index(name)
        return gate

    def _terms(self, a: _Side, b: _Side) -> tuple[tuple[str, str], ...]:
        forward = self._pair_terms(a.needs, b.offers)
        backward = [(own, other, strength) for other, own, strength in self._pair_terms(b.needs, a.offers)]
        ranked = sorted([*forward, *backward], key=lambda term: (-term[2], term[0], term[1]))
        return tuple(dict.fromkeys((own, other) for own, other, _ in ranked))[:8]

    def _pair_terms(self, needs: Parts, offers: Parts) -> list[tuple[str, str, float]]:
        if not needs.parts or not offers.parts:
            return []
        values = self._part_values(needs, offers)
        found: list[tuple[str, str, float]] = []
        for i in np.argsort(-values.max(axis=1), kind="stable")[:3]:
            j = int(values[i].argmax())
            found += meeting_terms(self.space_, needs.parts[i].texts, offers.parts[j].texts)
        return found


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
    order_by = scores.fit - hub * (scores.popularity - scores.popularity.mean())[None, :]
    order_by = np.where(scores.gate == 0, order_by, -np.inf)
    order = np.argsort(-order_by, axis=1, kind="stable")[:, :k]
    return np.where(np.isneginf(np.take_along_axis(order_by, order, axis=1)), -1, order)


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
