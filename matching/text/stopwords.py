"""Words that carry no subject, abbreviations, and spellings that are one word: Vietnamese and English.

Stop words and abbreviations are data (`resources/stopwords.csv`, `resources/abbreviations.csv`).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from vietnamese import fold

RESOURCES = Path(__file__).parent.parent / "resources"


def _table(name: str) -> list[tuple[str, str]]:
    with (RESOURCES / name).open(encoding="utf-8", newline="") as file:
        return [(row[0].strip(), row[1].strip()) for row in list(csv.reader(file))[1:] if len(row) >= 2]


_STOP = _table("stopwords.csv")
VIETNAMESE = frozenset(word for language, word in _STOP if language == "vi" and " " not in word)
ENGLISH = frozenset(word for language, word in _STOP if language == "en" and " " not in word)
VIETNAMESE_FOLDED = frozenset(map(fold, VIETNAMESE))
PHRASES = frozenset(tuple(word.split()) for _, word in _STOP if " " in word)
LONGEST_PHRASE = max(map(len, PHRASES), default=1)
_FIRST_OF_PHRASE = frozenset(phrase[0] for phrase in PHRASES)

# Folded lower-case abbreviation to what it stands for, so that it is found with and without marks.
ABBREVIATIONS = {fold(short).lower(): tuple(long.lower().split()) for short, long in _table("abbreviations.csv")}


def without_phrases(words: Sequence[str]) -> list[str]:
    """The words without stop phrases of several words, the longest first."""
    out: list[str] = []
    i = 0
    while i < len(words):
        if words[i] not in _FIRST_OF_PHRASE:
            out.append(words[i])
            i += 1
            continue
        length = next(
            (n for n in range(min(LONGEST_PHRASE, len(words) - i), 1, -1) if tuple(words[i : i + n]) in PHRASES), 0
        )
        if not length:
            out.append(words[i])
        i += length or 1
    return out


# One spelling for what British, American and hurried writers spell in several ways; applied before stemming.
SPELLINGS = {
    "centre": "center", "centres": "centers", "fibre": "fiber", "fibres": "fibers", "metre": "meter",
    "mould": "mold", "moulds": "molds", "moulding": "molding", "moulded": "molded", "mouldings": "moldings",
    "aluminium": "aluminum", "colour": "color", "colours": "colors", "coloured": "colored", "tyre": "tire",
    "tyres": "tires", "grey": "gray", "programme": "program", "programmes": "programs", "labour": "labor",
    "sulphur": "sulfur", "sulphuric": "sulfuric", "catalogue": "catalog", "vulcanised": "vulcanized",
    "galvanised": "galvanized", "organisation": "organization", "automatisation": "automation",
    "machinery": "machine", "machineries": "machine", "plough": "plow", "jewellery": "jewelry",
    "cheque": "check", "analyse": "analyze", "analyser": "analyzer", "draught": "draft", "gauge": "gage",
    "gauges": "gages", "woollen": "woolen", "yoghurt": "yogurt", "litre": "liter", "litres": "liters",
    "odour": "odor", "flavour": "flavor", "flavours": "flavors", "vapour": "vapor", "armour": "armor",
    "harbour": "harbor", "neighbour": "neighbor", "behaviour": "behavior", "defence": "defense",
    "licence": "license", "travelling": "traveling", "modelling": "modeling", "fuelled": "fueled",
    "plastics": "plastic", "electronics": "electronic", "optics": "optic", "ceramics": "ceramic",
}  # fmt: skip
