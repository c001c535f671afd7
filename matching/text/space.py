"""One sparse vector a text, in which Vietnamese, unmarked Vietnamese, English and mixed texts meet.

A row has four blocks: Vietnamese syllables with marks, the same folded, English stems, and characters. Syllables and
stems come with their neighbouring pairs. What a text does not say in a language is filled in from the translation
table, at a lower weight. The similarity of two texts is the plain product of their rows, so it is a sum over
features, and every part of it can be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.text import tokens as tk
from matching.text.block import TAIL, Block, characters
from matching.text.foreign import ForeignTerms
from matching.text.language import Language, language_of
from matching.text.translation import Line, TranslationTable

Text = tuple[str, str, str]  # the Vietnamese, the English and the other field of one part
FORMS = ("none", "unmarked", "marked", "english", "both")  # what a text is written in


class Bilingual(NamedTuple):
    """One line that says the same in both languages, and how much it counts."""

    vi: str
    en: str
    weight: float = 1.0


class Tokens(NamedTuple):
    """The tokens of one text, native only; an empty list where the text says nothing in that form."""

    marked: list[str]
    folded: list[str]
    english: list[str]
    words: list[str]


@dataclass(frozen=True)
class Rows:
    """Sparse rows of texts: what they say themselves, and what the translation table adds, each (n, features)."""

    native: sp.csr_matrix
    translated: sp.csr_matrix

    def against(self, other: Rows) -> sp.csr_matrix:
        """Similarity (n, m): native with native, native with translated; never translated with translated."""
        if self.native.shape[0] <= other.native.shape[0]:
            return sp.csr_matrix(self._left @ other._right_turned)
        return sp.csr_matrix((other._right @ self._left_turned).T)  # fewer rows on the left: half the time

    @cached_property
    def _left(self) -> sp.csr_matrix:
        return sp.csr_matrix(sp.hstack([self.native + self.translated, self.native]))

    @cached_property
    def _right(self) -> sp.csr_matrix:
        return sp.csr_matrix(sp.hstack([self.native, self.translated]))

    @cached_property
    def _left_turned(self) -> sp.csr_matrix:
        return sp.csr_matrix(self._left.T)

    @cached_property
    def _right_turned(self) -> sp.csr_matrix:
        return sp.csr_matrix(self._right.T)


class TextSpace(BaseEstimator):
    """Texts to rows; `fit` learns words, their weights and the translation table.

    `pairs`: weight of neighbouring pairs against single words. `translated_vietnamese`, `translated_english`: scale
    of a block filled in by translation, against 1 for a native one. `folded`, `characters`: scale of those blocks.
    """

    def __init__(
        self,
        *,
        folded: float = 0.5,
        unmarked: float = 1.5,
        characters: float = 0.6,
        translated_vietnamese: float = 0.7,
        translated_english: float = 0.45,
        iterations: int = 6,
    ) -> None:
        self.folded = folded
        self.unmarked = unmarked
        self.characters = characters
        self.translated_vietnamese = translated_vietnamese
        self.translated_english = translated_english
        self.iterations = iterations

    def fit(
        self, texts: Sequence[Text], lines: Sequence[Bilingual] = (), foreign: ForeignTerms | None = None
    ) -> Self:
        """Learn from `texts` (words and their weights) and from bilingual `lines` (translation). Returns self."""
        self.foreign_ = foreign or ForeignTerms(())
        left, right = [_vietnamese(line.vi) for line in lines], [_english(line.en) for line in lines]
        read = [self.read(text) for text in texts]
        self.marked_block_ = Block([*(t.marked_pairs for t in left), *(t.marked for t in read)])
        self.folded_block_ = Block([*(t.folded_pairs for t in left), *(t.folded for t in read)])
        self.english_block_ = Block([*(t.pairs for t in right), *(t.english for t in read)])
        self.character_block_ = Block([*(t.words for t in left), *(t.words for t in read)], characters, 0.01)
        weights = [line.weight for line in lines]
        stems = [t.stems for t in right]
        self.marked_table_ = self._table([t.marked for t in left], stems, weights, self.marked_block_)
        self.folded_table_ = self._table([t.folded for t in left], stems, weights, self.folded_block_)
        return self

    def _table(
        self, left: list[list[str]], right: list[list[str]], weights: list[float], block: Block
    ) -> sp.csr_matrix:
        """Translation probabilities between the columns of a Vietnamese block and of the English one."""
        table = TranslationTable(iterations=self.iterations)
        table.fit([Line(a, b, w) for a, b, w in zip(left, right, weights, strict=True)])
        found = table.table_.tocoo()
        rows = np.array([block.slot(word) for word in table.source_index_], dtype=np.intp)
        columns = np.array([self.english_block_.slot(word) for word in table.target_index_], dtype=np.intp)
        # A word that no line knows (a name, a grade, an English word in a Vietnamese text) stands for itself.
        known = table.source_index_.keys() | table.target_index_.keys()
        english = self.english_block_.index
        same = [(i, english[word]) for word, i in block.index.items() if word in english and word not in known]
        tail = np.arange(TAIL)
        row = [rows[found.row], np.array([i for i, _ in same], np.intp), len(block.index) + tail]
        column = [columns[found.col], np.array([j for _, j in same], np.intp), len(english) + tail]
        data = np.concatenate([found.data, np.ones(len(same) + TAIL)])
        shape = (block.width, self.english_block_.width)
        return sp.csr_matrix((data, (np.concatenate(row), np.concatenate(column))), shape=shape)

    def read(self, text: Text) -> Tokens:
        """Tokens of the three fields of a part, each by the language it is really in."""
        return (_remembered if sum(map(len, text)) <= tk.REMEMBERED else _read)(text, self.foreign_)

    def transform(self, texts: Sequence[Text]) -> Rows:
        """Rows of the texts, native and translated, each (n, features); an empty text is a row of zeros."""
        return self.transform_with_forms(texts)[0]

    def transform_with_forms(self, texts: Sequence[Text]) -> tuple[Rows, NDArray[np.intp]]:
        """As `transform`, and what each text is written in, as index into `FORMS`."""
        check_is_fitted(self, "marked_table_")
        read = [self.read(text) for text in texts]
        marked = self.marked_block_.counts([t.marked for t in read])
        folded = self.folded_block_.counts([t.folded for t in read])
        english = self.english_block_.counts([t.english for t in read])
        character = self.character_block_.counts([t.words for t in read])
        has_marked, has_vietnamese, has_english = (
            _flags(getattr(t, name) for t in read) for name in ("marked", "folded", "english")
        )
        # Without marks the folded block speaks alone, so it speaks louder.
        louder = sp.diags(self.folded + (self.unmarked - self.folded) * (1 - has_marked))
        native = [
            self.marked_block_.weigh(marked),
            louder @ self.folded_block_.weigh(folded),
            self.english_block_.weigh(english),
            self.characters * self.character_block_.weigh(character),
        ]
        # What a text does not say is translated: into English out of marked text where there are marks.
        into_english = marked @ self.marked_table_ + sp.diags(1 - has_marked) @ folded @ self.folded_table_
        only_english = sp.diags(1 - has_vietnamese) @ english
        translated = [
            self.translated_vietnamese * self.marked_block_.weigh(only_english @ self.marked_table_.T),
            self.folded * self.translated_vietnamese * self.folded_block_.weigh(only_english @ self.folded_table_.T),
            self.translated_english * self.english_block_.weigh(sp.diags(1 - has_english) @ into_english),
            sp.csr_matrix(character.shape),
        ]
        form = np.where(has_vietnamese > 0, np.where(has_english > 0, 4, 1 + has_marked), 3 * has_english)
        return Rows(sp.csr_matrix(sp.hstack(native)), sp.csr_matrix(sp.hstack(translated))), form.astype(np.intp)


def _read(text: Text, foreign: ForeignTerms) -> Tokens:
    vietnamese, english = by_language(text, foreign)
    spoken = " . ".join(vietnamese)
    marked, folded = tk.vietnamese(spoken)
    if not any(word != tk.folded(word) for word in marked):  # typed without marks: the form would only mislead
        marked = []
    stems = tk.english(" . ".join(english))
    return Tokens(
        tk.with_bigrams(marked),
        tk.with_bigrams(folded),
        tk.with_bigrams(stems),
        tk.words(" ".join((*vietnamese, *english))),
    )


_remembered = lru_cache(maxsize=16384)(_read)


def by_language(text: Text, foreign: ForeignTerms) -> tuple[list[str], list[str]]:
    """The fields that are Vietnamese, and all others, with the English of the terms in Japanese and Korean."""
    vietnamese: list[str] = []
    english: list[str] = []
    hints: tuple[Language, Language, Language] = ("vi", "en", "")
    for field, hint in zip(text, hints, strict=True):
        if not field.strip():
            continue
        language = language_of(field, hint=hint)
        if language == "vi":
            vietnamese.append(field)
        else:
            english.append(field if language in ("en", "") else foreign.gloss(field))
    return vietnamese, english


class _Vietnamese(NamedTuple):
    marked: list[str]
    folded: list[str]
    marked_pairs: list[str]
    folded_pairs: list[str]
    words: list[str]


class _English(NamedTuple):
    stems: list[str]
    pairs: list[str]


# The lines that ship with the engine are read once a process.
@lru_cache(maxsize=65536)
def _vietnamese(text: str) -> _Vietnamese:
    marked, folded = tk.vietnamese(text)
    return _Vietnamese(marked, folded, tk.with_bigrams(marked), tk.with_bigrams(folded), tk.words(text))


@lru_cache(maxsize=65536)
def _english(text: str) -> _English:
    stems = tk.english(text)
    return _English(stems, tk.with_bigrams(stems))


def _flags(lists: Iterable[Sequence[str]]) -> NDArray[np.float64]:
    return np.array([1.0 if found else 0.0 for found in lists])
