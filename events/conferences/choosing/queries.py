"""Named reads of candidates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Token
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


def decisions(conference: Conference) -> Sequence[Any]:
    """The candidates in the same order as plain rows: points, decision, reason, and the `answer` of the invited."""
    c, o = Candidate, Organisation
    return session.execute(
        select(
            c.points, c.marks, c.state, c.reason, c.invited_at, Registration.state.label("answer"),
            o.name_vi, o.name_en, o.name_original, o.original_language,
        )
        .join(o, o.id == c.organisation_id)
        .outerjoin(Registration, Registration.id == c.registration_id)
        .where(c.conference_id == conference.id)
        .order_by(c.points.desc(), o.sort_key, c.id)
    ).all()  # fmt: skip


def first_undecided(conference: Conference, number: int) -> list[int]:
    """The candidates with the most points that nobody decided about, at most so many."""
    query = candidates(conference, state=CandidateState.PROPOSED).with_only_columns(Candidate.id).limit(number)
    return list(session.scalars(query))


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


def silent(conference: Conference, *, before: datetime) -> Sequence[Candidate]:
    """Those invited before that moment who have not answered, and were not reminded since."""
    return session.scalars(
        select(Candidate)
        .join(Registration, Registration.id == Candidate.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Candidate.conference_id == conference.id,
            Registration.state == RegistrationState.INVITED,
            Event.state == EventState.PUBLISHED,
            func.coalesce(Candidate.reminded_at, Candidate.invited_at) < before,
        )
        .options(joinedload(Candidate.organisation), joinedload(Candidate.registration))
        .order_by(Candidate.id)
    ).all()


def candidates_of(registrations: Collection[Registration]) -> Mapping[int, Candidate]:
    """registration -> the candidate who was invited by it."""
    rows = session.scalars(select(Candidate).where(Candidate.registration_id.in_([r.id for r in registrations])))
    return {row.registration_id: row for row in rows if row.registration_id is not None}


# --- partners --------------------------------------------------------------------------------------------------


def partners_invited(conference: Conference) -> Sequence[Registration]:
    """Invitations of partners that are open or were declined, the open ones first, the oldest first."""
    return session.scalars(
        select(Registration)
        .where(
            Registration.event_id == conference.event_id,
            Registration.side.in_(conference.partner_kinds),
            Registration.state.in_((RegistrationState.INVITED, RegistrationState.DECLINED)),
        )
        .options(joinedload(Registration.organisation).selectinload(Organisation.kind_rows))
        .order_by(Registration.state.desc(), Registration.id)
    ).all()


def written_to(registrations: Collection[Registration]) -> Mapping[int, tuple[int, datetime]]:
    """registration -> (how often, when last) we wrote an invitation: each letter carries a link of that moment."""
    keys = {f"registration:{row.id}": row.id for row in registrations}
    rows = session.execute(
        select(Token.about, func.count(Token.created_at.distinct()), func.max(Token.created_at))
        .where(Token.purpose == rules.INVITATION, Token.about.in_(list(keys)))
        .group_by(Token.about)
    )
    return {keys[str(about)]: (times, last) for about, times, last in rows}


def silent_partners(conference: Conference, *, before: datetime) -> Sequence[Registration]:
    """Partners who have not answered their invitation and were not written to since that moment."""
    open_ = [row for row in partners_invited(conference) if row.state is RegistrationState.INVITED]
    written = written_to(open_)
    return [row for row in open_ if row.id not in written or written[row.id][1] < before]
