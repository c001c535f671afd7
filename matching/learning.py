"""Learning from answers: how much the weights of a kind are moved by accepts and declines, and when they are not.

Below `FEW` answers only the level shifts (Platt's intercept); up to `MANY` a logistic regression is shrunk towards
the hand weights; above, gradient boosting that may only rise with every scorer, in a calibrated wrapper, folds
grouped by firm. A model is adopted only when it beats the hand weights on held-out log loss and on the order of each
firm's list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import log_loss, ndcg_score
from sklearn.model_selection import GroupKFold
from sklearn.utils.validation import check_is_fitted

FEW, MANY = 50, 300
FOLDS = 5
Matrix = NDArray[np.float64]

# What an answer is worth as evidence that the pair should meet.
ANSWER_VALUE = {"accepted": 1.0, "attended": 1.0, "rated_high": 1.0, "declined": 0.0, "absent": 0.3, "rated_low": 0.2}


class Answers(NamedTuple):
    """Answers as arrays: scorer values (n, scorers) in [0, 1], target (n,) in [0, 1], firm (n,), rank shown (n,)
    from 1."""

    values: Matrix
    target: Matrix
    group: NDArray[np.intp]
    shown: NDArray[np.intp]


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
    """Boosted trees that never fall when a scorer rises, brought to probabilities by isotonic regression.

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
            max_iter=80, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0, learning_rate=0.08,
            monotonic_cst=[1] * values.shape[1], random_state=self.seed, early_stopping=False,
        ).fit(values[~held], label[~held], share[~held])  # fmt: skip
        self.start_ = float(np.ravel(trees._baseline_prediction)[0])
        self.nodes_ = _plain_trees([predictors[0].nodes for predictors in trees._predictors])
        steps = IsotonicRegression(y_min=0.02, y_max=0.98, out_of_bounds="clip")
        steps.fit(self._odds(values[held]), target[held], share[held])
        self.calibration_ = np.stack([steps.X_thresholds_, steps.y_thresholds_]).astype(np.float64)
        return self

    def predict(self, values: Matrix) -> Matrix:
        """Probability of a mutual yes, (n,)."""
        check_is_fitted(self)
        return np.asarray(np.interp(self._odds(values), self.calibration_[0], self.calibration_[1]))

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


class Verdict(NamedTuple):
    """Held-out quality of the hand weights and of the learnt model, and whether the latter is adopted."""

    hand_loss: float
    learnt_loss: float
    hand_ndcg: float
    learnt_ndcg: float
    adopted: bool


def judge(answers: Answers, weights: Sequence[float]) -> Verdict:
    """Compare on folds grouped by firm. Too few firms or one-sided answers are never adopted."""
    firms = np.unique(answers.group)
    label = (answers.target >= 0.5).astype(int)
    if len(firms) < FOLDS or len(np.unique(label)) < 2:
        return Verdict(float("nan"), float("nan"), float("nan"), float("nan"), False)
    hand, learnt = np.empty(len(label)), np.empty(len(label))
    share = position_weights(answers.shown)
    for train, test in GroupKFold(n_splits=FOLDS).split(answers.values, label, answers.group):
        known = answers.values[train], answers.target[train], share[train]
        hand[test] = LevelShift(weights).fit(*known).predict(answers.values[test])
        model = candidate(len(label), weights)
        learnt[test] = model.fit(*known).predict(answers.values[test])
    losses = [float(log_loss(label, p, sample_weight=share)) for p in (hand, learnt)]
    orders = [_ndcg(answers, p) for p in (hand, learnt)]
    better = losses[1] < losses[0] and orders[1] >= orders[0]
    return Verdict(losses[0], losses[1], orders[0], orders[1], better)


def _ndcg(answers: Answers, predicted: Matrix) -> float:
    found = []
    for firm in np.unique(answers.group):
        rows = answers.group == firm
        if rows.sum() > 1 and answers.target[rows].any():
            found.append(ndcg_score(answers.target[rows][None, :], predicted[rows][None, :]))
    return float(np.mean(found)) if found else 0.0


def position_weights(shown: NDArray[np.intp], *, most: float = 5.0) -> Matrix:
    """Inverse propensity of being looked at: what stood low and was still answered counts more, up to `most`
    times."""
    weight = np.minimum(np.log2(1.0 + np.maximum(shown, 1)), most)
    return np.asarray(weight / weight.mean()) if len(weight) else weight


def logit(chance: Matrix) -> Matrix:
    """Log-odds, with chances kept off 0 and 1."""
    kept = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def sigmoid(odds: Matrix) -> Matrix:
    """Inverse of `logit`, off 0 and 1 so that its logarithm is finite."""
    return np.asarray(np.clip(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))), 1e-9, 1 - 1e-9))
