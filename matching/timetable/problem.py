"""The problem and its answer as frozen, checked data.  Indices are 0-based positions in the tuples of `Problem`."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.timetable.limits import Constraint

if TYPE_CHECKING:
    from matching.timetable.explain import Reason
    from matching.timetable.replan import Change

IntArray = NDArray[np.int64]
SIDES = ("firm", "partner", None)
LARGEST = 2**32  # larger scores could overflow the 64-bit sums of a flow


class ProblemError(ValueError):
    """The data cannot be a problem.  `place` names where, `trouble` says what; the text is one sentence."""

    def __init__(self, place: str, trouble: str) -> None:
        super().__init__(f"{place}: {trouble}")
        self.place, self.trouble = place, trouble


class PinError(ProblemError):
    """A pin that cannot be kept, whatever the others do; `constraints` names it and what is in its way."""

    def __init__(self, place: str, trouble: str, constraints: Iterable[Constraint]) -> None:
        super().__init__(place, trouble)
        self.constraints = tuple(constraints)


class InfeasiblePins(Exception):
    """The pins (must, fixed) cannot all be kept; `reasons` says in one sentence each which of them clash, and why,
    `constraints` names the same as data: a smallest set of pins and limits that clash."""

    def __init__(self, reasons: Iterable[str], constraints: Iterable[Constraint] = ()) -> None:
        self.reasons, self.constraints = tuple(reasons), tuple(constraints)
        super().__init__(" ".join(self.reasons))


def need(condition: bool, place: str, trouble: str) -> None:
    """Raise `ProblemError` unless the condition holds."""
    if not condition:
        raise ProblemError(place, trouble)


@dataclass(frozen=True, slots=True)
class Participant:
    """Wants between `minimum` and `maximum` meetings; `capacity[t]` in parallel in slot t, 0 when away."""

    id: str
    minimum: int
    maximum: int
    capacity: tuple[int, ...]
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A place at (x, y) metres for `seats` parallel meetings; `owner` is a participant, or None for a free table."""

    id: str
    owner: int | None = None
    seats: int = 1
    closed: frozenset[int] = frozenset()
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The meetings that may be held, as parallel columns of length E.

    a, b: participants; score: units of 1/score_scale; language: interpreter needed, or None;
    slots: allowed slots, or None for any.
    """

    a: IntArray
    b: IntArray
    score: IntArray
    language: tuple[str | None, ...]
    slots: tuple[tuple[int, ...] | None, ...]

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[int, int, int]] | IntArray,
        language: Mapping[int, str] | None = None,
        slots: Mapping[int, Iterable[int]] | None = None,
    ) -> Pairs:
        """Columns from rows (a, b, score), with language and allowed slots given by row number."""
        listed = rows if isinstance(rows, np.ndarray) else list(rows)
        table = np.array(listed, np.int64).reshape(len(listed), 3)
        spoken, allowed = language or {}, slots or {}
        return cls(
            table[:, 0].copy(),
            table[:, 1].copy(),
            table[:, 2].copy(),
            tuple(spoken.get(e) for e in range(len(table))) if spoken else (None,) * len(table),
            tuple(tuple(allowed[e]) if e in allowed else None for e in range(len(table)))
            if allowed
            else (None,) * len(table),
        )

    def __len__(self) -> int:
        return len(self.a)


class Meeting(NamedTuple):
    """Pair `pair` meets in slot `slot` at table `table`."""

    pair: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Everything a timetable depends on.  Raises `ProblemError` naming the first place that is wrong.

    interpreters: language -> number on duty per slot.  must: pairs that have to meet; fixed: (pair, slot) that have
    to meet then.  forbidden: (a, b) in either order, wins over `pairs`.  blocks: slots that begin a new block (after
    a night or a meal): no idle run reaches across.  idle_limit: wanted maximum of idle runs per participant.
    row_limit: nobody has more than this many meetings without a free slot between them.
    fairness: units; the first meeting of a participant counts this much more than its score, the second half of it,
    the third a third, so that the least served gain most (0: off).
    """

    slots: int
    participants: tuple[Participant, ...]
    tables: tuple[Table, ...]
    pairs: Pairs
    interpreters: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    must: tuple[int, ...] = ()
    fixed: tuple[tuple[int, int], ...] = ()
    forbidden: tuple[tuple[int, int], ...] = ()
    blocks: tuple[int, ...] = ()
    idle_limit: int | None = None
    row_limit: int | None = None
    fairness: int = 0
    score_scale: int = 10_000
    shortfall_weight: int = 20_000
    name: str = ""

    def __post_init__(self) -> None:
        need(self.slots >= 1, "slots", "there has to be at least one time slot.")
        need(self.score_scale >= 1, "score_scale", "it has to be at least 1.")
        need(0 <= self.shortfall_weight <= LARGEST, "shortfall_weight", f"it has to lie between 0 and {LARGEST}.")
        need(0 <= self.fairness <= LARGEST, "fairness", f"it has to lie between 0 and {LARGEST}.")
        need(self.idle_limit is None or self.idle_limit >= 0, "idle_limit", "it cannot be negative.")
        need(self.row_limit is None or self.row_limit >= 1, "row_limit", "it has to be at least 1.")
        need(all(0 <= t < self.slots for t in self.blocks), "blocks", f"slots run from 0 to {self.slots - 1}.")
        self._check_people()
        self._check_pairs()
        self._check_pins()

    def _check_people(self) -> None:
        need(len(self.participants) > 0, "participants", "there are none.")
        for v, p in enumerate(self.participants):
            place = f"participants[{v}]"
            need(p.side in SIDES, place, f"side {p.side!r} is neither firm, partner nor null.")
            need(0 <= p.minimum <= p.maximum, place, f"minimum {p.minimum} and maximum {p.maximum} do not fit.")
            need(
                len(p.capacity) == self.slots,
                place,
                f"capacity has {len(p.capacity)} entries for {self.slots} slots.",
            )
            need(min(p.capacity) >= 0, place, "a capacity is negative.")
        need(len(self.tables) > 0, "tables", "there are none, so nobody can meet.")
        for k, t in enumerate(self.tables):
            place = f"tables[{k}]"
            need(t.owner is None or 0 <= t.owner < len(self.participants), place, f"owner {t.owner} does not exist.")
            need(t.seats >= 0, place, "seats is negative.")
            need(all(0 <= s < self.slots for s in t.closed), place, f"closed slots run from 0 to {self.slots - 1}.")
            need(math.isfinite(t.x) and math.isfinite(t.y), place, "x and y have to be finite numbers.")
        for name, row in self.interpreters.items():
            place = f"interpreters[{name!r}]"
            need(len(row) == self.slots, place, f"{len(row)} entries for {self.slots} slots.")
            need(min(row) >= 0, place, "a number is negative.")

    def _check_pairs(self) -> None:
        p, people = self.pairs, len(self.participants)
        lengths = {len(column) for column in (p.a, p.b, p.score, p.language, p.slots)}
        need(len(lengths) == 1, "pairs", "the five columns differ in length.")
        need(len(p) > 0, "pairs", "there are none, so nobody can meet.")
        for name, column in (("a", p.a), ("b", p.b)):
            wrong = np.flatnonzero((column < 0) | (column >= people))
            if len(wrong):
                raise ProblemError(
                    f"pairs[{wrong[0]}]",
                    f"{name} is {column[wrong[0]]}, but participants run from 0 to {people - 1}.",
                )
        for wrong, trouble in (
            (np.flatnonzero(p.a == p.b), "a participant cannot meet itself."),
            (np.flatnonzero(p.score < 0), "the score is negative."),
            (np.flatnonzero(p.score > LARGEST), f"the score is above {LARGEST}."),
        ):
            if len(wrong):
                raise ProblemError(f"pairs[{wrong[0]}]", trouble)
        unknown = set(p.language) - {None} - set(self.interpreters)
        if unknown:
            e = next(e for e, name in enumerate(p.language) if name in unknown)
            raise ProblemError(f"pairs[{e}]", f"language {p.language[e]!r} is not among the interpreters.")
        for e, allowed in enumerate(p.slots):
            if allowed is not None and not all(0 <= t < self.slots for t in allowed):
                raise ProblemError(f"pairs[{e}]", f"allowed slots run from 0 to {self.slots - 1}.")
        for n, (a, b) in enumerate(self.forbidden):
            need(0 <= a < people and 0 <= b < people, f"forbidden[{n}]", f"participants run from 0 to {people - 1}.")

    def _check_pins(self) -> None:
        pairs, count = self.pairs, len(self.pairs)
        banned = {frozenset(x) for x in self.forbidden}
        for n, e in enumerate(self.must):
            need(0 <= e < count, f"must[{n}]", f"pairs run from 0 to {count - 1}.")
        slot_of: dict[int, int] = {}
        for n, (e, t) in enumerate(self.fixed):
            place = f"fixed[{n}]"
            need(0 <= e < count, place, f"pairs run from 0 to {count - 1}.")
            need(0 <= t < self.slots, place, f"slots run from 0 to {self.slots - 1}.")
            need(slot_of.setdefault(e, t) == t, place, f"pair {e} is fixed to slot {slot_of[e]} as well.")
            allowed = pairs.slots[e]
            need(allowed is None or t in allowed, place, f"pair {e} is not allowed in slot {t}.")
            for v in (int(pairs.a[e]), int(pairs.b[e])):
                if not self.participants[v].capacity[t]:
                    raise PinError(place, f"participant {v} is away in slot {t}.", self._away(e, v))
        degree: defaultdict[int, list[int]] = defaultdict(list)
        for e in {*self.must, *slot_of}:
            ends = self.ends(e)
            need(frozenset(ends) not in banned, f"pairs[{e}]", "it is pinned and forbidden at once.")
            for v in ends:
                degree[v].append(e)
            capacity = [self.participants[v].capacity for v in ends]
            if not any(capacity[0][t] and capacity[1][t] for t in range(self.slots)):
                trouble = f"it is pinned, but participants {ends[0]} and {ends[1]} are never present together."
                raise PinError(f"pairs[{e}]", trouble, self._away(e, *ends))
        for v, mine in degree.items():
            most = self.participants[v].maximum
            if len(mine) > most:
                trouble = f"{len(mine)} meetings are pinned, above the maximum of {most}."
                pins = [Constraint("pin", pair=e) for e in sorted(mine)]
                raise PinError(f"participants[{v}]", trouble, [Constraint("maximum", v), *pins])

    def _away(self, pair: int, *people: int) -> list[Constraint]:
        """A pin, and when these people are there."""
        return [
            Constraint("pin", pair=pair),
            *(
                Constraint("capacity", v, slots=tuple(t for t, n in enumerate(self.participants[v].capacity) if n))
                for v in people
            ),
        ]

    def ends(self, pair: int) -> tuple[int, int]:
        """The two participants of a pair."""
        return int(self.pairs.a[pair]), int(self.pairs.b[pair])


@dataclass(frozen=True, slots=True)
class Timetable:
    """An answer.  `objective` and `bound` are in score units; nothing reaches more than `bound` (None: not known).

    proven: no timetable has a larger objective.  proven_idle: besides, none that equals it has fewer idle runs.
    seconds: stage -> wall time.  reasons: why high-valued pairs do not meet.  changes: against the previous
    timetable, when there was one.  prices: what one more of a scarce supply (a language, "free tables") in one slot
    is worth in score units.
    """

    meetings: tuple[Meeting, ...]
    objective: int
    bound: int | None
    proven: bool
    proven_idle: bool = False
    idle_runs: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    prices: Mapping[str, int] = field(default_factory=dict)
