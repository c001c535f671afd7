"""The JSON formats `meeting-instance/2` and `meeting-timetable/2`, read strictly and written compactly."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, NoReturn

import numpy as np

from matching.timetable.problem import (
    LARGEST,
    IntArray,
    Meeting,
    Pairs,
    Participant,
    Problem,
    ProblemError,
    Table,
    Timetable,
    need,
)

INSTANCE, TIMETABLE = "meeting-instance/2", "meeting-timetable/2"


def _refuse(token: str) -> NoReturn:
    raise ProblemError("JSON", f"{token} is not a number.")


def parse(text: str | bytes, what: str) -> dict[str, Any]:
    """The JSON object in `text`; NaN and infinities are refused."""
    try:
        data = json.loads(text, parse_constant=_refuse)
    except ProblemError as error:
        raise ProblemError(what, error.trouble) from None
    except (ValueError, RecursionError) as error:
        raise ProblemError(what, f"not readable as JSON ({error}).") from None
    need(isinstance(data, dict), what, "a JSON object is expected.")
    return dict(data)


def _whole(value: Any, place: str, low: int = 0) -> int:
    need(type(value) is int and low <= value <= LARGEST, place, f"{value!r:.60} is not an integer from {low}.")
    return int(value)


def _wholes(values: Any, place: str) -> tuple[int, ...]:
    need(isinstance(values, list), place, "a list of integers is expected.")
    if not set(map(type, values)) <= {int}:
        bad = next(n for n, x in enumerate(values) if type(x) is not int)
        raise ProblemError(f"{place}[{bad}]", f"{values[bad]!r:.60} is not an integer.")
    if values and (min(values) < 0 or max(values) > LARGEST):
        bad = next(n for n, x in enumerate(values) if not 0 <= x <= LARGEST)
        raise ProblemError(f"{place}[{bad}]", f"{values[bad]} is out of range.")
    return tuple(values)


def _column(values: Any, place: str) -> IntArray:
    return np.array(_wholes(values, place), np.int64)


def _number(value: Any, place: str) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    try:
        need(number and math.isfinite(value), place, f"{value!r:.60} is not a finite number.")
        return float(value)
    except OverflowError:
        raise ProblemError(place, "the number is too large.") from None


def _get(data: dict[str, Any], key: str, kind: type, place: str = "") -> Any:
    name = f"{place}.{key}" if place else key
    need(key in data, name, "it is missing.")
    need(isinstance(data[key], kind), name, f"a {'list' if kind is list else 'JSON object'} is expected.")
    return data[key]


def _two(values: Any, place: str) -> tuple[int, int]:
    need(isinstance(values, list) and len(values) == 2, place, "two integers are expected.")
    return _whole(values[0], place), _whole(values[1], place)


def _participant(data: Any, place: str) -> Participant:
    need(isinstance(data, dict), place, "a JSON object is expected.")
    side = data.get("side")
    need(side is None or isinstance(side, str), place, "side is neither text nor null.")
    return Participant(
        str(data.get("id", "")),
        _whole(data.get("min"), f"{place}.min"),
        _whole(data.get("max"), f"{place}.max"),
        _wholes(data.get("capacity"), f"{place}.capacity"),
        side,
    )


def _table(data: Any, place: str) -> Table:
    need(isinstance(data, dict), place, "a JSON object is expected.")
    need("owner" in data, f"{place}.owner", "it is missing.")
    owner = data["owner"]
    return Table(
        str(data.get("id", "")),
        None if owner is None else _whole(owner, f"{place}.owner"),
        _whole(data.get("seats"), f"{place}.seats"),
        frozenset(_wholes(data.get("closed"), f"{place}.closed")),
        _number(data.get("x"), f"{place}.x"),
        _number(data.get("y"), f"{place}.y"),
    )


def _pairs(data: dict[str, Any]) -> Pairs:
    language, slots = (_get(data, key, list, "pairs") for key in ("language", "slots"))
    kinds = {type(x) for x in language}
    need(kinds <= {str, type(None)}, "pairs.language", "texts or nulls are expected.")
    # Most pairs may meet at any time: one pass over the few that may not.
    allowed: list[tuple[int, ...] | None] = [None] * len(slots)
    for e, row in enumerate(slots):
        if row is not None:
            allowed[e] = _wholes(row, f"pairs.slots[{e}]")
    a, b, score = (_column(data.get(key), f"pairs.{key}") for key in ("a", "b", "score"))
    return Pairs(a, b, score, tuple(language), tuple(allowed))


def read_problem(data: dict[str, Any]) -> Problem:
    """The problem in a `meeting-instance/2`; raises `ProblemError` naming the first place that is wrong."""
    need(data.get("format") == INSTANCE, "format", f"{INSTANCE!r} is expected, not {data.get('format')!r:.60}.")
    interpreters = _get(data, "interpreters", dict)
    need("idle_limit" in data, "idle_limit", "it is missing.")
    optional = {key: None if data.get(key) is None else _whole(data[key], key) for key in ("idle_limit", "row_limit")}
    return Problem(
        slots=_whole(data.get("slots"), "slots"),
        participants=tuple(
            _participant(p, f"participants[{v}]") for v, p in enumerate(_get(data, "participants", list))
        ),
        tables=tuple(_table(t, f"tables[{k}]") for k, t in enumerate(_get(data, "tables", list))),
        pairs=_pairs(_get(data, "pairs", dict)),
        interpreters={name: _wholes(row, f"interpreters[{name!r}]") for name, row in interpreters.items()},
        must=_wholes(data.get("must"), "must"),
        fixed=tuple(_two(x, f"fixed[{n}]") for n, x in enumerate(_get(data, "fixed", list))),
        forbidden=tuple(_two(x, f"forbidden[{n}]") for n, x in enumerate(_get(data, "forbidden", list))),
        blocks=() if data.get("blocks") is None else _wholes(data["blocks"], "blocks"),
        fairness=_whole(data.get("fairness", 0), "fairness"),
        score_scale=_whole(data.get("score_scale"), "score_scale"),
        shortfall_weight=_whole(data.get("shortfall_weight"), "shortfall_weight"),
        name=str(data.get("name", "")),
        **optional,
    )


def read_meetings(data: dict[str, Any], problem: Problem) -> tuple[Meeting, ...]:
    """The meetings of a `meeting-timetable/2` of this problem; raises `ProblemError` if they cannot belong to it."""
    place = "previous timetable"
    need(data.get("format") == TIMETABLE, place, f"the format {TIMETABLE!r} is expected.")
    meetings = []
    ranges = {"pair": len(problem.pairs), "slot": problem.slots, "table": len(problem.tables)}
    seen: set[int] = set()
    for n, m in enumerate(_get(data, "meetings", list, place)):
        here = f"{place}, meetings[{n}]"
        need(isinstance(m, dict), here, "a JSON object is expected.")
        for key, size in ranges.items():
            need(
                _whole(m.get(key), f"{here}.{key}") < size,
                here,
                f"{key} {m[key]} does not exist in this instance: the timetable belongs to another one.",
            )
        need(m["pair"] not in seen, here, f"pair {m['pair']} meets twice.")
        seen.add(m["pair"])
        meetings.append(Meeting(m["pair"], m["slot"], m["table"]))
    homes = [{problem.tables[m.table].owner, *problem.ends(m.pair)} for m in meetings]
    strange = sum(len(home) == 3 and None not in home for home in homes)
    # A table may have changed hands since; most of them cannot have.
    need(
        2 * strange <= len(meetings),
        place,
        f"{strange} of its {len(meetings)} meetings are at tables of somebody else: it belongs to another instance.",
    )
    return tuple(meetings)


def write_meetings(meetings: Iterable[Meeting]) -> list[dict[str, int]]:
    """The meetings as JSON-ready rows."""
    return [{"pair": m.pair, "slot": m.slot, "table": m.table} for m in meetings]


def write_timetable(timetable: Timetable) -> dict[str, Any]:
    """A `meeting-timetable/2` with the figures, reasons and changes beside the meetings."""
    return {
        "format": TIMETABLE,
        "meetings": write_meetings(timetable.meetings),
        "objective": timetable.objective,
        "bound": timetable.bound,
        "proven": timetable.proven,
        "proven_idle": timetable.proven_idle,
        "idle_runs": timetable.idle_runs,
        "seconds": {stage: round(value, 3) for stage, value in timetable.seconds.items()},
        "prices": dict(timetable.prices),
        "reasons": [asdict(r) for r in timetable.reasons],
        "changes": [asdict(c) for c in timetable.changes],
    }
