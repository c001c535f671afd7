"""Vietnamese text: one place for cleaning, folding, keys, and numbers and dates as people write them.

Pure functions on strings, standard library only.
"""

from vietnamese.folding import fold, has_marks, strip_tones
from vietnamese.keys import name_tokens, search_key, similarity_key, sort_key
from vietnamese.normal import cap, clean, clean_line, nfc, place_tones
from vietnamese.numbers import parse_date, parse_money, parse_number

__all__ = [
    "cap",
    "clean",
    "clean_line",
    "fold",
    "has_marks",
    "name_tokens",
    "nfc",
    "parse_date",
    "parse_money",
    "parse_number",
    "place_tones",
    "search_key",
    "similarity_key",
    "sort_key",
    "strip_tones",
]
