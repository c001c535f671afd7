"""A draft changed by hand: every move is judged by the engine's own rules, and refused in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import audit
from core.db import lock, session
from core.errors import Conflict
from core.i18n import _, pick
from events.conferences.delegations import board, planning, queries, talks, wording
from events.conferences.delegations.board import Board
from events.conferences.delegations.models import HostVisit, Visitor, VisitPlan
from events.conferences.enums import VersionState
from events.models import Event
from matching.timetable.constraints import Violation
from matching.timetable.problem import ProblemError
from matching.timetable.visits import Visit, violations


@dataclass(frozen=True)
class Place:
    """Which group visits which host, from when on: what a move asks for, and what an undo puts back."""

    group_number: int
    host_id: int
    begins_at: datetime
    locked: bool = True

    @classmethod
    def of(cls, visit: HostVisit) -> Place:
        return cls(visit.group_number, visit.host_id, visit.begins_at, visit.locked)


@dataclass(frozen=True)
class Span:
    """Times one after the other, from `first` to `last`, and what stands against a visit that begins then."""

    first: datetime
    last: datetime
    refusals: tuple[str, ...]


def edit_copy(event: Event, plan: VisitPlan, *, by: Any, at: datetime) -> VisitPlan:
    """The draft to work on: this one, or a copy of the published programme."""
    lock(Event, event.id)
    if plan.state is VersionState.DRAFT:
        return plan
    if queries.plan_in(event, VersionState.DRAFT) is not None:
        raise Conflict(_("There is a draft already. Work on that one."))
    copy = VisitPlan(event_id=event.id, made_at=at, made_by_id=getattr(by, "id", None), edited_at=at)
    copy.proven, copy.groups, copy.unmet = plan.proven, [list(g) for g in plan.groups], list(plan.unmet)
    copy.talks_unmet = list(plan.talks_unmet)
    for visit in plan.visits:
        visitors = [
            Visitor(registration_id=v.registration_id, talk_from=v.talk_from, talk_until=v.talk_until, desk=v.desk)
            for v in visit.coming
        ]
        names = ("host_id", "group_number", "begins_at", "ends_at", "locked")
        copy.visits.append(HostVisit(visitors=visitors, **{name: getattr(visit, name) for name in names}))
    session.add(copy)
    session.flush()
    audit.record("delegation.plan_copy", copy, by=by, at=at, of=plan.id)
    return copy


def spans(event: Event, plan: VisitPlan, group_number: int, host_id: int, *, at: datetime) -> list[Span]:
    """For every time of the days, whether the group could visit the host then: the engine's verdict, in words."""
    stand = _board(event, plan, at)
    group, host = group_number - 1, stand.encoded.hosts.index(host_id)
    found: list[Span] = []
    for start in range(stand.encoded.day.groups[group].starts, stand.encoded.day.groups[group].ends):
        moment = stand.encoded.moment(start)
        broken = tuple(dict.fromkeys(wording.rule(v) for v in _new(stand, Visit(group, host, start))))
        if found and broken and found[-1].refusals == broken:
            found[-1] = Span(found[-1].first, moment, broken)
        else:
            found.append(Span(moment, moment, broken))
    return found


def place(event: Event, plan: VisitPlan, where: Place, *, by: Any, at: datetime) -> tuple[HostVisit, Place | None]:
    """Put a group's visit to a host at a time: moves the visit, or adds one. Raise Conflict naming what it breaks.

    Return the visit, and where it was before (None: nowhere).
    """
    lock(
        Event, event.id
    )  # two officers who fill the last seats of a host at once: the second is judged with the first
    _must_be_draft(plan)
    stand = _board(event, plan, at)
    known = {host.id: host for host in planning.ready(event, at).hosts}
    if where.host_id not in known or not 1 <= where.group_number <= len(stand.encoded.groups):
        raise Conflict(_("This host is not on the programme any more."))
    new = stand.encoded.visit(where.group_number - 1, where.host_id, where.begins_at)
    if broken := _new(stand, new):
        raise Conflict(" ".join(dict.fromkeys(wording.rule(v) for v in broken)))
    visit = _find(plan, where.group_number, where.host_id)
    before = None if visit is None else Place.of(visit)
    if visit is None:
        visit = HostVisit(host=known[where.host_id], group_number=where.group_number)
        visit.visitors = [Visitor(registration_id=key) for key in stand.encoded.travellers(new.group, new.host)]
        if not visit.visitors:
            raise Conflict(_("Everybody in this group has said that he does not go there."))
        plan.visits.append(visit)
    begins = stand.encoded.moment(new.start)
    if before is not None:
        _move_talks(visit, begins - before.begins_at)
    visit.begins_at = begins
    visit.ends_at = visit.begins_at + timedelta(minutes=known[where.host_id].minutes)
    visit.locked = where.locked
    _edited(event, plan, at)
    audit.record("delegation.visit_placed", visit, by=by, at=at, host=visit.host_id, group=visit.group_number)
    return visit, before


