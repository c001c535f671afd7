"""The programme of visits: solved in a task, stored as a draft. What is locked or has begun stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import audit, clock, tasks
from core.db import CHANGED_MEANWHILE, get, lock, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext, pick
from events.conferences.delegations import board, encoding, queries, rules, talks
from events.conferences.delegations.encoding import Encoded
from events.conferences.delegations.models import Delegation, HostVisit, Visitor, VisitPlan
from events.conferences.enums import VersionState
from events.models import Event
from matching.timetable.problem import ProblemError
from matching.timetable.visits import Visit, plan_programme

TIME_LIMIT = 60.0  # seconds; what a delegation usually asks is decided within a few


@dataclass(frozen=True)
class Kept:
    """What a new programme starts from: which programme, as of which edit, and which of its visits are locked."""

    plan_id: int | None = None
    edited_at: datetime | None = None
    locked: frozenset[Visit] = frozenset()


def ask(event: Event, *, by: Any, at: datetime) -> tasks.Task:
    """Have a programme made in the background; it takes the place of the present draft."""
    ready(event, at)
    return tasks.start("delegation", by=by, at=at, key=f"event:{event.id}", event_id=event.id)


def ready(event: Event, at: datetime) -> Delegation:
    """The delegation, if visits can be planned. Raise Conflict with what is missing."""
    delegation = queries.delegation(event)
    if delegation is None or not delegation.hosts:
        raise Conflict(_("Add the hosts first: there is nobody to visit yet."))
    if not queries.members(event):
        raise Conflict(_("No member is confirmed yet, so nobody travels."))
    if at >= event.ends_at:
        raise Conflict(_("The delegation is over: the programme stays as it is."))
    return delegation


@tasks.handler("delegation")
def run(context: tasks.Context, *, event_id: int) -> dict[str, Any]:
    """Make the draft."""
    context.progress(0, 1, _l("Planning the visits"))
    plan = generate(event_id, by=context.by, hold=context.hold)
    return {
        "url": f"/events/{event_id}/delegation/programme",
        "message": ngettext("%(num)d visit is planned.", "%(num)d visits are planned.", len(plan.visits)),
    }


def generate(event_id: int, *, by: Any, hold: Callable[[], object] | None = None) -> VisitPlan:
    """Solve outside, store inside a short write block. Raise Conflict with a sentence where it cannot be done."""
    event, at = get(Event, event_id), clock.now()
    if event is None:
        raise Conflict(_("The delegation is gone."))
    delegation = ready(event, at)
    try:
        encoded, kept = _problem(event, delegation, at)
        answer = plan_programme(encoded.day, time_limit=TIME_LIMIT)
    except ProblemError as err:
        raise Conflict(_("No programme was found. Take fewer hosts or days, or look at their hours.")) from err
    unmet = board.unmet(encoded, answer.visits)
    session.rollback()
    with write():
        if hold is not None:
            hold()
        store(event_id, encoded, answer.visits, unmet, answer.proven, kept, by=by, at=clock.now())
    return arrange_talks(event_id, by=by, hold=hold)


def ask_talks(event: Event, *, by: Any, at: datetime) -> tasks.Task:
    """Have the 1:1 meetings of the draft arranged anew in the background; its visits stay as they are."""
    ready(event, at)
    return tasks.start("delegation_talks", by=by, at=at, key=f"event:{event.id}", event_id=event.id)


@tasks.handler("delegation_talks")
def run_talks(context: tasks.Context, *, event_id: int) -> dict[str, Any]:
    """Arrange the 1:1 meetings of the draft."""
    context.progress(0, 1, _l("Arranging the 1:1 meetings"))
    plan = arrange_talks(event_id, by=context.by, hold=context.hold)
    number = sum(v.talk_from is not None for visit in plan.visits for v in visit.visitors)
    return {
        "url": f"/events/{event_id}/delegation/programme",
        "message": ngettext("%(num)d 1:1 meeting is arranged.", "%(num)d 1:1 meetings are arranged.", number),
    }


def arrange_talks(event_id: int, *, by: Any, hold: Callable[[], object] | None = None) -> VisitPlan:
    """Find the 1:1 meetings within the visits of the draft outside, store them inside. Return the draft."""
    event = get(Event, event_id)
    draft = queries.plan_in(event, VersionState.DRAFT) if event is not None else None
    if event is None or draft is None:
        raise Conflict(_("There is no draft: plan the visits first."))
    found = talks.solved(event, draft)
    session.rollback()
    with write():
        if hold is not None:
            hold()
        talks.store(event, found, by=by, at=clock.now())
    plan = queries.plan_in(event, VersionState.DRAFT)
    assert plan is not None  # it was stored just now
    return plan


def _problem(event: Event, delegation: Delegation, at: datetime) -> tuple[Encoded, Kept]:
    """The problem of today: groups stay together where anything of the present programme has to stay."""
    members, size = board.members(event), delegation.group_size
    present = queries.plan_in(event, VersionState.DRAFT) or queries.plan_in(event, VersionState.PUBLISHED)
    rows = [v for v in present.visits if board.stands(v, at=at) or _holds(v)] if present is not None else []
    if present is None or not rows:
        encoded = encoding.encode(delegation, rules.groups(members, size=size)).keeping((), since=at)
        return encoded, Kept(present.id, present.edited_at) if present is not None else Kept()
    encoded = encoding.encode(delegation, board.groups_of(present, members, size=size))
    visits = {v: encoded.visit(v.group_number - 1, v.host_id, v.begins_at) for v in rows}
    for row, visit in visits.items():
        if visit.start not in encoded.day.starts(visit.group, visit.host):
            name = pick(row.host.organisation, "name").text
            raise Conflict(
                _("The visit to %(name)s cannot stay where it is any more: unlock it or move it.", name=name)
            )
    locked = frozenset(visit for row, visit in visits.items() if row.locked)
    return encoded.keeping(list(visits.values()), since=at), Kept(present.id, present.edited_at, locked)


def _holds(visit: HostVisit) -> bool:
    """Locked, at a host that still receives."""
    return visit.locked and visit.host.cancelled_at is None


def store(
    event_id: int,
    encoded: Encoded,
    visits: Sequence[Visit],
    unmet: list[dict[str, Any]],
    proven: bool,
    kept: Kept,
    *,
    by: Any,
    at: datetime,
) -> VisitPlan:
    """Put the answer in place of the present draft. Raise Conflict if hosts or the draft are others by now."""
    event = get(Event, event_id)
    delegation = queries.delegation(event) if event is not None else None
    if event is None or delegation is None or {host.id for host in delegation.hosts} != set(encoded.hosts):
        raise Conflict(_("The hosts have changed in the meantime. Plan again."))
    old = queries.plan_in(event, VersionState.DRAFT)
    if old is not None:
        if (old.id, old.edited_at) != (kept.plan_id, kept.edited_at):
            raise Conflict(_("The draft was changed by hand in the meantime. Plan again."))
        session.delete(old)
        session.flush()
    lasts = {host.id: timedelta(minutes=host.minutes) for host in delegation.hosts}
    made_by = by if isinstance(by, int) else getattr(by, "id", None)
    plan = VisitPlan(event_id=event_id, made_at=at, made_by_id=made_by, proven=proven, unmet=unmet)
    plan.groups = [[m.key for m in group] for group in encoded.groups]
    for visit in visits:
        host_id, begins = encoded.hosts[visit.host], encoded.moment(visit.start)
        plan.visits.append(
            HostVisit(
                host_id=host_id,
                group_number=visit.group + 1,
                begins_at=begins,
                ends_at=begins + lasts[host_id],
                locked=visit in kept.locked,
                visitors=[Visitor(registration_id=key) for key in encoded.travellers(visit.group, visit.host)],
            )
        )
    session.add(plan)
    session.flush()
    audit.record("delegation.plan", plan, by=by, at=at, visits=len(plan.visits), unmet=len(unmet))
    return plan


def discard(event: Event, plan_id: int, *, by: Any, at: datetime) -> None:
    """Delete the draft. Raise Conflict where it is another one by now, or was published: that one stays."""
    lock(Event, event.id)
    draft = queries.plan_in(event, VersionState.DRAFT)
    if draft is None or draft.id != plan_id:
        raise Conflict(CHANGED_MEANWHILE)
    audit.record("delegation.discard", draft, by=by, at=at, visits=len(draft.visits))
    session.delete(draft)
    session.flush()
