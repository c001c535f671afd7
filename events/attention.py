"""What of events needs an officer now: drafts that nobody sees yet, and waiting lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import attention, clock, dates
from core.access import Actor
from core.i18n import _, _l, ngettext, pick
from events import queries, rules
from events.models import Event

SHOWN = 10
ANNOUNCED_BEFORE = timedelta(days=21)  # people need three weeks to make room for an event


def entry(
    kind: str, event: Event, endpoint: str, detail: str, *, due: datetime, count: int = 1, **of: int
) -> attention.Entry:
    """Something that an event needs, of whatever kind it is: called by its title, due on a day in Hanoi.

    `of`: what the page is of, where that is not the event itself.
    """
    about = of or {"event_id": event.id}
    key, label = ":".join((kind, *map(str, about.values()))), pick(event, "title").text
    return attention.Entry(key, label, endpoint, about, count, due=clock.local(due).date(), detail=detail)


@attention.register("events.drafts", _l("Drafts of events"), to=rules.manage)
def drafts(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Drafts, those that begin soonest; they should be announced three weeks ahead: one query."""
    for event in queries.drafts(at=at, limit=SHOWN):
        detail = _("Draft, not announced yet; it begins on %(day)s.", day=dates.day(event.begins_at))
        yield entry("events.drafts", event, "events.show", detail, due=event.begins_at - ANNOUNCED_BEFORE)


@attention.register("events.waiting", _l("Waiting lists"), to=rules.manage)
def waiting(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Events to come with a waiting list: one query."""
    for event, number in queries.waiting_lists(at=at, limit=SHOWN):
        detail = ngettext("%(num)d registration waits", "%(num)d registrations wait", number)
        yield entry("events.waiting", event, "events_office.registrations", detail, due=event.begins_at, count=number)
