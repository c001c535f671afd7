"""Numbers, sums, days and times as pages show them: Jinja filters in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_decimal
from markupsafe import Markup

from core import dates
from core.clock import local
from core.forms import written_number
from core.i18n import _, language

NONE = Markup('<span class="none">–</span>')
NO_BREAK = "\u00a0"
# The order matters: Edge and Cốc Cốc also say Chrome, Chrome also says Safari, Android also says Linux.
BROWSERS = (
    ("Edg/", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Zalo", "Zalo"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        number=number, percent=percent, money=money, day=day, day_long=day_long, moment=moment, hour=hour, span=span,
        device=device, extract=extract, hour_in=hour_in,
    )  # fmt: skip


def number(value: Decimal | float | None, digits: int = 2) -> Any:
    """1234.5 -> 1.234,5 (en: 1,234.5), at most `digits` decimals; a dash for None."""
    if value is None:
        return NONE
    return format_decimal(value, f"#,##0.{'#' * digits}" if digits else "#,##0")


def percent(share: Decimal | float | None, digits: int = 0) -> Any:
    """0.125 -> 12,5 % (en: 12.5%)."""
    if share is None:
        return NONE
    text = format_decimal(Decimal(str(share)) * 100, f"#,##0.{'#' * digits}" if digits else "#,##0")
    return f"{text}%"


def money(dong: Decimal | int | None) -> Any:
    """A sum in dong with the unit people say: 12,5 tỷ đồng, 850 triệu đồng, 25.000 đồng (en: VND 12.5 billion)."""
    if dong is None:
        return NONE
    value = Decimal(dong)
    size = abs(value)
    if size >= 10**9:
        return _join(_("VND %(amount)s billion", amount=_rounded(value / 10**9)))
    if size >= 10**6:
        return _join(_("VND %(amount)s million", amount=_rounded(value / 10**6)))
    return _join(_("VND %(amount)s", amount=_rounded(value)))


def day(value: date | datetime | None) -> Any:
    """22/11/2026 (en: 22 Nov 2026), in Hanoi."""
    return NONE if value is None else dates.day(value)


def day_long(value: date | datetime | None) -> Any:
    """Chủ Nhật, 22/11/2026 (en: Sunday, 22 November 2026), in Hanoi."""
    if value is None:
        return NONE
    pattern = "EEEE, dd/MM/yyyy" if language() == "vi" else "EEEE, d MMMM yyyy"
    return str(format_date(_hanoi(value), pattern, rebase=False))


def hour(value: datetime | None) -> Any:
    """08:30, in Hanoi."""
    return NONE if value is None else local(value).strftime("%H:%M")


def hour_in(value: datetime | None, zone: str) -> Any:
    """08:30 in a zone such as "Asia/Tokyo"; with the day where it is another one than in Hanoi."""
    if value is None:
        return NONE
    there = value.astimezone(ZoneInfo(zone))
    clock = f"{there:%H:%M}"
    return clock if there.date() == local(value).date() else f"{clock}{NO_BREAK}({dates.day_and_month(there.date())})"


def moment(value: datetime | None) -> Any:
    """08:30, 22/11/2026 (en: 08:30, 22 Nov 2026), in Hanoi."""
    return NONE if value is None else _join(dates.moment(value))


def span(begins: date | datetime | None, ends: date | datetime | None) -> Any:
    """Two days as one text: 22–24/11/2026 (en: 22–24 Nov 2026)."""
    if begins is None or ends is None:
        return day(begins if ends is None else ends)
    return dates.span(begins, ends)


def device(agent: str) -> str:
    """Browser and system of a User-Agent line, in words that people know; nothing more is kept apart."""
    browser = next((name for sign, name in BROWSERS if sign in agent), None)
    system = next((name for sign, name in SYSTEMS if sign in agent), None)
    known = [part for part in (browser, system) if part]
    return " · ".join(known) if known else str(_("Unknown device"))


def extract(key: Any, labels: Mapping[Any, Any]) -> Any:
    """The label of a key: `roles|map("extract", role_labels)`."""
    return labels[key]


def _hanoi(value: date | datetime) -> date | datetime:
    return local(value) if isinstance(value, datetime) else value


def _rounded(value: Decimal) -> str:
    return written_number(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _join(text: str) -> str:
    return text.replace(" ", NO_BREAK)