def _move_talks(visit: HostVisit, by: timedelta) -> None:
    """1:1 meetings move with their visit."""
    for visitor in visit.visitors:
        if visitor.talk_from is not None and visitor.talk_until is not None:
            visitor.talk_from += by
            visitor.talk_until += by


def remove(event: Event, visit: HostVisit, *, by: Any, at: datetime) -> Place:
    """Take a visit off a draft; return where it was."""
    lock(Event, event.id)
    plan = visit.plan
    _must_be_draft(plan)
    if board.stands(visit, at=at):
        raise Conflict(_("The visit has begun and stays where it is."))
    before = Place.of(visit)
    audit.record("delegation.visit_removed", visit, by=by, at=at, host=visit.host_id, group=visit.group_number)
    plan.visits.remove(visit)
    _edited(event, plan, at)
    return before


def set_lock(visit: HostVisit, locked: bool, *, by: Any, at: datetime) -> None:
    """Lock or unlock: a locked visit stays where it is when the rest is planned anew."""
    _must_be_draft(visit.plan)
    visit.locked, visit.plan.edited_at = locked, at
    session.flush()
    audit.record("delegation.visit_locked", visit, by=by, at=at, locked=locked)


def visit_of(plan: VisitPlan, group_number: int, host_id: int) -> HostVisit:
    """The visit of a group to a host. Raise Conflict where there is none."""
    found = _find(plan, group_number, host_id)
    if found is None:
        raise Conflict(_("This visit is not in the draft any more."))
    return found


def broken(event: Event, plan: VisitPlan, *, at: datetime) -> str:
    """What the programme breaks as things stand now, in words; empty if nothing."""
    try:
        stand = _board(event, plan, at)
    except Conflict:
        return ""
    return " ".join(filter(None, (stand.in_words(stand.broken()), talks.fault(plan))))


def _find(plan: VisitPlan, group_number: int, host_id: int) -> HostVisit | None:
    return next((v for v in plan.visits if (v.group_number, v.host_id) == (group_number, host_id)), None)


def _must_be_draft(plan: VisitPlan) -> None:
    if plan.state is not VersionState.DRAFT:
        raise Conflict(_("Only a draft can be changed. Make a copy of the programme to work on."))


def _board(event: Event, plan: VisitPlan, at: datetime) -> Board:
    try:
        return board.board_of(event, planning.ready(event, at), plan, at=at)
    except ProblemError as err:
        raise Conflict(_("Days or hosts have changed: plan again.")) from err


def _new(stand: Board, visit: Visit) -> list[Violation]:
    """What a visit breaks that was not broken without it; where the group visits the host already, it moves."""
    others = [v for v in stand.visits if (v.group, v.host) != (visit.group, visit.host)]
    already = violations(stand.encoded.day, others)
    return [v for v in violations(stand.encoded.day, [*others, visit]) if v not in already]


def _edited(event: Event, plan: VisitPlan, at: datetime) -> None:
    """Say that a person changed it, and who misses what now."""
    plan.edited_at = at
    plan.proven = False
    session.flush()
    stand = _board(event, plan, at)
    plan.unmet = board.unmet(stand.encoded, stand.visits)
    session.flush()


def label(visit: HostVisit) -> str:
    """How a visit is called in what is said after a move."""
    return f"{pick(visit.host.organisation, 'name').text}, {_('Group %(number)d', number=visit.group_number)}"
