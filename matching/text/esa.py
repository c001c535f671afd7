"""Cross-lingual explicit semantic analysis: a text as the bilingual lines that it resembles (Gabrilovich and
Markovitch 2007; Potthast, Stein and Anderka 2008). Not part of the fit: the
bench compares it with the translation table (docs/matching.md has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.text import tokens as tk
from matching.text.block import Block
from matching.text.foreign import ForeignTerms
from matching.text.space import Bilingual, Text, by_language


class ConceptSpace(BaseEstimator):
    """Texts in either language to sparse rows over concepts; a concept is one bilingual line.

    A text is compared with the Vietnamese half of every line when it is Vietnamese and with the English half when it
    is not; the `most` nearest lines are its row, scaled to length 1, so that the product of two rows is a cosine.
    """

    def __init__(self, *, most: int = 100) -> None:
        self.most = most

    def fit(self, lines: Sequence[Bilingual], y: None = None) -> Self:
        """Take the bilingual lines as concepts. Returns self."""
        vietnamese = [tk.with_bigrams(tk.vietnamese_folded(line.vi)) for line in lines]
        english = [tk.with_bigrams(tk.english(line.en)) for line in lines]
        self.blocks_ = Block(vietnamese), Block(english)
        halves = zip(self.blocks_, (vietnamese, english), strict=True)
        self.concepts_ = tuple(sp.csr_matrix(_unit(block.weigh(block.counts(half))).T) for block, half in halves)
        return self

    def transform(self, texts: Sequence[Text]) -> sp.csr_matrix:
        """Rows (n, concepts) of length 1; of length 0 where a text resembles no line."""
        check_is_fitted(self)
        fields = [by_language(text, ForeignTerms(())) for text in texts]
        spoken = (
            [tk.with_bigrams(tk.vietnamese_folded(" . ".join(vietnamese))) for vietnamese, _ in fields],
            [tk.with_bigrams(tk.english(" . ".join(english))) for _, english in fields],
        )
        found = sp.csr_matrix((len(texts), self.concepts_[0].shape[1]))
        for block, concepts, said in zip(self.blocks_, self.concepts_, spoken, strict=True):
            found = found + block.weigh(block.counts(said)) @ concepts
        return _unit(_largest(sp.csr_matrix(found), self.most))


def _largest(matrix: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """The `most` largest values of each row."""
    out = matrix.copy()
    for start, end in zip(out.indptr[:-1], out.indptr[1:], strict=True):
        row = out.data[start:end]
        if len(row) > most:
            row[np.argpartition(-row, most)[most:]] = 0.0
    out.eliminate_zeros()
    return out


def _unit(matrix: sp.csr_matrix) -> sp.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    factor = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sp.csr_matrix(sp.diags(factor) @ matrix)
