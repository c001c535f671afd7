"""What a timetable would look like, before anybody is told anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from events.conferences import barriers, hindrances, timetable, verdict, wishing, wording
from events.conferences.encoding import Encoded
from events.conferences.models import Conference
from matching.timetable.problem import InfeasiblePins
from matching.timetable.shortage import shortages
from matching.timetable.solve import solve

TIME_LIMIT = 10.0  # seconds
EXPLAINING = 2.0


@dataclass(frozen=True)
class Preview:
    """A timetable that is not kept: its figures; who stays below its minimum (participant's id) and why."""

    quality: dict[str, Any]
    short: dict[int, str]
    unmet: list[dict[str, Any]]


def preview(conference: Conference) -> Preview:
    """Solve with the locks of the present draft; changes no row. Raise Conflict where no timetable can be made."""
    encoded = _encoded(conference)
    try:
        answer = solve(encoded.problem, time_limit=TIME_LIMIT)
    except InfeasiblePins as err:
        raise timetable.locks_clash(encoded, err.constraints) from err
    short = shortages(encoded.problem, answer.meetings, time_limit=EXPLAINING)
    names = wording.Names(encoded)
    words = hindrances.Words(names.people, names.times)
    keys = encoded.participants
    return Preview(
        verdict.quality(encoded, answer),
        {keys[s.participant]: words.shortage(keys[s.participant], hindrances.stored(encoded, s)) for s in short},
        verdict.unmet(encoded, answer, wishing.wishes(conference), barriers.of(conference)),
    )


def _encoded(conference: Conference) -> Encoded:
    return timetable.encode(conference, timetable.locks(conference))
