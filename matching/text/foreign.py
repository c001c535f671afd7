"""Japanese and Korean texts by the terms in them: the glossary's names, longest first, read as English."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matching.text.tokens import normalise


class ForeignTerms:
    """Finds known terms of languages written without spaces, and gives their English."""

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        self.english: dict[str, str] = {}
        for term, english in terms:
            self.english.setdefault(normalise(term).replace(" ", ""), english)
        longest_first = sorted((t for t in self.english if t), key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def gloss(self, text: str) -> str:
        """The text followed by the English of every term in it; unchanged when none is known."""
        if self.pattern is None:
            return text
        squeezed = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", normalise(text))
        found = [self.english[term] for term in self.pattern.findall(squeezed)]
        return " . ".join((text, *found))
