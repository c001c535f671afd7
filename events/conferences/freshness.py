"""Whether stored suggestions still fit, and whose own list is older than its profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from companies.models import Organisation
from core.db import session
from events.conferences import model_versions
from events.conferences.models import Conference, PairScores, Participant
from events.enums import RegistrationState
from events.models import Registration
from matching.suggestions import ENGINE_VERSION


@dataclass(frozen=True)
class Stored:
    """What the stored lists of a conference were made from: when, for whom, under which rules, by which engine."""

    computed_at: datetime
    participants: frozenset[int]
    lift_points: int
    exploration_percent: int
    engine: Mapping[str, Any]

    def differs(self, conference: Conference, *, own: Participant | None = None) -> bool:
        """Whether they do not fit any more.

        Others take part, a profile or a rule changed, or another engine or model made them. `own`: whose list is
        looked at; his own profile is in it as soon as that list was computed.
        """
        if (self.lift_points, self.exploration_percent) != (conference.lift_points, conference.exploration_percent):
            return True
        now = _profiles(conference)
        if self.participants != {p.id for p in now} or other_engine(self.engine, model_versions.names()):
            return True
        return any(p.updated_at > _known(p, self.computed_at, own) for p in now)


def stored(conference: Conference) -> Stored | None:
    """What the stored lists were made from; None where there are no lists."""
    made = PairScores
    row = session.execute(
        select(
            made.computed_at, made.firm_ids, made.partner_ids, made.lift_points, made.exploration_percent, made.engine
        ).where(made.conference_id == conference.id)
    ).one_or_none()
    if row is None:
        return None
    who = frozenset((*row.firm_ids, *row.partner_ids))
    return Stored(row.computed_at, who, row.lift_points, row.exploration_percent, row.engine)


def is_stale(conference: Conference, *, own: Participant | None = None) -> bool:
    """Whether the stored suggestions do not fit any more, or there are none for those who take part."""
    found = stored(conference)
    return found.differs(conference, own=own) if found is not None else bool(_profiles(conference))


def other_engine(engine: Mapping[str, Any], names: Mapping[str, str]) -> bool:
    """Whether another version of the engine, or another learnt model, made the lists."""
    return any(
        made["engine"] != ENGINE_VERSION or made.get("model", "") != names.get(kind, "")
        for kind, made in engine.items()
    )


def _known(profile: Any, computed_at: Any, own: Participant | None) -> Any:
    mine = own is not None and own.id == profile.id and profile.listed_at is not None
    return max(computed_at, profile.listed_at) if mine else computed_at


def edited(conference: Conference) -> list[int]:
    """Participants whose profile changed since their own list was computed."""
    return [p.id for p in _profiles(conference) if p.listed_at is not None and p.updated_at > p.listed_at]


def _profiles(conference: Conference) -> Sequence[Any]:
    return session.execute(
        select(Participant.id, Participant.listed_at, Organisation.updated_at)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .join(Registration, Registration.id == Participant.registration_id)
        .where(Participant.conference_id == conference.id, Registration.state == RegistrationState.CONFIRMED)
    ).all()
