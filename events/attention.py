"""What of events needs an officer now: drafts that nobody sees yet, and waiting lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import attention, clock
from core.access import Actor
from core.i18n import _, _l, ngettext, pick
from events import queries, rules

SHOWN = 10
ANNOUNCED_BEFORE = timedelta(days=21)  # people need three weeks to make room for an event


@attention.register("events.drafts", _l("Drafts of events"), to=rules.manage)
def drafts(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Drafts, those that begin soonest; they should be announced three weeks ahead: one query."""
    for event in queries.drafts(at=at, limit=SHOWN):
        yield attention.Entry(
            f"events.drafts:{event.id}",
            pick(event, "title").text,
            "events.show",
            {"event_id": event.id},
            due=clock.local(event.begins_at - ANNOUNCED_BEFORE).date(),
            detail=_(
                "Draft, not announced yet; it begins on %(day)s.", day=f"{clock.local(event.begins_at):%d/%m/%Y}"
            ),
        )


@attention.register("events.waiting", _l("Waiting lists"), to=rules.manage)
def waiting(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Events to come with a waiting list: one query."""
    for event, number in queries.waiting_lists(at=at, limit=SHOWN):
        yield attention.Entry(
            f"events.waiting:{event.id}",
            pick(event, "title").text,
            "events_office.registrations",
            {"event_id": event.id},
            number,
            due=clock.local(event.begins_at).date(),
            detail=ngettext("%(num)d registration waits", "%(num)d registrations wait", number),
        )
