"""Scorers of structured facts, and the gates that close a pair; those of loans and capacity stand in their own files.

Every scorer takes the facts of two lists and gives values in [0, 1] of shape (n, m), NaN where one of the two says
nothing; the ranker puts a stated neutral value there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.capacity import capacity
from matching.facts import Facts, Matrix, overlap, shared
from matching.loans import loan, loan_out_of_range, size
from matching.profiles import Profile, Role
from vietnamese import search_key

Closed = NDArray[np.bool_]


def sector(a: Facts, b: Facts) -> Matrix:
    """Sectors or two-digit industry codes in common, whichever agrees better."""
    by_sector = overlap(a.codes(_sectors), b.codes(_sectors))
    by_code = overlap(a.codes(divisions), b.codes(divisions))
    return np.fmax(by_sector, by_code)


def _sectors(profile: Profile) -> tuple[str, ...]:
    return profile.sectors


def divisions(profile: Profile) -> frozenset[str]:
    """Two-digit industry codes."""
    return _cut(profile.vsic, 2)


def chapters(profile: Profile) -> frozenset[str]:
    """Two-digit tariff codes."""
    return _cut(profile.hs, 2)


def headings(profile: Profile) -> frozenset[str]:
    """Four-digit tariff codes."""
    return _cut(profile.hs, 4)


@lru_cache(maxsize=65536)
def _cut(codes: tuple[str, ...], length: int) -> frozenset[str]:
    digits = ("".join(c for c in code if c.isdecimal()) for code in codes)
    return frozenset(d[:length] for d in digits if len(d) >= length)


def hs(a: Facts, b: Facts) -> Matrix:
    """0.5 for a shared tariff chapter and 0.5 more for a shared heading."""
    by_chapter = overlap(a.codes(chapters), b.codes(chapters))
    same_heading = shared(a.codes(headings), b.codes(headings)) > 0
    return np.where(np.isnan(by_chapter), np.nan, 0.5 * (by_chapter > 0) + 0.5 * same_heading)


def held(profile: Profile) -> frozenset[str]:
    """Certificates that a participant holds, as comparison keys."""
    of_offers = (c for part in profile.of_role("offer") for c in part.certificates)
    return frozenset(certificate_key(c) for c in (*profile.certificates, *of_offers))


@lru_cache(maxsize=4096)
def certificate_key(text: str) -> str:
    """``ISO 9001:2015`` and ``iso9001`` are one certificate."""
    key = search_key(text.split(":")[0]).replace(" ", "")
    return key.replace("isots", "iatf") if key.startswith("isots16949") else key


def required(profile: Profile) -> list[frozenset[str]]:
    """What each need requires; needs that require nothing are the empty set."""
    return [frozenset(map(certificate_key, part.certificates)) for part in profile.of_role("need")]


def certificates(a: Facts, b: Facts) -> Matrix:
    """Share of the required certificates that the other side holds, the best need of each; the mean of both ways."""
    ways = np.stack([_required_share(a, b), _required_share(b, a).T])
    known = ~np.isnan(ways)
    count = known.sum(axis=0)
    total = np.where(known, ways, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def _required_share(asking: Facts, answering: Facts) -> Matrix:
    out = np.full((len(asking), len(answering)), np.nan)
    answers: dict[frozenset[str], Matrix] = {}
    for i, needs in enumerate(asking.each(required)):
        for demand in {demand for demand in needs if demand}:
            if demand not in answers:
                answers[demand] = np.array([len(demand & h) / len(demand) for h in answering.each(held)])
            out[i] = np.fmax(out[i], answers[demand])
    return out


def _certificate_missing(a: Facts, b: Facts) -> Closed:
    """True where every need of one side requires certificates of which the other lacks some."""
    return _nothing_open(a, b) | _nothing_open(b, a).T


def _nothing_open(asking: Facts, answering: Facts) -> Closed:
    strict = np.array([bool(demands) and all(demands) for demands in asking.each(required)], dtype=bool)
    share = _required_share(asking, answering)
    return strict[:, None] & (np.nan_to_num(share, nan=1.0) < 1.0)


def markets(a: Facts, b: Facts) -> Matrix:
    """Markets that one wants or serves and the other is in."""
    return overlap(a.codes(_markets), b.codes(_markets))


def _markets(profile: Profile) -> tuple[str, ...]:
    return (*profile.markets, *profile.countries)


def languages(a: Facts, b: Facts) -> Matrix:
    """1 where the two share a language, 0 where an interpreter is needed."""
    found = overlap(a.codes(_languages), b.codes(_languages))
    return np.where(np.isnan(found), np.nan, (found > 0).astype(float))


def _languages(profile: Profile) -> tuple[str, ...]:
    return profile.languages


def distance(a: Facts, b: Facts) -> Matrix:
    """1 in the same commune, 0.85 in neighbouring ones, 0.7 in the same province, 0.2 elsewhere."""
    province = overlap(a.codes(_province), b.codes(_province))
    same_commune = shared(a.codes(_commune), b.codes(_commune)) > 0
    near = (shared(a.codes(_near), b.codes(_commune)) > 0) | (shared(a.codes(_commune), b.codes(_near)) > 0)
    inside = np.where(same_commune, 1.0, np.where(near, 0.85, 0.7))
    return np.where(np.isnan(province), np.nan, np.where(province > 0, inside, 0.2))


def _province(profile: Profile) -> tuple[str, ...]:
    return _place(profile.province)


def _commune(profile: Profile) -> tuple[str, ...]:
    return _place(profile.commune)


def _near(profile: Profile) -> tuple[str, ...]:
    return tuple(key for name in profile.near for key in _place(name))


@lru_cache(maxsize=4096)
def _place(name: str | None) -> tuple[str, ...]:
    key = search_key(name or "")
    return (key,) if key else ()


def tags(a: Facts, b: Facts) -> Matrix:
    """Tags of needs that the other side's offers carry (purpose, collateral, readiness), the better of both ways."""
    one = overlap(a.codes(_wanted_tags), b.codes(_offered_tags))
    other = overlap(a.codes(_offered_tags), b.codes(_wanted_tags))
    return np.fmax(one, other)


