"""Who has not answered yet, and when the site will remind whom: always computed from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from companies.models import Organisation
from core import clock
from core.db import session
from events.conferences import agenda, confirmations
from events.conferences import queries as conference_queries
from events.conferences.choosing.queries import written_to
from events.conferences.enums import ReminderKind, Side, VersionState
from events.conferences.models import Conference, Participant, WishRow
from events.conferences.reminders import Reminder, Whom
from events.conferences.reminding import rules
from events.enums import EventState, RegistrationState
from events.models import Event, Registration


@dataclass(frozen=True)
class Waited:
    """Somebody whose answer is waited for; `row`: the registration of an invitation, else the participant."""

    whom: Whom
    organisation: Organisation
    row: Any
    invited_at: datetime | None = None
    written_at: datetime | None = None  # when the last letter after the invitation went out


@dataclass(frozen=True)
class Planned:
    """A reminder that will go out: when, and to whom unless they answer before."""

    kind: ReminderKind
    window: rules.Window
    waited: list[Waited] = field(default_factory=list)


def to_come(at: datetime) -> Sequence[int]:
    """Conferences that are in the calendar and have not begun."""
    query = select(Conference.id).join(Event, Event.id == Conference.event_id)
    return session.scalars(query.where(Event.state == EventState.PUBLISHED, Event.begins_at > at)).all()


def dates_of(conference: Conference) -> rules.Dates:
    """The dates that reminders go by."""
    event = conference.event
    return rules.Dates(
        closes_at=min(event.closes_at, event.begins_at),
        begins_at=event.begins_at,
        wishes_open_at=conference.wishes_open_at,
        wishes_close_at=conference.wishes_close_at,
        confirm_until=conference.confirm_until,
    )


def planned(conference: Conference, *, at: datetime) -> list[Planned]:
    """Everything that will still be sent as things stand, the earliest first; what is due now is among it."""
    if conference.event.state is not EventState.PUBLISHED or conference.event.begins_at <= at:
        return []
    dates, done, last = dates_of(conference), _done(conference), _last_by_kind(conference)
    found: dict[tuple[ReminderKind, rules.Window], Planned] = {}
    for kind, waited in _waited(conference).items():
        for one in waited:
            window = rules.window(kind, dates, invited_at=one.invited_at)
            if window is None or window.ends_at <= at or (kind, *one.whom) in done:
                continue
            written = one.written_at or last.get((kind, *one.whom))
            if written is not None and (later := rules.after_a_letter(kind, window, written)) != window:
                window = later
            if window is not None:
                found.setdefault((kind, window), Planned(kind, window)).waited.append(one)
    return sorted(found.values(), key=lambda p: (p.window.begins_at, list(ReminderKind).index(p.kind)))


def _done(conference: Conference) -> set[tuple[ReminderKind, int, Side]]:
    """What the site has sent by itself."""
    rows = session.execute(
        select(Reminder.kind, Reminder.registration_id, Reminder.side).where(
            Reminder.conference_id == conference.id, Reminder.by_hand.is_(False)
        )
    )
    return {(kind, key, side) for kind, key, side in rows}


def _last_by_kind(conference: Conference) -> dict[tuple[ReminderKind, int, Side], datetime]:
    """When somebody was last reminded of something, by an officer."""
    rows = session.execute(
        select(Reminder.kind, Reminder.registration_id, Reminder.side, func.max(Reminder.at))
        .where(Reminder.conference_id == conference.id, Reminder.by_hand)
        .group_by(Reminder.kind, Reminder.registration_id, Reminder.side)
    )
    return {(kind, key, side): at for kind, key, side, at in rows}


def _waited(conference: Conference) -> dict[ReminderKind, list[Waited]]:
    """By kind, who has not answered, filled in, wished or confirmed as of now."""
    invited = _invited(conference)
    people = conference_queries.all_participants(conference)
    wished = set(
        session.scalars(select(WishRow.participant_id).where(WishRow.conference_id == conference.id).distinct())
    )
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    open_ = confirmations.unanswered(conference, agenda.pairs(version)) if version is not None else {}
    return {
        ReminderKind.INVITATION: invited,
        ReminderKind.LAST_CALL: invited,
        ReminderKind.PROFILE: [_of(p) for p in conference_queries.too_empty(conference, on=clock.today())],
        ReminderKind.WISHES: [_of(p) for p in people if p.id not in wished],
        ReminderKind.CONFIRM: [_of(p) for p in people if p.id in open_],
    }


def _of(p: Participant) -> Waited:
    return Waited(Whom(p.registration_id, p.side), p.organisation, p)


def _invited(conference: Conference) -> list[Waited]:
    rows = session.scalars(
        select(Registration)
        .where(
            Registration.event_id == conference.event_id,
            Registration.state == RegistrationState.INVITED,
            Registration.organisation_id.is_not(None),
        )
        .options(joinedload(Registration.organisation))
        .order_by(Registration.id)
    ).all()
    letters = written_to(rows)
    found = []
    for row in rows:
        assert row.organisation is not None
        number, last = letters.get(row.id, (0, None))
        whom = Whom.invited(row, conference)
        found.append(Waited(whom, row.organisation, row, row.created_at, last if number > 1 else None))
    return found
