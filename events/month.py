"""A month as a picture: weeks of days, each with what takes place on it."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from events.models import Event

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 1)


@dataclass(frozen=True)
class Day:
    """A field of the picture; days of the months before and after fill the first and the last week."""

    date: date
    inside: bool
    events: Sequence[Event]


@dataclass(frozen=True)
class Month:
    """`weeks` run from Monday to Sunday. `before` and `after` are the first days of the months beside it."""

    first: date
    weeks: Sequence[Sequence[Day]]

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)


def picture(month: date, events: Iterable[Event]) -> Month:
    """The month of that day with these events on their days."""
    on: dict[date, list[Event]] = {}
    for event in events:
        for day in event.days:
            on.setdefault(day, []).append(event)
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return Month(
        month.replace(day=1),
        [[Day(day, day.month == month.month, on.get(day, [])) for day in week] for week in weeks],
    )


def read(text: str | None) -> date | None:
    """The first day of a month written ``2027-03``; None for anything else."""
    parts = (text or "").split("-")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts):
        return None
    year, month = int(parts[0]), int(parts[1])
    if not EARLIEST.year <= year <= LATEST.year or not 1 <= month <= 12:
        return None
    return date(year, month, 1)
