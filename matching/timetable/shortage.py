"""Why a participant stays below its minimum: the most it could have, and a smallest set of constraints in its way.

The demands grow in steps: the participant alone; besides, all pins; besides, the minima of others - those that the
timetable meets, and of those below theirs as many as can be met together.  The first step that is impossible is
explained.  Slots are left aside first: numbers alone rule most shortages out (Hall's condition, with its prices as
the certificate), in a much smaller program.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.timetable.certificate import certificate
from matching.timetable.demands import Demands, OutOfTime
from matching.timetable.limits import Constraint
from matching.timetable.problem import Meeting, Problem
from matching.timetable.rulebook import Rulebook

SHARE = 0.1  # of the time left, what one participant may use to have its set made small
REFINED = 15_000  # pairs up to which a set is looked for that concerns one participant alone
FEW = 0.25  # seconds that it may use in any case


@dataclass(frozen=True, slots=True)
class Shortage:
    """A participant below its minimum.

    possible: the most meetings it could have, alone, or beside the pins and minima among `constraints`; never less
    than it has, which is more than that where such a minimum of somebody else is not met either.
    constraints: a set that makes the minimum impossible; where `complete`, a smallest one: without any one of them
    it could be met, if there were nothing else.  Empty with `possible` below the minimum: its `pairs` are too few.
    Empty otherwise: nothing that forbids the minimum was found, and where `complete` nothing does; meeting it costs
    others more than it is worth.
    pairs, slots: its pairs that could be held if they were alone, and when.
    """

    participant: int
    have: int
    minimum: int
    possible: int
    pairs: tuple[int, ...]
    slots: tuple[int, ...]
    constraints: tuple[Constraint, ...] = ()
    complete: bool = True

    @property
    def group(self) -> tuple[int, ...]:
        """The participants whose minima exclude each other, this one first."""
        return (self.participant, *_people(self.constraints))


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found for one participant: the most it could have, what is in its way, whether that is certain."""

    possible: int
    constraints: tuple[Constraint, ...] = ()
    complete: bool = True


def shortages(problem: Problem, meetings: Sequence[Meeting], time_limit: float = 10.0) -> tuple[Shortage, ...]:
    """Every participant below its minimum, with what makes it impossible.

    Large events get the certificate for all together.  After `time_limit` seconds sets are no longer made small, and
    are called not `complete`.
    """
    rules = Rulebook(problem)
    have = np.zeros(len(problem.participants), np.int64)
    for m in meetings:
        have[list(problem.ends(m.pair))] += 1
    short = np.flatnonzero(have < rules.minimum).tolist()
    found = _Search(rules, short, time.monotonic() + time_limit).findings() if short else {}
    return tuple(_told(rules, v, int(have[v]), found[v]) for v in short)


def _told(rules: Rulebook, v: int, have: int, found: _Finding) -> Shortage:
    pairs = rules.problem.pairs
    mine = np.flatnonzero((pairs.a == v) | (pairs.b == v))
    usable = rules.usable[mine]
    return Shortage(
        v,
        have,
        int(rules.minimum[v]),
        max(found.possible, have),
        tuple(mine[usable.any(axis=1)].tolist()),
        tuple(np.flatnonzero(usable.any(axis=0)).tolist()),
        found.constraints,
        found.complete,
    )


def _people(constraints: Iterable[Constraint]) -> list[int]:
    """The participants whose minima are among the constraints."""
    return [c.participant for c in constraints if c.kind == "minimum" and c.participant is not None]


