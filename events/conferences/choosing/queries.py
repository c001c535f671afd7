"""Named reads of candidates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from companies.enums import Kind
from companies.models import Organisation, OrganisationKind, SupportReceived
from core.access import visible
from core.db import contains, session
from events.conferences.choosing import rules
from events.conferences.choosing.enums import CandidateState
from events.conferences.choosing.models import Candidate, Choice
from events.conferences.models import Conference
from events.conferences.queries import staff_only
from events.enums import EventState, RegistrationState
from events.models import Event, Registration

visible(Candidate, staff_only)


def choice(conference: Conference) -> Choice | None:
    """The stated weights and sectors of a conference."""
    return session.get(Choice, conference.id)


def candidates(conference: Conference, *, state: CandidateState | None = None, text: str = "") -> Select[Candidate]:
    """The candidates by points, the highest first, with their organisations and registrations."""
    query = (
        select(Candidate)
        .join(Organisation, Organisation.id == Candidate.organisation_id)
        .where(Candidate.conference_id == conference.id)
        .options(
            joinedload(Candidate.organisation).selectinload(Organisation.kind_rows),
            joinedload(Candidate.registration),
        )
        .order_by(Candidate.points.desc(), Organisation.sort_key, Candidate.id)
    )
    if state is not None:
        query = query.where(Candidate.state == state)
    if text:
        query = query.where(contains(Organisation.search_key, text))
    return query


def counts(conference: Conference) -> dict[CandidateState, int]:
    """How many candidates stand where."""
    rows = session.execute(
        select(Candidate.state, func.count())
        .where(Candidate.conference_id == conference.id)
        .group_by(Candidate.state)
    )
    return dict(iter(rows))


def firms() -> Sequence[Organisation]:
    """All firms with what their marks need: kinds, awards, products, needs and offers."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.id.in_(select(OrganisationKind.organisation_id).where(OrganisationKind.kind == Kind.FIRM))
        )
        .options(
            selectinload(Organisation.awards),
            selectinload(Organisation.products),
            selectinload(Organisation.needs_offers),
        )
        .order_by(Organisation.id)
    ).all()


def supported(ids: Collection[int], *, year: int) -> set[int]:
    """Those of these organisations that had some support of the programme in that year."""
    within = SupportReceived.on.between(date(year, 1, 1), date(year, 12, 31))
    query = select(SupportReceived.organisation_id).where(SupportReceived.organisation_id.in_(ids), within)
    return set(session.scalars(query.distinct()))


def by_organisation(conference: Conference) -> dict[int, Candidate]:
    """organisation -> its candidacy."""
    rows = session.scalars(select(Candidate).where(Candidate.conference_id == conference.id))
    return {row.organisation_id: row for row in rows}


def to_invite(conference: Conference) -> Sequence[Candidate]:
    """Those chosen who have no registration yet."""
    query = candidates(conference, state=CandidateState.CHOSEN).where(Candidate.registration_id.is_(None))
    return session.scalars(query).all()


def silent(conference: Conference | None, *, before: datetime) -> Sequence[Candidate]:
    """Those invited before that moment who have not answered, and were not reminded since."""
    conditions: list[ColumnElement[bool]] = [
        Registration.state == RegistrationState.INVITED,
        Event.state == EventState.PUBLISHED,
        func.coalesce(Candidate.reminded_at, Candidate.invited_at) < before,
    ]
    if conference is not None:
        conditions.append(Candidate.conference_id == conference.id)
    return session.scalars(
        select(Candidate)
        .join(Registration, Registration.id == Candidate.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(*conditions)
        .options(joinedload(Candidate.organisation), joinedload(Candidate.registration))
        .order_by(Candidate.id)
    ).all()


def due_for_a_reminder(at: datetime) -> Sequence[Candidate]:
    """Those who have been silent for some days and were never reminded by the site."""
    return [c for c in silent(None, before=at - rules.REMIND_AFTER) if c.reminded_at is None]
