"""Verbs that set a conference up: the conference, its slots and tables, who takes part, what they wish."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, func, select

from companies.enums import Kind
from companies.models import Organisation
from core import audit
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _
from events import operations as events
from events import queries as events_queries
from events.conferences import agenda, queries, rules, setting_aside, wishing
from events.conferences.enums import PARTNER_KINDS, Mode, Side, Wish
from events.conferences.models import Conference, Meeting, Participant, Slot, Table, WishRow
from events.enums import RegistrationState
from events.models import Event, Registration


@dataclass(frozen=True)
class Setup:
    """What the form of a conference states beside its event."""

    partner_kinds: Sequence[Kind]
    sessions: Sequence[rules.Session]
    meeting_minutes: int = 25
    change_minutes: int = 5
    firm_limits: tuple[int, int] = (2, 8)
    partner_limits: tuple[int, int] = (3, 16)
    free_tables: int = 0
    mode: Mode = Mode.HALL
    wishes_open_at: datetime | None = None
    wishes_close_at: datetime | None = None
    timetable_due_at: datetime | None = None
    confirm_until: datetime | None = None
    criteria_vi: str = ""
    criteria_en: str = ""


DATES = ("wishes_open_at", "wishes_close_at", "timetable_due_at", "confirm_until")  # in this order, before it begins


def set_up(event: Event, setup: Setup, *, by: Any, at: datetime) -> Conference:
    """Make the conference of an event, with slots in its sessions and free tables."""
    if queries.of_event(event.id) is not None:
        raise Conflict(_("This event has its conference already."))
    conference = Conference(event=event)
    _state(conference, setup)
    session.add(conference)
    session.flush()
    lay_slots(conference, setup.sessions)
    set_free_tables(conference, setup.free_tables)
    audit.record("conference.create", conference, by=by, at=at)
    return conference


def change(conference: Conference, setup: Setup, *, by: Any, at: datetime) -> None:
    """Change what the form states. Slots may only change while no timetable stands on them."""
    _state(conference, setup)
    columns = audit.changed_columns(conference)
    if _differ(conference, setup):
        _forget_plans(conference)
        lay_slots(conference, setup.sessions)
    set_free_tables(conference, setup.free_tables)
    audit.record("conference.change", conference, by=by, at=at, columns=columns)


def _forget_plans(conference: Conference) -> None:
    """Delete what is set aside, whose times will not exist any more. Raise Conflict for any other timetable."""
    if not all(v.set_aside for v in agenda.versions(conference)):
        raise Conflict(
            _("There is a timetable already. Discard it before you change the times of the meetings."),
            field="first_day",
        )
    setting_aside.clear(conference)


def _state(conference: Conference, setup: Setup) -> None:
    kinds = [Kind(k) for k in setup.partner_kinds]
    if not kinds or not set(kinds) <= {*PARTNER_KINDS, Kind.FIRM}:
        raise Invalid(_("Choose at least one kind of partner."), field="partner_kinds")
    for low, high, name in ((*setup.firm_limits, "firm_minimum"), (*setup.partner_limits, "partner_minimum")):
        if not 0 <= low <= high:
            raise Invalid(_("The minimum cannot be above the maximum."), field=name)
    conference.partner_kinds = [k.value for k in kinds]
    conference.meeting_minutes, conference.change_minutes = setup.meeting_minutes, setup.change_minutes
    conference.firm_minimum, conference.firm_maximum = setup.firm_limits
    conference.partner_minimum, conference.partner_maximum = setup.partner_limits
    for column in (*DATES, "mode", "criteria_vi", "criteria_en"):
        setattr(conference, column, getattr(setup, column))
    late = rules.dates_in_order(
        *((name, getattr(setup, name)) for name in DATES), ("confirm_until", conference.event.begins_at)
    )
    if late is not None:
        raise Invalid(_("The dates are not in order: each has to come after the one before it."), field=late)


def planned_slots(conference: Conference, sessions: Sequence[rules.Session]) -> list[tuple[datetime, datetime, bool]]:
    """The slots that sessions give with the conference's lengths."""
    return rules.slots_of(
        sessions,
        meeting=timedelta(minutes=conference.meeting_minutes),
        change=timedelta(minutes=conference.change_minutes),
    )


