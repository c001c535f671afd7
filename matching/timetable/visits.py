"""Host-visit days: groups of a delegation travel from host to host.

Few hosts, few groups, and travel between them: small enough for the time-indexed integer program

    maximise  sum score_gh x_ght,   x_ght = 1 if group g starts its visit to host h at step t
    over      each group visits a host at most once, at most `maximum` hosts in all,
              is nowhere else until the visit is over and the way is travelled; no host has too many groups at once.

A step is a slot of equal length, such as 15 minutes; all times are in steps.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.timetable.constraints import Violation
from matching.timetable.problem import ProblemError, need


@dataclass(frozen=True, slots=True)
class Host:
    """Open from step `opens` until before `closes`; a visit takes `duration` steps; `groups` at once, each of at most
    `seats` members. `shut`: spans (from a step until before another) that no visit touches, such as lunch or a night.
    """

    id: str
    opens: int
    closes: int
    duration: int
    groups: int = 1
    seats: int = 1_000
    shut: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Members who travel together, on the road from step `starts` until `ends`; wants at most `maximum` visits."""

    id: str
    members: int
    starts: int
    ends: int
    maximum: int


class Visit(NamedTuple):
    """Group `group` is at host `host` from step `start` on."""

    group: int
    host: int
    start: int


@dataclass(frozen=True, slots=True)
class VisitDay:
    """scores[g][h]: units for a visit of group g to host h (0: not wanted); travel[h][k]: steps from host h to k;
    pinned: visits that have to take place as they are; since: no other visit begins before this step.
    Raises `ProblemError` naming the place that is wrong."""

    hosts: tuple[Host, ...]
    groups: tuple[Group, ...]
    scores: tuple[tuple[int, ...], ...]
    travel: tuple[tuple[int, ...], ...]
    pinned: tuple[Visit, ...] = ()
    since: int = 0

    def __post_init__(self) -> None:
        hosts, groups = len(self.hosts), len(self.groups)
        need(hosts > 0, "hosts", "there are none.")
        need(groups > 0, "groups", "there are none.")
        for h, host in enumerate(self.hosts):
            need(
                0 <= host.opens <= host.closes
                and host.duration >= 1
                and host.groups >= 0
                and all(begin < end for begin, end in host.shut),
                f"hosts[{h}]",
                "opening hours, duration or number of groups do not make sense.",
            )
        for g, group in enumerate(self.groups):
            need(
                0 <= group.starts <= group.ends and group.maximum >= 0 and group.members >= 0,
                f"groups[{g}]",
                "times, maximum or number of members do not make sense.",
            )
        for name, rows, count in (("scores", self.scores, groups), ("travel", self.travel, hosts)):
            need(len(rows) == count, name, f"{len(rows)} rows for {count}.")
            for n, row in enumerate(rows):
                need(len(row) == hosts, f"{name}[{n}]", f"{len(row)} entries for {hosts} hosts.")
                need(min(row) >= 0, f"{name}[{n}]", "an entry is negative.")
        for n, visit in enumerate(self.pinned):
            need(0 <= visit.group < groups and 0 <= visit.host < hosts, f"pinned[{n}]", "no such group or host.")
            need(
                visit.start in self.starts(visit.group, visit.host),
                f"pinned[{n}]",
                "the host is closed then, the group is not on the road, or it is too large.",
            )

    def starts(self, group: int, host: int) -> Sequence[int]:
        """The steps at which a visit can begin as far as the two alone are concerned."""
        g, h = self.groups[group], self.hosts[host]
        if g.members > h.seats or h.groups == 0:
            return ()
        steps = range(max(g.starts, h.opens), min(g.ends, h.closes) - h.duration + 1)
        return [t for t in steps if not any(begin < t + h.duration and t < end for begin, end in h.shut)]

    def away(self, host: int, following: int) -> int:
        """Steps from the beginning of a visit until the next can begin at another host."""
        return self.hosts[host].duration + self.travel[host][following]


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """Visits in order of groups and time; nothing is worth more than `bound`; proven: nothing is better."""

    visits: tuple[Visit, ...]
    value: int
    bound: int
    proven: bool


def violations(day: VisitDay, visits: Sequence[Visit]) -> list[Violation]:
    """Every rule that the visits break: twice, away (closed, not on the road, too many members), past (before `since`
    and not pinned), travel (too little time to get there), max, seats (too many groups at once), fixed.  `pair` is
    None; participants = (group, host)."""
    found = []
    by_group: dict[int, list[Visit]] = {}
    for visit in sorted(visits, key=lambda x: (x.group, x.start)):
        by_group.setdefault(visit.group, []).append(visit)
        if visit.start not in day.starts(visit.group, visit.host):
            found.append(Violation("away", (visit.group, visit.host), slot=visit.start))
        if visit.start < day.since and visit not in day.pinned:
            found.append(Violation("past", (visit.group, visit.host), slot=visit.start, limit=day.since))
    for g, mine in by_group.items():
        hosts = [x.host for x in mine]
        found += [
            Violation("twice", (g, h), have=hosts.count(h), limit=1) for h in sorted(set(hosts)) if hosts.count(h) > 1
        ]
        if len(mine) > day.groups[g].maximum:
            found.append(Violation("max", (g,), have=len(mine), limit=day.groups[g].maximum))
        found += [
            Violation("travel", (g, y.host), slot=y.start, have=y.start - x.start, limit=day.away(x.host, y.host))
            for x, y in pairwise(mine)
            if y.start < x.start + day.away(x.host, y.host)
        ]
    for h, host in enumerate(day.hosts):
        here = [x for x in visits if x.host == h]
        for t in sorted({x.start for x in here}):
            together = sum(x.start <= t < x.start + host.duration for x in here)
            if together > host.groups:
                found.append(Violation("seats", (h,), slot=t, have=together, limit=host.groups))
    found += [Violation("fixed", (x.group, x.host), slot=x.start) for x in day.pinned if x not in visits]
    return found


