"""What structured scorers read of many profiles, once a list: codes as sparse rows, numbers of parts as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.profiles import Profile, Role

Matrix = NDArray[np.float64]
Bounds = NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of some profiles: `matrix` is 1 at (profile, place of a code), `count` the number of each one's codes."""

    index: dict[str, int]
    matrix: sp.csr_matrix
    count: Matrix


class PartNumbers(NamedTuple):
    """Numbers of some parts: owner, amount and term as (parts, 2), NaN for open."""

    owner: NDArray[np.intp]
    amount: Bounds
    term: Bounds


class Facts:
    """Some profiles; what was read of them once is kept, so that one list can meet many others cheaply."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self.profiles = tuple(profiles)
        self._read: dict[Callable[[Profile], Any], list[Any]] = {}
        self._codes: dict[Callable[[Profile], Iterable[str]], Codes] = {}
        self._numbers: dict[tuple[Role, frozenset[str]], PartNumbers] = {}

    def __len__(self) -> int:
        return len(self.profiles)

    def each(self, read: Callable[[Profile], T]) -> list[T]:
        """What a function reads in each profile."""
        if read not in self._read:
            self._read[read] = [read(profile) for profile in self.profiles]
        return self._read[read]

    def codes(self, read: Callable[[Profile], Iterable[str]]) -> Codes:
        """The different codes that a function reads in each profile."""
        if read not in self._codes:
            self._codes[read] = _codes([set(read(profile)) for profile in self.profiles])
        return self._codes[read]

    def numbers(self, role: Role, kinds: frozenset[str]) -> PartNumbers:
        """Amounts and terms of the parts of a role that are of one of some kinds."""
        key = role, kinds
        if key not in self._numbers:
            self._numbers[key] = _numbers(self.profiles, role, kinds)
        return self._numbers[key]


def _codes(sets: Sequence[set[str]]) -> Codes:
    index = {code: i for i, code in enumerate(sorted(set().union(*sets)))}
    columns = [index[code] for codes in sets for code in codes]
    indptr = np.cumsum([0, *map(len, sets)])
    matrix = sp.csr_matrix((np.ones(len(columns)), columns, indptr), shape=(len(sets), max(1, len(index))))
    return Codes(index, matrix, np.array([len(codes) for codes in sets], dtype=np.float64))


def _numbers(profiles: Sequence[Profile], role: Role, kinds: frozenset[str]) -> PartNumbers:
    found = [(i, p) for i, profile in enumerate(profiles) for p in profile.of_role(role) if p.kind in kinds]
    owner = np.array([i for i, _ in found], dtype=np.intp)
    amount, term = (
        np.array([getattr(p, name) for _, p in found], dtype=np.float64).reshape(-1, 2)
        for name in ("amount", "term_months")
    )
    return PartNumbers(owner, amount, term)


def shared(a: Codes, b: Codes) -> Matrix:
    """Number of codes that each of a and each of b have in common, (n, m)."""
    common = [(i, b.index[code]) for code, i in a.index.items() if code in b.index]
    rows, columns = zip(*common, strict=True) if common else ((), ())
    links = sp.csr_matrix((np.ones(len(common)), (rows, columns)), shape=(a.matrix.shape[1], b.matrix.shape[1]))
    return np.asarray((a.matrix @ links @ b.matrix.T).toarray(), dtype=np.float64)


def overlap(a: Codes, b: Codes) -> Matrix:
    """Share of the shorter list that is in the other, (n, m); NaN where a list is empty."""
    found = shared(a, b)
    shorter = np.minimum(a.count[:, None], b.count[None, :])
    return np.asarray(np.divide(found, shorter, out=np.full(found.shape, np.nan), where=shorter > 0))


Compare = Callable[[PartNumbers, PartNumbers], Matrix]


def best_part(a: Facts, b: Facts, kinds: frozenset[str], compare: Compare) -> Matrix:
    """Best value over (need of one side, offer of the other), both ways; NaN where there is nothing to compare."""
    out = np.full((len(a), len(b)), -1.0)
    for one, other, view in ((a, b, out), (b, a, out.T)):
        needs, offers = one.numbers("need", kinds), other.numbers("offer", kinds)
        if len(needs.owner) and len(offers.owner):
            values = np.nan_to_num(compare(needs, offers), nan=-1.0)
            cells = np.broadcast_arrays(needs.owner[:, None], offers.owner[None, :])
            np.maximum.at(view, (cells[0], cells[1]), values)
    return np.where(out < 0, np.nan, out)
