"""The programme of visits: solved in a task, stored as a draft, published, and reported on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext, pick
from events.conferences.delegations import calendars, encoding, notices, queries, rules, wording
from events.conferences.delegations.encoding import Encoded
from events.conferences.delegations.models import Delegation, HostVisit, Visitor, VisitPlan
from events.conferences.enums import VersionState, Wish
from events.conferences.outcomes import rules as outcome_rules
from events.models import Event, Registration
from matching.timetable.problem import ProblemError
from matching.timetable.visits import Visit, plan_programme, violations

TIME_LIMIT = 60.0  # seconds; what a delegation usually asks is decided within a few


def ask(event: Event, *, by: Any, at: datetime) -> tasks.Task:
    """Have a programme made in the background; it takes the place of the present draft."""
    _ready(event, at)
    return tasks.start("delegation", by=by, at=at, key=f"event:{event.id}", event_id=event.id)


def _ready(event: Event, at: datetime) -> Delegation:
    """The delegation, if visits can be planned. Raise Conflict with what is missing."""
    delegation = queries.delegation(event)
    if delegation is None or not delegation.hosts:
        raise Conflict(_("Add the hosts first: there is nobody to visit yet."))
    if not queries.members(event):
        raise Conflict(_("No member is confirmed yet, so nobody travels."))
    if queries.begun(event, at=at):
        raise Conflict(_("The first visit has begun: the programme stays as it is."))
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
    event = get(Event, event_id)
    if event is None:
        raise Conflict(_("The delegation is gone."))
    delegation = _ready(event, clock.now())
    try:
        encoded = encoding.encode(delegation, rules.groups(_members(event), size=delegation.group_size))
        answer = plan_programme(encoded.day, time_limit=TIME_LIMIT)
    except ProblemError as err:
        raise Conflict(_("No programme was found. Take fewer hosts or days, or look at their hours.")) from err
    unmet = _unmet(encoded, answer.visits)
    session.rollback()
    with write():
        if hold is not None:
            hold()
        return store(event_id, encoded, answer.visits, unmet, answer.proven, by=by, at=clock.now())


def _members(event: Event) -> list[rules.Member]:
    wishes = queries.wishes(event)
    return [rules.Member(m.id, m.seats, wishes.get(m.id, {})) for m in queries.members(event)]


def _unmet(encoded: Encoded, visits: Sequence[Visit]) -> list[dict[str, Any]]:
    """Who does not get to a host that it wishes to visit, the firmest wishes first, and by which rules."""
    there = {(visit.group, visit.host) for visit in visits}
    found: list[dict[str, Any]] = []
    for g, group in enumerate(encoded.groups):
        for h, host_id in enumerate(encoded.hosts):
            missed = [m for m in group if m.wishes.get(host_id) in (Wish.MUST, Wish.YES)]
            if missed and (g, h) not in there:
                why = wording.hindrance(encoded, visits, g, h)
                found += [
                    {"registration_id": m.key, "host_id": host_id, "wish": m.wishes[host_id].value, **why}
                    for m in missed
                ]
    return sorted(found, key=lambda row: row["wish"] != Wish.MUST.value)


def store(
    event_id: int,
    encoded: Encoded,
    visits: Sequence[Visit],
    unmet: list[dict[str, Any]],
    proven: bool,
    *,
    by: Any,
    at: datetime,
) -> VisitPlan:
    """Put the answer in place of the present draft. Raise Conflict if the hosts are others by now."""
    event = get(Event, event_id)
    delegation = queries.delegation(event) if event is not None else None
    if event is None or delegation is None or {host.id for host in delegation.hosts} != set(encoded.hosts):
        raise Conflict(_("The hosts have changed in the meantime. Plan again."))
    old = queries.plan_in(event, VersionState.DRAFT)
    if old is not None:
        session.delete(old)
        session.flush()
    lasts = {host.id: timedelta(minutes=host.minutes) for host in delegation.hosts}
    made_by = by if isinstance(by, int) else getattr(by, "id", None)
    plan = VisitPlan(event_id=event_id, made_at=at, made_by_id=made_by, proven=proven, unmet=unmet)
    for group, host, start in visits:
        host_id, begins = encoded.hosts[host], encoded.moment(start)
        visitors = [Visitor(registration_id=key) for key in encoded.travellers(group, host)]
        plan.visits.append(
            HostVisit(
                host_id=host_id,
                group_number=group + 1,
                begins_at=begins,
                ends_at=begins + lasts[host_id],
                visitors=visitors,
            )
        )
    session.add(plan)
    session.flush()
    audit.record("delegation.plan", plan, by=by, at=at, visits=len(plan.visits), unmet=len(unmet))
    return plan


# --- publishing ------------------------------------------------------------------------------------------------


def publish(event: Event, plan: VisitPlan, *, by: Any, at: datetime) -> int:
    """Make a draft the programme that counts, and tell everybody whose visits are new or changed; how many mails.

    Raise Conflict where it breaks a rule by now (hosts, days or members may have changed since it was made).
    """
    if plan.state is not VersionState.DRAFT or not plan.visits:
        raise Conflict(_("There is no draft with visits to publish."))
    delegation = _ready(event, at)
    _drop_who_left(event, plan)
    _check(event, delegation, plan)
    before = queries.plan_in(event, VersionState.PUBLISHED)
    was = _places(before) if before is not None else set()
    if before is not None:
        before.state = VersionState.SUPERSEDED
        session.flush()
    plan.state, plan.published_at = VersionState.PUBLISHED, at
    session.flush()
    calendars.open_for({v.registration_id for visit in plan.visits for v in visit.visitors})
    audit.record("delegation.publish", plan, by=by, at=at, visits=len(plan.visits))
    concerned = {place[0] for place in _places(plan) ^ was}
    return notices.tell_published(event, plan, concerned, first=before is None, at=at)


def _places(plan: VisitPlan) -> set[tuple[int, int, datetime]]:
    return {(v.registration_id, visit.host_id, visit.begins_at) for visit in plan.visits for v in visit.visitors}


def _drop_who_left(event: Event, plan: VisitPlan) -> None:
    confirmed = {member.id for member in queries.members(event)}
    for visit in plan.visits:
        visit.visitors = [v for v in visit.visitors if v.registration_id in confirmed]
    plan.visits = [visit for visit in plan.visits if visit.visitors]
    session.flush()


def _check(event: Event, delegation: Delegation, plan: VisitPlan) -> None:
    """Judge the visits by the engine's rules as things stand now."""
    by_key = {member.key: member for member in _members(event)}
    grouped: dict[int, dict[int, rules.Member]] = {}
    for visit in plan.visits:
        group = grouped.setdefault(visit.group_number, {})
        group.update((v.registration_id, by_key[v.registration_id]) for v in visit.visitors)
    numbers = sorted(grouped)
    encoded = encoding.encode(delegation, [list(grouped[number].values()) for number in numbers])
    visits = [
        Visit(numbers.index(v.group_number), encoded.hosts.index(v.host_id), encoded.step(v.begins_at))
        for v in plan.visits
    ]
    if found := violations(encoded.day, visits):
        names = {host.id: pick(host.organisation, "name").text for host in delegation.hosts}
        words = wording.broken(encoded, names, found[:5])
        raise Conflict(_("Something has changed since this was planned. Plan again.") + " " + words)


# --- afterwards ------------------------------------------------------------------------------------------------


def report(
    registration: Registration,
    visit_id: int,
    said: Mapping[str, Any],
    *,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> Visitor:
    """Say something of a visit: any of `held`, `useful`, `label` and `note`; what is not named stays.

    Who finds it useful, or says where it stands, says that it was held; what was not held is neither.
    """
    row = next((v for v in queries.visits_of(registration) if v.visit_id == visit_id), None)
    if row is None:
        raise Conflict(_("This visit is not in your programme any more."))
    if not outcome_rules.may_report(begins_at=row.visit.begins_at, at=at):
        raise Conflict(_("This visit has not begun yet."))
    for name in ("held", "useful", "label", "note"):
        if name in said:
            setattr(row, name, said[name])
    if said.get("useful") is not None or said.get("label") is not None:
        row.held = True
    if not row.held:
        row.useful = row.label = None
    row.said_at, row.by_id = at, getattr(by, "id", None)
    columns = audit.changed_columns(row)
    session.flush()
    behalf = f"registration:{registration.id}" if on_behalf else None
    audit.record("delegation.report", row, by=by, at=at, columns=columns, on_behalf_of=behalf)
    return row
