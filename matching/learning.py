"""Learning from answers: how much the weights of a kind are moved by accepts and declines, and when they are not.

Below `FEW` answers only the level shifts (Platt's intercept); up to `MANY` a logistic regression is shrunk towards
the hand weights; above, gradient boosting that may only rise with every scorer, in a calibrated wrapper, folds
grouped by firm. Whether a model is adopted says `judging.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

FEW, MANY = 50, 300
LEAF = 30  # answers that a leaf of a tree holds at least, so that no one of them decides it
Matrix = NDArray[np.float64]


class Learnt(Protocol):
    """A model of the probability of a mutual yes, made of plain arrays."""

    def fit(self, values: Matrix, target: Matrix, sample_weight: Matrix | None = None) -> Self:
        """Learn from answers."""
        ...

    def predict(self, values: Matrix) -> Matrix:
        """Probability of a mutual yes, (n,), of scorer values (n, scorers)."""
        ...


class LevelShift(BaseEstimator):
    """The hand weights with one number moved: log-odds of the fit plus an intercept, shrunk towards no shift."""

    def __init__(self, weights: Sequence[float], *, pull: float = 10.0) -> None:
        self.weights = weights
        self.pull = pull

    def fit(self, values: Matrix, target: Matrix, sample_weight: Matrix | None = None) -> Self:
        """Find the intercept that explains the share of accepts; `pull` answers speak against a shift."""
        share = np.ones(len(target)) if sample_weight is None else sample_weight
        base = logit(values @ np.asarray(self.weights, dtype=np.float64))

        def loss(shift: Matrix) -> float:
            chance = sigmoid(base + shift[0])
            return float(-share @ (target * np.log(chance) + (1 - target) * np.log1p(-chance))
                         + self.pull * shift[0] ** 2 / 2)  # fmt: skip

        self.shift_ = float(minimize(loss, np.zeros(1), method="L-BFGS-B").x[0]) if len(target) else 0.0
        return self

    def predict(self, values: Matrix) -> Matrix:
        """Probability of a mutual yes, (n,)."""
        check_is_fitted(self)
        return sigmoid(logit(values @ np.asarray(self.weights, dtype=np.float64)) + self.shift_)


class ShrunkLogistic(BaseEstimator):
    """Logistic regression on the scorers, shrunk towards the hand weights; no coefficient falls below 0."""

    def __init__(self, weights: Sequence[float], *, pull: float = 8.0, slope: float = 6.0) -> None:
        self.weights = weights
        self.pull = pull
        self.slope = slope

    def fit(self, values: Matrix, target: Matrix, sample_weight: Matrix | None = None) -> Self:
        """Coefficients near `slope` times the hand weights unless the answers speak against it."""
        share = np.ones(len(target)) if sample_weight is None else sample_weight
        start = np.r_[-self.slope / 2, self.slope * np.asarray(self.weights, dtype=np.float64)]

        def loss(x: Matrix) -> float:
            chance = np.clip(sigmoid(values @ x[1:] + x[0]), 1e-9, 1 - 1e-9)
            likelihood = share @ (target * np.log(chance) + (1 - target) * np.log1p(-chance))
            return float(-likelihood + self.pull * np.sum((x[1:] - start[1:]) ** 2) / 2)

        bounds = [(None, None), *[(0.0, None)] * values.shape[1]]
        self.coefficients_ = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
        return self

    def predict(self, values: Matrix) -> Matrix:
        """Probability of a mutual yes, (n,)."""
        check_is_fitted(self)
        return sigmoid(values @ self.coefficients_[1:] + self.coefficients_[0])


class MonotoneBoosting(BaseEstimator):
    """Boosted trees that never fall when a scorer rises, brought to probabilities by a sigmoid (Platt).

    The fitted trees are kept as plain arrays (`nodes_`: feature, threshold, left, right, value, leaf; each (trees,
    nodes)), so that a version can be stored and read without pickle.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, values: Matrix, target: Matrix, sample_weight: Matrix | None = None) -> Self:
        """Trees on two thirds of the answers, calibration on the last third."""
        held = np.arange(len(target)) % 3 == 2
        share = np.ones(len(target)) if sample_weight is None else sample_weight
        label = (target >= 0.5).astype(int)
        trees = HistGradientBoostingClassifier(
            max_iter=60, max_leaf_nodes=5, min_samples_leaf=LEAF, l2_regularization=10.0, learning_rate=0.08,
            monotonic_cst=[1] * values.shape[1], random_state=self.seed, early_stopping=False,
        )  # fmt: skip
        with threadpool_limits(limits=1, user_api="openmp"):  # so few answers: threads would only wait for each other
            trees.fit(values[~held], label[~held], share[~held])
        self.start_ = float(np.ravel(trees._baseline_prediction)[0])
        self.nodes_ = _plain_trees([predictors[0].nodes for predictors in trees._predictors])
        self.calibration_ = _sigmoid_of(self._odds(values[held]), target[held], share[held])
        return self

    def predict(self, values: Matrix) -> Matrix:
        """Probability of a mutual yes, (n,)."""
        check_is_fitted(self)
        return sigmoid(self.calibration_[0] * self._odds(values) + self.calibration_[1])

    def _odds(self, values: Matrix) -> Matrix:
        feature, threshold, left, right, value, leaf = self.nodes_
        total = np.full(len(values), self.start_)
        rows = np.arange(len(values))
        for tree in range(len(feature)):
            at = np.zeros(len(values), dtype=np.intp)
            while not leaf[tree, at].all():
                goes_left = values[rows, feature[tree, at].astype(np.intp)] <= threshold[tree, at]
                following = np.where(goes_left, left[tree, at], right[tree, at]).astype(np.intp)
                at = np.where(leaf[tree, at] > 0, at, following)
            total += value[tree, at]
        return total


def _sigmoid_of(odds: Matrix, target: Matrix, share: Matrix) -> Matrix:
    """Slope (0 or more) and level that bring odds to chances (Platt): two numbers, no answer makes a step."""

    def loss(x: Matrix) -> float:
        chance = sigmoid(x[0] * odds + x[1])
        return float(-share @ (target * np.log(chance) + (1 - target) * np.log1p(-chance)) + (x[0] - 1) ** 2)

    return np.asarray(minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.0, None), (None, None)]).x)


def _plain_trees(trees: Sequence[NDArray[np.void]]) -> Matrix:
    """(6, trees, nodes): feature, threshold, left, right, value, leaf of scikit-learn's node records."""
    names = ("feature_idx", "num_threshold", "left", "right", "value", "is_leaf")
    out = np.zeros((len(names), len(trees), max(map(len, trees), default=1)))
    out[-1] = 1.0
    for i, nodes in enumerate(trees):
        for j, name in enumerate(names):
            out[j, i, : len(nodes)] = nodes[name]
    return out


def candidate(count: int, weights: Sequence[float]) -> LevelShift | ShrunkLogistic | MonotoneBoosting:
    """The estimator that so many answers can carry."""
    if count < FEW:
        return LevelShift(weights)
    return ShrunkLogistic(weights) if count < MANY else MonotoneBoosting()


def logit(chance: Matrix) -> Matrix:
    """Log-odds, with chances kept off 0 and 1."""
    kept = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def sigmoid(odds: Matrix) -> Matrix:
    """Inverse of `logit`, off 0 and 1 so that its logarithm is finite."""
    return np.asarray(np.clip(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))), 1e-9, 1 - 1e-9))
