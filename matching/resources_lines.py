"""The shipped glossary and industry classification as bilingual lines and foreign terms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matching.glossary import Entry, shipped_codes, shipped_glossary
from matching.text.foreign import ForeignTerms
from matching.text.space import Bilingual


def lines_of(entries: Iterable[Entry]) -> list[Bilingual]:
    """Every Vietnamese name with every English one; the lines of an entry share the weight of one line a name."""
    return [
        Bilingual(vi, en, 1.0 / max(len(entry.vi), len(entry.en)))
        for entry in entries
        for vi in entry.vi
        for en in entry.en
    ]


@cache
def shipped_lines() -> tuple[Bilingual, ...]:
    """All bilingual lines that come with the engine."""
    codes = [Bilingual(code.vi, code.en) for code in shipped_codes() if code.en]
    return (*lines_of(shipped_glossary()), *dict.fromkeys(codes))


@cache
def foreign_terms() -> ForeignTerms:
    """Japanese and Korean names of the shipped glossary with their first English name."""
    return ForeignTerms((name, e.en[0]) for e in shipped_glossary() for name in (*e.ja, *e.ko))
