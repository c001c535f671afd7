"""The figures of a year in a constant number of queries. Imported meetings count as planned and held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from companies.enums import Kind
from core import clock
from core.db import session
from events.conferences.delegations.models import Delegation
from events.conferences.enums import Side, Wish
from events.conferences.models import Conference, Participant, WishRow
from events.conferences.outcomes import queries as outcomes
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.enums import PROMISING
from events.conferences.outcomes.models import Outcome
from events.conferences.past.models import PastMeeting
from events.enums import EventState
from events.models import Event

HELD_AT_ALL = (EventState.PUBLISHED, EventState.DONE)


class Who(NamedTuple):
    """A participant, in short."""

    side: Side
    kind: Kind
    organisation: int
    conference: int


@dataclass(frozen=True)
class Rows:
    """What stands behind the figures. `wished`: (firm, partner) where one of the two wishes to meet."""

    people: Mapping[int, Who]
    wished: frozenset[tuple[int, int]]
    meetings: Sequence[outcomes.Held]
    outcomes: Sequence[Outcome]
    past: Sequence[PastMeeting]


@dataclass(frozen=True)
class Line:
    """The figures of one kind of partner, or of all (None). `imported`: how many of those held were imported."""

    kind: Kind | None
    conferences: int
    firms: int
    partners: int
    wished: int
    planned: int
    held: int
    useful: int
    followed_up: int
    outcomes: int
    imported: int


def years() -> list[int]:
    """The years of which anything is known, the latest first, and this one."""
    begun: Iterable[datetime] = session.scalars(
        select(Event.begins_at).join(Conference).where(Event.state.in_(HELD_AT_ALL))
    )
    begun = [*begun, *session.scalars(select(Event.begins_at).join(Delegation).where(Event.state.in_(HELD_AT_ALL)))]
    found = {clock.local(at).year for at in begun}
    found |= {day.year for day in session.scalars(select(PastMeeting.on).distinct())}
    return sorted({*found, clock.today().year}, reverse=True)


def rows(year: int) -> Rows:
    """All rows behind the figures of a year."""
    keys = _conferences(year)
    people = {
        key: Who(side, kind, organisation, conference)
        for key, side, kind, organisation, conference in session.execute(
            select(
                Participant.id, Participant.side, Participant.kind, Participant.organisation_id,
                Participant.conference_id,
            ).where(Participant.conference_id.in_(keys))
        )
    }  # fmt: skip
    said = session.execute(
        select(WishRow.participant_id, WishRow.other_id).where(
            WishRow.conference_id.in_(keys), WishRow.wish.in_((Wish.YES, Wish.MUST))
        )
    )
    wished = frozenset((one, other) if people[one].side is Side.FIRM else (other, one) for one, other in said)
    past = session.scalars(
        select(PastMeeting)
        .where(PastMeeting.on.between(date(year, 1, 1), date(year, 12, 31)))
        .options(joinedload(PastMeeting.firm), joinedload(PastMeeting.partner))
        .order_by(PastMeeting.on, PastMeeting.id)
    ).all()
    return Rows(people, wished, outcomes.held_in(keys), outcomes.stated_in(keys), past)


def _conferences(year: int) -> list[int]:
    """The conferences that began in that year of Hanoi and were not called off."""
    first, after = (datetime(y, 1, 1, tzinfo=clock.HANOI).astimezone(UTC) for y in (year, year + 1))
    query = select(Conference.id).join(Event).where(Event.begins_at >= first, Event.begins_at < after)
    return list(session.scalars(query.where(Event.state.in_(HELD_AT_ALL))))


def lines(found: Rows) -> list[Line]:
    """The figures of each kind of partner that came, in the order of the kinds, and of all in the last line."""
    kinds = {who.kind for who in found.people.values() if who.side is Side.PARTNER} | {m.kind for m in found.past}
    each = [_line(found, kind) for kind in Kind if kind in kinds]
    return [*each, _line(found, None)]


def _line(f: Rows, kind: Kind | None) -> Line:
    def here(partner: int) -> bool:
        return kind is None or f.people[partner].kind is kind

    meetings = [m for m in f.meetings if here(m.meeting.partner.id)]
    past = [m for m in f.past if kind is None or m.kind is kind]
    partners = [w for w in f.people.values() if w.side is Side.PARTNER and kind in (None, w.kind)]
    at = {w.conference for w in partners}
    firms = {w.organisation for w in f.people.values() if w.side is Side.FIRM and w.conference in at}
    stated = [o for o in f.outcomes if here(_partner_of(o, f.people))]
    return Line(
        kind=kind,
        conferences=len(at) + len({(m.title, m.on) for m in past}),
        firms=len(firms | {m.firm_id for m in past}),
        partners=len({w.organisation for w in partners} | {m.partner_id for m in past}),
        wished=sum(here(partner) for _firm, partner in f.wished),
        planned=len(meetings) + len(past),
        held=sum(m.held is True for m in meetings) + len(past),
        useful=sum(m.useful > 0 for m in meetings if m.held),
        followed_up=sum(m.followed_up for m in meetings) + sum(m.label in PROMISING for m in past),
        outcomes=_number(stated),
        imported=len(past),
    )


def _partner_of(o: Outcome, people: Mapping[int, Who]) -> int:
    return o.participant_id if people[o.participant_id].side is Side.PARTNER else o.other_id


def _number(stated: Iterable[Outcome]) -> int:
    """How many outcomes; what both sides of a pair state counts once."""
    totals = outcome_rules.totals((o.participant_id, outcomes.counted(o)) for o in stated)
    return sum(total.number for total in totals.values())