def _wanted_tags(profile: Profile) -> set[str]:
    return _tags(profile, "need")


def _offered_tags(profile: Profile) -> set[str]:
    return _tags(profile, "offer")


def _tags(profile: Profile, role: Role) -> set[str]:
    return {tag for part in profile.of_role(role) for tag in part.tags}


SCORER_FUNCTIONS: dict[str, Callable[[Facts, Facts], Matrix]] = {
    "sector": sector, "hs": hs, "certificates": certificates, "markets": markets, "languages": languages,
    "loan": loan, "size": size, "capacity": capacity, "distance": distance, "tags": tags,
}  # fmt: skip


def _same_profile(a: Facts, b: Facts) -> Closed:
    return shared(a.codes(_key), b.codes(_key)) > 0


def _key(profile: Profile) -> tuple[str, ...]:
    return (profile.key,)


def _same_group(a: Facts, b: Facts) -> Closed:
    return shared(a.codes(_group), b.codes(_group)) > 0


def _group(profile: Profile) -> tuple[str, ...]:
    return (profile.group,) if profile.group else ()


def _declined(a: Facts, b: Facts) -> Closed:
    """True where one of the two will not meet the other."""
    by_a = shared(a.codes(_refused), b.codes(_key)) > 0
    return np.asarray(by_a | (shared(a.codes(_key), b.codes(_refused)) > 0))


def _refused(profile: Profile) -> tuple[str, ...]:
    return profile.declined


# True where a pair may not meet, (n, m), by the name of the gate.
GATE_FUNCTIONS: dict[str, Callable[[Facts, Facts], Closed]] = {
    "same_profile": _same_profile, "same_group": _same_group, "declined": _declined,
    "loan_range": loan_out_of_range, "certificate": _certificate_missing,
}  # fmt: skip


def codes_of(scorer: str, a: Profile, b: Profile) -> tuple[str, ...]:
    """What a structured scorer found in common; nothing for scorers that compare numbers."""
    found: set[str] | frozenset[str] = frozenset()
    if scorer == "sector":
        found = {*a.sectors} & {*b.sectors} or divisions(a) & divisions(b)
    elif scorer == "hs":
        found = headings(a) & headings(b) or chapters(a) & chapters(b)
    elif scorer == "certificates":
        found = frozenset[str]().union(*required(a), *required(b)) & (held(a) | held(b))
    elif scorer == "markets":
        found = {*_markets(a)} & {*_markets(b)}
    elif scorer == "languages":
        found = {*a.languages} & {*b.languages}
    elif scorer == "tags":
        found = {t for p in a.parts for t in p.tags} & {t for p in b.parts for t in p.tags}
    return tuple(sorted(found))
