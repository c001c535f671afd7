"""Texts typed in the old fonts TCVN3 (ABC) and VNI: they look garbled, and can be told and converted.

Both show Vietnamese by drawing other letters over Latin-1: ``C«ng ty`` (TCVN3) and ``Coâng ty`` (VNI) are
``Công ty``. Which font it was is known only when many words become syllables that were none before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vietnamese.normal import is_syllable, nfc

TCVN3, VNI = "TCVN3 (ABC)", "VNI"
FEWEST = 3  # words without which nothing is said: a foreign name may look like anything
SURE = 8  # marked words that have to become syllables before a conversion is trusted

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TCVN3_ROWS = {  # base letter -> the letters drawn as huyền, hỏi, ngã, sắc, nặng
    "a": "µ¶·¸¹", "ă": "»¼½¾Æ", "â": "ÇÈÉÊË", "e": "ÌÎÏÐÑ", "ê": "ÒÓÔÕÖ", "i": "×ØÜÝÞ", "o": "ßáâãä",
    "ô": "åæçèé", "ơ": "êëìíî", "u": "ïñòóô", "ư": "õö÷øù", "y": "úûüýþ",
}  # fmt: skip
_TCVN3 = {
    **dict(zip("¨©ª«¬\u00ad®¡¢£¤¥¦§", "ăâêôơưđĂÂÊÔƠƯĐ", strict=True)),
    **{
        drawn: nfc(base + tone)
        for base, row in _TCVN3_ROWS.items()
        for drawn, tone in zip(row, (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT), strict=True)
    },
}
_VNI_TONES = {"ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ù": _ACUTE, "ï": _DOT}
_VNI_HATS = {  # a mark of the letter, perhaps with a tone in the same sign
    "â": "\u0302", "à": "\u0302" + _GRAVE, "å": "\u0302" + _HOOK, "ã": "\u0302" + _TILDE, "á": "\u0302" + _ACUTE,
    "ä": "\u0302" + _DOT, "ê": "\u0306", "è": "\u0306" + _GRAVE, "ú": "\u0306" + _HOOK, "ü": "\u0306" + _TILDE,
    "é": "\u0306" + _ACUTE, "ë": "\u0306" + _DOT,
}  # fmt: skip
_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile("([aeouyöôAEOUYÖÔ])([" + "".join({*_VNI_TONES, *_VNI_HATS}) + "".join(
    c.upper() for c in {*_VNI_TONES, *_VNI_HATS}) + "])|([" + "".join(_VNI_ALONE) + "".join(
    c.upper() for c in _VNI_ALONE) + "])")  # fmt: skip
_WORD = re.compile(r"[^\s\d.,;:()/\"'&+\-]+")
_MARK_OR_LETTER = (
    frozenset(_TCVN3) | set("ÙØÛÕÏÂÀÅÃÁÄÊÈÚÜÉËÑÖÔÍÌÆÓÒÎ") | set(_VNI_TONES) | set(_VNI_HATS) | set(_VNI_ALONE)
)


def from_tcvn3(text: str) -> str:
    """Text of a TCVN3 font as Unicode."""
    return "".join(_TCVN3.get(c, c) for c in text)


def from_vni(text: str) -> str:
    """Text of a VNI font as Unicode."""
    return nfc(_VNI_PAIR.sub(_vni_sign, text))


def _vni_sign(found: re.Match[str]) -> str:
    base, mark, alone = found.groups()
    sign = _VNI_ALONE.get((alone or base).lower(), (alone or base).lower()) if alone or base in "öôÖÔ" else base
    if (alone or base).isupper():
        sign = sign.upper()
    if alone:
        return sign
    mark = mark.lower()
    return sign + (_VNI_TONES.get(mark) or _VNI_HATS[mark])


_CONVERT = {TCVN3: from_tcvn3, VNI: from_vni}


def convert(text: str, font: str) -> str:
    """The text of that font as Unicode; text that no old font can have written stays as it is."""
    return _CONVERT[font](text) if could_be(text) else text


def could_be(text: str) -> bool:
    """Whether an old font may have written it: something beyond ASCII, and nothing beyond Latin-1."""
    return not text.isascii() and all(ord(c) < 256 for c in text) and any(c in _MARK_OR_LETTER for c in text)


def font_of(texts: Iterable[str]) -> tuple[str, bool] | None:
    """The old font that the texts were typed in and whether that is sure; None when they are what they seem.

    A word counts where it is no syllable as it stands and becomes one when it is converted.
    """
    words = {word for text in texts if could_be(text) for word in _WORD.findall(text) if not word.isascii()}
    strange = [word for word in words if not is_syllable(word)]
    if len(strange) * 2 <= len(words) or not strange:
        return None
    mended = {font: sum(is_syllable(turn(word)) for word in strange) for font, turn in _CONVERT.items()}
    font = max(mended, key=lambda name: mended[name])
    if mended[font] < FEWEST or mended[font] * 2 <= len(strange):
        return None
    return font, mended[font] >= SURE and mended[font] * 20 >= len(strange) * 19
