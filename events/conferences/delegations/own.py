"""What delegations wait for from the reader's own organisations: wishes, a host's word, how visits were."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from core import attention, clock
from core.access import Actor
from core.i18n import _, _l, ngettext, pick
from events import rules
from events.conferences.delegations import waiting
from events.models import Event

ANSWERED_WITHIN = timedelta(days=7)  # of a visit
CONFIRMED_BEFORE = timedelta(days=10)  # a delegation comes


def _own(reader: Actor) -> Collection[int]:
    return reader.ties["organisation"]


def _entry(
    kind: str, label: str, event: Event, page: str, due: datetime, number: int = 1, **of: int
) -> attention.Entry:
    [key] = of.values()
    return attention.Entry(
        f"{kind}:{key}",
        label,
        page,
        {"event_id": event.id, **of},
        number,
        due=clock.local(due).date(),
        detail=pick(event, "title").text,
    )


@attention.register("own.visit_wishes", _l("Wishes"), to=rules.answers)
def wishes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Delegations whose hosts the reader's organisations may choose among, and have not: one query."""
    for registration, closes_at in waiting.silent_of(_own(reader), at=at):
        label, page = _("Say which hosts you would like to visit"), "visit_members.show"
        yield _entry("own.visit_wishes", label, registration.event, page, closes_at, registration_id=registration.id)


@attention.register("own.receptions", _l("Reception"), to=rules.answers)
def receptions(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Delegations that the reader's organisations are asked to receive: one query."""
    for host, event in waiting.unconfirmed_of(_own(reader), at=at):
        label, due = _("Confirm that you receive the delegation"), event.begins_at - CONFIRMED_BEFORE
        yield _entry("own.receptions", label, event, "visit_receptions.show", due, host_id=host.id)


@attention.register("own.visits", _l("After the visits"), to=rules.answers)
def visits(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Visits that have begun and of which the reader's organisations said nothing, as members and as hosts: two."""
    for event, key, number in waiting.unreported_by_members(_own(reader), at=at):
        label = ngettext("Say how %(num)d visit was", "Say how %(num)d visits were", number)
        due = event.ends_at + ANSWERED_WITHIN
        yield _entry("own.visits", label, event, "visit_members.show", due, number, registration_id=key)
    for event, key, number in waiting.unreported_by_hosts(_own(reader), at=at):
        label = ngettext("Say how %(num)d visit to you was", "Say how %(num)d visits to you were", number)
        due = event.ends_at + ANSWERED_WITHIN
        yield _entry("own.visits.host", label, event, "visit_receptions.show", due, number, host_id=key)
