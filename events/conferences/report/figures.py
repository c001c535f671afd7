"""The figures of a conference, read in a constant number of queries. A figure that nobody stated is not made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from companies.enums import Kind
from events.conferences import agenda, confirmations, queries, wishing
from events.conferences.choosing import queries as choosing
from events.conferences.choosing.enums import CandidateState
from events.conferences.day import queries as day
from events.conferences.enums import Side, VersionState
from events.conferences.models import Conference, Confirmation, TimetableVersion
from events.conferences.outcomes import queries as outcomes
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.outcomes.enums import OutcomeKind
from events.conferences.outcomes.models import Outcome
from events.enums import RegistrationState


@dataclass(frozen=True)
class Figures:
    """What the report says, in numbers. `quality`: of the published timetable, as the engine proved it."""

    kinds: Mapping[Kind, int]
    firms: int
    partners: int
    arrived: int
    candidates: Mapping[CandidateState, int]
    invited: Mapping[RegistrationState, int]
    wishes: Mapping[str, int]
    planned: int
    confirmed: int
    declined: int
    begun: int
    held: int
    disputed: int
    unanswered: int
    useful: int
    useful_to_both: int
    outcomes: Mapping[OutcomeKind, outcome_rules.Total]
    quality: Mapping[str, Any]
    version: TimetableVersion | None


@dataclass(frozen=True)
class Rows:
    """What stands behind the figures."""

    participants: Sequence[Any]
    candidates: Sequence[Any]
    meetings: Sequence[outcomes.Held]
    outcomes: Sequence[Outcome]
    arrivals: Mapping[int, Any]
    answers: Mapping[tuple[int, int], Any]
    declined: Sequence[Confirmation]


def rows(conference: Conference) -> Rows:
    """All rows behind the figures."""
    return Rows(
        participants=queries.roll(conference),
        candidates=choosing.decisions(conference),
        meetings=outcomes.held(conference),
        outcomes=outcomes.stated(conference),
        arrivals=day.arrivals(conference),
        answers=confirmations.said(conference),
        declined=list(confirmations.refusals(conference).values()),
    )


def figures(conference: Conference, found: Rows, *, at: Any) -> Figures:
    """The figures of these rows. Meetings that have not begun by `at` are neither held nor silent."""
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    begun = [m for m in found.meetings if m.meeting.begins_at <= at]
    both = [
        (found.answers.get(m.meeting.pair), found.answers.get(m.meeting.pair[::-1]))
        for m in found.meetings
    ]  # fmt: skip
    return Figures(
        kinds=Counter(p.kind for p in found.participants),
        firms=sum(p.side is Side.FIRM for p in found.participants),
        partners=sum(p.side is Side.PARTNER for p in found.participants),
        arrived=sum(p.id in found.arrivals for p in found.participants),
        candidates=Counter(c.state for c in found.candidates),
        invited=Counter(c.answer for c in found.candidates if c.invited_at and c.answer),
        wishes=wishing.wish_counts(conference),
        planned=len(found.meetings),
        confirmed=sum(all(row is not None and row.comes for row in pair) for pair in both),
        declined=len(found.declined),
        begun=len(begun),
        held=sum(m.held is True for m in begun),
        disputed=sum(m.disputed for m in begun),
        unanswered=sum(m.held is None and not m.disputed for m in begun),
        useful=sum(m.useful > 0 for m in begun if m.held),
        useful_to_both=sum(m.useful == 2 for m in begun if m.held),
        outcomes=outcome_rules.totals((o.participant_id, outcomes.counted(o)) for o in found.outcomes),
        quality=version.quality if version is not None else {},
        version=version,
    )
