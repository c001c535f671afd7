"""Text to tokens: grades kept whole, abbreviations written out, stop words gone, English stemmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

from matching.text.stopwords import ABBREVIATIONS, ENGLISH, SPELLINGS, VIETNAMESE, without_phrases
from vietnamese import clean_line, fold, place_tones

PAIR = "_"  # joins two neighbouring words to one feature
REMEMBERED = 2_000  # characters of a text that is kept after it was read; longer ones would fill the memory
MAX_CHARACTERS = 60_000  # of one part; what follows cannot change who should meet

_GRADE = re.compile(
    r"\b((?:iso|iatf|iec|astm|jis|din|tcvn|qcvn|ansi|sae|ohsas|sa|as|en|ks|gb|haccp|gmp|fssc|brc|ifs|vilas|ip|ik|nema"
    r"|sus|aisi|api|ul|ce|rohs|reach|fda)(?:[/ ](?:iec|ts|pas|asae))?)[\s:./-]*(\d{2,6})\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:_[^\W_]+)*")
_TAG = re.compile(r"<[^<>]{0,200}>|&[a-z]{2,8};")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_stem = snowballstemmer.stemmer("english").stemWord


def normalise(text: str) -> str:
    """Lower-case NFC text, full-width forms narrowed, mark-up gone, tone marks in one place, grades as one word."""
    return _remembered(text) if len(text) <= REMEMBERED else tidy(text).lower()


@lru_cache(maxsize=32768)
def _remembered(text: str) -> str:
    return tidy(text).lower()


def tidy(text: str) -> str:
    """As `normalise`, with its capital letters: for showing a word as it was written."""
    narrow = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    return _GRADE.sub(_whole, place_tones(clean_line(_TAG.sub(" ", narrow))))


def _whole(match: re.Match[str]) -> str:
    return re.sub(r"[/ ]", "", match[1]) + match[2]


def words(text: str) -> list[str]:
    """Words of normalised text in order; runs of Chinese, Japanese or Korean characters as pairs of characters."""
    return _split(normalise(text))


def words_as_written(text: str) -> list[str]:
    """The same words, position by position, with the capitals that they were written with."""
    written = _split(tidy(text))
    lower = words(text)
    return written if len(written) == len(lower) else lower


def _split(line: str) -> list[str]:
    out: list[str] = []
    for token in _TOKEN.findall(line):
        if _CJK.search(token):
            out.extend(_cjk_pairs(token))
        else:
            out.append(_number(token) if token[0].isdigit() else token)
    return out


def _number(token: str) -> str:
    return token.replace(",", ".")


def _cjk_pairs(token: str) -> list[str]:
    out: list[str] = []
    for run in re.findall(rf"{_CJK.pattern}|[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+", token):
        if _CJK.match(run) and len(run) > 1:
            out.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            out.append(run)
    return out


@lru_cache(maxsize=65536)
def english_stem(word: str) -> str:
    """Snowball stem of one lower-case English word, British and American spellings brought together."""
    word = SPELLINGS.get(word, word)
    if word.isalpha():
        word = re.sub(r"is(e[ds]?|ing|ations?|ers?)$", r"iz\1", word) if len(word) > 7 else word
        return str(_stem(word))
    return word


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """One word without its marks."""
    return fold(word)


def english(text: str) -> list[str]:
    """Stems of English text without stop words."""
    return [english_stem(word) for word in words(text) if word not in ENGLISH]


def vietnamese_marked(text: str) -> list[str]:
    """Syllables of Vietnamese text with their marks, without stop words, abbreviations written out."""
    return vietnamese(text)[0]


def vietnamese_folded(text: str) -> list[str]:
    """As `vietnamese_marked`, folded: what is left when the text was typed without marks. Stop words stay, because
    folding makes them equal to words that matter (``bộ``, ``bò``, ``bơ``); their low weight takes care of them.
    """
    return vietnamese(text)[1]


def vietnamese(text: str) -> tuple[list[str], list[str]]:
    """Both forms at once, marked and folded."""
    spoken = _written_out(words(text))
    return [word for word in without_phrases(spoken) if word not in VIETNAMESE], [folded(word) for word in spoken]


def _written_out(spoken: Sequence[str]) -> list[str]:
    out: list[str] = []
    for word in spoken:
        long = ABBREVIATIONS.get(folded(word))
        out.extend(long or (word,))
    return out


def with_bigrams(tokens: Sequence[str]) -> list[str]:
    """The tokens followed by their neighbouring pairs, joined by ``_``."""
    return [*tokens, *(f"{one}{PAIR}{two}" for one, two in pairwise(tokens))]
