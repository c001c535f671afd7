"""1:1 meetings of members at hosts: who meets whom when, found by the engine of timetables within the visits.

A slot is a time of one visit, so that a member can meet only where its group is; desks are shared between groups that
are at a host at the same time. Worth is what both sides wish, and how well needs and offers fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from companies.models import Organisation
from companies.queries import for_matching
from core import audit
from core.db import session
from core.errors import Conflict
from core.i18n import _
from events.conferences.browsing.ranking import as_partners_read
from events.conferences.delegations import queries, rules
from events.conferences.delegations.models import HostVisit, Visitor, VisitPlan
from events.conferences.engine_profiles import matching_day
from events.conferences.enums import VersionState, Wish
from events.models import Event
from matching.suggestions import Ranker
from matching.timetable.problem import Pairs, Participant, Problem, Table
from matching.timetable.solve import solve

TIME_LIMIT = 10.0  # seconds
FIRST = 800  # units that the first meeting of a member or host counts more than its score: nobody goes without
Pair = tuple[int, int]  # a member, a host


@dataclass(frozen=True)
class Talk:
    """Who meets in which visit, when and at which desk."""

    visit_id: int
    registration_id: int
    begins_at: datetime
    ends_at: datetime
    desk: int


@dataclass(frozen=True)
class Arranged:
    """All 1:1 meetings of a draft as of its last edit, and who does not meet though one of the two wishes it."""

    plan_id: int
    edited_at: datetime | None
    talks: tuple[Talk, ...]
    unmet: tuple[dict[str, Any], ...]


def solved(event: Event, plan: VisitPlan) -> Arranged:
    """Find the meetings of a programme. Reads only; solving stays outside of write blocks."""
    said = (
        {pair: row.wish for pair, row in queries.talk_rows(event=event, by_host=False).items()},
        {pair: row.wish for pair, row in queries.talk_rows(event=event, by_host=True).items()},
    )
    visits = [v for v in plan.visits if v.host.desks and not v.called_off]
    talks = arrange(visits, *said, fits(visits)) if visits else []
    return Arranged(plan.id, plan.edited_at, tuple(talks), tuple(_unmet(plan, talks, *said)))


def store(event: Event, found: Arranged, *, by: Any, at: datetime) -> None:
    """Put the meetings into the draft. Raise Conflict if it is another one by now."""
    plan = queries.plan_in(event, VersionState.DRAFT)
    if plan is None or (plan.id, plan.edited_at) != (found.plan_id, found.edited_at):
        raise Conflict(_("The draft was changed by hand in the meantime. Plan again."))
    by_visitor = {(talk.visit_id, talk.registration_id): talk for talk in found.talks}
    for visit in plan.visits:
        for visitor in visit.visitors:
            visitor.talk_from = visitor.talk_until = visitor.desk = None
    session.flush()
    for visit in plan.visits:
        for visitor in visit.visitors:
            talk = by_visitor.get((visit.id, visitor.registration_id))
            if talk is not None:
                visitor.talk_from, visitor.talk_until, visitor.desk = talk.begins_at, talk.ends_at, talk.desk
    plan.talks_unmet = list(found.unmet)
    session.flush()
    audit.record("delegation.talks", plan, by=by, at=at, talks=len(found.talks))


def arrange(
    visits: Sequence[HostVisit], members: Mapping[Pair, Wish], hosts: Mapping[Pair, Wish], fit: Mapping[Pair, float]
) -> list[Talk]:
    """The meetings of greatest worth: at most one of a member at a host, as many at once as there are desks."""
    slots = [(v, begin, end) for v in visits for begin, end in _times(v)]
    people = sorted({visitor.registration_id for v in visits for visitor in v.coming})
    places = sorted({v.host_id for v in visits})
    at = {("m", key): n for n, key in enumerate(people)} | {
        ("h", key): len(people) + n for n, key in enumerate(places)
    }
    rows: list[tuple[int, int, int]] = []
    allowed: dict[int, list[int]] = {}
    for visit in visits:
        own = [n for n, (v, _b, _e) in enumerate(slots) if v is visit]
        for visitor in visit.coming:
            pair = visitor.registration_id, visit.host_id
            worth = rules.talk_worth(members.get(pair), hosts.get(pair), fit.get(pair, 0.0))
            if worth and own:
                allowed[len(rows)] = own
                rows.append((at["m", pair[0]], at["h", pair[1]], worth))
    if not rows:
        return []
    problem = Problem(
        slots=len(slots),
        participants=_participants(people, places, slots, visits),
        tables=tuple(
            Table(str(key), owner=at["h", key], seats=max(v.host.desks for v in visits if v.host_id == key))
            for key in places
        ),
        pairs=Pairs.of(rows, slots=allowed),
        fairness=FIRST,
        score_scale=2500,
    )
    met = sorted(solve(problem, time_limit=TIME_LIMIT).meetings, key=lambda m: (m.slot, rows[m.pair][0]))
    taken: dict[int, int] = defaultdict(int)
    found = []
    for meeting in met:
        visit, begin, end = slots[meeting.slot]
        taken[meeting.slot] += 1
        found.append(Talk(visit.id, people[rows[meeting.pair][0]], begin, end, taken[meeting.slot]))
    return found


def _times(visit: HostVisit) -> list[tuple[datetime, datetime]]:
    host = visit.host
    return rules.talk_slots(
        begins_at=visit.begins_at, ends_at=visit.ends_at, talks=host.talk_minutes, slot=host.slot_minutes
    )


def _participants(
    people: Sequence[int], places: Sequence[int], slots: Sequence[tuple[HostVisit, datetime, datetime]],
    visits: Sequence[HostVisit],
) -> tuple[Participant, ...]:  # fmt: skip
    """Members are where their visits are; a host has its desks, shared among the groups that are there together."""
    there = {v: {visitor.registration_id for visitor in v.coming} for v in visits}
    share = {v: v.host.desks // sum(_together(v, other) for other in visits) for v in visits}
    members = [tuple(int(key in there[v]) for v, _b, _e in slots) for key in people]
    hosts = [tuple(share[v] if v.host_id == key else 0 for v, _b, _e in slots) for key in places]
    return (
        *(Participant(f"m{key}", 0, len(slots), row, "firm") for key, row in zip(people, members, strict=True)),
        *(
            Participant(f"h{key}", 0, max(1, sum(row)), row, "partner")
            for key, row in zip(places, hosts, strict=True)
        ),
    )


def _together(one: HostVisit, other: HostVisit) -> bool:
    """Whether two visits (or one with itself) are at the same host at the same time."""
    return one.host_id == other.host_id and one.begins_at < other.ends_at and other.begins_at < one.ends_at


def _unmet(
    plan: VisitPlan, talks: Sequence[Talk], members: Mapping[Pair, Wish], hosts: Mapping[Pair, Wish]
) -> list[dict[str, Any]]:
    """Wished by one of the two and not held, with why: no visit, one of the two does not want it, or no slot left."""
    host_of = {v.id: v.host_id for v in plan.visits}
    held = {(talk.registration_id, host_of[talk.visit_id]) for talk in talks}
    visited = {(visitor.registration_id, v.host_id) for v in plan.visits for visitor in v.coming}
    found = []
    for pair in sorted(members.keys() | hosts.keys()):
        said = members.get(pair), hosts.get(pair)
        if pair in held or not {Wish.MUST, Wish.YES} & set(said):
            continue
        why = "declined" if Wish.NO in said else "no_visit" if pair not in visited else "full"
        wish = Wish.MUST if Wish.MUST in said else Wish.YES
        row = {"registration_id": pair[0], "host_id": pair[1], "wish": wish.value, "why": why}
        found.append({**row, "by_member": said[0] in (Wish.MUST, Wish.YES)})
    return sorted(found, key=lambda row: row["wish"] != Wish.MUST.value)


# --- needs and offers ------------------------------------------------------------------------------------------


def fits(visits: Sequence[HostVisit]) -> dict[Pair, float]:
    """How well the needs and offers of members and hosts fit, by what every partner may read; 0 to 1."""
    members = {visitor.registration_id: visitor.registration.organisation_id for v in visits for visitor in v.coming}
    hosts = {v.host_id: v.host.organisation_id for v in visits}
    known = {o.id: o for o in for_matching({*(k for k in members.values() if k), *hosts.values()})}
    left = [key for key, organisation in members.items() if organisation in known]
    right = [key for key, organisation in hosts.items() if organisation in known]
    if not left or not right:
        return {}
    fit = _fit([known[members[key] or 0] for key in left], [known[hosts[key]] for key in right])
    return {(m, h): float(fit[i, j]) for i, m in enumerate(left) for j, h in enumerate(right)}


def _fit(left: Sequence[Organisation], right: Sequence[Organisation]) -> Any:
    day = matching_day()
    one, other = ([replace(as_partners_read(o, day), key=str(o.id)) for o in side] for side in (left, right))
    scores = Ranker(kind="general").fit(one, other).score(one, other)
    return np.where(scores.gate == 0, scores.fit, 0.0)


# --- judging ---------------------------------------------------------------------------------------------------


def fault(plan: VisitPlan) -> str | None:
    """Whether the 1:1 meetings still fit into the visits, and the desks of each host suffice; a sentence if not."""
    held = [(v, visitor) for v in plan.visits for visitor in v.coming if visitor.talk_from is not None]
    for visit, visitor in held:
        begins, ends = visitor.talk_from, visitor.talk_until
        assert begins is not None and ends is not None  # the table says so
        at_once = sum(v.host_id == visit.host_id and _holds(w, begins) for v, w in held)
        if not visit.begins_at <= begins < ends <= visit.ends_at or at_once > visit.host.desks:
            return _("The 1:1 meetings do not fit the visits any more: arrange them again.")
    return None


def _holds(visitor: Visitor, moment: datetime) -> bool:
    begins, ends = visitor.talk_from, visitor.talk_until
    return begins is not None and ends is not None and begins <= moment < ends
