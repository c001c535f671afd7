"""Which two records may be one organisation: proof by tax code, candidates by likeness, with reasons. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations
from urllib.parse import urlsplit

import vietnamese
from core.i18n import _l

ENOUGH = 40  # points, to be shown to a person
ALIKE = 0.86  # of two names, legal words stripped
CROWD = 40  # records that share a word: the word tells too little to compare them all


class Reason(StrEnum):
    """Why two records may be one organisation, or why not."""

    TAX_CODE = "tax_code"
    NAME = "name"
    NAME_ALIKE = "name_alike"
    WEBSITE = "website"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    BRANCH = "branch"
    OTHER_CODE = "other_code"


REASON_LABELS = {
    Reason.TAX_CODE: _l("Same tax code or number: proof"),
    Reason.NAME: _l("Same name without legal words"),
    Reason.NAME_ALIKE: _l("Similar name"),
    Reason.WEBSITE: _l("Same website"),
    Reason.EMAIL: _l("Same e-mail"),
    Reason.PHONE: _l("Same phone"),
    Reason.ADDRESS: _l("Same address"),
    Reason.BRANCH: _l("Tax codes of one firm and its branch"),
    Reason.OTHER_CODE: _l("Different tax codes"),
}
POINTS = {
    Reason.TAX_CODE: 100, Reason.NAME: 60, Reason.NAME_ALIKE: 40, Reason.WEBSITE: 20, Reason.EMAIL: 20,
    Reason.PHONE: 20, Reason.ADDRESS: 10, Reason.BRANCH: 0, Reason.OTHER_CODE: -20,
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """What of an organisation is compared. `codes`: tax code and register number, as digits or folded text."""

    id: int
    names: frozenset[str]
    codes: frozenset[str] = frozenset()
    website: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Pair:
    """Two records, the older first, with points and reasons."""

    first: int
    second: int
    points: int
    reasons: tuple[Reason, ...]

    @property
    def proven(self) -> bool:
        return Reason.TAX_CODE in self.reasons


def record(
    key: int, *, names: Iterable[str | None], tax_code: str | None = None, foreign_id: str | None = None,
    website: str | None = None, email: str | None = None, phone: str | None = None, address: str | None = None,
) -> Record:  # fmt: skip
    """A record from the columns of an organisation."""
    codes = (vietnamese.search_key(code).replace(" ", "") for code in (tax_code, foreign_id) if code)
    host = (urlsplit(website or "").hostname or "").removeprefix("www.")
    return Record(
        id=key,
        names=frozenset(vietnamese.similarity_key(name) for name in names if name),
        codes=frozenset(codes),
        website=host,
        email=(email or "").lower(),
        phone="".join(c for c in phone or "" if c.isdigit()),
        address=vietnamese.search_key(address or ""),
    )


def compare(a: Record, b: Record) -> tuple[int, tuple[Reason, ...]]:
    """Points and reasons of two records."""
    reasons = [*_codes(a, b)]
    if a.names & b.names:
        reasons.append(Reason.NAME)
    elif any(alike(x, y) for x in a.names for y in b.names):
        reasons.append(Reason.NAME_ALIKE)
    for reason in (Reason.WEBSITE, Reason.EMAIL, Reason.PHONE, Reason.ADDRESS):
        if (value := getattr(a, reason.value)) and value == getattr(b, reason.value):
            reasons.append(reason)
    return sum(POINTS[reason] for reason in reasons), tuple(reasons)


def _codes(a: Record, b: Record) -> Iterator[Reason]:
    if a.codes & b.codes:
        yield Reason.TAX_CODE
    elif a.codes and b.codes:
        branch = any(x[:10] == y[:10] and {len(x), len(y)} & {13} for x in a.codes for y in b.codes)
        yield Reason.BRANCH if branch else Reason.OTHER_CODE


def alike(x: str, y: str) -> bool:
    """Whether two names without legal words are nearly the same; numbers in them have to be equal."""
    if _numbers(x) != _numbers(y):
        return False
    if len(x) >= 4 and sorted(x.split()) == sorted(y.split()):
        return True
    matcher = SequenceMatcher(None, x, y, autojunk=False)
    return min(len(x), len(y)) >= 6 and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _numbers(name: str) -> list[str]:
    return [word for word in name.split() if any(c.isdigit() for c in word)]


def candidates(records: Sequence[Record], apart: Iterable[tuple[int, int]] = ()) -> list[Pair]:
    """Pairs for a person to look at, proof first, then by points, but for those that were said to be `apart`."""
    known = {row.id: row for row in records}
    seen = set(apart)
    pairs = []
    for key in _near(records):
        if key in seen:
            continue
        seen.add(key)
        points, reasons = compare(known[key[0]], known[key[1]])
        if points >= ENOUGH:
            pairs.append(Pair(*key, points, reasons))
    return sorted(pairs, key=lambda pair: (not pair.proven, -pair.points, pair.first, pair.second))


def _near(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs that share something rare: a code, a contact, or a word of their names."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in records:
        shared = {("code", code) for code in row.codes} | {("code", code[:10]) for code in row.codes}
        shared |= {("word", word) for name in row.names for word in name.split()}
        shared |= {("name", name) for name in row.names}
        shared |= {(kind, value) for kind in ("website", "email", "phone") if (value := getattr(row, kind))}
        for key in shared:
            groups[key].append(row.id)
    for members in groups.values():
        if len(members) <= CROWD:
            yield from combinations(sorted(members), 2)
