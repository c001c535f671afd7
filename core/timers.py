"""What the job process calls by itself. Packages register; the process knows no package.

What is due is computed from data, not from "the timer ran at nine", so that an outage heals itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core import clock

Work = Callable[[datetime], None]
Period = Literal["hour", "day"]


@dataclass(frozen=True)
class Timer:
    """`work(at)` is called every `seconds`; with a `period`, once per hour or per day of Hanoi."""

    name: str
    seconds: float
    period: Period | None
    work: Work


timers: dict[str, Timer] = {}
stopping = threading.Event()  # set when the job process is told to end: loops within a turn look at it


def timer(name: str, *, seconds: float, period: Period | None = None) -> Callable[[Work], Work]:
    """Register `work(at)`: called in an app context, outside a write block, by one process at a time."""

    def register(work: Work) -> Work:
        if name in timers and timers[name].work is not work:
            raise RuntimeError(f"two timers are called {name!r}")
        timers[name] = Timer(name, seconds, period, work)
        return work

    return register


def period_key(period: Period, at: datetime) -> str:
    """The name of the period that `at` falls in: "2026-11-22" or "2026-11-22T09", by the clock of Hanoi."""
    return clock.local(at).strftime("%Y-%m-%d" if period == "day" else "%Y-%m-%dT%H")
