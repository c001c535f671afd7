"""The site reminds by itself: what is due is computed anew in the block in which it is noted and queued."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from core import audit, lease
from core.db import get, lock, session, write
from core.timers import timer
from events.conferences import agenda, confirmations, confirming, notices, reminders
from events.conferences.choosing import operations as choosing
from events.conferences.enums import ReminderKind, VersionState
from events.conferences.models import Conference
from events.conferences.reminders import ReminderStop
from events.conferences.reminding import queries
from events.conferences.reminding.queries import Planned, Waited
from events.models import Event

JOB = "job:reminders"


@timer("reminders of conferences", seconds=300)
def remind_all(at: datetime) -> None:
    """Send what is due, conference by conference."""
    for key in queries.to_come(at):
        conference = get(Conference, key)
        if conference is not None and due(conference, at=at):
            session.rollback()
            with write():
                lease.guard()
                send(key, at=at)


def due(conference: Conference, *, at: datetime) -> list[Planned]:
    """What is to go out now and was not stopped."""
    stopped = reminders.stopped(conference)
    found = queries.planned(conference, at=at)
    return [p for p in found if p.window.begins_at <= at and p.kind not in stopped]


def send(conference_id: int, *, at: datetime) -> None:
    """Queue and note what is due. Who accepts or declines waits for the event's row meanwhile."""
    conference = get(Conference, conference_id)
    if conference is None or lock(Event, conference.event_id) is None:
        return
    for planned in due(conference, at=at):
        letters = _LETTERS[planned.kind]
        letters(conference, planned.waited, at)
        whom = len(planned.waited)
        audit.record("conference.remind", conference, by=JOB, at=at, kind=planned.kind.value, participants=whom)


def _invitations(conference: Conference, waited: Sequence[Waited], at: datetime, kind: ReminderKind) -> None:
    choosing.remind([one.row for one in waited], kind=kind, by_hand=False, by=JOB, at=at)


def _silent(conference: Conference, waited: Sequence[Waited], at: datetime) -> None:
    _invitations(conference, waited, at, ReminderKind.INVITATION)


def _last_call(conference: Conference, waited: Sequence[Waited], at: datetime) -> None:
    _invitations(conference, waited, at, ReminderKind.LAST_CALL)


def _profiles(conference: Conference, waited: Sequence[Waited], at: datetime) -> None:
    choosing.ask_for_profiles(conference, [one.row for one in waited], by_hand=False, by=JOB, at=at)


def _wishes(conference: Conference, waited: Sequence[Waited], at: datetime) -> None:
    assert conference.wishes_close_at is not None
    notices.remind_to_wish(conference, [one.row.id for one in waited], conference.wishes_close_at, at=at)
    reminders.note(conference, ReminderKind.WISHES, [one.whom for one in waited], by_hand=False, by=JOB, at=at)


def _confirm(conference: Conference, waited: Sequence[Waited], at: datetime) -> None:
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    assert version is not None
    keys = {one.row.id for one in waited}
    open_ = {k: n for k, n in confirmations.unanswered(conference, version.meetings).items() if k in keys}
    notices.remind_to_confirm(conference, open_, confirming.until(conference), at=at)
    reminders.note(conference, ReminderKind.CONFIRM, [one.whom for one in waited], by_hand=False, by=JOB, at=at)


_LETTERS: Mapping[ReminderKind, Callable[[Conference, Sequence[Waited], datetime], None]] = {
    ReminderKind.INVITATION: _silent,
    ReminderKind.LAST_CALL: _last_call,
    ReminderKind.PROFILE: _profiles,
    ReminderKind.WISHES: _wishes,
    ReminderKind.CONFIRM: _confirm,
}


# --- stopping ----------------------------------------------------------------------------------------------------


def stop(conference: Conference, kind: ReminderKind, *, by: Any, at: datetime) -> None:
    """Send no more of this kind for a conference, until it is taken up again."""
    if kind in reminders.stopped(conference):
        return
    session.add(ReminderStop(conference_id=conference.id, kind=kind, at=at, by_id=getattr(by, "id", None)))
    session.flush()
    audit.record("conference.reminders_stop", conference, by=by, at=at, kind=kind.value)


def resume(conference: Conference, kind: ReminderKind, *, by: Any, at: datetime) -> None:
    """Send them again: what fell due meanwhile goes out while its time lasts."""
    row = reminders.stopped(conference).get(kind)
    if row is None:
        return
    session.delete(row)
    session.flush()
    audit.record("conference.reminders_resume", conference, by=by, at=at, kind=kind.value)
