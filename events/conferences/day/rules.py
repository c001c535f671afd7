"""The rules of the day as pure functions: who works at the door, and which times a trouble takes away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core import clock
from events.conferences.day.enums import Trouble
from events.enums import EventState

if TYPE_CHECKING:
    from core.access import Actor

LINGERS = timedelta(minutes=15)  # after its end a meeting is still named among those that go on
OLDEST_CHECK_IN = timedelta(hours=24)  # how late a check-in kept without a connection may be sent
MISSED_BEFORE = timedelta(hours=1)  # its meeting somebody who is not there is missing; earlier nobody is
DOOR_AROUND = timedelta(days=1)  # before its first day, and after its last, that the door of a conference is open


def keep_the_door(actor: Actor, conference: Any = None, **_part: Any) -> bool:
    """Door staff check in and see nothing else of a conference, and that while its door is open; officers always."""
    if conference is None or actor.has("officer", "administrator"):
        return actor.has("door_staff", "officer", "administrator")
    event = conference.event
    published = event.state is EventState.PUBLISHED
    return actor.has("door_staff") and published and door_is_open(event.days, today=clock.today())


def door_is_open(days: Sequence[date], *, today: date) -> bool:
    """From the day before the first day until the day after the last: for those who are at the door for the days."""
    return days[0] - DOOR_AROUND <= today <= days[-1] + DOOR_AROUND


@dataclass(frozen=True)
class Time:
    """A meeting time: its id and when it begins and ends."""

    id: int
    begins_at: datetime
    ends_at: datetime
    begins_block: bool = False  # after a break or a night


def times_lost(kind: Trouble, times: Sequence[Time], *, at: datetime, until: int | None = None) -> set[int]:
    """The ids of the times that a trouble takes away from a participant or a table, seen from the moment `at`.

    Absent, left early and a lost table: every time that has not begun. Late: those before the time `until` at which
    it is there.
    """
    ahead = [t for t in times if t.begins_at > at]
    if kind is Trouble.LATE:
        return {t.id for t in _before(ahead, until)}
    if kind in (Trouble.ABSENT, Trouble.LEFT, Trouble.TABLE):
        return {t.id for t in ahead}
    return set()


def _before(ahead: Sequence[Time], until: int | None) -> list[Time]:
    found: list[Time] = []
    for t in ahead:
        if t.id == until:
            return found
        found.append(t)
    return []  # that time is not ahead: nothing is lost


def may_take_longer(times: Sequence[Time], *, own: int, more: int, at: datetime) -> bool:
    """Whether a meeting of the time `own`, which took `more` times more so far, can take one more: one not over yet.

    Before a break there is nothing to take: the meeting may last into the break without changing the plan.
    """
    place = next((n for n, t in enumerate(times) if t.id == own), None)
    if place is None or times[place].begins_at > at or place + more + 1 >= len(times):
        return False
    following = times[place + more + 1]
    return not following.begins_block and following.ends_at > at


def on_now(times: Sequence[Time], *, at: datetime) -> Time | None:
    """The time of which meetings may still be going on: the one that runs, or ended a little while ago."""
    begun = [t for t in times if t.begins_at <= at]
    return begun[-1] if begun and at < begun[-1].ends_at + LINGERS else None


def times_shown(times: Sequence[Time], going_on: Time | None, following: Time | None, *, longer: int) -> list[int]:
    """The ids of the time that runs, of the `longer` times before it that may last into it, and of the next."""
    shown = [following.id] if following is not None else []
    if going_on is None:
        return shown
    place = next(n for n, t in enumerate(times) if t.id == going_on.id)
    return [*(t.id for t in times[max(0, place - longer) : place + 1]), *shown]


def now_and_next(times: Sequence[Time], *, at: datetime) -> tuple[Time | None, Time | None]:
    """The time that runs at this moment, and the one that comes next."""
    now = next((t for t in times if t.begins_at <= at < t.ends_at), None)
    following = next((t for t in times if t.begins_at > at), None)
    return now, following


def true_time(stated: datetime | None, *, sent_at: datetime) -> datetime:
    """When a check-in happened: as the door says, within a day; a clock that runs ahead does not count."""
    if stated is None or stated > sent_at or sent_at - stated > OLDEST_CHECK_IN:
        return sent_at
    return stated
