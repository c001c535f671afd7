"""Scorers of loans: sum and term asked for against those lent, and whether a firm can bear the sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.facts import Bounds, Facts, Matrix, PartNumbers, best_part
from matching.profiles import Profile

LOAN = frozenset({"loan"})


def loan(a: Facts, b: Facts) -> Matrix:
    """How much of the sum and the term that one side asks for lies within what the other lends."""
    return best_part(a, b, LOAN, _loan_fit)


def _loan_fit(needs: PartNumbers, offers: PartNumbers) -> Matrix:
    fits = np.stack([_within(needs.amount, offers.amount), _within(needs.term, offers.term)])
    known = ~np.isnan(fits)
    total, count = np.where(known, fits, 0.0).sum(axis=0), known.sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def loan_out_of_range(a: Facts, b: Facts) -> NDArray[np.bool_]:
    """True where every loan that one side asks for lies outside everything that the other lends."""
    return np.asarray(best_part(a, b, LOAN, lambda needs, offers: _within(needs.amount, offers.amount)) == 0.0)


def _within(asked: Bounds, given: Bounds) -> Matrix:
    """Share of each asked range (n, 2) inside each given one (m, 2), logarithmic: 0.5 or more when they meet, else 0.

    NaN when either is open on both ends; an asked range that is open on one end is its other end.
    """
    low, high = np.fmin(asked[:, :1], asked[:, 1:]), np.fmax(asked[:, :1], asked[:, 1:])
    bottom = np.nan_to_num(given[:, 0], nan=0.0)[None, :]
    top = np.where(np.isnan(given[:, 1]), np.inf, given[:, 1])[None, :]
    wide = np.log1p(high) - np.log1p(low)
    inside = np.log1p(np.minimum(high, top)) - np.log1p(np.maximum(low, bottom))
    share = np.divide(inside, wide, out=np.ones(inside.shape), where=wide > 0)
    value = np.where((high < bottom) | (low > top), 0.0, 0.5 + 0.5 * share)
    unlimited = np.isnan(given[:, 0]) & np.isnan(given[:, 1])
    return np.where(np.logical_or(np.isnan(low), unlimited[None, :]), np.nan, value)


def size(a: Facts, b: Facts) -> Matrix:
    """Whether the sum asked for can be borne: 1 up to 30 % of a year's revenue, falling to 0 at 150 %."""
    one, other = np.array(a.each(_burden), dtype=np.float64), np.array(b.each(_burden), dtype=np.float64)
    return np.asarray(np.fmin(one[:, None], other[None, :]))


def _burden(profile: Profile) -> float:
    asked = [p.amount[0] or p.amount[1] for p in profile.parts if p.role == "need" and p.kind in LOAN]
    sums = [s for s in asked if s]
    if not sums or not profile.revenue:
        return float("nan")
    return float(np.clip((1.5 - min(sums) / profile.revenue) / 1.2, 0.0, 1.0))
