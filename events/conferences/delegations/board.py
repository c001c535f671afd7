"""A stored programme beside the engine's problem of today: what stands, what it breaks, who misses what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.i18n import pick
from events.conferences.delegations import encoding, queries, rules, wording
from events.conferences.delegations.encoding import Encoded
from events.conferences.delegations.models import Delegation, HostVisit, VisitPlan
from events.conferences.enums import Wish
from events.models import Event
from matching.timetable.constraints import Violation
from matching.timetable.visits import Visit, violations


@dataclass(frozen=True)
class Board:
    """The engine's problem, and the visits of the programme in it, in the order of the rows."""

    encoded: Encoded
    visits: tuple[Visit, ...]
    names: dict[int, str]

    def broken(self) -> list[Violation]:
        """The rules that the visits break as things stand now."""
        return violations(self.encoded.day, self.visits)

    def in_words(self, found: Sequence[Violation]) -> str:
        return wording.broken(self.encoded, self.names, found)


def members(event: Event) -> list[rules.Member]:
    """The members as the rules of grouping see them."""
    wishes = queries.wishes(event)
    return [rules.Member(m.id, m.seats, wishes.get(m.id, {})) for m in queries.members(event)]


def groups_of(plan: VisitPlan, known: Sequence[rules.Member], *, size: int) -> list[list[rules.Member]]:
    """Who travels together by a programme; group 1 is the first. Who is new since joins one."""
    kept: list[list[int]] = [list(group) for group in plan.groups]
    if not kept:  # made before groups were stored: those who visit together
        kept = [[] for _n in range(max((v.group_number for v in plan.visits), default=0))]
        for visit in plan.visits:
            group = kept[visit.group_number - 1]
            group += [v.registration_id for v in visit.visitors if v.registration_id not in group]
    return rules.regrouped(kept, known, size=size)


def stands(visit: HostVisit, *, at: datetime) -> bool:
    """Whether a visit has begun, at a host that had not cancelled by then: it is history."""
    gone = visit.host.cancelled_at
    return visit.begins_at <= at and (gone is None or visit.begins_at <= gone)


def board_of(event: Event, delegation: Delegation, plan: VisitPlan, *, at: datetime) -> Board:
    """The programme as the engine judges it now. Raise `ProblemError` where it is no problem."""
    encoded = encoding.encode(delegation, groups_of(plan, members(event), size=delegation.group_size))
    visits = tuple(encoded.visit(v.group_number - 1, v.host_id, v.begins_at) for v in plan.visits)
    history = [
        visit
        for row, visit in zip(plan.visits, visits, strict=True)
        if stands(row, at=at) and visit.start in encoded.day.starts(visit.group, visit.host)
    ]
    names = {host.id: pick(host.organisation, "name").text for host in delegation.hosts}
    return Board(encoded.keeping(history, since=at), visits, names)


def unmet(encoded: Encoded, visits: Sequence[Visit]) -> list[dict[str, Any]]:
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
