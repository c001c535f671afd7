"""What similarity is noise and what is agreement: measured once at fit time, so that scores compare everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.text.space import FORMS, Bilingual, Rows, TextSpace
from vietnamese import fold


class Background(BaseEstimator):
    """Raw similarity to a value in [0, 1) by a Hill curve through two fixed points.

    For every pair of forms (marked with English, unmarked with marked, ...) the similarity of unrelated lines gets
    `noise_value` and `reach` of the way from there to that of a line with itself or its translation gets
    `good_value`. The curve rises strictly, so it never changes an order within a pair of forms.
    """

    def __init__(
        self, *, sample: int = 240, reach: float = 0.22, noise_value: float = 0.08, good_value: float = 0.75
    ) -> None:
        self.sample = sample
        self.reach = reach
        self.noise_value = noise_value
        self.good_value = good_value

    def fit(self, lines: Sequence[Bilingual], space: TextSpace) -> Self:
        """Measure on an evenly spaced sample of bilingual lines. Returns self."""
        step = max(1, len(lines) // self.sample)
        chosen = list(lines)[::step][: self.sample]
        texts = {
            "unmarked": [(fold(line.vi), "", "") for line in chosen],
            "marked": [(line.vi, "", "") for line in chosen],
            "english": [("", line.en, "") for line in chosen],
            "both": [(line.vi, line.en, "") for line in chosen],
        }
        rows = {form: space.transform(found) for form, found in texts.items()}
        count = len(FORMS)
        self.noise_ = np.full((count, count), 0.02)
        self.good_ = np.full((count, count), 0.4)
        for i, one in enumerate(FORMS):
            for j, other in enumerate(FORMS):
                if chosen and one in rows and other in rows:
                    self.noise_[i, j], self.good_[i, j] = self._anchors(rows[one], rows[other])
        odds = [value / (1 - value) for value in (self.noise_value, self.good_value)]
        self.power_ = np.clip(np.log(odds[1] / odds[0]) / np.log(self.good_ / self.noise_), 1.5, 4.0)
        self.scale_ = odds[1] / self.good_**self.power_
        return self

    def _anchors(self, one: Rows, other: Rows) -> tuple[float, float]:
        similarity = np.asarray(one.against(other).toarray())
        same = np.eye(len(similarity), dtype=bool)
        noise = max(0.02, float(np.quantile(similarity[~same], 0.95))) if len(similarity) > 1 else 0.02
        agreement = max(float(np.median(similarity[same])), 3 * noise)
        return noise, noise + self.reach * (agreement - noise)

    def transform(self, similarity: sp.csr_matrix, one: NDArray[np.intp], other: NDArray[np.intp]) -> sp.csr_matrix:
        """Values in [0, 1) of similarities (n, m) between texts of forms `one` (n,) and `other` (m,)."""
        check_is_fitted(self)
        scale, power = self.scale_.ravel(), self.power_.ravel()
        pair: NDArray[np.intp] | int
        if len(np.unique(one)) == len(np.unique(other)) == 1:  # one kind of pair only: no need to look up every value
            pair = int(one[0] * len(FORMS) + other[0])
        else:
            pair = np.repeat(one * len(FORMS), np.diff(similarity.indptr)) + other[similarity.indices]
        lifted = np.power(similarity.data, power[pair])  # no similarity is below 0
        lifted *= scale[pair]
        lifted /= 1.0 + lifted
        return sp.csr_matrix((lifted, similarity.indices, similarity.indptr), shape=similarity.shape)
