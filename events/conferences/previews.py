"""What a timetable would look like, and what one more table or time would bring, before anybody is told anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from companies.identifiers import language_name
from core import clock
from core.i18n import language, ngettext
from events.conferences import barriers, hindrances, timetable, verdict, wishing, wording
from events.conferences.encoding import Encoded
from events.conferences.models import Conference, Slot
from matching.timetable.problem import InfeasiblePins
from matching.timetable.shortage import shortages
from matching.timetable.solve import solve
from matching.timetable.whatif import Gain, one_more, one_more_slot

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


@dataclass(frozen=True)
class Addition:
    """One more of something in `slots` (ids), and what it would allow. kind: table, slot (after the last of `slots`),
    interpreter (of `language`)."""

    kind: str
    slots: tuple[int, ...]
    gain: Gain
    language: str | None = None


def additions(conference: Conference) -> list[Addition]:
    """What one more table, meeting time or interpreter in each block of the event would allow, the most useful first;
    nothing that would not help."""
    encoded = _encoded(conference)
    problem, found = encoded.problem, []
    for block in blocks(conference.slots):
        keys = tuple(s.id for s in block)
        numbers = [encoded.slots.index(key) for key in keys]
        found.append(Addition("table", keys, one_more(problem, numbers)))
        found.append(Addition("slot", keys, one_more_slot(problem, numbers[-1])))
        found += [Addition("interpreter", keys, one_more(problem, numbers, x), x) for x in problem.interpreters]
    useful = [x for x in found if x.gain.meetings > 0 or x.gain.value > 0]
    return sorted(useful, key=lambda x: (-x.gain.meetings, -x.gain.value, x.slots))


def blocks(slots: Sequence[Slot]) -> list[list[Slot]]:
    """The half-days of an event: slots without a night or a meal between."""
    ordered = sorted(slots, key=lambda s: s.begins_at)
    found = [[s] for s in ordered[:1]]
    for before, slot in pairwise(ordered):
        if slot.begins_block or slot.day != before.day:
            found.append([])
        found[-1].append(slot)
    return found


def sentence(addition: Addition, conference: Conference) -> str:
    """An addition as advice to the organiser."""
    of = {s.id: s for s in conference.slots}
    first, last = of[addition.slots[0]], of[addition.slots[-1]]
    words = {
        "day": f"{first.day:%d/%m}",
        "begins": f"{clock.local(first.begins_at):%H:%M}",
        "ends": f"{clock.local(last.ends_at):%H:%M}",
        "language": language_name(addition.language, language()) if addition.language else "",
    }
    number = addition.gain.meetings
    if addition.kind == "table":
        return ngettext(
            "One more free table on %(day)s from %(begins)s to %(ends)s would allow %(num)d more meeting.",
            "One more free table on %(day)s from %(begins)s to %(ends)s would allow %(num)d more meetings.",
            number,
            **words,
        )
    if addition.kind == "slot":
        return ngettext(
            "One more meeting time on %(day)s after %(ends)s would allow %(num)d more meeting.",
            "One more meeting time on %(day)s after %(ends)s would allow %(num)d more meetings.",
            number,
            **words,
        )
    return ngettext(
        "One more interpreter (%(language)s) on %(day)s, %(begins)s to %(ends)s, would allow %(num)d more meeting.",
        "One more interpreter (%(language)s) on %(day)s, %(begins)s to %(ends)s, would allow %(num)d more meetings.",
        number,
        **words,
    )
