"""The best partners of very many profiles: the ranker in chunks, on threads here or on a Dask cluster elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from joblib import Parallel, delayed, parallel_config
from numpy.typing import NDArray

from matching.profiles import Profile
from matching.suggestions import Ranker, Scores, Side, top

POPULARITY_SAMPLE = 256  # rows from which a partner's popularity is estimated
BACKENDS = ("threading", "loky", "dask")


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best columns of each row, (n, k), -1 where fewer are open, and their fit estimates, 0 there."""

    partner: NDArray[np.int32]
    fit: NDArray[np.float64]


def suggest(
    ranker: Ranker,
    profiles_a: Sequence[Profile],
    profiles_b: Sequence[Profile],
    k: int,
    *,
    hub: float = 0.3,
    chunk: int = 96,
    jobs: int = -1,
) -> Suggestions:
    """Best `k` of side b for each of side a, without ever holding all pairs.

    `MATCHING_BACKEND` in the environment names the joblib backend: "threading" (default), "loky" or "dask" (a
    `dask.distributed.Client` must be open; `DASK_SCHEDULER_ADDRESS` opens one). The numbers are the same everywhere.
    Raises ValueError for another backend.
    """
    backend = os.environ.get("MATCHING_BACKEND", "threading")
    if backend not in BACKENDS:
        raise ValueError(f"MATCHING_BACKEND is one of {', '.join(BACKENDS)}, not {backend!r}")
    b = ranker.side(profiles_b)
    popularity = _popularity(ranker, profiles_a, b)
    pieces = [profiles_a[i : i + chunk] for i in range(0, len(profiles_a), chunk)]
    with _client(backend), parallel_config(backend=backend, n_jobs=jobs):
        done = Parallel()(delayed(_best)(ranker, piece, b, popularity, k, hub) for piece in pieces)
    width = min(k, len(profiles_b))
    empty = (np.empty((0, width), np.int32), np.empty((0, width)))
    partners, fits = zip(*(done or [empty]), strict=True)
    return Suggestions(np.concatenate(partners), np.concatenate(fits))


def _best(
    ranker: Ranker, profiles: Sequence[Profile], b: Side, popularity: NDArray[np.float64], k: int, hub: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    scores = ranker.score_sides(ranker.side(profiles), b)
    best = top(Scores(scores.fit, scores.gate, popularity), k, hub=hub)
    fit = np.where(best >= 0, np.take_along_axis(scores.fit, np.maximum(best, 0), axis=1), 0.0)
    return best.astype(np.int32), fit


def _popularity(ranker: Ranker, profiles: Sequence[Profile], b: Side) -> NDArray[np.float64]:
    step = max(1, len(profiles) // POPULARITY_SAMPLE)
    return ranker.score_sides(ranker.side(profiles[::step][:POPULARITY_SAMPLE]), b).popularity


class _client:
    """A Dask client for the block when the backend is Dask and an address is given; nothing otherwise."""

    def __init__(self, backend: str) -> None:
        self.address = os.environ.get("DASK_SCHEDULER_ADDRESS") if backend == "dask" else None

    def __enter__(self) -> None:
        self.client: Any = None
        if self.address:
            self.client = import_module("distributed").Client(self.address)  # Dask is optional

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            self.client.close()
