"""Reasons of many pairs of the same two lists: what belongs to a list is computed once, a pair costs little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.meeting_terms import Meetings, Word, words_of
from matching.parts import Parts, Side
from matching.reasons import Contribution, Explanation, advice_for
from matching.structured import codes_of
from matching.text.space import Text
from matching.weights import GATES, NEUTRAL

if TYPE_CHECKING:
    from matching.suggestions import Ranker

MOST_TERMS = 8
MOST_NEEDS = 3  # of one direction: the needs that are answered best give the terms
Matrix = NDArray[np.float64]


class Explainer:
    """Explains pairs of two lists with a fitted ranker; numerically the same as `Ranker.score` gives.

    `words`: what was read of texts before, shared by explainers of rankers over the same words.
    """

    def __init__(self, ranker: Ranker, a: Side, b: Side, words: dict[Text, list[Word]] | None = None) -> None:
        known = {} if words is None else words
        self._ranker, self._a, self._b = ranker, a, b
        self._values: Mapping[str, Matrix] = {s: ranker.values(s, self._a, self._b) for s in ranker.weights_}
        self._fit = ranker.combine(self._values)
        self._gate = ranker.gates(self._a, self._b)
        self._forward = _Direction(ranker, self._a.needs, self._b.offers, known)
        self._backward = _Direction(ranker, self._b.needs, self._a.offers, known)

    def explain(self, i: int, j: int) -> Explanation:
        """The reasons of row i with column j."""
        a, b = self._a.facts.profiles[i], self._b.facts.profiles[j]
        contributions: list[Contribution] = []
        for scorer, weight in self._ranker.weights_.items():
            value = float(self._values[scorer][i, j])
            known = not np.isnan(value)
            terms = self._terms(i, j) if scorer == "text" and known else ()
            codes = codes_of(scorer, a, b) if known else ()
            share = value if known else NEUTRAL
            contributions.append(Contribution(scorer, weight * share, terms, codes, known, share))
        fit = float(self._fit[i, j])
        if self._ranker.learnt is not None or self._ranker.scale is not None:
            contributions = _shares(contributions, list(self._ranker.weights_.values()), fit)
        closed = (GATES[self._gate[i, j]],) if self._gate[i, j] else ()
        return Explanation(
            0.0 if closed else fit, tuple(contributions), closed, advice_for(a, frozenset(self._ranker.weights_))
        )

    def _terms(self, i: int, j: int) -> tuple[tuple[str, str], ...]:
        backward = [(own, other, strength) for other, own, strength in self._backward.terms(j, i)]
        ranked = sorted([*self._forward.terms(i, j), *backward], key=lambda term: (-term[2], term[0], term[1]))
        return tuple(dict.fromkeys((own, other) for own, other, _ in ranked))[:MOST_TERMS]


def _shares(contributions: list[Contribution], weights: list[float], fit: float) -> list[Contribution]:
    """A fit that was learnt or scaled, shared as the hand weights share it; by these where they give nothing."""
    total = sum(c.value for c in contributions)
    parts = [c.value / total for c in contributions] if total > 0 else weights
    return [replace(c, value=fit * part) for c, part in zip(contributions, parts, strict=True)]


class _Direction:
    """Needs of one list against offers of the other: the terms that met, part by part."""

    def __init__(self, ranker: Ranker, needs: Parts, offers: Parts, words: dict[Text, list[Word]]) -> None:
        self._space, self._needs, self._offers = ranker.space_, needs, offers
        filled = bool(needs.parts and offers.parts)
        self._values = (
            ranker.part_values(needs, offers) if filled else np.zeros((len(needs.parts), len(offers.parts)))
        )
        self._meetings = Meetings(self._space)
        self._words = words
        self._found: dict[tuple[int, int], list[tuple[str, str, float]]] = {}

    def terms(self, asking: int, answering: int) -> list[tuple[str, str, float]]:
        rows = np.flatnonzero(self._needs.owner == asking)
        columns = np.flatnonzero(self._offers.owner == answering)
        if not len(rows) or not len(columns):
            return []
        block = self._values[np.ix_(rows, columns)]
        found: list[tuple[str, str, float]] = []
        for i in np.argsort(-block.max(axis=1), kind="stable")[:MOST_NEEDS]:
            found += self._of_parts(int(rows[i]), int(columns[block[i].argmax()]))
        return found

    def _of_parts(self, need: int, offer: int) -> list[tuple[str, str, float]]:
        key = need, offer
        if key not in self._found:
            texts = self._needs.parts[need].texts, self._offers.parts[offer].texts
            self._found[key] = self._meetings.of(*map(self._words_of, texts))
        return self._found[key]

    def _words_of(self, texts: Text) -> list[Word]:
        if texts not in self._words:
            self._words[texts] = words_of(self._space, texts)
        return self._words[texts]
