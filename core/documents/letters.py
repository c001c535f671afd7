"""The last step of reading a table: old fonts told or converted, text cleaned, what is empty left out."""

from __future__ import annotations

from collections.abc import Iterable

import vietnamese
from core.documents.tables import Row, Sheet, Value
from core.errors import Invalid
from core.i18n import _
from vietnamese import legacy


def settle(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets with clean text. Text of an old font (TCVN3, VNI) is converted when that is sure, else refused."""
    found = list(sheets)
    font = font_to_convert(v for sheet in found for row in sheet.rows for v in row.values if isinstance(v, str))
    return [Sheet(sheet.name, [row for raw in sheet.rows if (row := _settled(raw, font)).values]) for sheet in found]


def font_to_convert(texts: Iterable[str]) -> str | None:
    """The old font that all of this was surely typed in, or None. Raise Invalid when it seems so and is not sure."""
    guess = legacy.font_of(texts)
    if guess is None:
        return None
    font, sure = guess
    if not sure:
        raise Invalid(
            _(
                "This list seems to be typed in the old font %(font)s: its letters cannot be read for certain. "
                "Convert it to Unicode (for example with Unikey) and upload it again.",
                font=font,
            )
        )
    return font


def _settled(row: Row, font: str | None) -> Row:
    values = [_clean(value, font) for value in row.values]
    while values and values[-1] is None:
        values.pop()
    return Row(row.number, tuple(values))


def _clean(value: Value, font: str | None) -> Value:
    if not isinstance(value, str):
        return value
    return vietnamese.clean(legacy.convert(value, font) if font else value) or None
