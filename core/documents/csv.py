"""CSV in and out. Spreadsheet programs save it in many encodings, and run what begins like a formula."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

import vietnamese
from core.documents import letters
from core.documents.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Marked,
    Row,
    Sheet,
    Table,
    too_many_columns,
    too_many_rows,
)
from core.errors import Invalid
from core.i18n import _
from vietnamese import legacy
from vietnamese.normal import is_syllable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ"
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
) | frozenset("\u00a0–—‘’“”…•°²³€")
LONGEST_CELL = 32_767  # as in Excel


def decode(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with or without a mark, or the Windows code page for Vietnamese.

    Bytes of the old fonts TCVN3 (ABC) and VNI, which look like garbled letters, are converted when that is sure.
    Raise Invalid for anything else.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decode(data, "utf-16")
    elif (order := _order_of_utf_16(data)) is not None:
        text = _decode(data, order)
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _of_one_byte(data)
    if "\x00" in text:
        raise _unknown()
    return vietnamese.nfc(text)


def _order_of_utf_16(data: bytes) -> str | None:
    """UTF-16 without a mark shows in its first heading: every second byte is nought."""
    head = data[:16]
    if len(head) >= 8 and not any(head[1::2]) and all(head[::2]):
        return "utf-16-le"
    return "utf-16-be" if len(head) >= 8 and not any(head[::2]) and all(head[1::2]) else None


def _of_one_byte(data: bytes) -> str:
    text = vietnamese.nfc(data.decode("cp1258", errors="replace"))
    if "\ufffd" not in text and _looks_vietnamese(text):
        return text
    text = data.decode("latin-1")
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in text):
        raise _unknown()
    font = letters.font_to_convert(text.splitlines())
    if font is None:
        raise _unknown()
    return "\n".join(legacy.convert(line, font) for line in text.splitlines())


def read(data: bytes) -> Sheet:
    """The rows of a CSV file, all values text; the separator (comma, semicolon, tab) is found out."""
    text = decode(data)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            if len(cells) > MOST_COLUMNS:
                raise too_many_columns()
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise csv.Error
            values = tuple(cell or None for cell in cells)
            if any(values):
                rows.append(Row(number, values))
            if len(rows) > MOST_ROWS:
                raise too_many_rows()
    except csv.Error as err:
        raise Invalid(_("The CSV file is damaged: a cell is not closed or too long.")) from err
    return letters.settle([Sheet("CSV", rows)])[0]


def write(table: Table) -> bytes:
    """The table as CSV in UTF-8 with a mark, so that Excel reads it rightly; no text of it runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_written(cell) for cell in table.header])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _written(value: Cell) -> str:
    """Numbers stay numbers, also negative ones; text that begins like a formula gets an apostrophe."""
    if isinstance(value, Marked):
        return _written(value.value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    if isinstance(value, date | datetime | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    text = printable(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_STARTS) else text


def printable(text: str) -> str:
    """Text without what no file format of ours may hold: controls but line ends and tabs, surrogates."""
    kept = (c for c in str(text) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return "".join(kept)[:LONGEST_CELL]


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as err:
        raise _unknown() from err


def _looks_vietnamese(text: str) -> bool:
    """Of the characters beyond ASCII, nearly all have to be ones that Vietnamese is written with, in its syllables.

    Text in the old TCVN3 and VNI fonts decodes without an error, into "µ", "Ö" and the like.
    """
    if any(c not in "\t\r\n" and unicodedata.category(c) == "Cc" for c in text):
        return False
    beyond = [c for c in text if ord(c) > 127]
    if sum(1 for c in beyond if c not in _VIETNAMESE) * 20 > len(beyond):
        return False
    marked = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    return sum(map(is_syllable, marked)) * 2 >= len(marked)


def _unknown() -> Invalid:
    return Invalid(
        _(
            "The letters of this CSV file cannot be recognised. In Excel, save it as "
            "“CSV UTF-8 (Comma delimited)”, or upload the .xlsx file."
        )
    )
