"""Named reads of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import joinedload

from companies.enums import Kind
from core import clock
from core.access import visible
from core.db import session
from core.i18n import Shown, language, pick
from events.conferences import overruns
from events.conferences import queries as conference_queries
from events.conferences.day import rules
from events.conferences.day.enums import Trouble
from events.conferences.day.models import Arrival, TroubleRow
from events.conferences.enums import Side
from events.conferences.models import Conference, Meeting, Participant, Slot, Table, TimetableVersion
from events.enums import EventState, RegistrationState
from events.models import Event, Registration

M = TypeVar("M", Meeting, "Expected")

visible(TroubleRow, conference_queries.staff_only)


def door_is_open(at: datetime) -> ColumnElement[bool]:
    """The rule of that name, of an event."""
    midnight = datetime.combine(clock.local(at), time(), clock.HANOI)
    first, last = midnight - rules.DOOR_AROUND, midnight + timedelta(days=1) + rules.DOOR_AROUND
    return and_(Event.state == EventState.PUBLISHED, Event.begins_at < last, Event.ends_at > first)


def doors(at: datetime) -> Sequence[Conference]:
    """The conferences whose door is open."""
    return session.scalars(
        select(Conference).join(Event).where(door_is_open(at)).order_by(Event.begins_at, Conference.id)
    ).all()


def next_door(at: datetime) -> Conference | None:
    """The conference whose door opens next."""
    return session.scalars(
        select(Conference)
        .join(Event)
        .where(Event.state == EventState.PUBLISHED, Event.begins_at > at, not_(door_is_open(at)))
        .order_by(Event.begins_at, Conference.id)
        .limit(1)
    ).first()


@dataclass(frozen=True)
class Guest:
    """A participant at the door: since when it is there, or None; `left_at` where it went again.

    `name`: in the reader's language. `state`: of its registration.
    """

    id: int
    side: Side
    kind: Kind
    name: Shown
    state: RegistrationState
    arrived_at: datetime | None
    left_at: datetime | None

    @property
    def there(self) -> bool:
        return self.arrived_at is not None and self.left_at is None


@dataclass(frozen=True)
class Expected:
    """A meeting as the page of the day shows it."""

    slot_id: int
    table: str
    firm: Guest
    partner: Guest

    @property
    def pair(self) -> tuple[int, int]:
        return self.firm.id, self.partner.id


def guests(conference: Conference, text: str = "", *, everybody: bool = False) -> list[Guest]:
    """Who takes part with the state at the door, by name: two queries. `everybody`: also who waits or cancelled."""
    people = conference_queries.roll(conference, text=text, everybody=everybody)
    state, wanted = arrivals(conference), language()
    return [
        Guest(p.id, p.side, p.kind, pick(p, "name", wanted), p.state, *state.get(p.id, (None, None))) for p in people
    ]


def guests_of(people: Sequence[Participant], conference: Conference) -> list[Guest]:
    """The same of these alone."""
    state = arrivals(conference)
    return [
        Guest(
            p.id, p.side, p.kind, pick(p.organisation, "name"), p.registration.state, *state.get(p.id, (None, None))
        )
        for p in people
    ]


def expected(version: TimetableVersion, slots: Collection[int], everybody: Iterable[Guest]) -> list[Expected]:
    """The meetings of a timetable at these times, in order of time and table."""
    people = {guest.id: guest for guest in everybody}
    rows = session.execute(
        select(Meeting.slot_id, Table.label, Meeting.firm_id, Meeting.partner_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .join(Table, Table.id == Meeting.table_id)
        .where(Meeting.version_id == version.id, Meeting.slot_id.in_(slots))
        .order_by(Slot.begins_at, Table.position, Table.id)
    )
    return [Expected(slot, table, people[firm], people[partner]) for slot, table, firm, partner in rows]


def arrivals(conference: Conference) -> dict[int, tuple[datetime | None, datetime | None]]:
    """participant -> (first arrival since it last left, when it left and did not come back)."""
    rows = session.execute(
        select(Arrival.participant_id, Arrival.left, Arrival.at)
        .join(Participant, Participant.id == Arrival.participant_id)
        .where(Participant.conference_id == conference.id)
        .order_by(Arrival.at, Arrival.id)
    )
    found: dict[int, tuple[datetime | None, datetime | None]] = {}
    for key, left, at in rows:
        came, went = found.get(key, (None, None))
        if left:
            found[key] = (came, at)
        elif came is None or went is not None:
            found[key] = (at, None)
    return found


def by_key(key: str) -> Arrival | None:
    """The check-in that the page at the door gave that key."""
    return session.scalars(select(Arrival).where(Arrival.key == key)).one_or_none()


def by_ticket(code: str) -> Sequence[Participant]:
    """The participants behind a ticket: one registration can stand for a firm and a partner at once."""
    return session.scalars(
        select(Participant)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Registration.ticket_code == code)
        .options(joinedload(Participant.organisation), joinedload(Participant.registration))
        .order_by(Participant.id)
    ).all()


def troubles(conference: Conference) -> Sequence[TroubleRow]:
    """What happened, the latest first; taken back ones are left out."""
    return session.scalars(
        select(TroubleRow)
        .where(TroubleRow.conference_id == conference.id, TroubleRow.undone_at.is_(None))
        .options(
            joinedload(TroubleRow.participant).joinedload(Participant.organisation),
            joinedload(TroubleRow.other).joinedload(Participant.organisation),
            joinedload(TroubleRow.table),
        )
        .order_by(TroubleRow.id.desc())
    ).all()


@overruns.register_overruns
def longer(conference: Conference) -> dict[tuple[int, int], int]:
    """(firm, partner) -> how many times more their meeting takes, as reported and not taken back."""
    rows = session.execute(
        select(TroubleRow.participant_id, TroubleRow.other_id, Participant.side)
        .join(Participant, Participant.id == TroubleRow.participant_id)
        .where(
            TroubleRow.conference_id == conference.id,
            TroubleRow.kind == Trouble.OVERRUN,
            TroubleRow.other_id.is_not(None),
            TroubleRow.undone_at.is_(None),
        )
    )
    pairs = ((one, other) if side is Side.FIRM else (other, one) for one, other, side in rows)
    return Counter(pairs)  # type: ignore[arg-type]  # participants of an overrun are stated


def latest_trouble(conference: Conference) -> datetime | None:
    """When something was reported or taken back last: a plan older than that does not know of it."""
    return session.scalar(
        select(func.max(func.coalesce(TroubleRow.undone_at, TroubleRow.at))).where(
            TroubleRow.conference_id == conference.id
        )
    )


def running(
    meetings: Iterable[M],
    times: Sequence[rules.Time],
    now: rules.Time | None,
    longer: Mapping[tuple[int, int], int],
) -> list[M]:
    """The meetings of the time that runs or has just ended, and earlier ones that were said to last into it."""
    if now is None:
        return []
    order = {t.id: n for n, t in enumerate(times)}
    return [m for m in meetings if order[m.slot_id] <= order[now.id] <= order[m.slot_id] + longer.get(m.pair, 0)]
