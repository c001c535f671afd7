"""One scale for all kinds of partner: where a fit stands against the background of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.learning import logit, sigmoid

Matrix = NDArray[np.float64]

# Of all pairs of a kind, the middle one reads 0.2, one in ten reads 0.4 or more, one in fifty 0.6 or more.
QUANTILES, READS = (0.5, 0.9, 0.98), (0.2, 0.4, 0.6)
# The same three points of the raw fit before anything is measured (invented conferences; judgement).
USUAL: Mapping[str, tuple[float, float, float]] = MappingProxyType({
    "bank": (0.37, 0.65, 0.74),
    "credit_fund": (0.37, 0.65, 0.74),
    "university": (0.16, 0.27, 0.46),
    "institute": (0.15, 0.26, 0.45),
    "vocational_school": (0.19, 0.32, 0.46),
    "fdi": (0.16, 0.28, 0.46),
    "corporation": (0.17, 0.30, 0.46),
    "technology_supplier": (0.23, 0.37, 0.54),
})  # fmt: skip
PLAIN = (0.2, 0.4, 0.6)
PULL = 300.0  # pairs that the usual points are worth
GAP = 0.15  # least distance of two points, in log-odds: a background of equal values gives no cliff


class Scale(BaseEstimator):
    """Raw fits of one kind to fits that compare between kinds: log-odds through three points, strictly rising.

    `kind` names the usual points; those measured on the background weigh the more the larger it is.
    """

    def __init__(self, kind: str = "general", *, pull: float = PULL) -> None:
        self.kind = kind
        self.pull = pull

    def fit(self, fits: Matrix) -> Self:
        """Measure on the raw fits of all open pairs of the kind, of any shape; none gives the usual points."""
        values = np.ravel(np.asarray(fits, dtype=np.float64))
        points = logit(np.array(USUAL.get(self.kind, PLAIN)))
        if len(values):
            share = len(values) / (len(values) + self.pull)
            points = share * logit(np.quantile(values, QUANTILES)) + (1 - share) * points
        for i in range(1, len(points)):
            points[i] = max(points[i], points[i - 1] + GAP)
        self.points_ = points
        return self

    def transform(self, fits: Matrix) -> Matrix:
        """Fits on the common scale, in [0, 1], of the same shape."""
        check_is_fitted(self)
        reads = logit(np.array(READS))
        odds = logit(np.asarray(fits, dtype=np.float64))
        slopes = np.diff(reads) / np.diff(self.points_)
        inside = np.interp(odds, self.points_, reads)
        below = np.minimum(odds - self.points_[0], 0.0) * slopes[0]
        above = np.maximum(odds - self.points_[-1], 0.0) * slopes[-1]
        return np.where(np.asarray(fits) <= 0, 0.0, sigmoid(inside + below + above))

    def describe(self) -> list[float]:
        """The raw fits that read 0.2, 0.4 and 0.6: what the audit keeps, and `of` takes."""
        check_is_fitted(self)
        return [round(float(x), 6) for x in sigmoid(self.points_)]

    @classmethod
    def of(cls, kind: str, described: Sequence[float]) -> Scale:
        """The scale that was described."""
        scale = cls(kind)
        scale.points_ = logit(np.asarray(described, dtype=np.float64))
        return scale
