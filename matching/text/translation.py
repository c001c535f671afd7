"""A word-translation table learnt from bilingual lines: IBM Model 1 by EM, in both directions, symmetrised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted


class Line(NamedTuple):
    """One bilingual line as tokens, and how much it counts."""

    source: Sequence[str]
    target: Sequence[str]
    weight: float = 1.0


class _Links(NamedTuple):
    """All (source word, target word) pairs that share a line, as parallel arrays; column 0 words are NULL."""

    line: NDArray[np.intp]
    source: NDArray[np.intp]
    target: NDArray[np.intp]
    weight: NDArray[np.float64]


class TranslationTable(BaseEstimator):
    """IBM Model 1 (Brown et al. 1993), fitted by expectation maximisation in both directions.

    `table_` is a CSR matrix (source words, target words) of symmetrised probabilities: the geometric mean of
    t(target | source) and t(source | target), so that a pair counts only when both directions believe it. `smoothing`
    keeps a pair that was seen once from being certain; entries below `floor` are dropped.
    """

    def __init__(self, *, iterations: int = 8, smoothing: float = 0.05, floor: float = 0.02) -> None:
        self.iterations = iterations
        self.smoothing = smoothing
        self.floor = floor

    def fit(self, lines: Sequence[Line], y: None = None) -> Self:
        """Learn from bilingual lines; lines with an empty side are skipped. Returns self."""
        usable = [line for line in lines if len(line.source) and len(line.target)]
        self.source_index_ = _index(line.source for line in usable)
        self.target_index_ = _index(line.target for line in usable)
        forward = self._one_way(usable, self.source_index_, self.target_index_)
        turned = [Line(line.target, line.source, line.weight) for line in usable]
        backward = self._one_way(turned, self.target_index_, self.source_index_)
        joint = forward.multiply(backward.T).tocsr()
        joint.data = np.sqrt(joint.data)
        joint.data[joint.data < self.floor] = 0.0
        joint.eliminate_zeros()
        self.table_ = joint
        self.forward_ = forward
        self.backward_ = backward
        return self

    def _one_way(self, lines: Sequence[Line], source: dict[str, int], target: dict[str, int]) -> sp.csr_matrix:
        shape = (len(source) + 1, max(len(target), 1))
        if not lines:
            return sp.csr_matrix((max(len(source), 1), shape[1]))
        links = _links(lines, source, target)
        cell = links.source * shape[1] + links.target
        cells, inverse = np.unique(cell, return_inverse=True)
        source_of = cells // shape[1]
        position = links.line * shape[1] + links.target  # a target word within its line
        _, place = np.unique(position, return_inverse=True)
        t = np.ones(len(cells))
        for _ in range(self.iterations):
            share = t[inverse]
            share = share / np.bincount(place, weights=share)[place]
            count = np.bincount(inverse, weights=share * links.weight, minlength=len(cells))
            total = np.bincount(source_of, weights=count, minlength=shape[0])
            t = count / (total[source_of] + self.smoothing)
        table = sp.csr_matrix((t, (source_of, cells % shape[1])), shape=shape)
        return sp.csr_matrix(table[1:])  # row 0 is NULL

    def transform(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Weights over source words (n, source words) to weights over target words (n, target words)."""
        check_is_fitted(self)
        return sp.csr_matrix(counts @ self.table_)


def _index(sides: Iterable[Sequence[str]]) -> dict[str, int]:
    index: dict[str, int] = {}
    for side in sides:
        for word in side:
            index.setdefault(word, len(index))
    return index


def _links(lines: Sequence[Line], source: dict[str, int], target: dict[str, int]) -> _Links:
    left = np.array([i for line in lines for i in (0, *(source[w] + 1 for w in line.source))], dtype=np.intp)
    right = np.array([target[w] for line in lines for w in line.target], dtype=np.intp)
    lefts = np.array([len(line.source) + 1 for line in lines])
    rights = np.array([len(line.target) for line in lines])
    pairs = lefts * rights
    number = np.repeat(np.arange(len(lines)), pairs)
    within = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    a = left[np.repeat(np.cumsum(lefts) - lefts, pairs) + within // rights[number]]
    b = right[np.repeat(np.cumsum(rights) - rights, pairs) + within % rights[number]]
    weights = np.array([line.weight for line in lines], dtype=np.float64)
    return _Links(number, a, b, weights[number])
