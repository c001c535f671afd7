"""Pairs whose earlier meeting may go on, by what both sides said of it, and where they stand in a conference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload

from companies.enums import Kind
from companies.models import Organisation
from core import clock
from core.db import session
from events.conferences.enums import Side
from events.conferences.models import Conference, Participant
from events.conferences.outcomes.enums import PROMISING, Label
from events.conferences.outcomes.models import MeetingReport
from events.conferences.past.models import PastMeeting
from events.enums import LIVE, RegistrationState
from events.models import Event, Registration


@dataclass
class Pair:
    """A firm and a partner who met: when last, what each says, and where each stands now (None: not invited)."""

    firm: Organisation
    partner: Organisation
    kind: Kind
    on: date
    labels: dict[Side, Label] = field(default_factory=dict)
    firm_state: RegistrationState | None = None
    partner_state: RegistrationState | None = None

    @property
    def both_come(self) -> bool:
        return {self.firm_state, self.partner_state} == {RegistrationState.CONFIRMED}


@dataclass
class _Met:
    on: date
    labels: dict[Side, Label]


def to_continue(conference: Conference, *, at: datetime) -> list[Pair]:
    """Pairs whose latest meeting one side calls promising and neither of no interest, the latest first.

    Of partners whose kind the conference is for: constant queries. For officers: each side's words are its own.
    """
    met: dict[tuple[int, int], _Met] = {}
    for pair, side, label, on in sorted([*_reported(conference, at), *_listed(at)], key=lambda row: row[3]):
        known = met.get(pair)
        if known is None or known.on < on:
            met[pair] = known = _Met(on, {})
        known.labels[side] = label
    good = {
        pair: m
        for pair, m in met.items()
        if PROMISING & set(m.labels.values()) and Label.NO_INTEREST not in m.labels.values()
    }
    return _with_rows(conference, good)


def _reported(conference: Conference, at: datetime) -> Iterator[tuple[tuple[int, int], Side, Label, date]]:
    """((firm, partner), who says, what, the conference's day) of the reports on other conferences."""
    mine, other = aliased(Participant), aliased(Participant)
    rows = session.execute(
        select(mine.organisation_id, other.organisation_id, mine.side, MeetingReport.label, Event.begins_at)
        .join(mine, mine.id == MeetingReport.participant_id)
        .join(other, other.id == MeetingReport.other_id)
        .join(Conference, Conference.id == MeetingReport.conference_id)
        .join(Event, Event.id == Conference.event_id)
        .where(
            MeetingReport.held.is_(True),
            MeetingReport.label.is_not(None),
            Conference.id != conference.id,
            Event.begins_at < at,
        )
    )
    for own, of, side, label, begins_at in rows:
        assert label is not None
        yield ((own, of) if side is Side.FIRM else (of, own)), side, label, clock.local(begins_at).date()


def _listed(at: datetime) -> Iterator[tuple[tuple[int, int], Side, Label, date]]:
    """The same of meetings that were taken over from lists, where the label is of the contact as a whole."""
    query = select(PastMeeting.firm_id, PastMeeting.partner_id, PastMeeting.label, PastMeeting.on)
    for firm, partner, label, on in session.execute(query.where(PastMeeting.label.is_not(None))):
        assert label is not None
        for side in Side:
            yield (firm, partner), side, label, on


def _with_rows(conference: Conference, good: dict[tuple[int, int], _Met]) -> list[Pair]:
    keys = {key for pair in good for key in pair}
    rows: dict[int, Organisation] = {
        o.id: o
        for o in session.scalars(
            select(Organisation).where(Organisation.id.in_(keys)).options(selectinload(Organisation.kind_rows))
        )
    }
    states = _states(conference, keys)
    found = []
    for (firm, partner), m in good.items():
        kind = next((k for k in rows[partner].kinds if k.value in conference.partner_kinds), None)
        if kind is not None and Kind.FIRM in rows[firm].kinds:
            now = states.get(firm), states.get(partner)
            found.append(Pair(rows[firm], rows[partner], kind, m.on, m.labels, *now))
    return sorted(found, key=lambda p: (p.both_come, -p.on.toordinal(), p.firm.sort_key or "", p.firm.id))


def _states(conference: Conference, keys: set[int]) -> dict[int | None, RegistrationState]:
    query = select(Registration.organisation_id, Registration.state).where(
        Registration.event_id == conference.event_id,
        Registration.organisation_id.in_(keys),
        Registration.state.in_(LIVE),
    )
    return dict(iter(session.execute(query)))