class _Search:
    """One call of `shortages`: everybody alone first, then together."""

    def __init__(self, rules: Rulebook, short: Sequence[int], deadline: float) -> None:
        self.rules, self.short, self.deadline = rules, list(short), deadline
        self.pins = np.flatnonzero(rules.pinned).tolist()
        self.met = sorted(set(np.flatnonzero(rules.minimum > 0).tolist()) - set(short))
        self.found: dict[int, _Finding] = {}
        self.fallback = certificate(rules)[1]  # quick at any size, so whatever the deadline

    def findings(self) -> dict[int, _Finding]:
        """Participant -> what is in its way."""
        for v in self.short:
            self._alone(v)
        waiting = [v for v in self.short if v not in self.found]
        if not waiting:
            return self.found
        if len(self.rules.pinned) > REFINED:
            for v in waiting:
                self._fall_back(v)
            return self.found
        group = self._together(waiting, list(self.met), slotted=False)
        self._share(group)
        rest = [v for v in group if v not in self.found]
        if rest:
            self._in_time(rest)
        return self.found

    def _alone(self, v: int) -> None:
        """The participant by itself, then beside all pins."""
        pairs = self.rules.problem.pairs
        if not ((pairs.a == v) | (pairs.b == v)).any():
            self.found[v] = _Finding(0)
            return
        for pins in ([], self.pins) if self.pins else ([],):
            if time.monotonic() > self.deadline:
                return
            try:
                system = Demands(self.rules, [v], pins)
                possible, matter = system.most(v, self.deadline)
            except OutOfTime:
                return
            if possible < self.rules.minimum[v]:
                self.found[v] = self._named(v, possible, matter)
                return

    def _named(self, v: int, possible: int, matter: Sequence[Constraint]) -> _Finding:
        """The constraints that matter, made few: without slots, then with them, over the demands concerned alone."""
        until = min(self.deadline, time.monotonic() + max(FEW, SHARE * (self.deadline - time.monotonic())))
        names, least = list(matter), False
        for slotted in (False, True):
            system = Demands(
                self.rules,
                [v, *_people(names)],
                [c.pair for c in names if c.kind == "pin" and c.pair is not None],
                slotted,
            )
            try:
                if time.monotonic() > until or system.feasible([Constraint("minimum", v), *names], until):
                    continue  # impossible in time alone, or the other way round: nothing to make small here
            except OutOfTime:
                continue
            names, least = system.smallest(v, names, until)
        return _Finding(possible, tuple(names), least and system.slotted)

    def _together(self, waiting: Sequence[int], base: list[int], *, slotted: bool) -> list[int]:
        """Add the minima of those waiting one after another; explain those who cannot be, return the others."""
        group: list[int] = []
        for v in waiting:
            if time.monotonic() > self.deadline:
                self._fall_back(v)
                continue
            try:
                system = Demands(self.rules, [v, *base, *group], self.pins, slotted)
                possible, matter = system.most(v, self.deadline)
            except OutOfTime:
                self._fall_back(v)
                continue
            if possible < self.rules.minimum[v]:
                self.found[v] = self._named(v, possible, matter)
            else:
                group.append(v)
        return group

    def _fall_back(self, v: int) -> None:
        """The time is over: the certificate for all, where the participant is part of it."""
        least, own = int(self.rules.minimum[v]), Constraint("minimum", v)
        if own in self.fallback:
            others = tuple(c for c in self.fallback if c != own)
            self.found[v] = _Finding(least - 1, others, complete=False)
        else:
            self.found[v] = _Finding(least, complete=False)

    def _share(self, group: Sequence[int]) -> None:
        """Whose minimum keeps another's from being met is kept from its own by the other's, and by the same rest."""
        for v in group:
            own = Constraint("minimum", v)
            for u, other in list(self.found.items()):
                if own in other.constraints:
                    swapped = (*(c for c in other.constraints if c != own), Constraint("minimum", u))
                    self.found[v] = _Finding(int(self.rules.minimum[v]) - 1, swapped, other.complete)
                    break

    def _in_time(self, rest: Sequence[int]) -> None:
        """Numbers leave room for these: whether slots do."""
        known = {v for v in self.short if v in self.found}
        others = [v for v in self.short if v not in known and v not in rest]
        base = [*self.met, *others]
        system = Demands(self.rules, [*rest, *base], self.pins)
        try:
            lacking, _ = system.lacking(rest, self.deadline) if system.slotted else (0.0, [])
        except OutOfTime:
            for v in rest:
                self._fall_back(v)
            return
        left = self._together(rest, base, slotted=True) if lacking else list(rest)
        self._share(left)
        for v in left:
            self.found.setdefault(v, _Finding(int(self.rules.minimum[v]), complete=system.slotted))
