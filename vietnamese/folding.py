"""Text without its marks: for recall, and for what was typed in a hurry or without a Vietnamese keyboard."""

from __future__ import annotations

import unicodedata

from vietnamese.normal import TONES, nfc

_SPECIAL = "đĐðÐøØłŁı"  # Latin letters that have no decomposition
_PLAIN = str.maketrans(_SPECIAL, "dDdDoOlLi")


def fold(text: str) -> str:
    """`text` without diacritics, case kept: ``Đường`` -> ``Duong``.

    Only Latin letters lose marks, so that Japanese voiced kana and Korean syllables stay what they are.
    """
    if text.isascii():
        return text
    out: list[str] = []
    latin = False
    for c in unicodedata.normalize("NFD", text):
        if unicodedata.combining(c):
            if not latin:
                out.append(c)
            continue
        latin = c.isascii() or c in _SPECIAL or unicodedata.name(c, "").startswith("LATIN")
        out.append(c)
    return nfc("".join(out)).translate(_PLAIN)


def strip_tones(text: str) -> str:
    """`text` without the five tone marks; the letters ă â ê ô ơ ư đ stay."""
    return nfc("".join(c for c in unicodedata.normalize("NFD", text) if c not in TONES))


def has_marks(text: str) -> bool:
    """Whether any letter carries a mark that `fold` would remove."""
    return fold(text) != nfc(text)
