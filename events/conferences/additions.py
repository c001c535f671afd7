"""What one more table, meeting time or interpreter would bring: worked out in the background, told as it is found.

Each candidate is a choice of pairs for the whole conference, so that there is a limit of time. The task's result
holds what was found so far; a page reads it while the work goes on, and after it was stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from companies.identifiers import language_name
from core import clock, dates, tasks
from core.db import get
from core.errors import Conflict
from core.i18n import _, _l, language, ngettext
from events.conferences import timetable
from events.conferences.encoding import Encoded
from events.conferences.models import Conference, Slot
from matching.timetable.problem import Problem
from matching.timetable.whatif import Gain, Gains, longer, with_one_more

KIND = "what_helps"
TIME_LIMIT = 60.0  # seconds for all candidates; what was not looked at by then is said


@dataclass(frozen=True)
class Addition:
    """One more of something in `slots` (ids), and what it would allow. kind: table, slot (after the last of `slots`),
    interpreter (of `language`)."""

    kind: str
    slots: tuple[int, ...]
    gain: Gain
    language: str | None = None

    def stored(self) -> dict[str, Any]:
        """As a task keeps it."""
        return {
            "kind": self.kind,
            "slots": list(self.slots),
            "language": self.language,
            "meetings": self.gain.meetings,
            "value": self.gain.value,
        }


def key_of(conference: Conference) -> str:
    """Under which the work on a conference is found again."""
    return f"conference:{conference.id}"


def ask(conference: Conference, *, by: Any, at: datetime) -> tasks.Task:
    """Have it worked out in the background; where that goes on already, that work."""
    latest = tasks.latest(KIND, key_of(conference))
    if latest is not None and latest.open:
        return latest
    return tasks.start(KIND, by=by, at=at, key=key_of(conference), conference_id=conference.id)


@tasks.handler(KIND)
def run(context: tasks.Context, *, conference_id: int) -> dict[str, Any]:
    """Look at one candidate after another."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    result: dict[str, Any] = {"found": [], "looked": 0, "url": f"/conferences/{conference_id}/what-helps"}
    stage = _l("Looking at what one more would allow")
    context.progress(0, 1, stage)
    for looked, of, addition in look(conference, until=time.monotonic() + TIME_LIMIT):
        result |= {"looked": looked, "of": of}
        if addition is not None:
            result["found"] = [*result["found"], addition.stored()]
            context.tell(result)
        context.progress(looked, of, stage)
    return result


def look(conference: Conference, *, until: float) -> Iterator[tuple[int, int, Addition | None]]:
    """(how many were looked at, of how many, what was found to help): one more of each thing in each half-day.

    Ends early when the time (`time.monotonic()`) is over.
    """
    encoded = timetable.encode(conference, timetable.locks(conference))
    gains = Gains(encoded.problem, until)
    ideas = list(_candidates(encoded, blocks(conference.slots)))
    yield 0, len(ideas), None
    for looked, idea in enumerate(ideas, 1):
        gain = gains.of(idea.problem(), until) if time.monotonic() < until else None
        if gain is None:
            return
        useful = gain.meetings > 0 or gain.value > 0
        yield looked, len(ideas), Addition(idea.kind, idea.slots, gain, idea.language) if useful else None


class Candidate(NamedTuple):
    """One more of something, and how to make the problem with it: only when it is looked at."""

    kind: str
    slots: tuple[int, ...]
    language: str | None
    problem: Callable[[], Problem]


def _candidates(encoded: Encoded, half_days: Sequence[Sequence[Slot]]) -> Iterator[Candidate]:
    problem = encoded.problem
    for block in half_days:
        keys = tuple(s.id for s in block)
        numbers = [encoded.slots.index(key) for key in keys]
        yield Candidate("table", keys, None, partial(with_one_more, problem, numbers))
        yield Candidate("slot", keys, None, partial(longer, problem, numbers[-1]))
        for spoken in problem.interpreters:
            yield Candidate("interpreter", keys, spoken, partial(with_one_more, problem, numbers, spoken))


def blocks(slots: Sequence[Slot]) -> list[list[Slot]]:
    """The half-days of an event: slots without a night or a meal between."""
    ordered = sorted(slots, key=lambda s: s.begins_at)
    found = [[s] for s in ordered[:1]]
    for before, slot in pairwise(ordered):
        if slot.begins_block or slot.day != before.day:
            found.append([])
        found[-1].append(slot)
    return found


def found_by(task: tasks.Task, conference: Conference) -> list[Addition]:
    """What the work has found so far, the most useful first; of times that exist still."""
    known = {s.id for s in conference.slots}
    rows = [x for x in (task.result or {}).get("found", ()) if known.issuperset(x["slots"])]
    listed = [Addition(x["kind"], tuple(x["slots"]), Gain(x["meetings"], x["value"]), x["language"]) for x in rows]
    return sorted(listed, key=lambda x: (-x.gain.meetings, -x.gain.value, x.slots))


def sentence(addition: Addition, conference: Conference) -> str:
    """An addition as advice to the organiser."""
    of = {s.id: s for s in conference.slots}
    first, last = of[addition.slots[0]], of[addition.slots[-1]]
    words = {
        "day": dates.day_and_month(first.day),
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
