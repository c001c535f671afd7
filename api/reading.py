"""Reads what another system sends: strict JSON -> sheets of the same shape as an uploaded list."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from api.rules import MOST_ROWS
from companies.columns import SHEETS
from companies.headings import Told
from companies.importing import Fault
from core.documents.letters import settle
from core.documents.tables import Row, Sheet, Value
from core.errors import Invalid
from core.i18n import _

CLEAR = "(clear)"
LONGEST_TEXT = 10_000


class BadJson(Exception):
    """What was sent is no JSON that can be meant."""


def strict(data: bytes) -> Any:
    """Parse JSON in UTF-8. Raise BadJson for NaN, numbers too large, a key given twice, and endless nesting."""
    try:
        return json.loads(
            data.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_each_key_once, parse_float=_finite,
            parse_int=_whole,
        )  # fmt: skip
    except (ValueError, RecursionError) as err:
        raise BadJson(str(err)[:200] or "nested too deeply") from err


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > 20:
        raise ValueError("a number has too many digits")
    return int(text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice in one object")
    return found


def sheets(body: Any) -> list[Sheet]:
    """The rows of a body as sheets: `{"organisations": [{...}], "products": [...]}`. Raise Invalid in words."""
    if not isinstance(body, dict) or not body or not set(body) <= set(SHEETS):
        raise Invalid(_("Send an object with one or more of: %(names)s.", names=", ".join(SHEETS)))
    if any(not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows) for rows in body.values()):
        raise Invalid(_("Each of %(names)s is a list of objects.", names=", ".join(body)))
    if sum(map(len, body.values())) > MOST_ROWS:
        raise Invalid(_("One call takes at most %(rows)d rows.", rows=MOST_ROWS))
    return settle(_sheet(name, rows) for name, rows in body.items() if rows)


def told(found: Sequence[Sheet]) -> dict[str, Told]:
    """The first row of each sheet holds the names of the columns."""
    return {sheet.name: Told(sheet.name, 1, {}) for sheet in found}


def _sheet(name: str, rows: Sequence[Mapping[str, Any]]) -> Sheet:
    names = list(dict.fromkeys(key for row in rows for key in row))
    if len(names) > 100:
        raise Invalid(_("The table has more than %(columns)d columns.", columns=100))
    head = Row(1, tuple(key[:80] for key in names))
    return Sheet(name, [head, *(Row(n, tuple(_cell(row, key) for key in names)) for n, row in enumerate(rows, 2))])


def _cell(row: Mapping[str, Any], key: str) -> Value:
    """A value as the cell of a list; null empties the field, a key that is not there leaves it."""
    if key not in row:
        return None
    value = row[key]
    if value is None:
        return CLEAR
    if isinstance(value, list) and all(isinstance(item, str) and "|" not in item for item in value):
        value = "|".join(value) if value else CLEAR
    if isinstance(value, str) and len(value) <= LONGEST_TEXT and not _surrogate(value):
        return value
    if isinstance(value, bool | int | float):
        return value
    raise Invalid(_("The value of “%(name)s” is no text, number, truth value or list of texts.", name=key[:40]))


def _surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def pointer(fault: Fault) -> str:
    """Where in the body a fault is, as a JSON pointer."""
    place = f"/{fault.sheet}" + (f"/{fault.row - 2}" if fault.row > 1 else "")
    return f"{place}/{fault.column}" if fault.column else place
