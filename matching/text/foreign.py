"""Japanese and Korean texts by the terms in them: the glossary's names, longest first, read as English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from matching.text.tokens import normalise


class ForeignTerms:
    """Finds known terms of languages written without spaces, and gives their English; read at the first such text."""

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        self._terms = tuple(terms)

    @cached_property
    def english(self) -> dict[str, str]:
        """English of each term, without spaces; the first one given counts."""
        found: dict[str, str] = {}
        for term, english in self._terms:
            found.setdefault(normalise(term).replace(" ", ""), english)
        found.pop("", None)
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, sorted(self.english, key=len, reverse=True))))

    def gloss(self, text: str) -> str:
        """The text followed by the English of every term in it; unchanged when none is known."""
        if not self.english:
            return text
        squeezed = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", normalise(text))
        found = [self.english[term] for term in self._pattern.findall(squeezed)]
        return " . ".join((text, *found))
