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
MOST_WORDS = 400


class _Word(NamedTuple):
    written: str
    vietnamese: bool
    column: int  # in the block of its language
    folded: int
    weight: float


def meeting_terms(space: TextSpace, one: Text, other: Text) -> list[tuple[str, str, float]]:
    """(phrase of one, phrase of the other, strength), strongest first.

    Words meet when they are the same word, the same word without marks, or linked by the translation table.
    """
    left, right = _words(space, one), _words(space, other)
    linked = _Links(space)
    links = {
        (i, j): strength
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if (strength := linked.between(a, b)) > 0
    }
    found: dict[tuple[str, str], float] = {}
    for group in _groups(links):
        strength = float(sum(links[cell] for cell in group))
        pair = (_phrase(left, {i for i, _ in group}), _phrase(right, {j for _, j in group}))
        found[pair] = max(found.get(pair, 0.0), strength)
    return sorted(((a, b, s) for (a, b), s in found.items()), key=lambda term: (-term[2], term[0], term[1]))


def _words(space: TextSpace, text: Text) -> list[_Word]:
    out: list[_Word] = []
    for vietnamese, fields in zip((True, False), by_language(text, space.foreign_), strict=True):
        for field in fields:
            marks = has_marks(field)
            for written, word in zip(tk.words_as_written(field), tk.words(field), strict=True):
                if (word in VIETNAMESE and marks) if vietnamese else word in ENGLISH:
                    continue
                out.append(_word(space, written, word, vietnamese, marks))
    return out[:MOST_WORDS]


def _word(space: TextSpace, written: str, word: str, vietnamese: bool, marks: bool) -> _Word:
    if not vietnamese:
        stem = tk.english_stem(word)
        column = space.english_block_.slot(stem)
        return _Word(written, False, column, -1, float(space.english_block_.idf[column]))
    folded = space.folded_block_.slot(fold(word))
    column = space.marked_block_.slot(word) if marks else -1
    idf: NDArray[np.float64] = space.folded_block_.idf
    return _Word(written, True, column, folded, float(idf[folded]))


class _Links:
    """Strength of the link of two words; a row of the translation table is looked up once per word."""

    def __init__(self, space: TextSpace) -> None:
        self._space = space
        self._rows: dict[tuple[bool, int], dict[int, float]] = {}

    def between(self, a: _Word, b: _Word) -> float:
        if a.vietnamese == b.vietnamese:
            same = a.column == b.column if a.column >= 0 and b.column >= 0 else a.folded == b.folded
            return a.weight * b.weight if same else 0.0
        vi, en = (a, b) if a.vietnamese else (b, a)
        probability = self._row(vi).get(en.column, 0.0)
        return probability * a.weight * b.weight if probability >= WEAKEST else 0.0

    def _row(self, vi: _Word) -> dict[int, float]:
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


def _phrase(side: list[_Word], positions: set[int]) -> str:
    return " ".join(side[i].written for i in sorted(positions))
