"""Who looks after requests, and until when they have to be answered and done. Pure functions.

The deadlines stand here and nowhere else. Law 91/2025/QH15 and Decree 356/2025: an answer within 2 working days; done
within 15 days, 20 where third parties are involved; one extension with a reason. A day counts from the day after the
request; an end on a day off moves to the next working day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import holidays

from accounts.privacy.enums import CaseKind
from accounts.rules import is_staff, manage_accounts

if TYPE_CHECKING:
    from core.access import Actor


@dataclass(frozen=True)
class Term:
    """So many days; `working`: days off are not counted."""

    days: int
    working: bool = False


@dataclass(frozen=True)
class Deadlines:
    """The terms of one kind of request."""

    answer: Term = Term(2, working=True)
    done: Term = Term(15)
    done_with_others: Term = Term(20)
    extension: Term = Term(15)


DEADLINES: Mapping[CaseKind, Deadlines] = dict.fromkeys(CaseKind, Deadlines())
INCIDENT_HOURS = 72  # from when a breach is noticed until it has to be reported


@cache
def _days_off(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, but public holidays of Vietnam and the days off that stand in for them."""
    return day.weekday() < 5 and day not in _days_off(day.year)


def end_of(term: Term, after: date) -> date:
    """The last day of a term that begins on the day after `after`."""
    if term.working:
        day, left = after, term.days
        while left:
            day += timedelta(days=1)
            left -= is_working_day(day)
        return day
    day = after + timedelta(days=term.days)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def answer_due(kind: CaseKind, received: date) -> date:
    """By when the person has to be answered."""
    return end_of(DEADLINES[kind].answer, received)


def done_due(kind: CaseKind, received: date, *, third_parties: bool = False, extended: bool = False) -> date:
    """By when the request has to be done; an extension begins where the first term ends."""
    terms = DEADLINES[kind]
    first = end_of(terms.done_with_others if third_parties else terms.done, received)
    return end_of(terms.extension, first) if extended else first


def handle_requests(actor: Actor) -> bool:
    """Officers and administrators handle what people ask about their data."""
    return is_staff(actor)


def handle_request(actor: Actor, data_case: Any) -> bool:
    """The same, of one request; nobody decides his own."""
    return handle_requests(actor) and actor.user_id != data_case.user_id


def own_request(actor: Actor, data_case: Any) -> bool:
    """A person may take back what he asked for."""
    return bool(actor.user_id == data_case.user_id)


def handle_incident(actor: Actor, incident: Any) -> bool:
    """Administrators record and report incidents."""
    return manage_accounts(actor)


def read_register(actor: Actor) -> bool:
    """Administrators read the register of processing."""
    return manage_accounts(actor)
