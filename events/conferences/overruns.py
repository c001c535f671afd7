"""Meetings that take longer: they keep their table and both people for the times after their own.

Who knows of them registers here, so that every problem handed to the engine, and every plan judged, knows it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from events.conferences import agenda
from events.conferences.encoding import Encoded
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Meeting
from matching.timetable.problem import Meeting as EngineMeeting
from matching.timetable.today import overrun

Pair = tuple[int, int]  # participants: firm, partner
Overruns = Callable[[Conference], Mapping[Pair, int]]
_read: list[Overruns] = []


def register_overruns(read: Overruns) -> Overruns:
    """Plug in which meetings take longer: `read(conference)` gives pair -> how many times more it takes."""
    if read not in _read:
        _read.append(read)
    return read


def of(conference: Conference) -> dict[Pair, int]:
    """pair -> how many times more its meeting takes."""
    found: dict[Pair, int] = {}
    for read in _read:
        for pair, number in read(conference).items():
            found[pair] = max(number, found.get(pair, 0))
    return found


def lasting(conference: Conference) -> Iterator[tuple[Meeting, int]]:
    """(meeting of the published timetable, how many times more it takes)."""
    longer = of(conference)
    published = agenda.version_in(conference, VersionState.PUBLISHED) if longer else None
    for m in published.meetings if published is not None else ():
        if (number := longer.get(m.pair, 0)) > 0:
            yield m, number


def displaced(conference: Conference) -> set[Pair]:
    """The pairs whose published meetings cannot be held as planned: they need somebody, or a table, that is taken."""
    slots = [s.id for s in conference.slots]
    found: set[Pair] = set()
    for m, number in lasting(conference):
        place = slots.index(m.slot_id)
        taken = slots[place + 1 : place + 1 + number]
        for other in m.timetable.meetings:
            if other.slot_id in taken and other is not m and _clash(m, other):
                found.add(other.pair)
    return found


def _clash(m: Meeting, other: Meeting) -> bool:
    """Whether two meetings cannot be held at once: by a participant with one delegate, or a table with one seat."""
    same = (m.firm_id == other.firm_id and m.firm.delegates == 1, m.table_id == other.table_id and m.table.seats == 1)
    return any(same) or (m.partner_id == other.partner_id and m.partner.delegates == 1)


def respected(encoded: Encoded, conference: Conference) -> Encoded:
    """The problem in which nobody and no table of a meeting that takes longer is free in the times it takes."""
    problem = encoded.problem
    for m, number in lasting(conference):
        place = encoded.placed(m)
        for n in range(number if place is not None else 0):
            assert place is not None
            problem = overrun(problem, EngineMeeting(place.pair, place.slot + n, place.table))
    return replace(encoded, problem=problem)
