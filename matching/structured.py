"""Scorers of structured facts: sector, tariff codes, certificates, markets, loans, head-count, distance, tags.

Every scorer takes two lists of profiles and gives values in [0, 1] of shape (n, m), NaN where one of the two says
nothing; the ranker puts a stated neutral value there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.profiles import Profile, Role
from vietnamese import search_key

Matrix = NDArray[np.float64]
Profiles = Sequence[Profile]


def _shared(a: Sequence[Iterable[str]], b: Sequence[Iterable[str]]) -> tuple[Matrix, Matrix, Matrix]:
    """Codes shared (n, m), and the number of codes of each side as (n, 1) and (1, m)."""
    left, right = [set(codes) for codes in a], [set(codes) for codes in b]
    index = {code: i for i, code in enumerate(sorted(set().union(*left, *right)))}
    shared = np.asarray((_indicator(left, index) @ _indicator(right, index).T).toarray(), dtype=np.float64)
    sizes_a, sizes_b = (np.array([len(codes) for codes in side], dtype=np.float64) for side in (left, right))
    return shared, sizes_a[:, None], sizes_b[None, :]


def _indicator(side: Sequence[set[str]], index: dict[str, int]) -> sp.csr_matrix:
    columns = [index[code] for codes in side for code in codes]
    indptr = np.cumsum([0, *map(len, side)])
    return sp.csr_matrix((np.ones(len(columns)), columns, indptr), shape=(len(side), max(1, len(index))))


def _overlap(a: Sequence[Iterable[str]], b: Sequence[Iterable[str]]) -> Matrix:
    """Share of the shorter list that is in the other; NaN where a list is empty."""
    shared, left, right = _shared(a, b)
    shorter = np.minimum(left, right)
    return np.asarray(np.divide(shared, shorter, out=np.full(shared.shape, np.nan), where=shorter > 0))


def sector(a: Profiles, b: Profiles) -> Matrix:
    """Sectors or two-digit industry codes in common, whichever agrees better."""
    by_sector = _overlap([p.sectors for p in a], [p.sectors for p in b])
    by_code = _overlap([divisions(p) for p in a], [divisions(p) for p in b])
    return np.fmax(by_sector, by_code)


def divisions(profile: Profile) -> frozenset[str]:
    """Two-digit industry codes."""
    return _cut(profile.vsic, 2)


def tariff(profile: Profile, length: int) -> frozenset[str]:
    """Tariff codes cut to `length` digits: 2 for the chapter, 4 for the heading."""
    return _cut(profile.hs, length)


@lru_cache(maxsize=65536)
def _cut(codes: tuple[str, ...], length: int) -> frozenset[str]:
    digits = ("".join(c for c in code if c.isdecimal()) for code in codes)
    return frozenset(d[:length] for d in digits if len(d) >= length)


def hs(a: Profiles, b: Profiles) -> Matrix:
    """0.5 for a shared tariff chapter and 0.5 more for a shared heading."""
    chapters = _overlap([tariff(p, 2) for p in a], [tariff(p, 2) for p in b])
    headings = _overlap([tariff(p, 4) for p in a], [tariff(p, 4) for p in b])
    return np.where(np.isnan(chapters), np.nan, 0.5 * (chapters > 0) + 0.5 * (np.nan_to_num(headings) > 0))


def held(profile: Profile) -> frozenset[str]:
    """Certificates that a participant holds, as comparison keys."""
    of_offers = (c for part in profile.of_role("offer") for c in part.certificates)
    return frozenset(certificate_key(c) for c in (*profile.certificates, *of_offers))


def certificate_key(text: str) -> str:
    """``ISO 9001:2015`` and ``iso9001`` are one certificate."""
    key = search_key(text.split(":")[0]).replace(" ", "")
    return key.replace("isots", "iatf") if key.startswith("isots16949") else key


def required(profile: Profile) -> list[frozenset[str]]:
    """What each need requires; needs that require nothing are the empty set."""
    return [frozenset(map(certificate_key, part.certificates)) for part in profile.of_role("need")]


def certificates(a: Profiles, b: Profiles) -> Matrix:
    """Share of the required certificates that the other side holds, the best need of each; the mean of both ways."""
    ways = np.stack([_required_share(a, b), _required_share(b, a).T])
    known = ~np.isnan(ways)
    count = known.sum(axis=0)
    total = np.where(known, ways, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def _required_share(asking: Profiles, answering: Profiles) -> Matrix:
    out = np.full((len(asking), len(answering)), np.nan)
    holders = [held(p) for p in answering]
    answers: dict[frozenset[str], NDArray[np.float64]] = {}
    for i, profile in enumerate(asking):
        demands = {demand for demand in required(profile) if demand}
        for demand in demands:
            if demand not in answers:
                answers[demand] = np.array([len(demand & h) / len(demand) for h in holders])
            out[i] = np.fmax(out[i], answers[demand])
    return out


def certificate_missing(a: Profiles, b: Profiles) -> NDArray[np.bool_]:
    """True where every need of one side requires certificates of which the other lacks some."""
    return _nothing_open(a, b) | _nothing_open(b, a).T


def _nothing_open(asking: Profiles, answering: Profiles) -> NDArray[np.bool_]:
    strict = np.array([bool(demands) and all(demands) for demands in map(required, asking)], dtype=bool)
    share = _required_share(asking, answering)
    return strict[:, None] & (np.nan_to_num(share, nan=1.0) < 1.0)


def markets(a: Profiles, b: Profiles) -> Matrix:
    """Markets that one wants or serves and the other is in."""
    return _overlap([(*p.markets, *p.countries) for p in a], [(*p.markets, *p.countries) for p in b])


def languages(a: Profiles, b: Profiles) -> Matrix:
    """1 where the two share a language, 0 where an interpreter is needed."""
    shared = _overlap([p.languages for p in a], [p.languages for p in b])
    return np.where(np.isnan(shared), np.nan, (shared > 0).astype(float))


def distance(a: Profiles, b: Profiles) -> Matrix:
    """1 in the same commune, 0.7 in the same province, 0.2 elsewhere."""
    province = _overlap([_place(p.province) for p in a], [_place(p.province) for p in b])
    commune = _overlap([_place(p.commune) for p in a], [_place(p.commune) for p in b])
    value = np.where(province > 0, np.where(np.nan_to_num(commune) > 0, 1.0, 0.7), 0.2)
    return np.where(np.isnan(province), np.nan, value)


@lru_cache(maxsize=4096)
def _place(name: str | None) -> tuple[str, ...]:
    key = search_key(name or "")
    return (key,) if key else ()


def tags(a: Profiles, b: Profiles) -> Matrix:
    """Tags of needs that the other side's offers carry (purpose, collateral, readiness), the better of both ways."""
    one = _overlap([_tags(p, "need") for p in a], [_tags(p, "offer") for p in b])
    other = _overlap([_tags(p, "offer") for p in a], [_tags(p, "need") for p in b])
    return np.fmax(one, other)


