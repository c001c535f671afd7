"""Reads of what members and hosts say of visits, and of what came of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload

from core.access import Actor, visible
from core.db import session
from events import rules as event_rules
from events.conferences.delegations.models import (
    HostVisit,
    VisitHost,
    Visitor,
    VisitOutcome,
    VisitPlan,
    VisitReport,
)
from events.conferences.enums import VersionState
from events.conferences.outcomes import rules as outcome_rules
from events.enums import RegistrationState
from events.models import Registration


def _outcomes_visible_to(actor: Actor) -> ColumnElement[bool]:
    """What a side states is its own; officers see it all, the other side and other members do not."""
    if event_rules.manage(actor):
        return true()
    own = actor.ties.get("organisation", frozenset())
    members = select(Registration.id).where(Registration.organisation_id.in_(own))
    hosts = select(VisitHost.id).where(VisitHost.organisation_id.in_(own))
    return or_(
        and_(VisitOutcome.by_host.is_(False), VisitOutcome.registration_id.in_(members)),
        and_(VisitOutcome.by_host.is_(True), VisitOutcome.host_id.in_(hosts)),
    )


visible(VisitOutcome, _outcomes_visible_to)


@dataclass(frozen=True)
class Visited(outcome_rules.BothSay):
    """A member at a host in the published programme, with what both say of it."""

    visitor: Visitor
    member: VisitReport | None
    host: VisitReport | None

    @property
    def words(self) -> tuple[VisitReport | None, VisitReport | None]:
        return self.member, self.host


def visitors() -> Select:
    """Members at hosts in published programmes, in the order of time."""
    return (
        select(Visitor)
        .join(Visitor.visit)
        .join(HostVisit.plan)
        .where(VisitPlan.state == VersionState.PUBLISHED)
        .options(
            joinedload(Visitor.visit).joinedload(HostVisit.host).joinedload(VisitHost.organisation),
            joinedload(Visitor.registration).joinedload(Registration.organisation),
        )
        .order_by(HostVisit.begins_at, HostVisit.group_number, Visitor.id)
    )


def report(registration_id: int, host_id: int, *, by_host: bool) -> VisitReport | None:
    """What one side says of a visit."""
    return session.scalars(
        select(VisitReport).where(
            VisitReport.registration_id == registration_id,
            VisitReport.host_id == host_id,
            VisitReport.by_host.is_(by_host),
        )
    ).one_or_none()


def reports_of(registration: Registration) -> Mapping[int, VisitReport]:
    """host -> what a member says of its visit there."""
    return {row.host_id: row for row in _reports(VisitReport.registration_id == registration.id, by_host=False)}


def reports_by(host: VisitHost) -> Mapping[int, VisitReport]:
    """member -> what a host says of its visit."""
    return {row.registration_id: row for row in _reports(VisitReport.host_id == host.id, by_host=True)}


def _reports(which: ColumnElement[bool], *, by_host: bool) -> Sequence[VisitReport]:
    return session.scalars(select(VisitReport).where(which, VisitReport.by_host.is_(by_host))).all()


def visited(events: Collection[int]) -> list[Visited]:
    """All visits of members that came, at hosts that did not cancel before, with what both say: two queries."""
    hosts = select(VisitHost.id).where(VisitHost.event_id.in_(events))
    said = {
        (row.registration_id, row.host_id, row.by_host): row
        for row in session.scalars(select(VisitReport).where(VisitReport.host_id.in_(hosts)))
    }
    rows = session.scalars(visitors().where(VisitPlan.event_id.in_(events))).all()
    pairs = [(v, (v.registration_id, v.visit.host_id)) for v in rows if v.comes and not v.visit.called_off]
    return [Visited(v, said.get((*pair, False)), said.get((*pair, True))) for v, pair in pairs]


@dataclass(frozen=True)
class Open:
    """Visits of which something may still come by the word of one side, and of which that side has said nothing."""

    visited: list[Visited]
    silent: bool


def still_open(event_id: int, *, by_host: bool = False) -> Mapping[int, Open]:
    """member (or host) -> its visits of which something may still come, by its own words."""
    found: dict[int, list[Visited]] = defaultdict(list)
    for row in visited([event_id]):
        own = row.host if by_host else row.member
        there = row.visitor.registration.state is RegistrationState.CONFIRMED
        if there and outcome_rules.worth_asking(held=own.held if own else None, label=own.label if own else None):
            found[row.visitor.visit.host_id if by_host else row.visitor.registration_id].append(row)
    return {
        key: Open(rows, any((own := r.host if by_host else r.member) is None or own.held is None for r in rows))
        for key, rows in found.items()
    }


def stated(events: Collection[int]) -> Sequence[VisitOutcome]:
    """Outcomes of delegations that were not taken back, the latest first: one query."""
    return _stated(VisitOutcome.event_id.in_(events))


def stated_by(side: Registration | VisitHost) -> Sequence[VisitOutcome]:
    """The same, those that a member or a host states."""
    if isinstance(side, VisitHost):
        return _stated(and_(VisitOutcome.host_id == side.id, VisitOutcome.by_host.is_(True)))
    return _stated(and_(VisitOutcome.registration_id == side.id, VisitOutcome.by_host.is_(False)))


def _stated(which: ColumnElement[bool]) -> Sequence[VisitOutcome]:
    return session.scalars(
        select(VisitOutcome)
        .where(which, VisitOutcome.withdrawn_at.is_(None))
        .options(
            joinedload(VisitOutcome.registration).joinedload(Registration.organisation),
            joinedload(VisitOutcome.host).joinedload(VisitHost.organisation),
            joinedload(VisitOutcome.evidence),
        )
        .order_by(VisitOutcome.on.desc(), VisitOutcome.id.desc())
    ).all()
