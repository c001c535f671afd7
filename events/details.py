"""What is typed about an event, as plain data, and whether it fits together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from core.errors import Invalid
from core.i18n import _
from events.enums import Organiser
from events.models import Event

LONGEST = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an event is. Texts in either language; `open_to`: kinds of organisations, empty for any."""

    title_vi: str = ""
    title_en: str = ""
    summary_vi: str = ""
    summary_en: str = ""
    organiser: Organiser = Organiser.DEPARTMENT
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    capacity: int | None = None
    waiting_list: bool = True
    open_to: tuple[str, ...] = ()
    plan_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When and where an event takes place. Instants are aware."""

    begins_at: datetime
    ends_at: datetime
    place_vi: str = ""
    place_en: str = ""
    address: str = ""


def columns(details: Details) -> dict[str, Any]:
    """The columns of `Event` that say so."""
    return {**asdict(details), "open_to": sorted(details.open_to)}


def check(event: Event) -> None:
    """Raise Invalid unless the columns of the event fit each other."""
    if not event.title_vi and not event.title_en:
        raise Invalid(_("An event needs a title in Vietnamese or English."), field="title_vi")
    if event.ends_at <= event.begins_at:
        raise Invalid(_("The event has to end after it begins."), field="ends_at")
    if event.ends_at - event.begins_at > LONGEST:
        raise Invalid(_("An event takes at most 31 days."), field="ends_at")
    if event.closes_at > event.ends_at:
        raise Invalid(_("Registration has to close before the event is over."), field="registration_closes_at")
    if event.registration_opens_at is not None and event.registration_opens_at >= event.closes_at:
        raise Invalid(_("Registration has to open before it closes."), field="registration_opens_at")
