"""Days and moments as each language writes them, in Hanoi: 01/12/2026, and 1 Dec 2026 for whom 01/12 is January."""

from __future__ import annotations

from datetime import date, datetime

from core.clock import local
from core.i18n import language

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | datetime) -> str:
    """22/11/2026 (en: 22 Nov 2026)."""
    on = _in_hanoi(value)
    return f"{on:%d/%m/%Y}" if language() == "vi" else f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day_and_month(value: date | datetime) -> str:
    """22/11 (en: 22 Nov), where the year is plain."""
    on = _in_hanoi(value)
    return f"{on:%d/%m}" if language() == "vi" else f"{on.day} {MONTHS[on.month - 1]}"


def moment(at: datetime) -> str:
    """08:30, 22/11/2026 (en: 08:30, 22 Nov 2026)."""
    return f"{local(at):%H:%M}, {day(at)}"


def day_and_hour(at: datetime) -> str:
    """22/11 08:30 (en: 22 Nov 08:30)."""
    return f"{day_and_month(at)} {local(at):%H:%M}"


def span(begins: date | datetime, ends: date | datetime) -> str:
    """Two days as one text: 22/11/2026, 22–24/11/2026, 30/11 – 02/12/2026, 30/12/2026 – 02/01/2027."""
    a, b = _in_hanoi(begins), _in_hanoi(ends)
    if a == b:
        return day(a)
    if (a.year, a.month) == (b.year, b.month):
        return f"{a:%d}–{day(b)}" if language() == "vi" else f"{a.day}–{day(b)}"
    return f"{day_and_month(a) if a.year == b.year else day(a)} – {day(b)}"


def _in_hanoi(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value