def _tags(profile: Profile, role: Role) -> set[str]:
    return {tag for part in profile.of_role(role) for tag in part.tags}


def size(a: Profiles, b: Profiles) -> Matrix:
    """Whether the sum asked for can be borne: 1 up to 30 % of a year's revenue, falling to 0 at 150 %."""
    one = np.array([_burden(p) for p in a])
    other = np.array([_burden(p) for p in b])
    value = np.fmin(one[:, None] * np.ones((1, len(b))), other[None, :] * np.ones((len(a), 1)))
    return np.asarray(value)


def _burden(profile: Profile) -> float:
    asked = [
        part.amount[0] or part.amount[1] for part in profile.parts if part.role == "need" and part.kind == "loan"
    ]
    sums = [s for s in asked if s]
    if not sums or not profile.revenue:
        return float("nan")
    return float(np.clip((1.5 - min(sums) / profile.revenue) / 1.2, 0.0, 1.0))


Bounds = NDArray[np.float64]
Compare = Callable[["PartFacts", "PartFacts"], Matrix]


class PartFacts(NamedTuple):
    """Numbers of some parts: owner, amount and term as (parts, 2), NaN for open."""

    owner: NDArray[np.intp]
    amount: Bounds
    term: Bounds


def _facts(profiles: Profiles, role: Role, kinds: frozenset[str]) -> PartFacts:
    found = [(i, p) for i, profile in enumerate(profiles) for p in profile.of_role(role) if p.kind in kinds]
    owner = np.array([i for i, _ in found], dtype=np.intp)
    amount, term = (
        np.array([getattr(p, name) for _, p in found], dtype=np.float64).reshape(-1, 2)
        for name in ("amount", "term_months")
    )
    return PartFacts(owner, amount, term)


