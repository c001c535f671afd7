"""Parts of many profiles as arrays, and from part similarities to profile scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.facts import Facts
from matching.profiles import Part, Profile, Role
from matching.text.space import Rows, TextSpace
from matching.weights import kind_factor

MOST_PARTS = 40  # of one role and profile; the first ones count
MANY_PARTS = 8  # above, the best of a profile's parts is found run by run
BEST = np.array([0.6, 0.25, 0.15])  # weights of a profile's best-answered parts; fewer parts share the weight


class Parts(NamedTuple):
    """All parts of one role: rows in the text space, owner, kind, and form of each."""

    parts: tuple[Part, ...]
    rows: Rows
    owner: NDArray[np.intp]
    kind: tuple[str, ...]
    form: NDArray[np.intp]
    profiles: int
    vectors: NDArray[np.float64] | None = None  # of an encoder, (parts, dimensions), when one is used


@dataclass(frozen=True, slots=True)
class Side:
    """Profiles with their facts and their parts as arrays."""

    facts: Facts
    needs: Parts
    offers: Parts


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


def with_kinds(values: sp.csr_matrix, left: Sequence[str], right: Sequence[str]) -> sp.csr_matrix:
    """Values (n, m) times how far the kinds of the two parts speak of the same thing."""
    kinds = sorted({*left, *right})
    place = {kind: i for i, kind in enumerate(kinds)}
    table = np.array([[kind_factor(a, b) for b in kinds] for a in kinds])
    if (table == 1.0).all():
        return values
    one = np.repeat(np.array([place[k] for k in left], dtype=np.intp), np.diff(values.indptr))
    other = np.array([place[k] for k in right], dtype=np.intp)[values.indices]
    return sp.csr_matrix((values.data * table[one, other], values.indices, values.indptr), shape=values.shape)


def best_per_profile(values: NDArray[np.float64], owner: NDArray[np.intp], profiles: int) -> NDArray[np.float64]:
    """Columns of `values` (n, parts) to the best of each profile (n, profiles); NaN for a profile without parts."""
    out = np.full((values.shape[0], profiles), np.nan)
    if values.shape[1]:
        starts, counts = _runs(owner)
        if counts.max() > MANY_PARTS:
            best = np.maximum.reduceat(values, starts, axis=1)
        else:  # four times as quick for the few parts that profiles have: first ones, second ones, ...
            best = np.take(values, starts, axis=1)
            for k in range(1, counts.max()):
                np.maximum(best, np.take(values, starts + np.minimum(k, counts - 1), axis=1), out=best)
        out[:, owner[starts]] = best
    return out


def mean_of_best(values: NDArray[np.float64], owner: NDArray[np.intp], profiles: int) -> NDArray[np.float64]:
    """Rows of `values` (parts, m) to (profiles, m): each one's best parts, weighted; NaN without parts."""
    out = np.full((profiles, values.shape[1]), np.nan)
    if not len(owner):
        return out
    starts, counts = _runs(owner)
    for count in np.unique(counts):
        chosen = starts[counts == count]
        block = values[chosen[:, None] + np.arange(count)]  # (profiles, count, m)
        share = BEST[:count] / BEST[:count].sum()
        out[owner[chosen]] = sum(s * values for s, values in zip(share, _descending(block), strict=False))
    return out


def _descending(block: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Largest, second, ... of (profiles, count, m) along the middle axis; without a sort for two or three."""
    rows = [block[:, i] for i in range(block.shape[1])]
    if len(rows) > 3:
        return list(np.moveaxis(-np.sort(-block, axis=1), 1, 0))
    for i, j in ((0, 1), (1, 2), (0, 1))[: 2 * len(rows) - 3 if len(rows) > 1 else 0]:
        rows[i], rows[j] = np.maximum(rows[i], rows[j]), np.minimum(rows[i], rows[j])
    return rows


def _runs(owner: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Start and length of each run of equal owners."""
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    return starts, np.diff(np.r_[starts, len(owner)])
