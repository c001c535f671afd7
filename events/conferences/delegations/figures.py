"""The figures of delegations, of one or of a whole year: a constant number of queries, the rows kept behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import count, session
from events.conferences.delegations import visited
from events.conferences.delegations.models import (
    Delegation,
    TalkWish,
    VisitHost,
    VisitOutcome,
    VisitWish,
)
from events.conferences.delegations.visited import Visited
from events.conferences.enums import Wish
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.enums import OutcomeKind
from events.enums import EventState, RegistrationState
from events.models import Event, Registration


@dataclass(frozen=True)
class Rows:
    """What stands behind the figures. `visits`: of members that came, in published programmes."""

    events: Sequence[Event]
    members: Sequence[Registration]
    hosts: Sequence[VisitHost]
    visits: Sequence[Visited]
    outcomes: Sequence[VisitOutcome]
    wished: int
    talks_wished: int


@dataclass(frozen=True)
class Figures:
    """In numbers. Visits are counted once for each member; organisations that came several times count once."""

    delegations: int
    members: int
    people: int
    hosts: int
    cancelled: int
    wished: int
    planned: int
    held: int
    not_held: int
    disputed: int
    silent: int
    useful: int
    followed_up: int
    talks_wished: int
    talks: int
    stated: int
    outcomes: Mapping[OutcomeKind, outcome_rules.Total]


def of_year(year: int) -> Rows:
    """The delegations that began in that year of Hanoi and were not called off."""
    first, after = (datetime(y, 1, 1, tzinfo=clock.HANOI).astimezone(UTC) for y in (year, year + 1))
    query = select(Event.id).join(Delegation).where(Event.begins_at >= first, Event.begins_at < after)
    return rows(session.scalars(query.where(Event.state.in_((EventState.PUBLISHED, EventState.DONE)))).all())


def rows(events: Collection[int]) -> Rows:
    """All rows of these delegations."""
    return Rows(
        events=session.scalars(select(Event).where(Event.id.in_(events)).order_by(Event.begins_at)).all(),
        members=session.scalars(
            select(Registration)
            .where(
                Registration.event_id.in_(events),
                Registration.state == RegistrationState.CONFIRMED,
                Registration.organisation_id.is_not(None),
            )
            .options(joinedload(Registration.organisation))
            .order_by(Registration.event_id, Registration.number)
        ).all(),
        hosts=session.scalars(
            select(VisitHost)
            .where(VisitHost.event_id.in_(events))
            .options(joinedload(VisitHost.organisation))
            .order_by(VisitHost.event_id, VisitHost.id)
        ).all(),
        visits=visited.visited(events),
        outcomes=visited.stated(events),
        wished=_wanted(VisitWish, events),
        talks_wished=_talks_wanted(events),
    )


def _wanted(model: type[VisitWish] | type[TalkWish], events: Collection[int]) -> int:
    return count(
        select(model.id).join(VisitHost).where(VisitHost.event_id.in_(events), model.wish.in_((Wish.YES, Wish.MUST)))
    )


def _talks_wanted(events: Collection[int]) -> int:
    """Pairs of which one side at least wishes a meeting one to one."""
    query = (
        select(TalkWish.registration_id, TalkWish.host_id)
        .join(VisitHost)
        .where(VisitHost.event_id.in_(events), TalkWish.wish.in_((Wish.YES, Wish.MUST)))
        .distinct()
    )
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def figures(found: Rows, *, at: datetime) -> Figures:
    """The figures of these rows. Visits that have not begun by `at` are neither held nor silent."""
    begun = [v for v in found.visits if v.visitor.visit.begins_at <= at]
    return Figures(
        delegations=len(found.events),
        members=len({m.organisation_id for m in found.members}),
        people=sum(m.seats for m in found.members),
        hosts=len({h.organisation_id for h in found.hosts if h.cancelled_at is None}),
        cancelled=sum(h.cancelled_at is not None for h in found.hosts),
        wished=found.wished,
        planned=len(found.visits),
        held=sum(v.held is True for v in begun),
        not_held=sum(v.held is False for v in begun),
        disputed=sum(v.disputed for v in begun),
        silent=sum(v.held is None and not v.disputed for v in begun),
        useful=sum(v.useful > 0 for v in begun if v.held),
        followed_up=sum(v.followed_up for v in begun),
        talks_wished=found.talks_wished,
        talks=sum(v.visitor.talk_from is not None for v in found.visits),
        stated=len(found.outcomes),
        outcomes=outcome_rules.totals((o.by_host, counted(o)) for o in found.outcomes),
    )


def counted(o: VisitOutcome) -> outcome_rules.Stated:
    """An outcome as totals count it."""
    return outcome_rules.Stated((o.registration_id, o.host_id), o.kind, o.on, o.amount, o.currency, o.people)
