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

# Of all pairs of a kind, the middle one reads 0.2, one in ten about 0.4 or more, one in fifty 0.6 or more.
READS = (0.2, 0.4, 0.6)
MIDDLE, TENFOLD = -1.386, 1.28  # log-odds of the middle, and what it gains when only a tenth as many are better
# The raw fits that read so before anything is measured (invented conferences; judgement).
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

    A fit reads by how many of as many pairs drawn one by one would be better. What one row has in common (all banks
    lend to a firm whose loan fits, or none does) is taken out: the best of each row is compared with the best of so
    many draws. `kind` names the usual points; those measured count the more the larger the background is.
    """

    def __init__(self, kind: str = "general", *, pull: float = PULL) -> None:
        self.kind = kind
        self.pull = pull

    def fit(self, fits: Matrix, closed: NDArray[np.bool_] | None = None) -> Self:
        """Measure on the raw fits (n, m) of the kind; `closed` (n, m) pairs do not count. None open: usual points."""
        usual = np.stack([logit(np.array(USUAL.get(self.kind, PLAIN))), logit(np.array(READS))])
        open_ = np.ones(np.shape(fits), dtype=bool) if closed is None else ~closed
        count = int(open_.sum())
        self.points_ = usual
        if count:
            share = count / (count + self.pull)
            measured = _measured(np.asarray(fits, dtype=np.float64), open_)
            odds = np.unique(np.r_[measured[0], usual[0]])
            self.points_ = np.stack([odds, share * _through(odds, *measured) + (1 - share) * _through(odds, *usual)])
        return self

    def transform(self, fits: Matrix) -> Matrix:
        """Fits on the common scale, in [0, 1], of the same shape."""
        check_is_fitted(self)
        odds = logit(np.asarray(fits, dtype=np.float64))
        return np.where(np.asarray(fits) <= 0, 0.0, sigmoid(_through(odds, *self.points_)))

    def describe(self) -> list[list[float]]:
        """Raw fits and what they read, the corners of the curve: what the audit keeps, and `of` takes."""
        check_is_fitted(self)
        return [[round(float(raw), 6), round(float(read), 6)] for raw, read in sigmoid(self.points_).T]

    @classmethod
    def of(cls, kind: str, described: Sequence[Sequence[float]]) -> Scale:
        """The scale that was described."""
        scale = cls(kind)
        scale.points_ = logit(np.asarray(described, dtype=np.float64).T)
        return scale


def _measured(fits: Matrix, open_: NDArray[np.bool_]) -> Matrix:
    """Log-odds of up to three raw fits of a background (n, m) with some open pair, and of what they read, (2, k)."""
    rows = open_.any(axis=1)
    best = np.where(open_, fits, -np.inf)[rows].max(axis=1)
    draws = open_.sum() / rows.sum()
    found = [(np.median(fits[open_]), 0.5), *((np.quantile(best, q), q ** (1 / draws)) for q in (0.5, 0.9))]
    odds: list[float] = []
    reads: list[float] = []
    for fit, quantile in found:
        at, read = float(logit(np.array(fit))), MIDDLE - TENFOLD * float(np.log10(2 * (1 - quantile)))
        if not odds or read > reads[-1] + 0.05:
            odds.append(max(at, odds[-1] + GAP) if odds else at)
            reads.append(read)
    return np.array([odds, reads])


def _through(values: Matrix, points: Matrix, results: Matrix) -> Matrix:
    """Straight lines through points, going on at both ends; one point gives a line of slope 1."""
    if len(points) == 1:
        return np.asarray(results[0] + values - points[0])
    slopes = np.diff(results) / np.diff(points)
    below, above = np.minimum(values - points[0], 0.0), np.maximum(values - points[-1], 0.0)
    return np.asarray(np.interp(values, points, results) + below * slopes[0] + above * slopes[-1])
