"""Which characters our PDF fonts can draw. Typst draws a box for the others, without a warning.

Two fonts, both independent of the machine: Libertinus Serif, inside the Typst wheel, for Latin (Vietnamese too),
Greek and Cyrillic; Noto Sans CJK, by package, for Chinese, Japanese and Korean.
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

import noto_cjk_sans_jp_regular as noto

import vietnamese

# What Libertinus Serif has without gaps; tests/core/test_pdf.py draws each.
LIBERTINUS = ((0x20, 0x7E), (0xA0, 0x17F), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x300, 0x304), (0x391, 0x3A1),
              (0x3A3, 0x3C9), (0x400, 0x45F), (0x1EA0, 0x1EF9), (0x2010, 0x2015), (0x2018, 0x201E),
              (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x20AB, 0x20AC), (0x2122, 0x2122))  # fmt: skip


def drawable(text: str) -> str:
    """`text` with "?" for every character that would come out as an empty box; marks are dropped where that helps."""
    if text.isascii():
        return text
    return "".join(c if _covered(c) else _instead(c) for c in unicodedata.normalize("NFC", text))


def uncovered(text: str) -> str:
    """The characters of `text` that no font of ours has."""
    return "".join(sorted({c for c in unicodedata.normalize("NFC", text) if not _covered(c)}))


def font_folder() -> Path:
    """Where the font that came by package lies."""
    return Path(str(noto.FONT_PATH)).parent


def _instead(character: str) -> str:
    folded = vietnamese.fold(character)
    return folded if folded != character and all(map(_covered, folded)) else "?"


def _covered(character: str) -> bool:
    code = ord(character)
    return character in "\n\t" or any(low <= code <= high for low, high in LIBERTINUS) or _in_noto(code)


def _in_noto(code: int) -> bool:
    starts, ends = _noto_ranges()
    at = bisect_right(starts, code) - 1
    return at >= 0 and code <= ends[at]


@cache
def _noto_ranges() -> tuple[list[int], list[int]]:
    """The ranges of characters of the font's own table (OpenType "cmap", format 12), in order."""
    data = Path(str(noto.FONT_PATH)).read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    found = {data[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", data, 20 + 16 * i)[0] for i in range(tables)}
    cmap = found[b"cmap"]
    for i in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        offset = cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * i)[0]
        if struct.unpack_from(">H", data, offset)[0] == 12:
            groups = struct.unpack_from(">I", data, offset + 12)[0]
            spans = [struct.unpack_from(">II", data, offset + 16 + 12 * g) for g in range(groups)]
            return [s for s, _e in spans], [e for _s, e in spans]
    raise LookupError("the font has no table of the expected format")
