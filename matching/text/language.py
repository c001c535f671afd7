"""Which language a short text is in, also when Vietnamese was typed without marks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from matching.text.stopwords import ENGLISH, VIETNAMESE_FOLDED
from matching.text.tokens import folded, normalise

Language = Literal["vi", "en", "ja", "ko", "zh", ""]

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FOREIGN = re.compile("[üöäñçåøëïß]")  # marks that Vietnamese does not have
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_SYLLABLE = re.compile(
    r"(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(uyen|uye|uya|oai|oay|oeo|uay|uoi|uou|ieu|yeu|uyu|ia|ie|io|iu|ua|ue|ui|uo|uu|uy|oa|oe|oi|oo|ai|ao|au|ay|eo"
    r"|eu|ye|[aeiouy])"
    r"(ch|ng|nh|[cmnpt])?\Z"
)
_COMMON_VIETNAMESE = VIETNAMESE_FOLDED | frozenset(
    """
    may san xuat gia cong cong ty nghe nghiep thiet bi vat lieu nha thep nhua dien hang kinh doanh xuong thue von vay
    tin dung ngan dao tao nghien cuu ky thuat khuon ep duc han tien phay chi tiet linh kien tu dong hoa thuc pham
    che bien son xi ma nhiet luyen kiem tra chat luong giao duc vien truong nuoc mang luong
    """.split()  # noqa: SIM905 - a list of eighty strings is no easier to read
)
_COMMON_ENGLISH = ENGLISH | frozenset(
    """
    machine company product service quality system steel plastic rubber supplier production line control process
    loan bank credit research training laboratory industrial equipment manufacturing parts material tool design
    """.split()  # noqa: SIM905 - as above
)


def language_of(text: str, *, hint: Language = "") -> Language:
    """ "vi", "en", "ja", "ko", "zh", or `hint` when the text has no letters to tell by.

    Vietnamese without marks is told from English by syllable shape and by the commonest words of both; `hint`, the
    field that the text was typed in, decides close calls.
    """
    line = normalise(text)[:4000]
    if _HANGUL.search(line):
        return "ko"
    if _KANA.search(line):
        return "ja"
    if len(_HAN.findall(line)) > len(line) // 4:
        return "zh"
    found = _WORD.findall(line)
    if not found:
        return hint
    marked = sum(map(_has_vietnamese_marks, found))
    if marked >= max(1, len(found) // 8):
        return "vi"
    vietnamese = 2.0 if hint == "vi" else 0.0
    english = 2.0 if hint == "en" else 0.0
    for word in found:
        shaped = _SYLLABLE.match(word) is not None
        vietnamese += (2.0 if word in _COMMON_VIETNAMESE else 1.0) if shaped else 0.0
        english += 2.0 if word in _COMMON_ENGLISH else (0.0 if shaped and len(word) < 7 else 1.0)
    return "vi" if vietnamese > english else "en"


@lru_cache(maxsize=65536)
def _has_vietnamese_marks(word: str) -> bool:
    return word != folded(word) and not _FOREIGN.search(word)
