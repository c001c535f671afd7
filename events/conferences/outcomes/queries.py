"""Named reads of reports and outcomes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.orm import aliased, joinedload

from companies.enums import Kind
from companies.models import Organisation
from core import clock
from core.access import Actor, visible
from core.db import session
from events.conferences import answers, history
from events.conferences import rules as conference_rules
from events.conferences.enums import Report, VersionState
from events.conferences.models import Conference, Meeting, Participant, Slot, TimetableVersion
from events.conferences.outcomes import rules
from events.conferences.outcomes.enums import PROMISING, Label
from events.conferences.outcomes.models import FollowUp, MeetingReport, Outcome
from events.enums import EventState
from events.models import Event

OneReport, OtherReport = aliased(MeetingReport), aliased(MeetingReport)
Reporter, Reported = aliased(Participant), aliased(Participant)


def outcomes_visible_to(actor: Actor) -> ColumnElement[bool]:
    """What a side states is its own; officers see it all, the other side does not."""
    if conference_rules.organise(actor):
        return true()
    mine = select(Participant.id).where(Participant.organisation_id.in_(actor.ties.get("organisation", frozenset())))
    return Outcome.participant_id.in_(mine)


visible(Outcome, outcomes_visible_to)


def reports_of(participant: Participant) -> dict[int, MeetingReport]:
    """other participant -> what this one says of their meeting."""
    rows = session.scalars(select(MeetingReport).where(MeetingReport.participant_id == participant.id))
    return {row.other_id: row for row in rows}


def report(participant: Participant, other: Participant) -> MeetingReport | None:
    """What one says of its meeting with another."""
    return session.scalars(
        select(MeetingReport).where(
            MeetingReport.participant_id == participant.id, MeetingReport.other_id == other.id
        )
    ).one_or_none()


@answers.register_reports
def reports_to_learn_from(conferences: Collection[int]) -> Mapping[tuple[int, int], Report]:
    """(who says, of whom) -> what its report on their meeting comes to."""
    rows = session.execute(
        select(MeetingReport.participant_id, MeetingReport.other_id, MeetingReport.held, MeetingReport.useful).where(
            MeetingReport.conference_id.in_(conferences), MeetingReport.held.is_not(None)
        )
    )
    return {(mine, other): rules.as_answer(held=held, useful=useful) for mine, other, held, useful in rows}


@history.register_not_held
def both_say_not_held(one: Any, other: Any) -> ColumnElement[bool]:
    """Of two columns of participants' ids: both sides reported that their meeting was not held."""

    def says(row: Any, who: Any, of: Any) -> ColumnElement[bool]:
        return exists().where(row.participant_id == who, row.other_id == of, row.held.is_(False))

    return and_(says(OneReport, one, other), says(OtherReport, other, one))


@history.register_wanted_again
def promising(*, apart_from: int, within: Select[Any], of: int | None) -> Iterator[Select[int, int]]:
    """(whose word, of whom): the latest word of each on their meetings, where it is a promising one."""
    own, whom = Reporter.organisation_id, Reported.organisation_id
    newest = func.row_number().over(
        partition_by=(own, whom), order_by=(MeetingReport.at.desc(), MeetingReport.id.desc())
    )
    words = (
        select(own.label("own"), whom.label("whom"), MeetingReport.label, newest.label("place"))
        .join(Reporter, Reporter.id == MeetingReport.participant_id)
        .join(Reported, Reported.id == MeetingReport.other_id)
        .where(
            MeetingReport.held.is_(True),
            MeetingReport.label.is_not(None),
            MeetingReport.conference_id != apart_from,
            own.in_(within),
            whom.in_(within),
        )
    )
    word = (words if of is None else words.where(own == of)).subquery().c
    yield select(word.own, word.whom).where(word.place == 1, word.label.in_(PROMISING))


def outcomes_of(participant: Participant) -> Sequence[Outcome]:
    """What a participant states came of its meetings, the latest first; what it took back is left out."""
    return session.scalars(
        select(Outcome)
        .where(Outcome.participant_id == participant.id, Outcome.withdrawn_at.is_(None))
        .options(joinedload(Outcome.evidence), joinedload(Outcome.other).joinedload(Participant.organisation))
        .order_by(Outcome.on.desc(), Outcome.id.desc())
    ).all()


@dataclass(frozen=True)
class Party:
    """One of the two of a meeting, as a plain row that has a name."""

    id: int
    kind: Kind
    name_vi: str | None
    name_en: str | None
    name_original: str | None
    original_language: str | None


@dataclass(frozen=True)
class Met:
    """A meeting of the published timetable: when it begins, and who meets."""

    begins_at: datetime
    firm: Party
    partner: Party

    @property
    def pair(self) -> tuple[int, int]:
        return self.firm.id, self.partner.id


