"""What of joining needs an officer now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from companies.joining import queries, rules
from core import attention, clock
from core.access import Actor
from core.i18n import _l, ngettext

ANSWERED_WITHIN = timedelta(days=3)


@attention.register("joining.requests", _l("Requests to join"), to=rules.decide_on_requests)
def requests(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Requests that wait for a decision, as one entry: one query."""
    number, since = queries.number_waiting()
    if since is not None:
        label = ngettext("%(num)d person asks to join an organisation",
                         "%(num)d people ask to join an organisation", number)  # fmt: skip
        due = clock.local(since + ANSWERED_WITHIN).date()
        yield attention.Entry("joining.requests", label, "requests.index", {}, number, due=due)
