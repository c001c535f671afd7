"""Named reads: who offered itself, and for each meeting that falls out now or next, who could take its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.db import session
from events.conferences import agenda, demands, history, ranked_lists, wishing
from events.conferences.day.enums import FallsOut
from events.conferences.day.presence import Hall
from events.conferences.encoding import Scores
from events.conferences.enums import Side, Wish
from events.conferences.models import Conference, Meeting, Participant, Slot, Table
from events.conferences.standby import rules
from events.conferences.standby.models import StandbyOffer


def offer_of(participant: Participant) -> StandbyOffer | None:
    """Its offer to take a time that becomes free."""
    return session.scalars(select(StandbyOffer).where(StandbyOffer.participant_id == participant.id)).one_or_none()


def offers(conference: Conference) -> frozenset[int]:
    """The participants who offered themselves."""
    return frozenset(
        session.scalars(
            select(StandbyOffer.participant_id)
            .join(Participant, Participant.id == StandbyOffer.participant_id)
            .where(Participant.conference_id == conference.id)
        )
    )


@dataclass(frozen=True)
class Chance:
    """Two who could take a freed time, and at which table.

    `instead`: the meetings that make way, none of which can be held: the one that falls out, what the two have at
    that time, and a later meeting of the two, which moves here.
    """

    pair: rules.Pair
    firm: Participant
    partner: Participant
    table: Table
    instead: Sequence[Meeting]


@dataclass(frozen=True)
class Opening:
    """A meeting that falls out: why, who of the two is left alone in the hall, and who could take the time."""

    meeting: Meeting
    why: FallsOut
    left: Sequence[Participant]
    chances: Sequence[Chance]


@dataclass(frozen=True)
class Known:
    """What is known of all pairs: wishes, fits, who met before, who offered itself."""

    said: Mapping[tuple[int, int], Wish]
    fit: Callable[[int, int], float | None]
    met: Mapping[tuple[int, int], date]
    offered: Collection[int]

    def pair(self, firm: Participant, partner: Participant) -> rules.Pair | None:
        """The pair for the ranking; None where the engine keeps the two apart."""
        fit = self.fit(firm.id, partner.id)
        if fit is None:
            return None
        return rules.Pair(
            firm.id,
            partner.id,
            fit,
            (self.said.get((firm.id, partner.id)), self.said.get((partner.id, firm.id))),
            sum(p.id in self.offered for p in (firm, partner)),
            (firm.organisation_id, partner.organisation_id) in self.met,
        )


def known(hall: Hall) -> Known:
    """Read what is known of the pairs of a conference: a constant number of queries."""
    conference = hall.conference
    return Known(
        wishing.wishes(conference),
        _fits(conference),
        history.met_before(conference, at=hall.at),
        offers(conference),
    )


def _fits(conference: Conference) -> Callable[[int, int], float | None]:
    row = ranked_lists.scores(conference)
    if row is None:
        return lambda firm, partner: None
    scores = Scores.of(row)
    rows = {key: n for n, key in enumerate(scores.firm_ids)}
    columns = {key: n for n, key in enumerate(scores.partner_ids)}

    def fit(firm: int, partner: int) -> float | None:
        i, j = rows.get(firm), columns.get(partner)
        return None if i is None or j is None or scores.gate[i, j] else float(scores.fit[i, j])

    return fit


def openings(hall: Hall) -> list[Opening]:
    """The meetings that fall out now or next and whose time can still be taken, with who could."""
    ahead = [s for s in hall.conference.slots if s.ends_at > hall.at][:2]
    slots = {s.id for s in ahead if rules.can_be_taken(begins_at=s.begins_at, ends_at=s.ends_at, at=hall.at)}
    fallen = [(m, why) for m in hall.meetings if m.slot_id in slots and (why := hall.falls_out(m)) is not None]
    fallen += _dropped(hall, slots)
    if not fallen:
        return []
    what, places = known(hall), {slot.id: _Free(hall, slot) for slot in ahead}
    found = [_opening(m, why, places[m.slot_id], what) for m, why in fallen]
    return [o for o in found if o.left or o.meeting.version_id == hall.meetings[0].version_id]


def cannot_be_held(hall: Hall) -> list[Meeting]:
    """The meetings of the published timetable that are not over and that something stands in the way of."""
    return [m for m in hall.meetings if m.slot.ends_at > hall.at and hall.falls_out(m) is not None]


def _dropped(hall: Hall, slots: Collection[int]) -> list[tuple[Meeting, FallsOut]]:
    """Meetings of these times that an earlier published timetable held and this one does not.

    Their time is free, too, as long as one of the two is left alone.
    """
    known = {m.pair for m in hall.meetings}
    found = []
    for m in agenda.dropped(hall.conference, slots) if slots and hall.meetings else ():
        if m.pair not in known:
            known.add(m.pair)
            found.append((m, hall.falls_out(m) or FallsOut.DROPPED))
    return found


class _Free:
    """Who and what is free at one time."""

    def __init__(self, hall: Hall, slot: Slot) -> None:
        self.hall, self.slot, self._taken = hall, slot, hall.taken(slot)
        counts = _meetings_of(hall)
        self.people = {
            p.id: p
            for p in hall.people.values()
            if hall.is_there(p)
            and hall.can_come(p, slot)
            and self._taken["p", p.id] < p.delegates
            and counts.get(p.id, 0) < demands.limits(hall.conference, p)[1]
        }
        self.paired = {
            m.pair for m in hall.meetings if hall.falls_out(m) is None or m.slot.begins_at < slot.begins_at
        }
        self.fallen = cannot_be_held(hall)
        self._planned = Counter(m.table_id for m in hall.meetings if m.slot_id == slot.id)

    def instead(self, freed: Meeting, firm: Participant, partner: Participant) -> list[Meeting]:
        """The meetings that make way when these two take the freed time."""
        two = {firm.id, partner.id}
        return [
            m
            for m in self.fallen
            if m.id == freed.id
            or m.pair == (firm.id, partner.id)
            or (m.slot_id == freed.slot_id and two & set(m.pair))
        ]

    def table_for(
        self, firm: Participant, partner: Participant, first: Table, instead: Sequence[Meeting]
    ) -> Table | None:
        """A table that is free and right for the two: that one if it can be, else the partner's own, else any.

        Where a meeting of others stays that cannot be held, the table is not given away.
        """
        off = Counter(m.table_id for m in instead if m.slot_id == self.slot.id)
        right = [t for t in (first, *self.hall.conference.tables) if t.owner_id in (None, firm.id, partner.id)]
        right.sort(key=lambda t: (t is not first, t.owner_id is None))
        return next(
            (
                t
                for t in right
                if self.hall.usable(t, self.slot)
                and self._taken["t", t.id] < t.seats
                and self._planned[t.id] - off[t.id] < t.seats
            ),
            None,
        )


def _meetings_of(hall: Hall) -> dict[int, int]:
    counts: dict[int, int] = {}
    for m in hall.meetings:
        if hall.falls_out(m) is None:
            for key in m.pair:
                counts[key] = counts.get(key, 0) + 1
    return counts


def _opening(m: Meeting, why: FallsOut, free: _Free, what: Known) -> Opening:
    left = [p for p in (m.firm, m.partner) if p.id in free.people]
    pairs = []
    for firm, partner in _candidates(free, {p.id for p in left}):
        pair = what.pair(firm, partner) if (firm.id, partner.id) not in free.paired else None
        if pair is not None and (firm.id, partner.id) not in free.hall.declined:
            pairs.append(pair)
    chances = []
    for pair in rules.ranked(pairs, limit=3 * rules.SHOWN):
        firm, partner = free.people[pair.firm], free.people[pair.partner]
        instead = free.instead(m, firm, partner)
        table = free.table_for(firm, partner, m.table, instead)
        if table is not None and (left or table is m.table):  # nobody waits: the table itself is what is given away
            chances.append(Chance(pair, firm, partner, table, instead))
    return Opening(m, why, left, chances[: rules.SHOWN])


def _candidates(free: _Free, left: set[int]) -> Iterator[tuple[Participant, Participant]]:
    """Pairs with somebody who is left alone; where nobody is, all pairs that are free."""
    firms = [p for p in free.people.values() if p.side is Side.FIRM]
    partners = [p for p in free.people.values() if p.side is Side.PARTNER]
    for firm in firms:
        for partner in partners:
            if not left or firm.id in left or partner.id in left:
                yield firm, partner
