"""Keys that are stored beside a text: for search, for the order of the alphabet, for names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from vietnamese.folding import fold
from vietnamese.normal import TONES, clean_line

_NOT_WORD = re.compile(r"[\W_]+")
_ALPHABET = {letter: f"{letter}0" for letter in "abcdefghijklmnopqrstuvwxyz"} | {
    "ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1",
}  # fmt: skip
_END, _GAP, _OTHER = "00", "01", "zz"

# Whole words that say what kind of legal body a name belongs to, folded; the longest are stripped first.
LEGAL_WORDS = (
    "tong cong ty", "cong ty", "tap doan", "trach nhiem huu han", "mot thanh vien", "hai thanh vien tro len",
    "hai thanh vien", "co phan", "ctcp", "ct cp", "cty", "ct", "cp", "tnhh", "mtv", "tm", "sx", "dv", "xnk",
    "dt", "vn", "san xuat", "thuong mai", "dich vu", "xuat nhap khau", "dau tu", "viet nam", "vietnam",
    "doanh nghiep tu nhan", "dntn", "joint stock company", "company limited", "limited liability company",
    "private limited", "joint stock", "jsc", "company", "limited", "ltd", "llc", "co", "corporation",
    "corp", "group", "inc", "plc", "gmbh", "pte",
)  # fmt: skip
_LEGAL = re.compile(r"(?<![a-z0-9])(?:" + "|".join(sorted(LEGAL_WORDS, key=len, reverse=True)) + r")(?![a-z0-9])")
_LINKS = {"va", "and", "cua", "of", "the"}


def search_key(text: str) -> str:
    """Folded lower-case words parted by single spaces: ``Công ty CP Điện-Cơ`` -> ``cong ty cp dien co``."""
    return _NOT_WORD.sub(" ", fold(clean_line(text)).casefold()).strip()


def sort_key(text: str) -> str:
    """A string of small letters and digits whose byte order is the order of the Vietnamese alphabet.

    Letters first (A Ă Â B C D Đ E Ê … O Ô Ơ … U Ư), tones as a second level in the order of the dictionary
    (a à ả ã á ạ), digits before letters, a gap between words before both. Because only ``0-9a-z`` occur, the
    order is the same under every collation of a database. Other scripts sort after Z by code point.
    """
    primary: list[str] = []
    tones: list[str] = []
    for c in clean_line(text).casefold():
        code, tone = _letter(c)
        if code == _GAP and (not primary or primary[-1] == _GAP):
            continue
        primary.append(code)
        tones.append(tone)
    if primary and primary[-1] == _GAP:
        primary.pop()
        tones.pop()
    return "".join(primary) + _END + "".join(tones)


@lru_cache(maxsize=4096)
def _letter(c: str) -> tuple[str, str]:
    if c.isdecimal():
        return f"1{unicodedata.decimal(c)}", "0"
    if not c.isalpha():
        return _GAP, "0"
    parts = unicodedata.normalize("NFD", c)
    tone = next((t for t in parts if t in TONES), "")
    base = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else c
    code = _ALPHABET.get(base) or _ALPHABET.get(fold(base))
    if code is None:
        return f"{_OTHER}{ord(c):06x}", "0"
    return code, str(TONES.index(tone) + 1) if tone else "0"


def name_tokens(name: str) -> tuple[str, ...]:
    """Folded words of an organisation's name in order, without legal words; may be empty."""
    rest = _LEGAL.sub(" ", search_key(name))
    return tuple(word for word in rest.split() if word not in _LINKS)


def similarity_key(name: str) -> str:
    """Key that two spellings of one organisation's name share: legal words stripped, folded.

    ``Công ty CP Cơ khí Minh Hoạ`` and ``CTCP CO KHI MINH HÒA`` give ``co khi minh hoa``. Equal keys make two
    rows candidates for a person to compare, never proof. A name of legal words only keeps them.
    """
    return " ".join(name_tokens(name)) or search_key(name)
