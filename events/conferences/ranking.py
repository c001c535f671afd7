"""The order of a conference's lists, from the engine's fit estimates. The fit that pages show stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

HUB = 0.3  # share of a partner's popularity above the mean that is taken off for the order
STEP = 0.05  # how far each further partner of a kind is put back on one list: keeps a kind to 4 of the first 8
CONTINUED = 0.1  # who met and sees something coming of it finds the other so much higher on its list
MET_BEFORE = -0.1  # and lower otherwise: a conference is for new contacts
MOST_STEPS = 5  # how often that adds up at most; then it is the fit alone that decides within the kind


def above_mean(fit: Matrix) -> Matrix:
    """What is taken off each column for the order, (m,): less for those whom nearly everybody fits."""
    popularity = fit.mean(axis=0) if len(fit) else np.zeros(fit.shape[1])
    return np.asarray(HUB * (popularity - popularity.mean()) if popularity.size else popularity)


def listed(values: Matrix, closed: NDArray[np.bool_], k: int, kinds: Sequence[str] = ()) -> NDArray[np.intp]:
    """The `k` columns of each row's list, (n, min(k, m)), best first, -1 where fewer are open.

    `kinds` (m,): each further column of a kind that the list holds already is put back by `STEP`, `MOST_STEPS` times
    at most, so that a kind whose fits lie a little higher does not fill the list. Without kinds, by value alone. Ties
    go to the lower column.
    """
    n, m = values.shape
    names = sorted(set(kinds))
    kind = np.array([names.index(name) for name in kinds], dtype=np.intp) if names else np.zeros(m, dtype=np.intp)
    step = STEP if len(names) > 1 else 0.0
    left = np.where(closed, -np.inf, values)
    held = np.zeros((n, max(len(names), 1)), dtype=np.intp)
    out = np.full((n, min(k, m)), -1, dtype=np.intp)
    rows = np.arange(n)
    for place in range(out.shape[1]):
        best = np.argmax(left - step * np.minimum(held, MOST_STEPS)[:, kind], axis=1)
        open_ = left[rows, best] > -np.inf
        out[open_, place] = best[open_]
        held[rows, kind[best]] += 1
        left[rows, best] = -np.inf
    return out
