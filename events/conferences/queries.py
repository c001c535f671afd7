"""Named reads of conferences and their participants, and who may know of which rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from companies.models import NeedOffer, Organisation, Product
from companies.queries import by_name
from core.access import Actor, visible
from core.db import contains, session
from events.conferences import rules
from events.conferences.engine_profiles import in_play_rows
from events.conferences.enums import Side
from events.conferences.models import (
    Conference,
    Delegate,
    Interpreter,
    Meeting,
    Participant,
    Room,
    Slot,
    Table,
    TimetableVersion,
)
from events.enums import EventKind, EventState, RegistrationState
from events.models import Event, Registration

# --- who may know of what --------------------------------------------------------------------------------------


def conferences_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Drafts are for staff; otherwise everybody knows that there is a conference."""
    if rules.organise(actor):
        return true()
    return exists().where(Event.id == Conference.event_id, Event.state != EventState.DRAFT)


def participants_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Staff know all participants, others those that stand for their own organisations."""
    if rules.organise(actor):
        return true()
    return Participant.organisation_id.in_(actor.ties.get("organisation", frozenset()))


def delegates_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Who comes for a participant is known to its own people and to staff."""
    return Delegate.participant_id.in_(select(Participant.id).where(participants_visible_to(actor)))


def staff_only(actor: Actor) -> ColumnElement[bool]:
    """Rows that only organisers work on."""
    return true() if rules.organise(actor) else false()


visible(Conference, conferences_visible_to)
visible(
    Participant,
    participants_visible_to,
    by_name(joinedload(Participant.organisation)),
)
visible(Delegate, delegates_visible_to)
for _model in (Slot, Table, Room, Interpreter, TimetableVersion, Meeting):
    visible(_model, staff_only)


# --- conferences and participants ------------------------------------------------------------------------------


def of_event(event_id: int) -> Conference | None:
    """The conference that an event is, with its slots and tables."""
    return session.scalars(
        select(Conference)
        .where(Conference.event_id == event_id)
        .options(selectinload(Conference.slots), selectinload(Conference.tables))
    ).one_or_none()


def listed(at: datetime) -> Select[Conference]:
    """All conferences with their events: the next one first, those that are over at the end, the latest first."""
    over = Event.ends_at < at
    to_come = case((over, None), else_=Event.begins_at)
    return select(Conference).join(Event).order_by(over, to_come, Event.begins_at.desc(), Conference.id.desc())


def counts_of(keys: Sequence[int]) -> dict[int, dict[Side, int]]:
    """conference id -> side -> how many take part."""
    rows = session.execute(
        select(Participant.conference_id, Participant.side, func.count())
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id.in_(keys), Registration.state == RegistrationState.CONFIRMED)
        .group_by(Participant.conference_id, Participant.side)
    )
    found: dict[int, dict[Side, int]] = {key: {} for key in keys}
    for key, side, number in rows:
        found[key][side] = number
    return found


def events_without_conference() -> Sequence[Event]:
    """Events of this kind that are still to be set up."""
    return session.scalars(
        select(Event)
        .where(
            Event.kind == EventKind.CONFERENCE,
            Event.state.in_((EventState.DRAFT, EventState.PUBLISHED)),
            ~exists().where(Conference.event_id == Event.id),
        )
        .order_by(Event.begins_at)
    ).all()


def participants(
    conference: Conference, *, side: Side | None = None, text: str = "", kinds: bool = True
) -> Select[Participant]:
    """Who takes part (registration confirmed), firms first, in Vietnamese order, with their organisations.

    `kinds`: and with what these are, which a long list that does not show it need not read.
    """
    organisation = joinedload(Participant.organisation)
    query = (
        select(Participant)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id == conference.id, Registration.state == RegistrationState.CONFIRMED)
        .options((organisation.selectinload if kinds else organisation.lazyload)(Organisation.kind_rows))
        .order_by(Participant.side, Organisation.sort_key, Participant.id)
    )
    if side is not None:
        query = query.where(Participant.side == side)
    if text:
        query = query.where(contains(Organisation.search_key, text))
    return query


def roll(conference: Conference, *, text: str = "", everybody: bool = False) -> Sequence[Any]:
    """Who takes part, in the order of `participants`, as plain rows of what boards, doors and reports show.

    `everybody`: also those who wait or cancelled, see their `state`.
    """
    p, o = Participant, Organisation
    query = (
        select(
            p.id, p.side, p.kind, p.organisation_id, p.minimum, p.maximum, p.delegates, p.away_slots,
            o.tax_code, o.name_vi, o.name_en, o.name_original, o.original_language, Registration.state,
        )
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id == conference.id)
        .order_by(Participant.side, Organisation.sort_key, Participant.id)
    )  # fmt: skip
    if not everybody:
        query = query.where(Registration.state == RegistrationState.CONFIRMED)
    if text:
        query = query.where(contains(Organisation.search_key, text))
    return session.execute(query).all()


