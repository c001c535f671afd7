"""What of delegations needs an officer: hosts to confirm, wishes, a programme, and what came of the visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import attention, dates
from core.access import Actor
from core.i18n import _, _l, ngettext
from events import rules as event_rules
from events.attention import entry
from events.conferences.delegations import waiting

HOSTS_BEFORE = timedelta(days=10)  # hosts should have confirmed by then
PROGRAMME_BEFORE = timedelta(days=7)  # and members know their programme


@attention.register("delegations.hosts", _l("Hosts of delegations"), to=event_rules.manage)
def hosts(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Delegations to come whose hosts have not confirmed: one query."""
    for event, number in waiting.unconfirmed_hosts(at=at):
        detail = ngettext("%(num)d host has not confirmed", "%(num)d hosts have not confirmed", number)
        due = event.begins_at - HOSTS_BEFORE
        yield entry("delegations.hosts", event, "visit_hosts.index", detail, due=due, count=number)


@attention.register("delegations.wishes", _l("Wishes of delegations"), to=event_rules.manage)
def wishes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Delegations whose wishes close soon or are closed, with members that have said nothing: one query."""
    for event, closes_at, number in waiting.silent_members(at=at):
        detail = ngettext(
            "%(num)d member has said nothing of hosts; wishes are taken until %(day)s",
            "%(num)d members have said nothing of hosts; wishes are taken until %(day)s",
            number,
            day=dates.day(closes_at),
        )
        yield entry("delegations.wishes", event, "visit_hosts.index", detail, due=closes_at, count=number)


@attention.register("delegations.programme", _l("Programmes of delegations"), to=event_rules.manage)
def programmes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Delegations to come with hosts and without a published programme: one query."""
    for event in waiting.without_programme(at=at):
        begins = dates.day(event.begins_at)
        detail = _("No programme is published; it begins on %(day)s.", day=begins)
        due = event.begins_at - PROGRAMME_BEFORE
        yield entry("delegations.programme", event, "visit_programme.show", detail, due=due)


@attention.register("delegations.outcomes", _l("What came of delegations"), to=event_rules.manage)
def outcomes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Delegations that are over, with visits of which members have said nothing: one query."""
    for event, number in waiting.unreported(at=at):
        detail = ngettext(
            "%(num)d visit of a member without an answer", "%(num)d visits of members without an answer", number
        )
        due = event.ends_at + waiting.REPORTED_WITHIN
        yield entry("delegations.outcomes", event, "visit_programme.show", detail, due=due, count=number)
