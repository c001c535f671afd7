"""Phone numbers in one written form."""

from __future__ import annotations

import re
import unicodedata

import vietnamese
from core.errors import Invalid
from core.i18n import _


def phone(text: str) -> str:
    """A phone number in E.164; a number that begins with 0 is Vietnamese."""
    written = vietnamese.clean_line(unicodedata.normalize("NFKC", text))
    digits = re.sub(r"[\s.\-()]", "", written)
    digits = re.sub(r"\A00", "+", digits)
    digits = re.sub(r"\A0", "+84", digits)
    digits = re.sub(r"\A(?=84\d{9,10}\Z)", "+", digits)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", digits):
        raise Invalid(_("%(number)s is no phone number. Write it like +84 24 3825 4567.", number=written[:40]))
    return digits