def too_empty(conference: Conference, *, on: date) -> Sequence[Participant]:
    """Participants of whom the engine has nothing to compare: no product, no introduction, no need or offer."""
    o = Organisation
    needs = exists().where(NeedOffer.organisation_id == o.id, in_play_rows(on))
    products = exists().where(Product.organisation_id == o.id)
    silent = and_(func.coalesce(o.intro_vi, "") == "", func.coalesce(o.intro_en, "") == "")
    return session.scalars(participants(conference).where(silent, ~needs, ~products)).all()


def spoken(conference: Conference) -> Sequence[Any]:
    """(side, languages, country) of everybody who takes part, as plain rows for `demands.languages_of`."""
    return session.execute(
        select(Participant.side, Organisation.languages, Organisation.country)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id == conference.id, Registration.state == RegistrationState.CONFIRMED)
    ).all()


def tables(conference: Conference) -> Sequence[Table]:
    """The tables with their rooms and with those whose they are, in order."""
    return session.scalars(
        select(Table)
        .where(Table.conference_id == conference.id)
        .options(
            joinedload(Table.room),
            by_name(joinedload(Table.owner).joinedload(Participant.organisation)),
        )
        .order_by(Table.position, Table.id)
    ).all()


def all_participants(conference: Conference) -> Sequence[Participant]:
    """Everybody who takes part."""
    return session.scalars(participants(conference)).all()


def side_counts(conference: Conference) -> dict[Side, int]:
    """How many take part on each side."""
    rows = session.execute(
        select(Participant.side, func.count())
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id == conference.id, Registration.state == RegistrationState.CONFIRMED)
        .group_by(Participant.side)
    )
    return dict(iter(rows))


def participant_of(conference: Conference, organisation_id: int, side: Side) -> Participant | None:
    """The participation of an organisation on one side."""
    return session.scalars(
        select(Participant).where(
            Participant.conference_id == conference.id,
            Participant.organisation_id == organisation_id,
            Participant.side == side,
        )
    ).one_or_none()


def participant_for(registration: Registration) -> Participant | None:
    """The first participant that the registration stands for."""
    mine = select(Participant).where(Participant.registration_id == registration.id).order_by(Participant.id)
    return session.scalars(mine.limit(1)).first()


def own_participants(conference: Conference, actor: Actor) -> Sequence[Participant]:
    """The participations of the reader's organisations."""
    mine = actor.ties.get("organisation", frozenset())
    return session.scalars(participants(conference).where(Participant.organisation_id.in_(mine))).all()


def own_participations(actor: Actor) -> Sequence[Participant]:
    """All participations of the reader's organisations, the latest conference first."""
    mine = actor.ties.get("organisation", frozenset())
    return session.scalars(
        select(Participant)
        .join(Conference)
        .join(Event)
        .where(Participant.organisation_id.in_(mine), Event.state != EventState.DRAFT)
        .options(joinedload(Participant.organisation), joinedload(Participant.conference))
        .order_by(Event.begins_at.desc(), Participant.id)
    ).all()


def by_feed_key(key: str) -> Participant | None:
    """The participant whose calendar address that is."""
    return session.scalars(select(Participant).where(Participant.feed_key == key)).one_or_none()


def waiting_participants(conference: Conference) -> Sequence[Participant]:
    """Participants whose registration waits for a seat or was withdrawn: they are not matched."""
    return session.scalars(
        select(Participant)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id == conference.id, Registration.state != RegistrationState.CONFIRMED)
        .options(joinedload(Participant.organisation), joinedload(Participant.registration))
        .order_by(Registration.number)
    ).all()


def participations(registration: Registration) -> Sequence[Participant]:
    """The participations that stand on a registration."""
    return session.scalars(select(Participant).where(Participant.registration_id == registration.id)).all()


def to_come(at: datetime) -> Sequence[Conference]:
    """Conferences that are not over or cancelled."""
    return session.scalars(
        select(Conference)
        .join(Event)
        .where(Event.ends_at > at, Event.state.in_((EventState.DRAFT, EventState.PUBLISHED)))
        .order_by(Event.begins_at)
    ).all()


def participants_by_id(keys: Collection[int]) -> Sequence[Participant]:
    """These participants with their organisations, in Vietnamese order."""
    return session.scalars(
        select(Participant)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .where(Participant.id.in_(keys))
        .options(joinedload(Participant.organisation).selectinload(Organisation.kind_rows))
        .order_by(Organisation.sort_key, Participant.id)
    ).all()
