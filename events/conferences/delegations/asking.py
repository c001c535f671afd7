"""What members are asked by mail, each question once: what is due is computed from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core import audit
from core.db import lock, session, write
from core.timers import timer
from events.conferences.delegations import notices, queries, waiting
from events.conferences.delegations.enums import Question
from events.conferences.delegations.models import Delegation, VisitQuestion
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
