"""Words of one kind with their weights: what a column of the text space means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.text.tokens import PAIR, folded

TAIL = 1 << 14  # slots for words that were not there at fit time
SATURATION = 1.5  # the third time a word is said adds less than the second
RARITY = 1.2  # power of the inverse document frequency
LENGTH = 0.85  # power of the length that a row is divided by: 1 would favour short texts too much
PIVOT_SAMPLE = 1000


def itself(word: str) -> tuple[str, ...]:
    """A word is its own feature."""
    return (word,)


def characters(word: str) -> tuple[str, ...]:
    """Folded runs of 3 to 5 characters of a word, for names, misspellings and shared roots."""
    padded = f" {folded(word)} "
    return tuple(padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1))


class Block:
    """Vocabulary and weights of one kind of feature; features unknown at fit time share `TAIL` hashed slots.

    `features`: from a token to its features. `idf` (width,): weight of each column. `pivot`: the length of a usual
    row, which keeps its length under `weigh`. Features of more than a share `commonest` of the documents are dropped.
    """

    def __init__(
        self,
        documents: Sequence[Sequence[str]],
        features: Callable[[str], tuple[str, ...]] = itself,
        commonest: float = 1.0,
    ) -> None:
        self.features = features
        self.index: dict[str, int] = {}
        self._columns: dict[str, tuple[int, ...]] = {}
        filled = [document for document in documents if document]
        learnt = self._matrix(filled, self._learn)
        self._columns = {}
        self.width = len(self.index) + TAIL
        df = np.concatenate([np.bincount(learnt.indices, minlength=len(self.index)), np.zeros(TAIL)])
        self.idf: NDArray[np.float64] = np.log1p((len(filled) + 1.0) / (df + 0.5)) ** RARITY
        self.idf[df > max(20.0, commonest * len(filled))] = 0.0
        sample = learnt[:: max(1, len(filled) // PIVOT_SAMPLE)]
        lengths = _lengths(sp.csr_matrix(sample @ sp.diags(self.idf[: len(self.index)])))
        self.pivot = float(np.median(lengths)) if len(lengths) else 1.0

    def slot(self, feature: str) -> int:
        """Column of a feature; -1 for a pair of words that was not there at fit time, which would only be noise."""
        i = self.index.get(feature)
        if i is not None:
            return i
        return -1 if PAIR in feature else len(self.index) + crc32(feature.encode(errors="replace")) % TAIL

    def counts(self, documents: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """Saturated frequencies of features, (documents, width)."""
        return self._matrix(documents, self._known, self.width)

    def _known(self, feature: str) -> int:
        i = self.slot(feature)
        return i if i < 0 or self.idf[i] > 0.0 else -1

    def _learn(self, feature: str) -> int:
        return self.index.setdefault(feature, len(self.index))

    def _matrix(
        self, documents: Sequence[Sequence[str]], place: Callable[[str], int], width: int | None = None
    ) -> sp.csr_matrix:
        indptr = [0]
        columns: list[int] = []
        known = self._columns
        for document in documents:
            for token in document:
                found = known.get(token)
                if found is None:
                    found = known[token] = tuple(i for i in map(place, self.features(token)) if i >= 0)
                columns.extend(found)
            indptr.append(len(columns))
        shape = (len(documents), len(self.index) if width is None else width)
        matrix = sp.csr_matrix((np.ones(len(columns)), columns, indptr), shape=shape)
        matrix.sum_duplicates()
        matrix.data = matrix.data * (SATURATION + 1.0) / (matrix.data + SATURATION)
        return matrix

    def weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Counts times feature weights, divided by a power of the row's length; a usual row gets length 1."""
        matrix = sp.csr_matrix(counts @ sp.diags(self.idf))
        lengths = _lengths(matrix)
        base = (lengths / self.pivot) ** LENGTH * self.pivot
        factor = np.divide(1.0, base, out=np.zeros_like(lengths), where=lengths > 0)
        return sp.csr_matrix(sp.diags(factor) @ matrix)


def _lengths(matrix: sp.csr_matrix) -> NDArray[np.float64]:
    return np.asarray(np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()))
