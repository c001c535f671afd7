"""Fair lists: variety, an officer's visible lift, a share of exploration, and who is seen how often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def diversify(
    fit: Matrix, order: NDArray[np.intp], alike: Matrix, *, k: int, share: float = 0.25
) -> NDArray[np.intp]:
    """The best `k` of one row's `order` (candidates, best first) without near-doubles: maximal marginal relevance.

    `fit` (m,), `alike` (m, m) in [0, 1]: how alike two partners are; `share`: weight of variety against fit. -1 in
    `order` is skipped.
    """
    left = [int(j) for j in order if j >= 0]
    chosen: list[int] = []
    while left and len(chosen) < k:
        gain = [(1 - share) * fit[j] - share * max((alike[j, c] for c in chosen), default=0.0) for j in left]
        chosen.append(left.pop(int(np.argmax(gain))))
    return np.array(chosen, dtype=np.intp)


class Lift(NamedTuple):
    """An officer's rule: these rows move up by `amount` in their partners' lists, for a stated reason."""

    rows: frozenset[int]
    amount: float
    reason: str


def lifted(fit: Matrix, gate: NDArray[np.int8], rules: Sequence[Lift]) -> tuple[Matrix, dict[int, tuple[str, ...]]]:
    """Values to order partners' lists by, (n, m), and the reasons by row, to be shown beside every lifted place.

    The fit itself is not changed. A closed pair stays closed. Raises ValueError for an amount outside [0, 0.3], and
    for a rule without a reason.
    """
    out = fit.copy()
    reasons: dict[int, tuple[str, ...]] = {}
    for rule in rules:
        if not 0 <= rule.amount <= 0.3:
            raise ValueError("a lift is between 0 and 0.3")
        if not rule.reason.strip():
            raise ValueError("a lift needs a reason")
        for row in sorted(rule.rows):
            out[row] += rule.amount
            reasons[row] = (*reasons.get(row, ()), rule.reason)
    return np.where(gate == 0, out, 0.0), reasons


def explored(order: NDArray[np.intp], *, share: float, seed: int, keep: int = 3) -> NDArray[np.intp]:
    """`order` (n, k) with about `share` of the places after the first `keep` filled from further down, at random.

    What is never shown is never answered. `order` holds more candidates than are shown; columns only change places,
    -1 stays last. The same seed gives the same lists. Raises ValueError when `share` is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError("a share is between 0 and 1")
    random = np.random.default_rng(seed)
    out = order.copy()
    for row in out:
        open_places = int((row >= 0).sum())
        for place in range(keep, open_places):
            if random.random() < share:
                other = int(random.integers(place, open_places))
                row[[place, other]] = row[[other, place]]
    return out


def exposure(order: NDArray[np.intp], kinds: Sequence[str]) -> dict[str, tuple[int, float]]:
    """By kind of the columns (a size band, say): how many there are, and the mean attention one of them gets.

    Attention of a place is 1 / log2(1 + place). Equal means are equal exposure.
    """
    attention = np.zeros(len(kinds))
    if order.size:
        worth = 1.0 / np.log2(2.0 + np.arange(order.shape[1]))
        shown = order >= 0
        np.add.at(attention, order[shown], np.broadcast_to(worth, order.shape)[shown])
    names = np.array(kinds, dtype=object)
    return {kind: (int((names == kind).sum()), float(attention[names == kind].mean())) for kind in sorted(set(kinds))}
