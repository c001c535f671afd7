"""Bring text to one form: NFC, no invisible characters, tone marks in one place, a bounded length."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of the Vietnamese alphabet

_MARKED_VOWELS = "ăâêôơư"
_ONSETS = "ngh|ng|nh|ch|gh|kh|ph|th|tr|qu|gi|[bcdđghklmnprstvx]"
_CODAS = "ch|ng|nh|[cmnpt]"
_SYLLABLE = re.compile(rf"(?P<onset>{_ONSETS}|)(?P<vowels>[aăâeêioôơuưy]{{1,3}})(?P<coda>{_CODAS}|)\Z")
_NUCLEI = frozenset(
    (
        *"aăâeêioôơuưy",
        "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "ia", "iê", "iu", "oa", "oă", "oe", "oi", "ôi", "ơi", "oo",
        "ua", "uâ", "ui", "uê", "uô", "uơ", "uy", "ưa", "ươ", "ưi", "ưu", "yê", "iêu", "oai", "oao", "oay", "oeo",
        "uây", "uôi", "uya", "uyê", "uyu", "ươi", "ươu", "yêu", "uêu",
    )
)  # fmt: skip
_LONGEST_SYLLABLE = 16  # "nghiêng" with its marks apart
_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")


def nfc(text: str) -> str:
    """Canonical composition (NFC), without a change to anything else."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """NFC text of one or more lines, without invisible, control and private characters, spaces collapsed.

    Line ends become ``\\n``; a tab or an exotic space becomes one space. Zero-width joiners, byte-order
    marks, soft hyphens and direction marks disappear, so that two strings that look the same are the same.
    """
    text = nfc(text)
    if text.isprintable():  # one line without anything to remove, as nearly always
        return _SPACES.sub(" ", text).strip()
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C")
    # Removing an invisible character can bring a base letter and its mark together, or two spaces.
    kept = _SPACES.sub(" ", nfc(kept))
    return "\n".join(line.strip() for line in kept.split("\n")).strip()


def clean_line(text: str) -> str:
    """As `clean`, on one line: for names, titles and codes."""
    return " ".join(clean(text).split())


def cap(text: str, limit: int, *, ellipsis: str = "…") -> str:
    """`text` in at most `limit` characters, cut at a space where one is near, with an ellipsis when cut.

    Raises ValueError when `limit` is not larger than the ellipsis.
    """
    if limit <= len(ellipsis):
        raise ValueError("the limit leaves no room for text")
    if len(text) <= limit:
        return text
    room = limit - len(ellipsis)
    head = text[:room]
    if not text[room].isspace():
        space = max(head.rfind(" "), head.rfind("\n"))
        if space > room * 3 // 4:
            head = head[:space]
    while head and unicodedata.combining(text[len(head)]):  # never part a letter from its mark
        head = head[:-1]
    return head.rstrip() + ellipsis


def place_tones(text: str) -> str:
    """Every Vietnamese syllable with its tone mark in the traditional place: ``hoà`` -> ``hòa``.

    Words that are no Vietnamese syllable (``café``, ``naïve``) stay as they are. NFC in and out.
    """
    if text.isascii():
        return text
    return _WORD.sub(lambda match: _place_tone(match.group()), nfc(text))


def is_syllable(word: str) -> bool:
    """Whether the word is built like one Vietnamese syllable, with at most one tone."""
    return len(word) <= _LONGEST_SYLLABLE and _is_syllable(word)


@lru_cache(maxsize=32768)
def _is_syllable(word: str) -> bool:
    letters, tone = _without_tone(word)
    syllable = _SYLLABLE.match(letters.lower()) if len(tone) <= 1 else None
    return syllable is not None and syllable["vowels"] in _NUCLEI


@lru_cache(maxsize=32768)
def _place_tone(word: str) -> str:
    if len(word) < 2 or word.isascii():
        return word
    letters, tone = _without_tone(word)
    syllable = _SYLLABLE.match(letters.lower()) if len(tone) == 1 else None
    if syllable is None:
        return word
    at = syllable.start("vowels") + _tone_position(syllable["onset"], syllable["vowels"], syllable["coda"])
    return nfc(letters[: at + 1] + tone + letters[at + 1 :])


def _without_tone(word: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", word)
    tone = "".join(c for c in decomposed if c in TONES)
    return nfc("".join(c for c in decomposed if c not in TONES)), tone


def _tone_position(onset: str, vowels: str, coda: str) -> int:
    marked = [i for i, vowel in enumerate(vowels) if vowel in _MARKED_VOWELS]
    if marked:
        return marked[-1]
    if len(vowels) == 3 or (len(vowels) == 2 and coda):
        return 1
    return 0
