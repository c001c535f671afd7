"""Rows become the engine's problems here, and its answers become rows: the one place with indices."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from events.conferences import demands, rules
from events.conferences.agenda import Line
from events.conferences.enums import Side, Wish
from events.conferences.models import Conference, Meeting, PairScores, Participant, Slot, Table
from matching.timetable.limits import Constraint
from matching.timetable.problem import Meeting as EngineMeeting
from matching.timetable.problem import Pairs, PinError, Problem, Timetable
from matching.timetable.problem import Participant as EngineParticipant
from matching.timetable.problem import Table as EngineTable
from matching.weights import GATES

SCALE = 10_000
SHORTFALL = 5 * SCALE  # a missing meeting of a minimum weighs more than any one meeting is worth (2.7)


# --- scores ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """Fit estimates of a conference: `fit` (n, m) in [0, 1], `gate` (n, m), 0 where the pair may meet."""

    firm_ids: tuple[int, ...]
    partner_ids: tuple[int, ...]
    fit: NDArray[np.float32]
    gate: NDArray[np.int8]

    @classmethod
    def of(cls, row: PairScores) -> Scores:
        """Read from the stored row."""
        shape = len(row.firm_ids), len(row.partner_ids)
        return cls(
            tuple(row.firm_ids),
            tuple(row.partner_ids),
            np.frombuffer(row.fit, np.float32).reshape(shape),
            np.frombuffer(row.gate, np.int8).reshape(shape),
        )

    def fits(self, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], float]:
        """(firm, partner) -> fit, of these pairs where they may meet."""
        rows = {key: n for n, key in enumerate(self.firm_ids)}
        columns = {key: n for n, key in enumerate(self.partner_ids)}
        known = [(f, p, rows[f], columns[p]) for f, p in pairs if f in rows and p in columns]
        return {(f, p): float(self.fit[i, j]) for f, p, i, j in known if not self.gate[i, j]}

    def fit_of(self, people: Container[int]) -> dict[tuple[int, int], float]:
        """(firm, partner) -> fit, for the pairs of these people that may meet: many, so whole arrays at once."""
        firms, partners = (np.array(keys, np.int64) for keys in (self.firm_ids, self.partner_ids))
        here, there = (np.array([key in people for key in x.tolist()], bool) for x in (firms, partners))
        i, j = np.nonzero((self.gate == 0) & here[:, None] & there)
        pairs = zip(firms[i].tolist(), partners[j].tolist(), strict=True)
        return dict(zip(pairs, self.fit[i, j].astype(float).tolist(), strict=True))

    def closed(self) -> dict[tuple[int, int], str]:
        """(firm, partner) -> the gate that keeps the pair from meeting."""
        return {
            (self.firm_ids[i], self.partner_ids[j]): GATES[self.gate[i, j]]
            for i, j in zip(*np.nonzero(self.gate), strict=True)
        }


# --- problems --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """Which row stands behind each of a problem's positions."""

    participants: tuple[int, ...]
    slots: tuple[int, ...]
    tables: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]  # (firm, partner)


@dataclass(frozen=True)
class Encoded(Keys):
    """A problem of the engine, and which row stands behind each of its positions."""

    problem: Problem
    pair_number: Mapping[tuple[int, int], int]

    def first_slot_after(self, moment: datetime | None, slots: Sequence[Slot]) -> int:
        """The position of the first meeting time that begins at that moment or later; 0 without one."""
        if moment is None:
            return 0
        begun = {s.id for s in slots if s.begins_at < moment}
        return sum(key in begun for key in self.slots)

    def engine_meeting(self, firm: int, partner: int, slot: int, table: int) -> EngineMeeting:
        """The row's meeting in the engine's terms. KeyError where the pair is not among those that may meet."""
        return EngineMeeting(self.pair_number[firm, partner], self._slot_number[slot], self._table_number[table])

    @cached_property
    def _slot_number(self) -> dict[int, int]:
        return {key: n for n, key in enumerate(self.slots)}

    @cached_property
    def _table_number(self) -> dict[int, int]:
        return {key: n for n, key in enumerate(self.tables)}

    def placed(self, m: Meeting | Line) -> EngineMeeting | None:
        """The row's meeting in the engine's terms; None where the pair may not meet now, or its table is gone."""
        if (m.firm_id, m.partner_id) not in self.pair_number or m.table_id not in self._table_number:
            return None
        return self.engine_meeting(m.firm_id, m.partner_id, m.slot_id, m.table_id)

    def rows(self, timetable: Timetable | Sequence[EngineMeeting]) -> list[tuple[int, int, int, int]]:
        """(firm, partner, slot, table) of every meeting, as ids."""
        meetings = timetable.meetings if isinstance(timetable, Timetable) else timetable
        return [(*self.pairs[m.pair], self.slots[m.slot], self.tables[m.table]) for m in meetings]


class LocksClash(Exception):
    """Locked meetings that cannot be kept, before there is a problem: `constraints` in terms of `keys`."""

    def __init__(self, keys: Keys, constraints: Sequence[Constraint]) -> None:
        super().__init__("locked meetings clash")
        self.keys, self.constraints = keys, constraints


