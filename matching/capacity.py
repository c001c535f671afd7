"""Scorer of capacity: people or pieces offered against those needed."""

from __future__ import annotations

import numpy as np

from matching.facts import Facts, Matrix, PartNumbers, best_part

HEADS = frozenset({"trade", "programme"})
PIECES = frozenset({"part", "product", "process"})


def capacity(a: Facts, b: Facts) -> Matrix:
    """People or pieces offered against those needed, 1 when there are enough."""
    return np.fmax(best_part(a, b, HEADS, _enough), best_part(a, b, PIECES, _enough))


def _enough(needs: PartNumbers, offers: PartNumbers) -> Matrix:
    wanted = np.where(np.isnan(needs.amount[:, 0]), needs.amount[:, 1], needs.amount[:, 0])[:, None]
    offered = np.where(np.isnan(offers.amount[:, 1]), offers.amount[:, 0], offers.amount[:, 1])[None, :]
    ratio = np.divide(offered, wanted, out=np.full((len(wanted), offered.shape[1]), np.nan), where=wanted > 0)
    return np.asarray(np.minimum(1.0, ratio))
