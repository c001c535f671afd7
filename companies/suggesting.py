"""What is offered while somebody types: organisations, products, HS headings, communes. Pure.

Marks do not matter for finding; what is typed with its marks comes before what only sounds like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import vietnamese

PER_GROUP = 5
SHORTEST = 2  # letters, before anything is offered


class Group(StrEnum):
    """What is offered, in the order in which it is shown."""

    ORGANISATION = "organisation"
    PRODUCT = "product"
    HS = "hs"
    COMMUNE = "commune"


@dataclass(frozen=True)
class Term:
    """Something to offer. `value`: an id or a code. Names in both languages; `key`: their folded words."""

    group: Group
    value: str
    vi: str
    en: str
    key: str
    about: str = ""

    def label(self, language: str) -> str:
        """The name for the reader."""
        return (self.en or self.vi) if language == "en" else (self.vi or self.en)


def term(group: Group, value: object, vi: str | None, en: str | None, *, more: str = "", about: str = "") -> Term:
    """A term with its key; `more` is found too, but not shown."""
    key = vietnamese.search_key(" ".join(text for text in (vi, en, more) if text))
    return Term(group, str(value), vi or "", en or "", f" {key}", about)


def suggest(terms: Iterable[Term], text: str, per_group: int = PER_GROUP) -> Sequence[Term]:
    """The best terms of each group: every word typed begins a word of theirs."""
    typed = vietnamese.search_key(text)
    if len(typed) < SHORTEST:
        return []
    starts = [f" {word}" for word in typed.split()]
    accented = _spelled(text) if vietnamese.has_marks(text) else ""
    found: dict[Group, list[tuple[int, int, int, Term]]] = {group: [] for group in Group}
    first, *rest = starts
    for place, candidate in enumerate(terms):
        key = candidate.key
        if first in key and all(start in key for start in rest):
            found[candidate.group].append((*_rank(candidate, typed, accented), place, candidate))
    return [row[-1] for group in Group for row in sorted(found[group], key=lambda row: row[:3])[:per_group]]


def _rank(candidate: Term, typed: str, accented: str) -> tuple[int, int]:
    """As it was typed, marks and all, before what only folds to it; at the beginning before further on."""
    exact = not accented or any(accented in _spelled(name) for name in (candidate.vi, candidate.en))
    return (0 if exact else 1, 0 if candidate.key.startswith(f" {typed}") else 1)


def _spelled(text: str) -> str:
    return vietnamese.place_tones(vietnamese.clean_line(text)).casefold()
