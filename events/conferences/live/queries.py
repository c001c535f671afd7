"""What the page of the hall shows, in a constant number of queries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from events.conferences.day import operations as day
from events.conferences.day import queries as day_queries
from events.conferences.day import rules as day_rules
from events.conferences.day.enums import FallsOut
from events.conferences.day.presence import Hall
from events.conferences.models import Meeting, Participant, Table
from events.conferences.outcomes import queries as outcomes


class Presence(StrEnum):
    """Where a participant is, as far as the door knows."""

    THERE = "there"
    EXPECTED = "expected"
    GONE = "gone"


@dataclass(frozen=True)
class Card:
    """One table at one time. `held`: what is known from both sides; `longer`: how many times more it takes."""

    meeting: Meeting
    firm: Presence
    partner: Presence
    why: FallsOut | None
    held: bool | None
    longer: int

    @property
    def seats(self) -> tuple[tuple[Participant, Presence], tuple[Participant, Presence]]:
        """Who should sit there, and whether it is there."""
        return (self.meeting.firm, self.firm), (self.meeting.partner, self.partner)

    @property
    def troubled(self) -> bool:
        """Whether somebody has to look: it falls out, or a seat is empty; what was said to be held or not is done."""
        empty = {self.firm, self.partner} != {Presence.THERE}
        return self.held is None and (self.why is not None or empty)


@dataclass(frozen=True)
class Board:
    """The present and the next time."""

    now: day_rules.Time | None
    following: day_rules.Time | None
    running: Sequence[Card]
    coming: Sequence[Card]
    free: Sequence[Table]

    @property
    def missing(self) -> int:
        """How many seats of the present time are empty."""
        return sum(state is not Presence.THERE for c in self.running if not c.why for _who, state in c.seats)

    def mark(self, *more: Any) -> str:
        """An entity tag: the same as long as the page shows the same."""
        cards = [
            (c.meeting.id, c.meeting.table.label, c.firm, c.partner, c.why, c.held, c.longer)
            for c in (*self.running, *self.coming)
        ]
        shown = self.now, self.following, cards, [t.label for t in self.free], more
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def board(hall: Hall) -> Board:
    """The tables of now and next."""
    conference = hall.conference
    times = day.times_of(conference)
    going_on = day_rules.on_now(times, at=hall.at)
    _now, following = day_rules.now_and_next(times, at=hall.at)
    longer = day_queries.longer(conference)
    said = {row.meeting.pair: row.held for row in outcomes.held(conference)}

    def card(m: Meeting) -> Card:
        return Card(m, _state(hall, m, m.firm), _state(hall, m, m.partner), hall.falls_out(m), said.get(m.pair),
                    longer.get(m.pair, 0))  # fmt: skip

    running = day_queries.running(hall.meetings, times, going_on, longer)
    coming = [m for m in hall.meetings if following is not None and m.slot_id == following.id]
    taken = {m.table_id for m in running if hall.falls_out(m) is None}
    return Board(
        going_on,
        following,
        [card(m) for m in running],
        [card(m) for m in coming],
        [t for t in conference.tables if t.id not in taken] if going_on else [],
    )


def _state(hall: Hall, m: Meeting, participant: Participant) -> Presence:
    if hall.is_there(participant):
        return Presence.THERE
    return Presence.EXPECTED if hall.can_come(participant, m.slot) else Presence.GONE
