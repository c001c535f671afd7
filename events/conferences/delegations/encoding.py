"""A delegation as a problem of the engine: ids become indices, times of day become steps of a quarter of an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from core.clock import HANOI
from events.conferences.delegations.models import Delegation, DelegationDay, VisitHost
from events.conferences.delegations.rules import WORTH, Member, minutes
from events.conferences.enums import Wish
from matching.timetable.problem import need
from matching.timetable.visits import Group, Host, Visit, VisitDay

STEP = 15  # minutes
DAY = 24 * 60 // STEP  # steps
Span = tuple[int, int]


@dataclass(frozen=True)
class Encoded:
    """The engine's problem, and what its indices stand for. Step 0 is midnight in Hanoi before the first day."""

    day: VisitDay
    first: date
    hosts: tuple[int, ...]
    groups: tuple[tuple[Member, ...], ...]

    def moment(self, step: int) -> datetime:
        return self._midnight() + step * timedelta(minutes=STEP)

    def step(self, moment: datetime) -> int:
        return (moment - self._midnight()) // timedelta(minutes=STEP)

    def _midnight(self) -> datetime:
        return datetime.combine(self.first, time(), HANOI).astimezone(UTC)

    def visit(self, group: int, host_id: int, begins_at: datetime) -> Visit:
        """A stored visit as the engine names it."""
        return Visit(group, self.hosts.index(host_id), self.step(begins_at))

    def keeping(self, kept: Sequence[Visit], *, since: datetime) -> Encoded:
        """The same with visits that have to stay as they are, and no other that would have begun by an instant."""
        first = max(0, -(-(since - self._midnight()) // timedelta(minutes=STEP)))
        return replace(self, day=replace(self.day, pinned=tuple(kept), since=first))

    def travellers(self, group: int, host: int) -> list[int]:
        """Who of a group goes to a host: all but those who said no."""
        return [m.key for m in self.groups[group] if m.wishes.get(self.hosts[host]) is not Wish.NO]


def encode(delegation: Delegation, groups: Sequence[Sequence[Member]]) -> Encoded:
    """The problem. Raises `ProblemError` where it is none."""
    need(bool(delegation.days), "days", "there are none.")
    hosts, first = delegation.hosts, min(day.on for day in delegation.days)
    people = [sum(m.people for m in group) for group in groups]
    begins = min(_steps(day, first, day.begins) for day in delegation.days)
    ends = max(_steps(day, first, day.ends, up=False) for day in delegation.days)
    problem = VisitDay(
        hosts=tuple(_host(host, _open(host, delegation.days, first), people, first) for host in hosts),
        groups=tuple(Group(str(n), size, begins, ends, len(hosts)) for n, size in enumerate(people, 1)),
        scores=tuple(tuple(sum(WORTH[m.wishes.get(host.id)] for m in group) for host in hosts) for group in groups),
        travel=tuple(tuple(_way(delegation, one, other) for other in hosts) for one in hosts),
    )
    return Encoded(problem, first, tuple(host.id for host in hosts), tuple(map(tuple, groups)))


def _steps(day: DelegationDay, first: date, at: time, *, up: bool = True) -> int:
    """Steps until a time of a day; a time between two steps is rounded up, or down."""
    part = minutes(at)
    return (day.on - first).days * DAY + (-(-part // STEP) if up else part // STEP)


def _open(host: VisitHost, days: Sequence[DelegationDay], first: date) -> list[Span]:
    """When a host can be visited: its hours on the days of the delegation, without the breaks."""
    found: list[Span] = []
    for day in sorted(days, key=lambda d: d.on):
        begin, end = max(day.begins, host.opens), min(day.ends, host.closes)
        parts = [(begin, end)]
        if day.break_from is not None and day.break_until is not None:
            parts = [(begin, min(end, day.break_from)), (max(begin, day.break_until), end)]
        spans = [(_steps(day, first, a), _steps(day, first, b, up=False)) for a, b in parts]
        found += [(a, b) for a, b in spans if a < b]
    return found


def _host(host: VisitHost, spans: Sequence[Span], people: Sequence[int], first: date) -> Host:
    """As many groups at once as there are seats for, should they all be as large as the largest that fits.

    Where a host cancelled, no visit begins after that.
    """
    largest = max((size for size in people if size <= host.seats), default=host.seats)
    lasts = -(-host.minutes // STEP)
    opens, closes = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    if host.cancelled_at is not None:
        gone = host.cancelled_at - datetime.combine(first, time(), HANOI)
        closes = max(opens, min(closes, gone // timedelta(minutes=STEP) + lasts))
    return Host(
        id=str(host.id),
        opens=opens,
        closes=closes,
        duration=lasts,
        groups=host.seats // max(1, largest),
        seats=host.seats,
        shut=tuple((a[1], b[0]) for a, b in pairwise(spans) if a[1] < b[0]),
    )


def _way(delegation: Delegation, one: VisitHost, other: VisitHost) -> int:
    """In steps, rounded up; nothing from a host to itself."""
    return 0 if one is other else -(-delegation.minutes_between(one.id, other.id) // STEP)
