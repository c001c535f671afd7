"""What of introductions needs an officer now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from companies.introducing import queries, rules
from companies.introducing.enums import IntroductionState
from core import attention
from core.access import Actor
from core.i18n import _l, ngettext

DECIDED_WITHIN = timedelta(days=30)  # of the last day of introductions: the guide goes out in April


@attention.register("introductions.received", _l("Introductions"), to=rules.decide)
def received(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Introductions that wait for a decision, as one entry: two queries."""
    number, year = queries.received()
    if year is not None:
        label = ngettext("%(num)d introduced firm waits for a decision",
                         "%(num)d introduced firms wait for a decision", number)  # fmt: skip
        yield attention.Entry(
            "introductions.received", label, "introductions_office.index",
            {"state": IntroductionState.RECEIVED.value}, number, due=queries.closing(year) + DECIDED_WITHIN,
        )  # fmt: skip
