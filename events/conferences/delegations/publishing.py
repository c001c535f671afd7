"""Making a draft the programme that counts: judged once more, told to those whom it changes something for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from core import audit
from core.db import lock, session
from core.errors import Conflict
from core.i18n import _
from events.conferences.delegations import board, calendars, notices, planning, queries, talks
from events.conferences.delegations.models import Visitor, VisitPlan
from events.conferences.enums import VersionState
from events.models import Event

TALK = ("talk_from", "talk_until", "desk")


def publish(event: Event, plan: VisitPlan, *, by: Any, at: datetime) -> int:
    """Make a draft the programme that counts, and tell everybody whose visits are new or changed; how many mails.

    Raise Conflict where it breaks a rule by now (hosts, days or members may have changed since it was made).
    """
    lock(Event, event.id)
    if plan.state is not VersionState.DRAFT or not plan.visits:
        raise Conflict(_("There is no draft with visits to publish."))
    delegation = planning.ready(event, at)
    before = queries.plan_in(event, VersionState.PUBLISHED)
    _drop_who_left(event, plan)
    stand = board.board_of(event, delegation, plan, at=at)
    if found := stand.broken():
        words = stand.in_words(found[:5])
        raise Conflict(_("Something has changed since this was planned. Plan again.") + " " + words)
    if (fault := talks.fault(plan)) is not None:
        raise Conflict(fault)
    was = _places(before, at) if before is not None else set()
    if before is not None:
        _carry_over(before, plan, at)
        before.state = VersionState.SUPERSEDED
        session.flush()
    plan.state, plan.published_at = VersionState.PUBLISHED, at
    session.flush()
    calendars.open_for({v.registration_id for visit in plan.visits for v in visit.visitors})
    calendars.open_for_hosts({visit.host for visit in plan.visits})
    audit.record("delegation.publish", plan, by=by, at=at, visits=len(plan.visits))
    changed = _places(plan, at) ^ was
    known = {host.id for host in delegation.hosts}
    notices.tell_hosts(event, plan, {place.host_id for place in changed} & known, at=at)
    members = {place.registration_id for place in changed}
    return notices.tell_published(event, plan, members, first=before is None, at=at)


class Place(NamedTuple):
    """Where a member is when, and when it meets the host one to one: who is told is whose places change."""

    registration_id: int
    host_id: int
    begins_at: datetime
    talk_from: datetime | None


def _places(plan: VisitPlan, at: datetime) -> set[Place]:
    """Of visits that have not ended."""
    return {
        Place(v.registration_id, visit.host_id, visit.begins_at, v.talk_from)
        for visit in plan.visits
        if visit.ends_at > at
        for v in visit.visitors
    }


def _drop_who_left(event: Event, plan: VisitPlan) -> None:
    confirmed = {member.id for member in queries.members(event)}
    for visit in plan.visits:
        visit.visitors = [v for v in visit.visitors if v.registration_id in confirmed]
    plan.visits = [visit for visit in plan.visits if visit.visitors]
    session.flush()


def _carry_over(before: VisitPlan, plan: VisitPlan, at: datetime) -> None:
    """What has begun is history: who went there goes along into the new programme."""
    begun = {(v.host_id, v.group_number): v for v in before.visits if board.stands(v, at=at)}
    for visit in plan.visits:
        old = begun.get((visit.host_id, visit.group_number))
        if old is not None and old.begins_at == visit.begins_at:
            visit.visitors = []
            session.flush()
            visit.visitors = [
                Visitor(registration_id=v.registration_id, **{name: getattr(v, name) for name in TALK})
                for v in old.visitors
            ]
    session.flush()
