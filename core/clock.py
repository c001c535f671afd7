"""The one place that reads the clock.

Rows carry UTC; people read Hanoi time. Tests freeze the clock with `frozen`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_frozen: datetime | None = None


def now() -> datetime:
    """The present instant, in UTC, aware."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The present date in Hanoi."""
    return now().astimezone(HANOI).date()


def local(at: datetime) -> datetime:
    """`at` in Hanoi time."""
    return at.astimezone(HANOI)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """For tests: the clock stands at `at` (aware) inside the block."""
    global _frozen
    if at.tzinfo is None:
        raise ValueError("the frozen instant has to be aware")
    before, _frozen = _frozen, at.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