def plan_visits(day: VisitDay, *, time_limit: float = 20.0) -> VisitPlan:
    """The visits of greatest value; among equals, early ones.  Raises `ProblemError` if the pins clash."""
    started = time.monotonic()
    pinned = set(day.pinned)
    cells = [
        Visit(g, h, t)
        for g in range(len(day.groups))
        for h in range(len(day.hosts))
        for t in day.starts(g, h)
        if (day.scores[g][h] > 0 and t >= day.since) or Visit(g, h, t) in pinned
    ]
    if not cells:
        return VisitPlan((), 0, 0, True)
    rows, limits = _rows(day, cells)
    low = np.array([float(cell in pinned) for cell in cells])
    value = np.array([day.scores[x.group][x.host] for x in cells], float)
    # Earliness counts less than one score unit altogether.
    late = np.array([x.start for x in cells], float)
    cost = -value + late / (1 + late.max() * sum(min(g.maximum, len(day.hosts)) for g in day.groups))
    found = milp(
        cost,
        constraints=LinearConstraint(rows, -np.inf, limits),
        bounds=Bounds(low, 1),
        integrality=np.ones(len(cells), np.int64),
        options={"time_limit": max(0.1, time_limit - time.monotonic() + started), "mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ProblemError("pinned", "these visits cannot all take place.")
    chosen = tuple(sorted(cells[n] for n in np.flatnonzero(found.x > 0.5).tolist()))
    total = sum(day.scores[x.group][x.host] for x in chosen)
    bound = max(total, int(np.floor(-float(found.mip_dual_bound) + 1 - 1e-6)))
    done = found.status == 0
    return VisitPlan(tuple(sorted(chosen, key=lambda x: (x.group, x.start))), total, total if done else bound, done)


def plan_in_turn(day: VisitDay, *, time_limit: float = 10.0) -> VisitPlan:
    """Visits found in a moment: group after group, each around those before it, by the program above with pins.

    A group whose step ends without an answer stays at home. Nothing is proven; the bound is what all wishes make.
    """
    kept = day.pinned
    for g in range(len(day.groups)):
        mine = tuple(row if n == g else (0,) * len(day.hosts) for n, row in enumerate(day.scores))
        with suppress(ProblemError):
            kept = plan_visits(replace(day, scores=mine, pinned=kept), time_limit=time_limit / len(day.groups)).visits
    value = sum(day.scores[x.group][x.host] for x in kept)
    return VisitPlan(tuple(sorted(kept, key=lambda x: (x.group, x.start))), value, sum(map(sum, day.scores)), False)


def plan_programme(day: VisitDay, *, time_limit: float = 20.0) -> VisitPlan:
    """The best visits within the time, however large the programme: those found in turn, or better ones, or proof."""
    started = time.monotonic()
    found = plan_in_turn(day, time_limit=time_limit / 2)
    try:
        better = plan_visits(day, time_limit=time_limit - time.monotonic() + started)
    except ProblemError:  # nothing within the time, which is why the other is there
        return found
    return better if better.proven or better.value > found.value else replace(found, bound=better.bound)


def _rows(day: VisitDay, cells: Sequence[Visit]) -> tuple[sp.csr_matrix, list[int]]:
    """The rules as rows over the cells, and their limits."""
    rows: list[list[int]] = []
    limits: list[int] = []
    number = {cell: n for n, cell in enumerate(cells)}
    hosts = range(len(day.hosts))
    nearest = [min((day.away(h, k) for k in hosts if k != h), default=day.hosts[h].duration) for h in hosts]
    for g, group in enumerate(day.groups):
        mine = [n for n, x in enumerate(cells) if x.group == g]
        rows.append(mine)
        limits.append(group.maximum)
        for h in range(len(day.hosts)):
            rows.append([n for n in mine if cells[n].host == h])
            limits.append(1)
        # At any step g is at one host only, or on the shortest way from there: a row says so for all pairs of visits.
        for t in range(group.starts, group.ends):
            rows.append([n for n in mine if cells[n].start <= t < cells[n].start + nearest[cells[n].host]])
            limits.append(1)
        # After the shortest way, visits to hosts that are farther away cannot begin yet.
        for n in mine:
            h, start = cells[n].host, cells[n].start
            for k in range(len(day.hosts)):
                later = range(start + nearest[h], start + day.away(h, k))
                blocked = [number[Visit(g, k, t)] for t in later if k != h and Visit(g, k, t) in number]
                if blocked:
                    rows.append([n, *blocked])
                    limits.append(1)
    for h, host in enumerate(day.hosts):
        here = [n for n, x in enumerate(cells) if x.host == h]
        for t in range(host.opens, host.closes):
            rows.append([n for n in here if cells[n].start <= t < cells[n].start + host.duration])
            limits.append(host.groups)
    column = np.concatenate([np.array(row, np.int64) for row in rows])
    place = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return sp.csr_matrix((np.ones(len(column)), (place, column)), shape=(len(rows), len(cells))), limits
