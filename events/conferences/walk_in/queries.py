"""Named reads of walk-ins: whom the door finds, which records may be the same, who was admitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import joinedload

import vietnamese
from companies import duplicates, identifiers
from companies.models import Organisation
from core import clock
from core.access import NOBODY, Actor, visible, visible_to
from core.db import contains, session
from events.conferences.day import queries as day
from events.conferences.day.models import Arrival
from events.conferences.models import Conference, Participant
from events.conferences.walk_in import rules
from events.conferences.walk_in.models import WalkIn
from events.enums import RegistrationState
from events.models import Event

MOST_FOUND = 8
MOST_COMPARED = 300  # records that share a word with a new name
WORDS_COMPARED = 3  # the longest ones of a name: they tell most


def walk_ins_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Who keeps the door knows who came through it, while it is open to him."""
    if rules.decide(actor):
        return true()
    if not rules.admit(actor):
        return false()
    return WalkIn.conference_id.in_(select(Conference.id).join(Event).where(day.door_is_open(clock.now())))


visible(WalkIn, walk_ins_visible_to)


@dataclass(frozen=True)
class Found:
    """An organisation that the door found, and what it is to the conference already."""

    organisation: Organisation
    participants: Sequence[Participant]

    @property
    def takes_part(self) -> bool:
        """Whether it is on the list of the door already."""
        return any(p.registration.state is RegistrationState.CONFIRMED for p in self.participants)

    @property
    def waits(self) -> bool:
        """Whether it stands on the waiting list."""
        return any(p.registration.state is RegistrationState.WAITING for p in self.participants)


def found(conference: Conference, text: str) -> list[Found]:
    """Organisations by name or tax code, whatever marks are left out: three queries."""
    words = _words(text)
    if len(words) < 2:
        return []
    rows = session.scalars(
        select(Organisation)
        .where(contains(Organisation.search_key, words), visible_to(NOBODY, Organisation))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(MOST_FOUND)
    ).all()
    return _with_state(conference, rows)


def among(conference: Conference, keys: Collection[int]) -> list[Found]:
    """These organisations in the same way."""
    query = select(Organisation).where(Organisation.id.in_(keys)).order_by(Organisation.sort_key, Organisation.id)
    return _with_state(conference, session.scalars(query).all()) if keys else []


def _with_state(conference: Conference, rows: Sequence[Organisation]) -> list[Found]:
    here = participations(conference, rows)
    return [Found(row, here.get(row.id, ())) for row in rows]


def known(organisation: Organisation) -> bool:
    """Whether the record stands: it may have become part of another since a page named it."""
    query = select(Organisation.id).where(Organisation.id == organisation.id, visible_to(NOBODY, Organisation))
    return session.scalar(query) is not None


def _words(text: str) -> str:
    """What is searched for; a tax code may be written in groups."""
    digits = "".join(c for c in identifiers.plain(text) if c not in " .-")
    return digits if digits.isdecimal() and len(digits) >= 6 else vietnamese.search_key(text)


def participations(
    conference: Conference, organisations: Sequence[Organisation]
) -> Mapping[int, Sequence[Participant]]:
    """organisation id -> its participations in the conference, whatever became of their registrations."""
    rows = session.scalars(
        select(Participant)
        .where(
            Participant.conference_id == conference.id, Participant.organisation_id.in_([o.id for o in organisations])
        )
        .options(joinedload(Participant.registration))
    )
    here: dict[int, list[Participant]] = {}
    for row in rows:
        here.setdefault(row.organisation_id, []).append(row)
    return here


def alike(name: str) -> Sequence[Organisation]:
    """Organisations of the same name without legal words, or of nearly the same."""
    mine = vietnamese.similarity_key(name)
    telling = sorted(mine.split(), key=len)[-WORDS_COMPARED:]
    shared = or_(false(), *(contains(Organisation.search_key, word) for word in telling))
    rows = session.scalars(
        select(Organisation)
        .where(shared, visible_to(NOBODY, Organisation))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(MOST_COMPARED)
    )
    return [row for row in rows if any(_same(mine, other) for other in (row.name_vi, row.name_en, row.name_original))]


def _same(mine: str, other: str | None) -> bool:
    theirs = vietnamese.similarity_key(other or "")
    return bool(theirs) and (mine == theirs or duplicates.alike(mine, theirs))


def of(participant: Participant) -> WalkIn | None:
    """How a participant was admitted, if it was at the door."""
    return session.scalars(select(WalkIn).where(WalkIn.participant_id == participant.id)).one_or_none()


def by_key(key: str) -> WalkIn | None:
    """The walk-in that this very form admitted when it was first sent."""
    return session.scalars(
        select(WalkIn).join(Arrival, Arrival.participant_id == WalkIn.participant_id).where(Arrival.key == key)
    ).one_or_none()


def admitted(conference: Conference) -> Sequence[WalkIn]:
    """Everybody who was admitted at the door, the latest first."""
    return session.scalars(
        select(WalkIn)
        .where(WalkIn.conference_id == conference.id)
        .options(
            joinedload(WalkIn.by),
            joinedload(WalkIn.participant).joinedload(Participant.registration),
            joinedload(WalkIn.participant).joinedload(Participant.organisation).selectinload(Organisation.kind_rows),
        )
        .order_by(WalkIn.id.desc())
    ).all()


def is_there(participant: Participant) -> bool:
    """Whether a participant is in the hall now."""
    came, left = day.arrivals(participant.conference).get(participant.id, (None, None))
    return came is not None and left is None
