"""A conference of last season with invented answers, so that there is something to have learnt from.

Firms and suppliers wish for each other where they share a language, far more than the weights set by hand say; firms
and universities as it happens. A version is learnt for either kind and shown beside the weights set by hand: for
suppliers a common language weighs about half as much again. From so few answers neither is better on those held out,
so that the weights set by hand go on counting; the page says so, and an officer may choose otherwise.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from accounts.models import User
from companies.enums import Kind
from core import clock
from core.db import session, write
from demo import aftermath
from demo.events import demo_organisations
from demo.people import by_id
from events import operations as events
from events.conferences import learning, operations, positions, rules, suggestions
from events.conferences.enums import Side, Wish
from events.conferences.models import Participant, Suggestion, WishRow
from events.details import Details, Schedule
from events.enums import EventKind

KINDS = (Kind.TECHNOLOGY_SUPPLIER, Kind.UNIVERSITY)
DAYS_AGO = 75
MOST_FIRMS = 40
READ = 12  # lines of each list that were looked at
TEXTS: dict[str, Any] = {
    "title_vi": "Hội nghị kết nối công nghệ mùa trước (câu trả lời giả định)",
    "title_en": "Last season's technology matching (invented answers)",
}

CRITERIA: dict[str, Any] = {
    "criteria_vi": "Doanh nghiệp có nhu cầu đổi mới công nghệ, thiết bị hoặc bài toán kỹ thuật cụ thể (giả định).",
    "criteria_en": "Firms that need new technology or equipment, or state a technical problem (invented).",
}


def load(officer: int) -> None:
    """The conference, its lists, what was shown and said, what is learnt from it, and what came of it."""
    then = clock.now() - timedelta(days=DAYS_AGO)
    with write():
        key = _conference(by_id(officer), then)
    suggestions.refresh(key)
    with write():
        _answers(key, officer, then)
    for kind in KINDS:
        learning.learn(kind, at=clock.now())
    aftermath.load(key, officer, then)


def _conference(by: User, then: datetime) -> int:
    begins = then.replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=14)
    stretch = rules.Session(begins, begins + timedelta(hours=3))
    schedule = Schedule(begins_at=begins, ends_at=stretch.ends_at)
    event = events.create(EventKind.CONFERENCE, Details(**TEXTS), schedule, by=by, at=then)
    events.publish(event, by=by, at=then)
    conference = operations.set_up(event, operations.Setup(KINDS, [stretch], **CRITERIA), by=by, at=then)
    firms = 0
    for _key, organisation in demo_organisations():
        kind = next((k for k in (Kind.FIRM, *KINDS) if k in organisation.kinds), None)
        firms += kind is Kind.FIRM
        if kind in KINDS or (kind is not None and firms <= MOST_FIRMS):
            side = Side.FIRM if kind is Kind.FIRM else Side.PARTNER
            operations.join(conference, organisation, side, kind, by=by, at=then, on_behalf=True)
    return conference.id


def _answers(conference_id: int, officer: int, then: datetime) -> None:
    """Everybody reads the first lines of the list, and says yes, no, or nothing."""
    dice, day = random.Random(7), clock.local(then).date()
    people = {p.id: p for p in session.scalars(select(Participant).where(Participant.conference_id == conference_id))}
    shown: dict[int, dict[int, int]] = {}
    asked: dict[tuple[int, int], float] = {}
    rows = session.scalars(
        select(Suggestion)
        .where(Suggestion.conference_id == conference_id, Suggestion.rank <= READ)
        .order_by(Suggestion.participant_id, Suggestion.rank)
    )
    for row in rows:
        shown.setdefault(row.participant_id, {})[row.other_id] = row.rank
        mine, other = people[row.participant_id], people[row.other_id]
        pair = (mine.id, other.id) if mine.side is Side.FIRM else (other.id, mine.id)
        asked[pair] = _liking(row.scorer_values) if KINDS[0] in (mine.kind, other.kind) else 0.3
    for pair, liking in asked.items():
        said = Wish.YES if dice.random() < liking else Wish.NO if dice.random() < 0.2 else None
        for one, another in (pair, pair[::-1]):
            if said is not None and dice.random() < 0.85:
                session.add(
                    WishRow(
                        conference_id=conference_id,
                        participant_id=one,
                        other_id=another,
                        wish=said,
                        at=then,
                        by_id=officer,
                    )
                )
    for participant_id, ranks in shown.items():
        positions.record(people[participant_id], ranks, on=day)


def _liking(values: Mapping[str, float | None]) -> float:
    """The chance that two invented sides like each other: those with a common language, and then by the texts."""
    language, text = values["languages"] or 0.0, values["text"] or 0.0
    return 1 / (1 + math.exp(5.5 - 4 * language - 9 * text))
