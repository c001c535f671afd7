"""When the site reminds somebody by itself: pure, from the dates of a conference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from core import clock
from events.conferences.enums import ReminderKind

HOUR = 8  # in Hanoi: nobody is written to in the night
AFTER_INVITATION = timedelta(days=5)  # of silence
BEFORE_CLOSING = timedelta(days=3)  # of registration, and of wishes
BEFORE_WISHES = timedelta(days=7)  # open: time to fill a profile in
BEFORE_CONFIRMED = timedelta(days=2)
PAUSE = timedelta(days=2)  # after a letter of the same kind, by whomever


class Window(NamedTuple):
    """From when on, and until when, a reminder goes out: an outage in between only delays it."""

    begins_at: datetime
    ends_at: datetime

    def open(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at


@dataclass(frozen=True)
class Dates:
    """The dates of a conference that reminders go by; None: not set."""

    closes_at: datetime  # registration
    begins_at: datetime
    wishes_open_at: datetime | None = None
    wishes_close_at: datetime | None = None
    confirm_until: datetime | None = None


def window(kind: ReminderKind, dates: Dates, *, invited_at: datetime | None = None) -> Window | None:
    """When the reminder goes out, of an invitation by when that was sent; None where its date is not set or past."""
    return _WINDOWS[kind](dates, invited_at)


ONCE = frozenset({ReminderKind.INVITATION, ReminderKind.PROFILE})  # whoever wrote it


def after_a_letter(kind: ReminderKind, window: Window, written_at: datetime) -> Window | None:
    """The window for somebody to whom an officer wrote the same: not at all, or not so soon."""
    if kind in ONCE:
        return None
    return _window(max(window.begins_at, written_at + PAUSE), window.ends_at)


def _invitation(dates: Dates, invited_at: datetime | None) -> Window | None:
    if invited_at is None:
        return None
    return _window(_morning(invited_at + AFTER_INVITATION), dates.closes_at)


def _last_call(dates: Dates, invited_at: datetime | None) -> Window | None:
    begins = _morning(dates.closes_at - BEFORE_CLOSING)
    if invited_at is not None:  # invited a moment ago: the letter is still new
        begins = max(begins, invited_at + PAUSE)
    return _window(begins, dates.closes_at)


def _profile(dates: Dates, _invited_at: datetime | None) -> Window | None:
    if dates.wishes_open_at is None:
        return None
    return _window(_morning(dates.wishes_open_at - BEFORE_WISHES), dates.wishes_open_at)


def _wishes(dates: Dates, _invited_at: datetime | None) -> Window | None:
    if dates.wishes_close_at is None:
        return None
    begins = _morning(dates.wishes_close_at - BEFORE_CLOSING)
    return _window(max(begins, dates.wishes_open_at or begins), dates.wishes_close_at)


def _confirm(dates: Dates, _invited_at: datetime | None) -> Window | None:
    until = dates.confirm_until or dates.begins_at
    return _window(_morning(until - BEFORE_CONFIRMED), until)


def _window(begins_at: datetime, ends_at: datetime) -> Window | None:
    return Window(begins_at, ends_at) if begins_at < ends_at else None


def _morning(at: datetime) -> datetime:
    """The hour of writing on that day in Hanoi."""
    return clock.local(at).replace(hour=HOUR, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)


_WINDOWS: Mapping[ReminderKind, Callable[[Dates, datetime | None], Window | None]] = {
    ReminderKind.INVITATION: _invitation,
    ReminderKind.LAST_CALL: _last_call,
    ReminderKind.PROFILE: _profile,
    ReminderKind.WISHES: _wishes,
    ReminderKind.CONFIRM: _confirm,
}
