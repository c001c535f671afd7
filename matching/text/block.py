"""Words of one kind with their weights: what a column of the text space means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

TAIL = 1 << 14  # slots for words that were not there at fit time
SATURATION = 1.5  # the third time a word is said adds less than the second
RARITY = 1.2  # power of the inverse document frequency
LENGTH = 0.85  # power of the length that a row is divided by: 1 would favour short texts too much
PIVOT_SAMPLE = 1000


class Block:
    """Vocabulary and weights of one kind of token; words unknown at fit time share `TAIL` hashed slots.

    `idf` (width,): weight of each column. `pivot`: the length of a usual row, which keeps its length under `weigh`.
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.index: dict[str, int] = {}
        frequency: list[int] = []
        filled = [document for document in documents if document]
        for document in filled:
            for token in set(document):
                i = self.index.setdefault(token, len(self.index))
                if i == len(frequency):
                    frequency.append(0)
                frequency[i] += 1
        df = np.concatenate([np.array(frequency, dtype=np.float64), np.zeros(TAIL)])
        self.width = len(df)
        self.idf: NDArray[np.float64] = np.log1p((len(filled) + 1.0) / (df + 0.5)) ** RARITY
        self.pivot = 1.0
        step = max(1, len(filled) // PIVOT_SAMPLE)
        lengths = _lengths(sp.csr_matrix(self.counts(filled[::step]) @ sp.diags(self.idf)))
        self.pivot = float(np.median(lengths)) if len(lengths) else 1.0

    def slot(self, token: str) -> int:
        """Column of a token."""
        i = self.index.get(token)
        return i if i is not None else len(self.index) + crc32(token.encode()) % TAIL

    def counts(self, documents: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """Saturated term frequencies, (documents, width)."""
        indptr = np.zeros(len(documents) + 1, dtype=np.int64)
        columns: list[int] = []
        values: list[int] = []
        for i, document in enumerate(documents):
            for token, n in Counter(document).items():
                columns.append(self.slot(token))
                values.append(n)
            indptr[i + 1] = len(columns)
        often = np.array(values, dtype=np.float64)
        data = often * (SATURATION + 1.0) / (often + SATURATION)
        return sp.csr_matrix((data, columns, indptr), shape=(len(documents), self.width))

    def weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Counts times word weights, divided by a power of the row's length; a usual row gets length 1."""
        matrix = sp.csr_matrix(counts @ sp.diags(self.idf))
        lengths = _lengths(matrix)
        base = (lengths / self.pivot) ** LENGTH * self.pivot
        factor = np.divide(1.0, base, out=np.zeros_like(lengths), where=lengths > 0)
        return sp.csr_matrix(sp.diags(factor) @ matrix)


def _lengths(matrix: sp.csr_matrix) -> NDArray[np.float64]:
    return np.asarray(np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()))