def _differ(conference: Conference, setup: Setup) -> bool:
    held = [(s.begins_at, s.ends_at, s.begins_block) for s in conference.slots]
    return held != planned_slots(conference, setup.sessions)


def lay_slots(conference: Conference, sessions: Sequence[rules.Session]) -> None:
    """Replace the slots by those that fit into the sessions."""
    event = conference.event
    planned = planned_slots(conference, sessions)
    if not planned:
        raise Invalid(_("No meeting fits into these times."), field="first_day")
    if any(b[0] < a[1] for a, b in pairwise(planned)):
        raise Invalid(_("Two of these times overlap."), field="first_day")
    if planned[0][0] < event.begins_at or planned[-1][1] > event.ends_at:
        raise Invalid(
            _("The meetings have to lie between the beginning and the end of the event."), field="first_day"
        )
    held = {s.begins_at: s for s in conference.slots}  # a time that stays keeps its row: who is away then stays so
    slots = []
    for begins, ends, first in planned:
        slot = held.get(begins) or Slot(begins_at=begins)
        slot.ends_at, slot.begins_block = ends, first
        slots.append(slot)
    conference.slots[:] = slots
    session.flush()


def set_free_tables(conference: Conference, wanted: int) -> None:
    """Have that many free tables; those that hold meetings are not taken away."""
    free = [t for t in conference.tables if t.owner_id is None]
    for table in free[wanted:]:
        if session.scalar(select(func.count()).where(Meeting.table_id == table.id)):
            raise Conflict(_("Table %(label)s has meetings and cannot be removed.", label=table.label))
        conference.tables.remove(table)
    for _n in range(wanted - len(free)):
        add_table(conference, None)
    session.flush()


TABLE_SPACING = 3.0  # metres between tables that are laid out by themselves