WishMap = Mapping[tuple[int, int], Wish]


def problem_of(
    conference: Conference,
    participants: Sequence[Participant],
    scores: Scores,
    wishes: WishMap,
    locked: Collection[tuple[int, int, int]] = (),
    admitted: Collection[tuple[int, int]] = (),
) -> Encoded:
    """The conference as a problem. `wishes`: (who says, of whom) -> wish; `locked`: (firm, partner, slot).

    Pairs that are locked or `admitted` may meet even where gates or vetoes would not allow it (the organiser's word).
    Raise LocksClash where a lock cannot be kept as things are now.
    """
    people = sorted(participants, key=lambda p: (p.side is not Side.FIRM, p.id))
    index = {p.id: n for n, p in enumerate(people)}
    slots = sorted(conference.slots, key=lambda s: s.begins_at)
    slot_index = {s.id: n for n, s in enumerate(slots)}
    tables = sorted(conference.tables, key=lambda t: (t.position, t.id))
    values = _values(scores, index, wishes, {*admitted, *((f, p) for f, p, _ in locked)})
    pairs = tuple(values)
    number = {pair: n for n, pair in enumerate(pairs)}
    pinned = [(number[f, p], slot_index[s]) for f, p, s in locked if (f, p) in number and s in slot_index]
    ids = tuple(p.id for p in people), tuple(s.id for s in slots), tuple(t.id for t in tables)
    try:
        problem = Problem(
            slots=len(slots),
            participants=tuple(_person(conference, p, slot_index) for p in people),
            tables=tuple(_table(t, index, slot_index) for t in tables),
            pairs=Pairs.of(
                np.column_stack(
                    [
                        np.array([index[f] for f, _p in pairs], np.int64),
                        np.array([index[p] for _f, p in pairs], np.int64),
                        np.rint(SCALE * np.array(list(values.values()))).astype(np.int64),
                    ]
                ),
                language=languages_needed(conference, people, pairs),
            ),
            interpreters=_interpreters(conference, slot_index),
            fixed=tuple(pinned),
            blocks=tuple(slot_index[b.id] for a, b in pairwise(slots) if b.begins_block or a.day != b.day),
            score_scale=SCALE,
            shortfall_weight=SHORTFALL,
            name=str(conference.id),
        )
    except PinError as err:
        raise LocksClash(Keys(*ids, pairs), err.constraints) from err
    return Encoded(*ids, pairs, problem, number)


def _table(t: Table, index: Mapping[int, int], slot_index: Mapping[int, int]) -> EngineTable:
    return EngineTable(
        id=str(t.id),
        owner=index.get(t.owner_id) if t.owner_id is not None else None,
        seats=t.seats,
        closed=frozenset(slot_index[s] for s in t.closed_slots if s in slot_index),
        x=t.x,
        y=t.y,
    )


def languages_needed(
    conference: Conference, people: Sequence[Participant], pairs: Sequence[tuple[int, int]]
) -> dict[int, str]:
    """number of a pair -> the language in which it needs an interpreter of the conference."""
    offered = {row.language for row in conference.interpreters}
    if not offered:
        return {}
    spoken = {p.id: demands.languages_of(p.organisation) for p in people}
    interpreted = cache(lambda ours, theirs: rules.interpreted(ours, theirs, offered))  # few ways, many pairs
    needed = ((n, interpreted(spoken[f], spoken[p])) for n, (f, p) in enumerate(pairs))
    return {n: language for n, language in needed if language is not None}


def _interpreters(conference: Conference, slot_index: Mapping[int, int]) -> dict[str, tuple[int, ...]]:
    duty = {row.language: [0] * len(slot_index) for row in conference.interpreters}
    for row in conference.interpreters:
        for slot, n in slot_index.items():
            duty[row.language][n] += slot not in row.away_slots
    return {language: tuple(counts) for language, counts in duty.items()}


def _values(
    scores: Scores, index: Mapping[int, int], wishes: WishMap, admitted: Collection[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    """(firm, partner) -> worth, of the pairs that may meet. Most have no wish: these are worth their fit."""
    values = scores.fit_of(index)
    for firm, partner in {pair for who, other in wishes for pair in ((who, other), (other, who)) if pair in values}:
        said = wishes.get((firm, partner)), wishes.get((partner, firm))
        value = rules.pair_value(values[firm, partner], said)
        if value is None:
            del values[firm, partner]
        else:
            values[firm, partner] = value
    for pair in admitted:
        if pair[0] in index and pair[1] in index:
            values.setdefault(pair, 0.0)
    return values


def _person(conference: Conference, p: Participant, slot_index: Mapping[int, int]) -> EngineParticipant:
    away = {slot_index[s] for s in p.away_slots if s in slot_index}
    capacity = tuple(0 if t in away else p.delegates for t in range(len(slot_index)))
    low, high = demands.reachable_minimum(conference, p), demands.limits(conference, p)[1]
    return EngineParticipant(id=str(p.id), minimum=low, maximum=high, capacity=capacity, side=p.side.value)
