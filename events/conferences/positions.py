"""Which rank was shown when: what was never shown cannot be judged by its silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from core.db import lock, session
from events.conferences.models import Participant, PositionShown, Suggestion


def unrecorded(participant: Participant, ranks: Mapping[int, int], *, on: date) -> dict[int, int]:
    """Of these (participant shown -> rank), those not recorded on that day yet."""
    known = set(
        session.scalars(
            select(PositionShown.other_id).where(
                PositionShown.participant_id == participant.id,
                PositionShown.day == on,
                PositionShown.other_id.in_(list(ranks)),
            )
        )
    )
    return {other: rank for other, rank in ranks.items() if other not in known}


def record(participant: Participant, ranks: Mapping[int, int], *, on: date) -> None:
    """Note that these were shown to the participant's own people, each at most once a day.

    Two pages opened at the same moment wait for each other at the participant's row. Who left meanwhile is skipped.
    """
    if lock(Participant, participant.id) is None:
        return
    there = set(session.scalars(select(Participant.id).where(Participant.id.in_(list(ranks)))))
    fresh = unrecorded(participant, {key: rank for key, rank in ranks.items() if key in there}, on=on)
    told = {
        row.other_id: row
        for row in session.execute(
            select(Suggestion.other_id, Suggestion.scorer_values, Suggestion.model).where(
                Suggestion.participant_id == participant.id, Suggestion.other_id.in_(list(fresh))
            )
        )
    }
    session.add_all(
        PositionShown(
            participant_id=participant.id,
            other_id=other,
            day=on,
            rank=rank,
            scorer_values=told[other].scorer_values if other in told else {},
            model=told[other].model if other in told else "",
        )
        for other, rank in fresh.items()
    )
    session.flush()


def best_shown(conference_id: int) -> dict[tuple[int, int], int]:
    """(participant, other) -> the best rank at which it was ever shown."""
    rows = session.execute(
        select(PositionShown.participant_id, PositionShown.other_id, func.min(PositionShown.rank))
        .join(Participant, Participant.id == PositionShown.participant_id)
        .where(Participant.conference_id == conference_id)
        .group_by(PositionShown.participant_id, PositionShown.other_id)
    )
    return {(participant, other): rank for participant, other, rank in rows}
