"""Which words and phrases of two texts met: links between words, joined to phrases where they lie side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.text import tokens as tk
from matching.text.space import Text, TextSpace, by_language
from matching.text.stopwords import ENGLISH, VIETNAMESE
from vietnamese import fold, has_marks

WEAKEST = 0.08  # a link of the translation table below this is not worth showing
SHORTEST = 3  # letters of a phrase worth showing: a bare number or a unit is no reason
MOST_WORDS = 400


class Word(NamedTuple):
    written: str
    vietnamese: bool
    column: int  # in the block of its language
    folded: int
    weight: float


def meeting_terms(space: TextSpace, one: Text, other: Text) -> list[tuple[str, str, float]]:
    """(phrase of one, phrase of the other, strength), strongest first.

    Words meet when they are the same word, the same word without marks, or linked by the translation table.
    """
    return Meetings(space).of(words_of(space, one), words_of(space, other))


def words_of(space: TextSpace, text: Text) -> list[Word]:
    """The words of a text that count, as written, with their places in the space."""
    out: list[Word] = []
    for vietnamese, fields in zip((True, False), by_language(text, space.foreign_), strict=True):
        for field in fields:
            marks = has_marks(field)
            for written, word in zip(tk.words_as_written(field), tk.words(field), strict=True):
                if (word in VIETNAMESE and marks) if vietnamese else word in ENGLISH:
                    continue
                out.append(_word(space, written, word, vietnamese, marks))
    return out[:MOST_WORDS]


def _word(space: TextSpace, written: str, word: str, vietnamese: bool, marks: bool) -> Word:
    if not vietnamese:
        stem = tk.english_stem(word)
        column = space.english_block_.slot(stem)
        return Word(written, False, column, -1, float(space.english_block_.idf[column]))
    folded = space.folded_block_.slot(fold(word))
    column = space.marked_block_.slot(word) if marks else -1
    idf: NDArray[np.float64] = space.folded_block_.idf
    return Word(written, True, column, folded, float(idf[folded]))


class Meetings:
    """Finds the terms that met in pairs of texts; a row of the translation table is looked up once per word."""

    def __init__(self, space: TextSpace) -> None:
        self._space = space
        self._rows: dict[tuple[bool, int], dict[int, float]] = {}

    def of(self, left: list[Word], right: list[Word]) -> list[tuple[str, str, float]]:
        """(phrase of the left, phrase of the right, strength), strongest first."""
        links = self._links(left, right)
        found: dict[tuple[str, str], float] = {}
        for group in _groups(links):
            strength = float(sum(links[cell] for cell in group))
            pair = (_phrase(left, {i for i, _ in group}), _phrase(right, {j for _, j in group}))
            if all(sum(c.isalpha() for c in phrase) >= SHORTEST for phrase in pair):
                found[pair] = max(found.get(pair, 0.0), strength)
        return sorted(((a, b, s) for (a, b), s in found.items()), key=lambda term: (-term[2], term[0], term[1]))

    def _links(self, left: list[Word], right: list[Word]) -> dict[tuple[int, int], float]:
        vietnamese: dict[int, list[int]] = {}
        english: dict[int, list[int]] = {}
        for j, b in enumerate(right):
            (vietnamese if b.vietnamese else english).setdefault(b.folded if b.vietnamese else b.column, []).append(j)
        links: dict[tuple[int, int], float] = {}
        for i, a in enumerate(left):
            for j in vietnamese.get(a.folded, ()) if a.vietnamese else english.get(a.column, ()):
                b = right[j]
                if not a.vietnamese or a.column == b.column or min(a.column, b.column) < 0:
                    links[i, j] = a.weight * b.weight
            if a.vietnamese and english:
                row = self._row(a)
                for column in row.keys() & english.keys():
                    self._add(links, row[column], a, right, [(i, j) for j in english[column]], of=1)
        self._add_backward(links, left, right)
        return {cell: strength for cell, strength in links.items() if strength > 0}

    def _add_backward(self, links: dict[tuple[int, int], float], left: list[Word], right: list[Word]) -> None:
        """The links of Vietnamese words on the right with English ones on the left."""
        english: dict[int, list[int]] = {}
        for i, a in enumerate(left):
            if not a.vietnamese:
                english.setdefault(a.column, []).append(i)
        if not english:
            return
        for j, b in enumerate(right):
            if b.vietnamese:
                row = self._row(b)
                for column in row.keys() & english.keys():
                    self._add(links, row[column], b, left, [(i, j) for i in english[column]], of=0)

    @staticmethod
    def _add(
        links: dict[tuple[int, int], float],
        probability: float,
        word: Word,
        others: list[Word],
        cells: list[tuple[int, int]],
        *,
        of: int,
    ) -> None:
        if probability >= WEAKEST:
            for cell in cells:
                links[cell] = probability * word.weight * others[cell[of]].weight

    def _row(self, vi: Word) -> dict[int, float]:
        marked = vi.column >= 0
        key = marked, vi.column if marked else vi.folded
        if key not in self._rows:
            table = self._space.marked_table_ if marked else self._space.folded_table_
            cells = slice(table.indptr[key[1]], table.indptr[key[1] + 1])
            self._rows[key] = dict(zip(table.indices[cells].tolist(), table.data[cells].tolist(), strict=True))
        return self._rows[key]


def _groups(links: dict[tuple[int, int], float]) -> list[list[tuple[int, int]]]:
    """Links that lie side by side in both texts, in any order, are one phrase; each word joins its best phrase."""
    best_i: dict[int, float] = {}
    best_j: dict[int, float] = {}
    for (i, j), strength in links.items():
        best_i[i] = max(best_i.get(i, 0.0), strength)
        best_j[j] = max(best_j.get(j, 0.0), strength)
    rest = {c for c, s in links.items() if s >= 0.5 * best_i[c[0]] and s >= 0.5 * best_j[c[1]]}
    groups: list[list[tuple[int, int]]] = []
    for start in sorted(rest, key=lambda cell: (-links[cell], cell)):
        if start not in rest:
            continue
        rest.discard(start)
        group, border = [start], [start]
        while border:
            i, j = border.pop()
            near = [c for c in rest if abs(c[0] - i) <= 1 and abs(c[1] - j) <= 1]
            rest.difference_update(near)
            group += near
            border += near
        groups.append(group)
    return groups


def _phrase(side: list[Word], positions: set[int]) -> str:
    return " ".join(side[i].written for i in sorted(positions))
