"""What members are asked by mail, each question once: what is due is computed from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from core import audit, clock
from core.db import lock, session, write
from core.timers import timer
from events.conferences.delegations import notices, queries, visited, waiting
from events.conferences.delegations.enums import Question
from events.conferences.delegations.models import Delegation, VisitQuestion
from events.conferences.outcomes import rules as outcome_rules
from events.models import Event, Registration


@timer("wishes of delegations", seconds=3600)
def ask_wishes(at: datetime) -> None:
    """Remind members that have said nothing, when their wishes close within three days."""
    if waiting.to_remind(at):
        with write():
            by_event: dict[int, list[Registration]] = defaultdict(list)
            for member in waiting.to_remind(at):
                by_event[member.event_id].append(member)
            for event_id, members in by_event.items():
                _remind(session.get_one(Delegation, event_id), members, by="job:delegations", at=at)


def remind_silent(delegation: Delegation, *, by: Any, at: datetime) -> int:
    """The same by hand, whenever the officer wants it; return how many mails."""
    lock(Event, delegation.event_id)
    return _remind(delegation, queries.silent(delegation.event), by=by, at=at)


def _remind(delegation: Delegation, members: Iterable[Registration], *, by: Any, at: datetime) -> int:
    keys = {member.id for member in members}
    note_asked(keys, Question.WISHES, at)
    audit.record("delegation.remind", delegation.event, by=by, at=at, members=len(keys))
    return notices.ask_wishes(delegation, keys, at=at)


def note_asked(keys: Iterable[int], about: Question, at: datetime) -> None:
    """Write down that these members were asked; asked again, the later time counts."""
    known = queries.asked(keys, about)
    for key in sorted(keys):
        if key in known:
            known[key].asked_at = at
        else:
            session.add(VisitQuestion(registration_id=key, about=about, asked_at=at))
    session.flush()


MONTHS = {Question.VISITS: 0, Question.AFTER_3: 3, Question.AFTER_6: 6}


@timer("what came of delegations", seconds=3600, period="day")
def ask_again(at: datetime) -> None:
    """Ask both sides how the visits were, soon after the delegation, and what came of them after 3 and 6 months."""
    today = clock.local(at).date()
    for event in queries.over(since=at - timedelta(days=31 * (max(MONTHS.values()) + 3)), at=at):
        ended = clock.local(event.ends_at).date()
        for about, months in MONTHS.items():
            soon = waiting.REPORTED_WITHIN <= at - event.ends_at < waiting.LOOKED_AT
            if outcome_rules.due(ended_on=ended, months=months, on=today) if months else soon:
                _ask_members(event, about, at)
                _ask_hosts(event, about, at)


def _ask_members(event: Event, about: Question, at: datetime) -> None:
    """Ask those who were not asked yet; right after the delegation only those who said nothing."""
    with write():
        wanted = _open_to(event, about, by_host=False)
        wanted -= set(queries.asked(wanted, about))
        note_asked(wanted, about, at)
        if MONTHS[about]:
            notices.ask_again(event, wanted, MONTHS[about], about, at=at)
        else:
            notices.ask_visits(event, wanted, at=at)


def _ask_hosts(event: Event, about: Question, at: datetime) -> None:
    """The same of hosts; the letter leads to their page."""
    with write():
        wanted = _open_to(event, about, by_host=True)
        wanted -= set(queries.hosts_asked(wanted, about))
        session.add_all(VisitQuestion(host_id=key, about=about, asked_at=at) for key in sorted(wanted))
        session.flush()
        notices.ask_hosts(event, wanted, about, MONTHS[about], at=at)


def _open_to(event: Event, about: Question, *, by_host: bool) -> set[int]:
    """Members (or hosts) who have something left to answer."""
    known = visited.still_open(event.id, by_host=by_host)
    return {key for key, own in known.items() if MONTHS[about] or own.silent}
