"""The rules of the day as pure functions: who works at the door, and which times a trouble takes away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from events.conferences.day.enums import Trouble

if TYPE_CHECKING:
    from core.access import Actor

OLDEST_CHECK_IN = timedelta(hours=24)  # how late a check-in kept without a connection may be sent


def keep_the_door(actor: Actor, conference: Any = None, **_part: Any) -> bool:
    """Door staff check in and see nothing else of a conference; officers may, too."""
    return actor.has("door_staff", "officer", "administrator")


@dataclass(frozen=True)
class Time:
    """A meeting time: its id and when it begins and ends."""

    id: int
    begins_at: datetime
    ends_at: datetime


def times_lost(kind: Trouble, times: Sequence[Time], *, at: datetime, until: int | None = None) -> set[int]:
    """The ids of the times that a trouble takes away from a participant or a table, seen from the moment `at`.

    Absent, left early and a lost table: every time that has not begun. Late: those before the time `until` at which
    it is there. A meeting that takes longer: the time after the one that runs now.
    """
    ahead = [t for t in times if t.begins_at > at]
    if kind is Trouble.LATE:
        return {t.id for t in _before(ahead, until)}
    if kind is Trouble.OVERRUN:
        return {t.id for t in ahead[:1]}
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
