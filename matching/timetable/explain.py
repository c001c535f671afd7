"""Why a wanted meeting is not in a timetable, as data."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair does not meet.

    kind: forbidden; away (no common slot); maximum (of `participants`, filled by the higher-valued `instead`);
    interpreter or tables (sold out; one more would be worth `worth` score units); slot (every common slot is taken by
    `instead`; `nearest` is a pair of the same participant that could still be added).
    """

    kind: str
    pair: int
    participants: tuple[int, ...] = ()
    language: str | None = None
    instead: tuple[int, ...] = ()
    worth: int | None = None
    nearest: int | None = None
