"""Whether what was learnt is better than the hand weights: on held-out answers, folds grouped by firm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss, ndcg_score
from sklearn.model_selection import GroupKFold

from matching.learning import FEW, Learnt, LevelShift, Matrix, candidate

FOLDS = 5
BANDS = 5  # of answers, by predicted chance, in which predicted and observed are compared
LARGEST_GAP = 0.1  # between predicted and observed chance, up to which a model may be called a probability


class Answers(NamedTuple):
    """What is known of pairs as arrays: scorer values (n, scorers) in [0, 1], target (n,) in [0, 1], firm (n,).

    `shown` (n,): the best rank at which one saw the other, from 1. `given` (n,): False where both kept silent about
    what one of them was shown and passed over.
    """

    values: Matrix
    target: Matrix
    group: NDArray[np.intp]
    shown: NDArray[np.intp]
    given: NDArray[np.bool_]

    @property
    def label(self) -> NDArray[np.intp]:
        return (self.target >= 0.5).astype(np.intp)

    @property
    def share(self) -> Matrix:
        """How much each counts, (n,), on average 1; see `answer_weights`."""
        return answer_weights(self.shown, self.given)


class Verdict(NamedTuple):
    """Held-out quality of the hand weights and of the learnt model, and whether the latter is adopted.

    `gap`: mean distance of predicted and observed chance over five bands of answers. `calibrated`: whether the
    number may be called a probability. None where nothing could be measured.
    """

    hand_loss: float | None
    learnt_loss: float | None
    hand_ndcg: float | None
    learnt_ndcg: float | None
    gap: float | None
    adopted: bool
    calibrated: bool


NOT_JUDGED = Verdict(None, None, None, None, None, False, False)


def judge(answers: Answers, weights: Sequence[float]) -> Verdict:
    """Compare with the hand weights. Too few firms, one-sided answers or a gain within chance are never adopted.

    Below `FEW` answers the rival is the fit as it is, for the model is the fit with another level; above, it is the
    hand weights with the level that the answers show.
    """
    label, share, count = answers.label, answers.share, len(answers.target)
    if len(np.unique(answers.group)) < FOLDS or len(np.unique(label)) < 2:
        return NOT_JUDGED
    hand, learnt = np.empty(count), np.empty(count)
    plain = np.asarray(weights, dtype=np.float64)
    for train, test in GroupKFold(n_splits=FOLDS).split(answers.values, label, answers.group):
        known = answers.values[train], answers.target[train], share[train]
        hand[test] = (
            answers.values[test] @ plain
            if count < FEW
            else LevelShift(weights).fit(*known).predict(answers.values[test])
        )
        learnt[test] = candidate(count, weights).fit(*known).predict(answers.values[test])
    losses = [float(log_loss(label, np.clip(p, 1e-6, 1 - 1e-6), sample_weight=share)) for p in (hand, learnt)]
    orders = [_ndcg(answers, p) for p in (hand, learnt)]
    gap = _gap(learnt, answers.target, share)
    better = losses[1] < losses[0] and orders[1] >= orders[0] and _beyond_chance(answers, hand, learnt)
    calibrated = better and count >= FEW and gap <= LARGEST_GAP
    return Verdict(losses[0], losses[1], orders[0], orders[1], gap, better, calibrated)


def _beyond_chance(answers: Answers, hand: Matrix, learnt: Matrix) -> bool:
    """Whether the gain in log loss exceeds its standard error over firms: noise looks better every second time."""
    label, share = answers.label, answers.share
    loss = [-np.log(np.clip(np.where(label == 1, p, 1 - p), 1e-6, 1.0)) for p in (hand, learnt)]
    gain = share * (loss[0] - loss[1])
    of_firm = np.array([gain[answers.group == firm].sum() for firm in np.unique(answers.group)])
    return bool(of_firm.sum() > np.sqrt(len(of_firm)) * of_firm.std(ddof=1))


def _ndcg(answers: Answers, predicted: Matrix) -> float:
    found = []
    for firm in np.unique(answers.group):
        rows = answers.group == firm
        if rows.sum() > 1 and answers.target[rows].any():
            found.append(ndcg_score(answers.target[rows][None, :], predicted[rows][None, :]))
    return round(float(np.mean(found)), 9) if found else 0.0


def _gap(predicted: Matrix, observed: Matrix, share: Matrix) -> float:
    bands = np.array_split(np.argsort(predicted, kind="stable"), BANDS)
    apart = [share[b].sum() * abs(np.average(predicted[b] - observed[b], weights=share[b])) for b in bands if len(b)]
    return float(np.sum(apart) / share.sum())


def answer_weights(shown: NDArray[np.intp], given: NDArray[np.bool_], *, most: float = 5.0) -> Matrix:
    """How much each answer counts, on average 1, by how likely its rank is looked at: 1 / log2(1 + rank).

    What stood low and was still answered counts more (inverse propensity, up to `most` times); silence about what
    stood low counts less, for it was perhaps never read.
    """
    inverse = np.minimum(np.log2(1.0 + np.maximum(shown, 1)), most)
    weight = np.where(given, inverse, 1.0 / inverse)
    return np.asarray(weight / weight.mean()) if len(weight) else weight


def strengths(model: Learnt, values: Matrix) -> Matrix:
    """What each scorer moves, (scorers,), shares that sum to 1: the mean rise of the prediction from 0 to 1.

    All zero where nothing moves it. Told in words on the page of what was learnt.
    """
    moved = np.zeros(values.shape[1])
    for i in range(values.shape[1]):
        low, high = values.copy(), values.copy()
        low[:, i], high[:, i] = 0.0, 1.0
        moved[i] = float(np.mean(model.predict(high) - model.predict(low))) if len(values) else 0.0
    total = moved.sum()
    return np.asarray(moved / total if total > 0 else moved)
