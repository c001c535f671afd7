"""What of the firms' situation needs an officer now, and which questions wait for a firm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core import attention, clock
from core.access import Actor
from core.i18n import _, _l, ngettext, pick
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


@attention.register("situation.own", _l("How firms are doing"), to=rules.has_firm)
def own(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Questions that the reader's firms have not answered: one query."""
    for situation_round, firm in queries.unanswered(reader, on=clock.local(at).date()):
        yield attention.Entry(
            f"situation.own:{situation_round.id}:{firm.id}",
            _("Tell the Department how your firm is doing"),
            "situation.index",
            due=situation_round.closes_on,
            detail=f"{pick(firm, 'name').text} · {pick(situation_round, 'title').text}",
        )
