"""Participants confirm or decline the meetings of the published timetable; what is declined is free for others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _
from events.conferences import agenda, confirmations, notices, queries, reminders
from events.conferences.enums import ReminderKind, VersionState
from events.conferences.models import Conference, Confirmation, Participant


def until(conference: Conference) -> datetime:
    """Until when meetings are confirmed or declined: the stated moment, else the beginning."""
    return conference.confirm_until or conference.event.begins_at


def answer(
    participant: Participant,
    other: Participant,
    comes: bool,
    reason: str = "",
    *,
    by: Any,
    at: datetime,
    on_behalf: bool = False,
) -> Confirmation:
    """Say that one comes to a meeting, or does not and why; the other side is told of a no, without the reason.

    Raise Conflict after the date (officers may still answer for somebody), or where there is no such meeting.
    """
    meeting = agenda.published_meeting(participant, other)
    if meeting is None:
        raise Conflict(_("There is no published meeting of these two."))
    if not on_behalf and at >= until(participant.conference):
        raise Conflict(_("The time for answers is over. Please call the organiser."))
    if not comes and not reason.strip():
        raise Invalid(_("Say why, for the organiser; the other side does not see it."), field="reason")
    row = session.scalars(
        select(Confirmation).where(Confirmation.participant_id == participant.id, Confirmation.other_id == other.id)
    ).one_or_none()
    fresh = row is None or row.slot_id != meeting.slot_id or row.comes is not comes
    if row is None:
        row = Confirmation(participant_id=participant.id, other_id=other.id)
        row.conference_id = participant.conference_id
    row.slot_id, row.comes, row.reason = meeting.slot_id, comes, reason if not comes else ""
    row.at, row.by_id = at, getattr(by, "id", None)
    session.add(row)
    session.flush()
    whom = f"participant:{participant.id}" if on_behalf else None
    audit.record("meeting.confirm" if comes else "meeting.decline", row, by=by, at=at, on_behalf_of=whom)
    if fresh and not comes:
        notices.tell_declined(meeting, participant, other, at=at)
    return row


def remind(conference: Conference, *, by: Any, at: datetime) -> int:
    """Remind everybody with meetings that are not answered; return how many mails."""
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    if version is None:
        raise Conflict(_("No timetable is published."))
    if at >= until(conference):
        raise Conflict(_("The time for answers is over."))
    open_ = confirmations.unanswered(conference, version.meetings)
    told = notices.remind_to_confirm(conference, open_, until(conference), at=at)
    people = [p for p in queries.all_participants(conference) if p.id in open_]
    whom = [reminders.Whom(p.registration_id, p.side) for p in people]
    reminders.note(conference, ReminderKind.CONFIRM, whom, by_hand=True, by=by, at=at)
    audit.record("meeting.remind_to_confirm", conference, by=by, at=at, mails=told)
    return told
