"""What of the firms' situation needs an officer now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core import attention, clock
from core.access import Actor
from core.i18n import _l, ngettext
from portal.situation import queries, rules
from portal.situation.enums import CaseState


@attention.register("situation.cases", _l("Difficulties and requests of firms"), to=rules.manage)
def open_cases(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Those without an answer, as one entry: one query."""
    number, oldest = queries.open_cases()
    if oldest is not None:
        label = ngettext(
            "%(num)d question from firms waits for an answer",
            "%(num)d questions from firms wait for an answer",
            number,
        )
        yield attention.Entry(
            "situation.cases", label, "situation_office.index", {"state": CaseState.OPEN.value}, number,
            due=clock.local(oldest + rules.ANSWERED_WITHIN).date(),
        )  # fmt: skip
