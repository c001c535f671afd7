"""Named reads of ranked lists and of the fit estimates behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from companies.models import Organisation
from companies.queries import by_name
from core.db import contains, session
from events.conferences.enums import Side
from events.conferences.models import (
    Conference,
    PairScores,
    Participant,
    Suggestion,
)
from events.conferences.queries import participants


def scores(conference: Conference) -> PairScores | None:
    """The stored fit estimates of a conference."""
    return session.scalars(select(PairScores).where(PairScores.conference_id == conference.id)).one_or_none()


def scores_made_at(conference_id: int) -> datetime | None:
    """When the stored fit estimates were computed."""
    return session.scalar(select(PairScores.computed_at).where(PairScores.conference_id == conference_id))


def suggestions(participant: Participant, *, text: str = "", kind: str = "") -> Select[Suggestion]:
    """The ranked list of a participant, with the organisations on it."""
    query = (
        select(Suggestion)
        .join(Participant, Participant.id == Suggestion.other_id)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .where(Suggestion.participant_id == participant.id)
        .options(by_name(joinedload(Suggestion.other).joinedload(Participant.organisation)))
        .order_by(Suggestion.rank)
    )
    if text:
        query = query.where(contains(Organisation.search_key, text))
    if kind:
        query = query.where(Participant.kind == kind)
    return query


def suggestions_of(participant: Participant, others: Collection[int]) -> Sequence[Suggestion]:
    """The lines of a participant's ranked list that are about these."""
    query = suggestions(participant).where(Suggestion.other_id.in_(others))
    return session.scalars(query).unique().all()


def others(participant: Participant, *, text: str = "") -> Select[Participant]:
    """Everybody on the other side, for a search beyond the ranked list."""
    side = Side.PARTNER if participant.side is Side.FIRM else Side.FIRM
    return participants(participant.conference, side=side, text=text).where(
        Participant.organisation_id != participant.organisation_id
    )