def _best_part(a: Profiles, b: Profiles, kinds: frozenset[str], compare: Compare) -> Matrix:
    """Best value over (need of one side, offer of the other), both ways; NaN where there is nothing to compare."""
    out = np.full((len(a), len(b)), -1.0)
    for one, other, view in ((a, b, out), (b, a, out.T)):
        needs, offers = _facts(one, "need", kinds), _facts(other, "offer", kinds)
        if len(needs.owner) and len(offers.owner):
            values = np.nan_to_num(compare(needs, offers), nan=-1.0)
            cells = np.broadcast_arrays(needs.owner[:, None], offers.owner[None, :])
            np.maximum.at(view, (cells[0], cells[1]), values)
    return np.where(out < 0, np.nan, out)


LOAN = frozenset({"loan"})
HEADS = frozenset({"trade", "programme"})
PIECES = frozenset({"part", "product", "process"})


def loan(a: Profiles, b: Profiles) -> Matrix:
    """How much of the sum and the term that one side asks for lies within what the other lends."""
    return _best_part(a, b, LOAN, _loan_fit)


def _loan_fit(needs: PartFacts, offers: PartFacts) -> Matrix:
    fits = np.stack([_within(needs.amount, offers.amount), _within(needs.term, offers.term)])
    known = ~np.isnan(fits)
    total, count = np.where(known, fits, 0.0).sum(axis=0), known.sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def loan_out_of_range(a: Profiles, b: Profiles) -> NDArray[np.bool_]:
    """True where every loan that one side asks for lies outside everything that the other lends."""
    return np.asarray(_best_part(a, b, LOAN, lambda needs, offers: _within(needs.amount, offers.amount)) == 0.0)


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


def capacity(a: Profiles, b: Profiles) -> Matrix:
    """People or pieces offered against those needed, 1 when there are enough."""
    return np.fmax(_best_part(a, b, HEADS, _enough), _best_part(a, b, PIECES, _enough))


def _enough(needs: PartFacts, offers: PartFacts) -> Matrix:
    wanted = np.where(np.isnan(needs.amount[:, 0]), needs.amount[:, 1], needs.amount[:, 0])[:, None]
    offered = np.where(np.isnan(offers.amount[:, 1]), offers.amount[:, 0], offers.amount[:, 1])[None, :]
    ratio = np.divide(offered, wanted, out=np.full((len(wanted), offered.shape[1]), np.nan), where=wanted > 0)
    return np.asarray(np.minimum(1.0, ratio))


SCORER_FUNCTIONS: dict[str, Callable[[Profiles, Profiles], Matrix]] = {
    "sector": sector, "hs": hs, "certificates": certificates, "markets": markets, "languages": languages,
    "loan": loan, "size": size, "capacity": capacity, "distance": distance, "tags": tags,
}  # fmt: skip


def declined(a: Profiles, b: Profiles) -> NDArray[np.bool_]:
    """True where one of the two will not meet the other."""
    out = np.zeros((len(a), len(b)), dtype=bool)
    if not any(p.declined for side in (a, b) for p in side):
        return out
    place_a, place_b = ({p.key: i for i, p in enumerate(side)} for side in (a, b))
    for i, profile in enumerate(a):
        out[i, [place_b[key] for key in profile.declined if key in place_b]] = True
    for j, profile in enumerate(b):
        out[[place_a[key] for key in profile.declined if key in place_a], j] = True
    return out