def add_table(conference: Conference, owner: Participant | None) -> Table:
    """One more table, a partner's own or free, in the next place of the first room."""
    taken = {t.label for t in conference.tables}
    number = next(n for n in range(1, 10_000) if f"{n:02d}" not in taken)
    room = conference.rooms[0] if conference.rooms else None
    across = int((room.width - 2) // TABLE_SPACING) + 1 if room is not None else 8
    table = Table(
        label=f"{number:02d}",
        position=number,
        owner=owner,
        room=room,
        seats=1 if owner is None else owner.delegates,
        x=1.0 + TABLE_SPACING * ((number - 1) % across),
        y=1.0 + TABLE_SPACING * ((number - 1) // across),
    )
    conference.tables.append(table)
    return table


# --- participants ----------------------------------------------------------------------------------------------


def join(
    conference: Conference,
    organisation: Organisation,
    side: Side,
    kind: Kind,
    *,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
    own_table: bool | None = None,
    beyond: bool = False,
) -> Participant:
    """Take part on a side. Registers for the event where that was not done; a partner gets a table of its own.

    `beyond`: an officer admits it although all seats are taken.
    """
    if side is Side.PARTNER and kind.value not in conference.partner_kinds:
        raise Invalid(_("This conference is not for that kind of partner."), field="kind")
    if queries.participant_of(conference, organisation.id, side) is not None:
        raise Conflict(_("%(name)s takes part already.", name=organisation.name_vi or organisation.name_en))
    if side is Side.FIRM:
        kind = Kind.FIRM
    registration = registered(conference, organisation, kind, by=by, at=at, on_behalf=on_behalf, beyond=beyond)
    participant = Participant(
        conference_id=conference.id,
        organisation_id=organisation.id,
        registration_id=registration.id,
        side=side,
        kind=kind,
        away_slots=[],
    )
    session.add(participant)
    session.flush()
    if own_table if own_table is not None else side is Side.PARTNER:
        add_table(conference, participant)
    session.flush()
    audit.record(
        "participant.join",
        participant,
        by=by,
        at=at,
        side=side.value,
        on_behalf_of=_behalf(participant) if on_behalf else None,
    )
    return participant


def registered(
    conference: Conference,
    organisation: Organisation,
    kind: Kind,
    *,
    by: Any,
    at: datetime,
    on_behalf: bool,
    beyond: bool = False,
) -> Registration:
    """The organisation's live registration, made or accepted where it has to be."""
    held = events_queries.live_registration(conference.event, organisation, by)
    if held is not None and held.state is not RegistrationState.INVITED:
        return held
    return events.register(
        conference.event,
        organisation,
        by=by,
        at=at,
        key=secrets.token_urlsafe(16),
        side=kind.value,
        by_staff=on_behalf,
        beyond=beyond,
    )


@dataclass(frozen=True)
class Presence:
    """What a participant states of its day. None of `minimum`, `maximum`: the conference's limits."""

    minimum: int | None
    maximum: int | None
    delegates: int
    away_slots: Collection[int]
    time_zone: str | None = None


def _behalf(participant: Participant) -> str:
    """How the audit names a participant for whom somebody else acts."""
    return f"participant:{participant.id}"


def set_presence(
    participant: Participant, presence: Presence, *, by: Any, at: datetime, on_behalf: bool = False
) -> None:
    """Change availability and limits. Slots of another conference are not accepted."""
    conference = participant.conference
    known = {s.id for s in conference.slots}
    if not set(presence.away_slots) <= known:
        raise Invalid(_("One of these times does not belong to the conference."), field="away_slots")
    low, high = presence.minimum, presence.maximum
    if low is not None and high is not None and low > high:
        raise Invalid(_("The minimum cannot be above the maximum."), field="minimum")
    participant.minimum, participant.maximum = low, high
    participant.delegates, participant.time_zone = presence.delegates, presence.time_zone
    participant.away_slots = sorted(set(presence.away_slots))
    columns = audit.changed_columns(participant)  # before anything is read: that would flush
    for table in conference.tables:
        if table.owner_id == participant.id:
            table.seats = presence.delegates
    session.flush()
    if columns:
        whom = _behalf(participant) if on_behalf else None
        audit.record("participant.presence", participant, by=by, at=at, columns=columns, on_behalf_of=whom)


def leave(participant: Participant, *, by: Any, at: datetime, on_behalf: bool = False) -> None:
    """Withdraw: the registration is cancelled, own tables become free. Published meetings have to be moved first."""
    if agenda.published_meetings(participant):
        raise Conflict(_("There are published meetings with this participant. Take them off the timetable first."))
    audit.record(
        "participant.leave", participant, by=by, at=at, on_behalf_of=_behalf(participant) if on_behalf else None
    )
    registration = participant.registration
    for table in participant.conference.tables:
        if table.owner_id == participant.id:
            table.owner = None
    both = Meeting.firm_id == participant.id, Meeting.partner_id == participant.id
    for condition in both:
        session.execute(delete(Meeting).where(condition))
    session.delete(participant)
    session.flush()
    if not queries.participations(registration):
        events.cancel(registration, by=by, at=at)


def renew_feed(participant: Participant, *, by: Any, at: datetime) -> None:
    """Give a participant a new calendar address; the old one stops working at once."""
    participant.feed_key = secrets.token_urlsafe(32)
    audit.record("participant.feed", participant, by=by, at=at, columns=["feed_key"])


# --- wishes ----------------------------------------------------------------------------------------------------


def wishes_open(conference: Conference, *, at: datetime) -> bool:
    """Whether participants may change their wishes now."""
    return rules.wishes_open(
        opens_at=conference.wishes_open_at,
        closes_at=conference.wishes_close_at,
        begins_at=conference.event.begins_at,
        at=at,
    )


def wish(
    participant: Participant, other: Participant, said: Wish | None, *, by: Any, at: datetime, on_behalf: bool = False
) -> None:
    """Say must, yes or no of somebody on the other side; None takes it back."""
    conference = participant.conference
    if other.conference_id != conference.id or other.side is participant.side:
        raise Invalid(_("This organisation is not on the other side of the conference."))
    if other.organisation_id == participant.organisation_id:
        raise Invalid(_("An organisation does not meet itself."))
    if not on_behalf and not wishes_open(conference, at=at):
        if conference.wishes_open_at is not None and at < conference.wishes_open_at:
            raise Conflict(_("Wishes are not open yet."))
        raise Conflict(_("The time for wishes is over. Please call the organiser."))
    row = wishing.wish_row(participant, other)
    if said is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(
            WishRow(
                conference_id=conference.id,
                participant_id=participant.id,
                other_id=other.id,
                wish=said,
                at=at,
                by_id=by.id,
            )
        )
    else:
        row.wish, row.at, row.by_id = said, at, by.id
    session.flush()
    audit.record("wish", participant, by=by, at=at, on_behalf_of=_behalf(participant) if on_behalf else None)
