"""Parts of many profiles as arrays, and from part similarities to profile scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.profiles import Part, Profile, Role
from matching.text.space import Rows, TextSpace
from matching.weights import kind_factor

MOST_PARTS = 40  # of one role and profile; the first ones count
BEST = np.array([0.6, 0.25, 0.15])  # weights of a profile's best-answered parts; fewer parts share the weight


class Parts(NamedTuple):
    """All parts of one role: rows in the text space, owner, kind, and form of each."""

    parts: tuple[Part, ...]
    rows: Rows
    owner: NDArray[np.intp]
    kind: tuple[str, ...]
    form: NDArray[np.intp]
    profiles: int


def parts_of(profiles: Sequence[Profile], role: Role, space: TextSpace) -> Parts:
    """The parts of a role that have text, in the order of the profiles."""
    found = [
        (i, part)
        for i, profile in enumerate(profiles)
        for part in [p for p in profile.of_role(role) if not p.empty][:MOST_PARTS]
    ]
    parts = tuple(part for _, part in found)
    rows, form = space.transform_with_forms([part.texts for part in parts])
    owner = np.array([i for i, _ in found], dtype=np.intp)
    return Parts(parts, rows, owner, tuple(p.kind for p in parts), form, len(profiles))


def kind_factors(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    """How far the kinds speak of the same thing, (len(left), len(right))."""
    one, one_of = np.unique(np.array(left, dtype=object).astype(str), return_inverse=True)
    other, other_of = np.unique(np.array(right, dtype=object).astype(str), return_inverse=True)
    table = np.array([[kind_factor(a, b) for b in other] for a in one]).reshape(len(one), len(other))
    return np.asarray(table[np.ix_(one_of, other_of)])


def best_per_profile(values: NDArray[np.float64], owner: NDArray[np.intp], profiles: int) -> NDArray[np.float64]:
    """Columns of `values` (n, parts) to the best of each profile (n, profiles); NaN for a profile without parts."""
    out = np.full((values.shape[0], profiles), np.nan)
    if values.shape[1]:
        starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        out[:, owner[starts]] = np.maximum.reduceat(values, starts, axis=1)
    return out


def mean_of_best(values: NDArray[np.float64], owner: NDArray[np.intp], profiles: int) -> NDArray[np.float64]:
    """Rows of `values` (parts, m) to (profiles, m): the best `len(BEST)` parts of each, weighted; NaN without
    parts."""
    out = np.full((profiles, values.shape[1]), np.nan)
    if not len(owner):
        return out
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    ends = np.r_[starts[1:], len(owner)]
    for width in np.unique(np.minimum(ends - starts, len(BEST))):
        chosen = np.minimum(ends - starts, len(BEST)) == width
        share = BEST[:width] / BEST[:width].sum()
        for start, end in zip(starts[chosen], ends[chosen], strict=True):
            block = np.sort(values[start:end], axis=0)[::-1][:width]
            out[owner[start]] = share @ block
    return out
