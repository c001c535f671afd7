"""Proposes what the columns of a foreign list are: by our headings, what was told before, synonyms, likeness.

Marks and case count for nothing. What is not sure is shown to an officer, who corrects it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

import vietnamese
from companies import headings
from companies.cells import written
from companies.columns import BOTH, OF_PRODUCT, ORGANISATIONS, PRODUCTS, READABLE, columns_by_field
from companies.headings import HEADER_WITHIN, Told
from core.documents.tables import Row, Sheet

SYNONYMS_FILE = Path(__file__).with_name("data") / "synonyms.csv"
LIKE = 0.7  # the least likeness that is proposed
LONGEST_HEADING = 200
SAMPLES = 3
HEAD = HEADER_WITHIN + SAMPLES  # rows that a proposal looks at
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_ASIDE = re.compile(r"\b(?:\d+|nam|ty|ti|trieu|nghin|ngan|dong|vnd|usd|dvt|don vi tinh|neu co|lien he)\b")

Remembered = Mapping[tuple[str, str], str]  # (sheet, search key of a heading) -> name of a column, "" leaves it out


@dataclass(frozen=True)
class Guess:
    """One column of the file. `column`: a name of ours, "" to leave it out; `power`: of ten, from the heading."""

    index: int
    heading: str
    column: str
    sure: bool
    likeness: float
    samples: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return vietnamese.search_key(self.heading)

    @property
    def power(self) -> int:
        return headings.unit(self.heading)


@dataclass(frozen=True)
class Layout:
    """What a sheet of the file seems to be: one of the four ("" for none of them), its header and its columns."""

    name: str
    sheet: str
    row: int
    guesses: tuple[Guess, ...] = ()

    @property
    def sure(self) -> bool:
        return bool(self.sheet) and all(guess.sure for guess in self.guesses)

    def told(self) -> Told:
        return Told(self.sheet, self.row, {guess.key: guess.column for guess in self.guesses})


def head_of(sheet: Sheet) -> Sheet:
    """The first rows, which are all that a proposal needs."""
    return Sheet(sheet.name, sheet.rows[:HEAD])


def propose(sheet: Sheet, remembered: Remembered, only: str | None = None) -> Layout:
    """The best layout of a sheet; `only` for one of the four. At least two columns have to be recognised."""
    best, best_score = Layout(sheet.name, "", sheet.rows[0].number), 0.0
    for at, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = headings.texts_of(row)
        for name in [only] if only else READABLE:
            guesses = _guesses(name, texts, remembered, sheet.rows[at + 1 : at + 1 + SAMPLES])
            found = [guess for guess in guesses if guess.column]
            score = sum(guess.likeness + guess.sure for guess in found) - 0.25 * (len(guesses) - len(found))
            if name == BOTH and not only and not _repeats(guesses, sheet.rows[at + 1 :]):
                continue
            if (len(found) > 1 or only) and score > best_score:
                best, best_score = Layout(sheet.name, name, row.number, tuple(guesses)), score
    if only and not best.sheet:
        return Layout(
            sheet.name, only, sheet.rows[0].number, tuple(_guesses(only, headings.texts_of(sheet.rows[0]), {}, []))
        )
    return best


def _repeats(guesses: Iterable[Guess], below: Iterable[Row]) -> bool:
    """Whether an organisation stands on several rows, with a column for its products."""
    places = {guess.column: guess.index for guess in guesses}
    key = next((places[name] for name in ("tax_code", "name_vi", "name_en") if name in places), None)
    if key is None or not {"product_vi", "product_en"} & places.keys():
        return False
    values = [row.values[key] for row in below if len(row.values) > key and row.values[key] is not None]
    return len(set(values)) < len(values)


def _guesses(name: str, texts: Mapping[int, str], remembered: Remembered, below: Iterable[Row]) -> list[Guess]:
    found = []
    for index, text in texts.items():
        column, sure, likeness = _guess(name, text, remembered)
        cells = [row.values[index] for row in below if len(row.values) > index]
        samples = [written(cell) for cell in cells if cell is not None]
        found.append(Guess(index, text, column, sure, likeness, tuple(vietnamese.cap(s, 40) for s in samples)))
    return _each_once(found)


def _each_once(guesses: list[Guess]) -> list[Guess]:
    """A column of ours is proposed once, for the heading that is most like it; what is sure stays."""
    taken: dict[str, Guess] = {}
    for guess in sorted(guesses, key=lambda g: (-g.sure, -g.likeness, g.index)):
        taken.setdefault(guess.column, guess)
    return [
        guess if guess.sure or not guess.column or taken[guess.column] is guess
        else Guess(guess.index, guess.heading, "", False, 0.0, guess.samples)
        for guess in guesses
    ]  # fmt: skip


def _guess(name: str, heading: str, remembered: Remembered) -> tuple[str, bool, float]:
    """The column, whether that is sure, and how like it is (0 to 1). A text as long as a letter heads nothing."""
    if len(heading) > LONGEST_HEADING:
        return "", False, 0.0
    key = vietnamese.search_key(heading)
    if (name, key) in remembered:
        return remembered[name, key], True, 1.0
    if (column := headings.keys_of_sheet(name).get(key)) is not None:
        return column.name, True, 1.0
    if _terms(name).get(key) == "":
        return "", True, 1.0
    best, likeness = _most_like(name, _bare(heading))
    return (best, False, likeness) if likeness >= LIKE else ("", headings.is_ours(heading), 0.0)


@lru_cache(maxsize=4096)
def _most_like(name: str, bare: str) -> tuple[str, float]:
    """The column of a sheet whose terms are most like a heading. A file is read row by row for each of the sheets."""
    likenesses = ((column, _likeness(bare, term)) for term, column in _terms(name).items())
    return max(likenesses, key=lambda pair: pair[1])


def _bare(heading: str) -> str:
    """The heading without units, years and remarks in brackets."""
    key = vietnamese.search_key(_BRACKETS.sub(" ", heading)) or vietnamese.search_key(heading)
    return " ".join(_ASIDE.sub(" ", key).split()) or key


def _likeness(heading: str, term: str) -> float:
    """From 0 to 1, where it is at least LIKE; less is told as little, without counting letters in vain."""
    if heading == term:
        return 1.0
    a, b = set(heading.split()), set(term.split())
    if len(b) > 1 and b <= a:
        return 0.75 + 0.2 * len(b) / len(a)
    shared = 2 * len(a & b) / (len(a) + len(b))
    return 0.95 * max(shared, _letters(heading, term))


def _letters(heading: str, term: str) -> float:
    """The share of letters that both have in the same order; 0 where the lengths or the letters are too unlike."""
    if 0.95 * 2 * min(len(heading), len(term)) < LIKE * (len(heading) + len(term)):
        return 0.0
    match = SequenceMatcher(None, heading, term, autojunk=False)
    return match.ratio() if 0.95 * match.quick_ratio() >= LIKE else 0.0


@lru_cache
def _terms(name: str) -> Mapping[str, str]:
    """Every known way to head a column of a sheet -> its name; "" for those that are left out, such as STT."""
    if name == BOTH:
        ours = columns_by_field(BOTH)
        named = {column.name: ours[OF_PRODUCT + column.fills].name for column in READABLE[PRODUCTS][1:]} | {"": ""}
        products = {term: named[column] for term, column in _terms(PRODUCTS).items() if column in named}
        return {**products, **_terms(ORGANISATIONS)}
    known = {_bare(key): column.name for key, column in headings.keys_of_sheet(name).items()}
    with SYNONYMS_FILE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["sheet"] == name:
                known |= {vietnamese.search_key(word): line["column"] for word in line["synonyms"].split("|")}
    known.pop("", None)
    return known
