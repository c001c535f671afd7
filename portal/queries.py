"""Named reads of the home page: numbers of the programme, and what concerns the reader now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, case, cast, func, select

from accounts.enums import Role
from accounts.models import User, UserRole
from companies import sight  # noqa: F401 - registers which rows of companies a reader may know of
from companies.models import Award, Organisation
from core.access import NOBODY, Actor, visible_to
from core.db import count, session
from events.enums import LIVE, EventState
from events.models import Event, Registration
from events.queries import calendar, my_registrations


@dataclass(frozen=True)
class Numbers:
    """The programme in numbers that anybody may know. `winners`: each counted once, however often it won."""

    awards: int
    winners: int
    years: tuple[int, int] | None
    organisations: int
    events: int


def numbers(*, at: datetime) -> Numbers:
    """Three queries."""
    winner = case((Award.organisation_id.is_not(None), cast(Award.organisation_id, String)), else_=Award.winner_name)
    seen = visible_to(NOBODY, Award)
    awards, winners, first, last = session.execute(
        select(func.count(Award.id), func.count(winner.distinct()), func.min(Award.year), func.max(Award.year)).where(
            seen
        )
    ).one()
    return Numbers(
        awards=awards,
        winners=winners,
        years=(first, last) if first is not None and last is not None else None,
        organisations=count(select(Organisation.id).where(visible_to(NOBODY, Organisation))),
        events=count(calendar(at=at).where(Event.state == EventState.PUBLISHED)),
    )


def coming(actor: Actor, *, at: datetime, limit: int = 5) -> Sequence[Registration]:
    """The reader's live registrations for events that are not over, the nearest first."""
    return session.scalars(
        my_registrations(actor)
        .where(Registration.state.in_(LIVE), Event.ends_at > at, Event.state == EventState.PUBLISHED)
        .order_by(None)
        .order_by(Event.begins_at, Registration.id)
        .limit(limit)
    ).all()


def officers() -> Sequence[User]:
    """Those who run the Department's side of the site, in Vietnamese order."""
    return session.scalars(
        select(User)
        .where(
            User.disabled_at.is_(None),
            User.id.in_(select(UserRole.user_id).where(UserRole.role.in_((Role.OFFICER, Role.ADMINISTRATOR)))),
        )
        .order_by(User.sort_key, User.id)
    ).all()
