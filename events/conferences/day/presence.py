"""The hall at a moment: who is there, who can come when, and which meetings fall out. Read in a constant number of
queries, and asked by the pages of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.conferences import agenda, confirmations, overruns
from events.conferences import queries as conference_queries
from events.conferences.day import queries
from events.conferences.day.enums import FallsOut, Trouble
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Meeting, Participant, Slot, Table, TimetableVersion

GONE = frozenset({Trouble.ABSENT, Trouble.LATE, Trouble.LEFT})


@dataclass(frozen=True)
class Hall:
    """`there`: who is in the hall. `gone`: who was reported not to be, and did not come since. `lost`: tables.

    `busy`: (participant or table, time) -> meetings before that time which last into it.
    """

    conference: Conference
    at: datetime
    published: TimetableVersion | None
    meetings: Sequence[Meeting]
    people: Mapping[int, Participant]
    there: frozenset[int]
    gone: frozenset[int]
    lost: frozenset[int]
    declined: frozenset[tuple[int, int]]
    displaced: frozenset[tuple[int, int]]
    busy: Counter[tuple[str, int, int]]

    def running(self, slot: Slot) -> bool:
        """Whether it is the time that runs now."""
        return slot.begins_at <= self.at < slot.ends_at

    def can_come(self, participant: Participant, slot: Slot) -> bool:
        """Whether nothing says that it is elsewhere at that time."""
        if slot.id in participant.away_slots or participant.id not in self.people:
            return False
        return not (self.running(slot) and participant.id in self.gone)

    def usable(self, table: Table, slot: Slot) -> bool:
        """Whether a table can be used at that time."""
        return slot.id not in table.closed_slots and not (self.running(slot) and table.id in self.lost)

    def falls_out(self, m: Meeting) -> FallsOut | None:
        """Why a meeting cannot be held; None if nothing stands in its way."""
        if m.pair in self.declined:
            return FallsOut.DECLINED
        if not (self.can_come(m.firm, m.slot) and self.can_come(m.partner, m.slot)):
            return FallsOut.AWAY
        if not self.usable(m.table, m.slot):
            return FallsOut.TABLE
        return FallsOut.DISPLACED if m.pair in self.displaced else None

    def held_at(self, slot: Slot) -> list[Meeting]:
        """The meetings of a time that do not fall out."""
        return [m for m in self.meetings if m.slot_id == slot.id and self.falls_out(m) is None]

    def taken(self, slot: Slot) -> Counter[tuple[str, int]]:
        """How many meetings each participant ("p") and table ("t") has at a time."""
        found = Counter({(what, key): n for (what, key, at), n in self.busy.items() if at == slot.id})
        for m in self.held_at(slot):
            found.update((("p", m.firm_id), ("p", m.partner_id), ("t", m.table_id)))
        return found

    def is_there(self, participant: Participant) -> bool:
        """Whether a participant is in the hall."""
        return participant.id in self.there and participant.id not in self.gone


def hall(conference: Conference, *, at: datetime) -> Hall:
    """The hall now."""
    published = agenda.version_in(conference, VersionState.PUBLISHED)
    arrivals, reported = queries.arrivals(conference), queries.troubles(conference)
    came = {key: arrived for key, (arrived, left) in arrivals.items() if arrived is not None and left is None}
    since = {t.participant_id: t.at for t in reversed(reported) if t.kind in GONE and t.participant_id is not None}
    return Hall(
        conference=conference,
        at=at,
        published=published,
        meetings=agenda.meetings(published) if published is not None else (),
        people={p.id: p for p in conference_queries.all_participants(conference)},
        there=frozenset(came),
        gone=frozenset(key for key, reported_at in since.items() if key not in came or came[key] <= reported_at),
        lost=frozenset(t.table_id for t in reported if t.kind is Trouble.TABLE and t.table_id is not None),
        declined=frozenset(confirmations.declined(conference)),
        displaced=frozenset(overruns.displaced(conference)),
        busy=_busy(conference),
    )


def _busy(conference: Conference) -> Counter[tuple[str, int, int]]:
    slots = [s.id for s in conference.slots]
    found: Counter[tuple[str, int, int]] = Counter()
    for m, number in overruns.lasting(conference):
        place = slots.index(m.slot_id)
        for slot in slots[place + 1 : place + 1 + number]:
            found.update((("p", m.firm_id, slot), ("p", m.partner_id, slot), ("t", m.table_id, slot)))
    return found