@dataclass(frozen=True)
class Word:
    """What one of them says of it."""

    held: bool | None
    useful: bool | None
    label: Label | None


@dataclass(frozen=True)
class Held(rules.BothSay):
    """A meeting of the published timetable with what both sides say of it."""

    meeting: Met
    firm: Word | None
    partner: Word | None

    @property
    def words(self) -> tuple[Word | None, Word | None]:
        return self.firm, self.partner

    def silent(self) -> list[Party]:
        """Who has not said whether it was held."""
        sides = ((self.meeting.firm, self.firm), (self.meeting.partner, self.partner))
        return [who for who, said in sides if said is None or said.held is None]


def held(conference: Conference) -> list[Held]:
    """Every published meeting of a conference with both reports, in order of time: three queries."""
    return held_in([conference.id])


def held_in(conferences: Collection[int]) -> list[Held]:
    """The same of several conferences, still three queries."""
    meetings = session.execute(
        select(Slot.begins_at, Meeting.firm_id, Meeting.partner_id)
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(
            TimetableVersion.conference_id.in_(conferences),
            TimetableVersion.state == VersionState.PUBLISHED,
        )
        .order_by(Slot.begins_at, Meeting.id)
    ).all()
    sides, said = _sides(conferences), _reports(conferences)
    return [
        Held(Met(begins_at, sides[firm], sides[partner]), said.get((firm, partner)), said.get((partner, firm)))
        for begins_at, firm, partner in meetings
    ]


def _sides(conferences: Collection[int]) -> dict[int, Party]:
    o = Organisation
    rows = session.execute(
        select(Participant.id, Participant.kind, o.name_vi, o.name_en, o.name_original, o.original_language)
        .join(o, o.id == Participant.organisation_id)
        .where(Participant.conference_id.in_(conferences))
    )
    return {row.id: Party(*row) for row in rows}


def _reports(conferences: Collection[int]) -> dict[tuple[int, int], Word]:
    r = MeetingReport
    rows = session.execute(
        select(r.participant_id, r.other_id, r.held, r.useful, r.label).where(r.conference_id.in_(conferences))
    )
    return {(row.participant_id, row.other_id): Word(row.held, row.useful, row.label) for row in rows}


def stated(conference: Conference) -> Sequence[Outcome]:
    """All outcomes of a conference that were not taken back, the latest first."""
    return stated_in([conference.id])


def stated_in(conferences: Collection[int]) -> Sequence[Outcome]:
    """The same of several conferences: one query."""
    return session.scalars(
        select(Outcome)
        .where(Outcome.conference_id.in_(conferences), Outcome.withdrawn_at.is_(None))
        .options(
            joinedload(Outcome.participant).joinedload(Participant.organisation),
            joinedload(Outcome.other).joinedload(Participant.organisation),
            joinedload(Outcome.evidence),
        )
        .order_by(Outcome.on.desc(), Outcome.id.desc())
    ).all()


def counted(o: Outcome) -> rules.Stated:
    """An outcome as totals count it."""
    pair = (min(o.participant_id, o.other_id), max(o.participant_id, o.other_id))
    return rules.Stated(pair, o.kind, o.on, o.amount, o.currency, o.people)


def follow_up(participant: Participant, months: int) -> FollowUp | None:
    """That a participant was asked at that time."""
    return session.scalars(
        select(FollowUp).where(FollowUp.participant_id == participant.id, FollowUp.months == months)
    ).one_or_none()


def asked(conference: Conference) -> Sequence[FollowUp]:
    """Who of a conference was asked again, and who answered."""
    return session.scalars(select(FollowUp).join(Participant).where(Participant.conference_id == conference.id)).all()


def conferences_to_ask(at: datetime) -> Sequence[Conference]:
    """Conferences that ended long enough ago, and not too long ago, for the latest question."""
    oldest = at - timedelta(days=31 * (max(rules.MONTHS) + 3))
    return session.scalars(
        select(Conference)
        .join(Event)
        .where(Event.ends_at.between(oldest, at), Event.state.in_((EventState.PUBLISHED, EventState.DONE)))
    ).all()


def still_open(conference: Conference) -> dict[int, list[int]]:
    """participant -> those whom it met and of whose meeting something may still come, by its own words."""
    found: dict[int, list[int]] = {}
    for row in held_in([conference.id]):
        for who, other, said in (
            (row.meeting.firm, row.meeting.partner, row.firm),
            (row.meeting.partner, row.meeting.firm, row.partner),
        ):
            held, label = (said.held, said.label) if said else (None, None)
            if rules.worth_asking(held=held, label=label) and row.held is not False:
                found.setdefault(who.id, []).append(other.id)
    return found


def ended_on(conference: Conference) -> date:
    """The last day of a conference, in Hanoi."""
    return clock.local(conference.event.ends_at).date()
