"""Computes the demo conference before one's eyes: suggestions, invented wishes, the timetable, published."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import select

from core import clock
from core.db import get, session, write
from demo.people import by_id
from events.conferences import operations, queries, suggestions, timetable
from events.conferences.enums import Side, Wish
from events.conferences.models import Conference, Participant, Suggestion, TimetableVersion


def shown() -> Conference:
    """The conference of the demo that has participants and is to come: the first one made."""
    query = select(Conference).join(Participant).group_by(Conference.id).order_by(Conference.id).limit(1)
    return session.scalars(query).one()


def compute(officer: int) -> None:
    """Everything that an officer would click, with progress and a summary."""
    key, began = shown().id, time.perf_counter()
    print("  Suggestions: comparing needs with offers in both directions …", end="", flush=True)
    lines = suggestions.refresh(key)
    print(f" {lines} lines, {time.perf_counter() - began:.1f} s")
    with write():
        wished = _wish(key, officer, at=clock.now())
    print(f"  Wishes (invented): {wished}")
    version = timetable.generate(key, by=officer, progress=_progress)
    print("\r" + " " * 70, end="\r")
    _summary(version)
    with write():
        timetable.publish(version, by=by_id(officer), at=clock.now())


def _progress(stage: str, value: int | None, bound: int | None) -> None:
    share = f"{value / bound:.2%} of the best possible value" if value and bound else ""
    print(f"\r  Timetable: {stage} {share:50}", end="", flush=True)


def _wish(conference_id: int, officer: int, *, at: datetime) -> int:
    """Each firm says yes to the top of its list and no to one further down; partners answer by their own list."""
    by = by_id(officer)
    conference = get(Conference, conference_id)
    assert conference is not None
    people = {p.id: p for p in queries.all_participants(conference)}
    ranked = session.execute(
        select(Suggestion.participant_id, Suggestion.other_id, Suggestion.rank)
        .where(Suggestion.conference_id == conference_id)
        .order_by(Suggestion.participant_id, Suggestion.rank)
    ).all()
    rank = {(a, b): n for a, b, n in ranked}
    said = 0
    for (a, b), n in rank.items():
        firm = people[a].side is Side.FIRM
        if n <= (4 if firm else 5):
            wish = Wish.MUST if n == 1 and a % 3 == 0 else Wish.YES
        elif firm and n == 12 and a % 4 == 0:
            wish = Wish.NO
        else:
            continue
        operations.wish(people[a], people[b], wish, by=by, at=at, on_behalf=True)
        said += 1
    return said


def _summary(version: TimetableVersion) -> None:
    q = version.quality
    share = f"{q['share']:.2%} of the best possible value" if q["share"] else "no bound"
    proven = " (proven the best)" if q["proven"] else ""
    print(
        f"  Timetable: {q['meetings']} meetings, {share}{proven}, {len(q['under_minimum'])} participants below their "
        f"minimum, {q['idle_runs']} waits, {q['seconds']:.1f} s"
    )
