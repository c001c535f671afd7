"""Who comes for a participant: people named for badges and the list at the door, now or later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

import vietnamese
from companies.models import Membership
from core import audit
from core.db import session
from core.errors import Conflict
from core.i18n import _
from core.personal import Person, Step, on_erasure
from events.conferences.models import Conference, Delegate, Participant

MOST = 20  # of one participant


def name(
    participant: Participant, name: str, function: str, *, by: Any, at: datetime, on_behalf: bool = False
) -> Delegate:
    """Name somebody who comes. Raise Conflict for a twentieth and first, or for a name that is there."""
    present = of(participant)
    if len(present) >= MOST:
        raise Conflict(_("At most %(number)d people come for one organisation.", number=MOST), field="name")
    if vietnamese.search_key(name) in {vietnamese.search_key(d.name) for d in present}:
        raise Conflict(_("This person is named already."), field="name")
    row = Delegate(participant_id=participant.id, name=name, function=function, at=at, by_id=getattr(by, "id", None))
    session.add(row)
    session.flush()
    audit.record("delegate.name", row, by=by, at=at, on_behalf_of=_behalf(participant, on_behalf))
    return row


def remove(delegate: Delegate, *, by: Any, at: datetime, on_behalf: bool = False) -> None:
    """Somebody does not come after all."""
    audit.record("delegate.remove", delegate, by=by, at=at, on_behalf_of=_behalf(delegate.participant, on_behalf))
    session.delete(delegate)
    session.flush()


def _behalf(participant: Participant, on_behalf: bool) -> str | None:
    return f"participant:{participant.id}" if on_behalf else None


def of(participant: Participant) -> Sequence[Delegate]:
    """Who comes for a participant, in the order in which they were named."""
    return session.scalars(
        select(Delegate).where(Delegate.participant_id == participant.id).order_by(Delegate.id)
    ).all()


def by_participant(conference: Conference, only: Collection[int] | None = None) -> Mapping[int, list[Delegate]]:
    """participant -> who comes for it: one query."""
    query = (
        select(Delegate)
        .join(Participant, Participant.id == Delegate.participant_id)
        .where(Participant.conference_id == conference.id)
        .order_by(Delegate.id)
    )
    if only is not None:
        query = query.where(Delegate.participant_id.in_(only))
    found: dict[int, list[Delegate]] = {}
    for row in session.scalars(query):
        found.setdefault(row.participant_id, []).append(row)
    return found


@on_erasure
def forget(person: Person) -> Step:
    """Where a person who asks for deletion was named as a delegate of his organisations, the name goes too."""
    key = vietnamese.search_key(person.name)
    mine = select(Membership.organisation_id).where(Membership.user_id == person.id)
    rows = session.scalars(
        select(Delegate)
        .join(Participant, Participant.id == Delegate.participant_id)
        .where(Participant.organisation_id.in_(mine))
    )
    ids = [row.id for row in rows if vietnamese.search_key(row.name) == key]

    def step(*, by: Any, at: datetime) -> None:
        session.execute(delete(Delegate).where(Delegate.id.in_(ids)))

    return step
