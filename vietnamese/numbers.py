"""Numbers, sums of money and dates as Vietnamese (and English) writers type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from vietnamese.keys import search_key
from vietnamese.normal import clean_line

_NUMBER = re.compile(r"[+-]?\d[\d., ]*\Z")
_GROUPED = {mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+\Z") for mark in ".,"}
_DATE = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\Z")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_DATE_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})\Z")
_MONEY_TERM = re.compile(r"([+-]?\d[\d.,]*(?: \d{3})*)\s*((?:[^\W\d]+\s*)*)")
_CURRENCY = {"dong", "vnd", "d", "viet nam dong", "dong viet nam"}
_UNITS = {
    "": 0, "nghin": 3, "ngan": 3, "k": 3, "trieu": 6, "tr": 6, "ty": 9, "ti": 9, "nghin ty": 12,
    "ngan ty": 12, "trieu ty": 15, "thousand": 3, "million": 6, "mio": 6, "billion": 9, "bn": 9,
    "trillion": 12,
}  # fmt: skip


def parse_number(text: str) -> Decimal:
    """A number as written: thousands ``.`` and decimals ``,`` (``1.234,56``); English order where it cannot
    be meant otherwise (``1,234.56``, ``2.5``). A single mark followed by exactly three digits groups
    thousands only when it is a dot: ``1.234`` is 1234, ``1,234`` is 1.234.

    Raises ValueError for anything else.
    """
    raw = clean_line(text)
    if not _NUMBER.match(raw):
        raise ValueError(f"not a number: {text!r}")
    sign, digits = (raw[0], raw[1:]) if raw[0] in "+-" else ("", raw)
    if " " in digits:
        whole = re.split(r"[.,]", digits)[0]
        if not re.fullmatch(r"\d{1,3}(?: \d{3})+", whole):
            raise ValueError(f"not a number: {text!r}")
        digits = digits.replace(" ", "")
    return Decimal(sign + _plain_digits(digits, text))


def _plain_digits(digits: str, text: str) -> str:
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return digits
    if dots and commas:
        last = max(digits.rfind("."), digits.rfind(","))
        whole, fraction = digits[:last], digits[last + 1 :]
        group = "," if digits[last] == "." else "."
        if not _GROUPED[group].match(whole) or not fraction.isdigit():
            raise ValueError(f"not a number: {text!r}")
        return whole.replace(group, "") + "." + fraction
    mark = "." if dots else ","
    several = dots + commas > 1
    if _GROUPED[mark].match(digits) and (several or mark == "."):
        return digits.replace(mark, "")
    if several or digits.endswith((".", ",")):
        raise ValueError(f"not a number: {text!r}")
    return digits.replace(",", ".")


def parse_money(text: str) -> Decimal:
    """A sum in dong from digits and words: ``1,5 tỷ``, ``1 tỷ 200 triệu đồng``, ``500tr``, ``2.000.000 VNĐ``.

    Raises ValueError when the text is no sum, names another currency, or its units do not fall (``1 triệu 2
    tỷ``).
    """
    raw = clean_line(text).casefold()
    terms = list(_MONEY_TERM.finditer(raw))
    if not terms or "".join(m.group() for m in terms).strip() != raw.strip(" ."):
        raise ValueError(f"not a sum of money: {text!r}")
    total = Decimal(0)
    last = 99
    for i, term in enumerate(terms):
        words = search_key(term[2])
        if i == len(terms) - 1:
            words = _without_currency(words)
        power = _UNITS.get(words)
        if power is None or power >= last:
            raise ValueError(f"not a sum of money in dong: {text!r}")
        total += parse_number(term[1].strip(" .,")) * Decimal(10) ** power
        last = power
    return total


def _without_currency(words: str) -> str:
    for currency in sorted(_CURRENCY, key=len, reverse=True):
        if words == currency or words.endswith(" " + currency):
            return words[: -len(currency)].strip()
    return words


def parse_date(text: str) -> date:
    """A day as written: ``05/03/2025``, ``5-3-2025``, ``5.3.2025``, ``ngày 5 tháng 3 năm 2025``,
    ``2025-03-05``.

    The day comes before the month, always. Raises ValueError when it is no such date.
    """
    raw = clean_line(text)
    if iso := _ISO_DATE.match(raw):
        year, month, day = iso.groups()
    elif found := _DATE.match(raw) or _DATE_WORDS.match(search_key(raw)):
        day, month, year = found.groups()
    else:
        raise ValueError(f"not a date: {text!r}")
    return date(int(year), int(month), int(day))
