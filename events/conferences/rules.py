"""The rules of a conference as pure functions: who may do what, what a pair is worth, where slots lie."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from accounts.privacy.rules import is_working_day
from events.conferences.enums import Report, Wish

if TYPE_CHECKING:
    from core.access import Actor

SUGGESTIONS_SHOWN = 12  # "suggested": among the top of a participant's ranked list


# --- who may do what -------------------------------------------------------------------------------------------


def organise(actor: Actor, conference: Any = None) -> bool:
    """Officers set conferences up, make timetables and publish them."""
    return actor.has("administrator", "officer")


def organise_event(actor: Actor, event: Any) -> bool:
    """The same, of an event that is to become a conference."""
    return organise(actor)


def join(actor: Actor, conference: Any) -> bool:
    """Who belongs to an organisation may have it take part."""
    return actor.belongs_to_any("organisation")


def organise_part(actor: Actor, conference: Any, **_part: Any) -> bool:
    """The same, of a slot, table, participant, version or meeting of the conference."""
    return organise(actor)


def take_part(actor: Actor, conference: Any, participant: Any, **_part: Any) -> bool:
    """The participant's own people act for it; officers may, and the audit says so."""
    return actor.belongs("organisation", participant.organisation_id) or organise(actor)


def share(actor: Actor, conference: Any, participant: Any) -> bool:
    """Only an owner consents to somebody seeing his organisation's data; nobody does it for him."""
    return actor.belongs("organisation.owner", participant.organisation_id)


def acts_for(actor: Actor, participant: Any) -> bool:
    """Whether somebody who may act for a participant does so from outside it: an officer on its behalf."""
    return not actor.belongs("organisation", participant.organisation_id)


# --- what a pair is worth --------------------------------------------------------------------------------------

# Added to the fit estimate (0..1). Two who want each other come before any pair that only the machine likes: the
# value of a conference is meetings that both sides wanted.
MUTUAL, MUST, YES = 1.0, 0.35, 0.2


def pair_value(fit: float, wishes: Iterable[Wish | None]) -> float | None:
    """The worth of a meeting from the fit estimate and what the two say; None if one of them will not.

    Between 0 and 2.7: fit, 0.2 for every yes, 0.35 for every must, and 1 when both want it.
    """
    given = [w for w in wishes if w is not None]
    if Wish.NO in given:
        return None
    value = fit + sum({Wish.MUST: MUST, Wish.YES: YES}[w] for w in given)
    return value + (MUTUAL if len(given) == 2 else 0.0)


def wished(wish: Wish | None) -> bool:
    """Whether somebody wants the meeting."""
    return wish in (Wish.YES, Wish.MUST)


# What a report on a meeting is worth as evidence that the two should have met.
REPORT_VALUE = {Report.USEFUL: 1.0, Report.HELD: 1.0, Report.NOT_HELD: 0.3, Report.NOT_USEFUL: 0.2}


def outcome(
    said: tuple[Wish | None, Wish | None], *, answers: tuple[bool, bool], reports: Iterable[Report] = ()
) -> float | None:
    """How far a pair that was shown turned out to want each other, 0 to 1; None where nothing can be told.

    `said`: what each says of the other. `answers`: whether each answered about anybody at the conference, so that his
    silence means something. What came of a meeting counts before what was wished.
    """
    came = [REPORT_VALUE[report] for report in reports]
    if came:
        return sum(came) / len(came)
    if Wish.NO in said:
        return 0.0
    wishes = [wished(w) for w in said]
    if all(wishes):
        return 1.0
    if any(wishes):  # the other was asked: whether it read that, its other answers tell
        return 0.0 if answers[wishes.index(False)] else None
    return 0.0 if any(answers) else None


def wishes_open(
    *, closes_at: datetime | None, begins_at: datetime, at: datetime, opens_at: datetime | None = None
) -> bool:
    """Wishes may change from when they open until they close; without dates, until the conference begins."""
    return (opens_at is None or at >= opens_at) and at < (closes_at or begins_at)


def interpreted(firm: Collection[str], partner: Collection[str], offered: Collection[str]) -> str | None:
    """The language that a pair needs an interpreter for, of those `offered`; None if they understand each other.

    Languages are codes. A side that states none counts as speaking whatever the other does: nobody is held back by an
    empty field. Where no interpreter speaks any of the partner's languages, the pair is not held back either; the
    organiser's checklist counts such pairs.
    """
    if not firm or not partner or not set(firm).isdisjoint(partner):
        return None
    return next((code for code in partner if code in offered), None)


def dates_in_order(*moments: tuple[str, datetime | None]) -> str | None:
    """The name of the first of these moments (name, moment) that comes before an earlier one; None if all fit."""
    last: datetime | None = None
    for name, at in moments:
        if at is not None:
            if last is not None and at < last:
                return name
            last = at
    return None


# name -> (days before the first day, hour), where no earlier conference says otherwise
USUAL_DATES: Mapping[str, tuple[int, time]] = {
    "registration_closes_at": (10, time(17)),
    "wishes_open_at": (21, time(8)),
    "wishes_close_at": (7, time(17)),
    "timetable_due_at": (4, time(12)),
    "confirm_until": (2, time(17)),
}


def suggested_dates(
    first: date, *, after: date, known: Mapping[str, tuple[int, time]] = MappingProxyType({})
) -> dict[str, tuple[date, time]]:
    """Dates for a conference that begins on `first`: on working days, and none that has come already.

    `known`: days before the first day and times of day that take the place of the usual ones.
    """
    found = {}
    for name, (days, hour) in {**USUAL_DATES, **known}.items():
        day = first - timedelta(days=days)
        while not is_working_day(day):
            day -= timedelta(days=1)
        if day > after:
            found[name] = (day, hour)
    return found


# --- slots -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """A stretch of time without a break, for example a morning: first meeting begins, last meeting has ended."""

    begins_at: datetime
    ends_at: datetime


def around_break(whole: Session, at: datetime | None, length: timedelta) -> list[Session]:
    """A stretch of time without its break: what lies before and after it."""
    if at is None or not whole.begins_at < at < whole.ends_at:
        return [whole]
    return [Session(whole.begins_at, at), Session(min(at + length, whole.ends_at), whole.ends_at)]


def slots_of(
    sessions: Sequence[Session], *, meeting: timedelta, change: timedelta
) -> list[tuple[datetime, datetime, bool]]:
    """Slots (begin, end, begins a new block) that fit into the sessions; a meal or a night lies between sessions."""
    slots = []
    for session in sorted(sessions, key=lambda s: s.begins_at):
        begin, first = session.begins_at, True
        while begin + meeting <= session.ends_at:
            slots.append((begin, begin + meeting, first))
            begin, first = begin + meeting + change, False
    return slots


def tables_needed(*, meetings: int, slots: int) -> int:
    """Free tables for a number of meetings: what the count needs and 15 % more (10-20 % are customary)."""
    return -(-meetings * 115 // (100 * slots)) if slots else 0
