"""What participants are told by mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import User
from companies.models import Membership
from core import clock, outbox
from core.db import session
from core.i18n import _, force_locale, ngettext, pick
from core.urls import absolute
from events.conferences.models import Conference, Meeting, Participant, TimetableVersion


def people_of(keys: Collection[int]) -> list[tuple[Participant, User]]:
    """(participant, person) for everybody who belongs to one of these participants now and can sign in."""
    rows = session.execute(
        select(Participant, User)
        .join(Membership, Membership.organisation_id == Participant.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(Participant.id.in_(keys), Membership.left_at.is_(None), User.disabled_at.is_(None))
        .options(joinedload(Participant.organisation))
        .order_by(Participant.id, User.id)
    )
    return [(participant, user) for participant, user in rows]


def tell_published(version: TimetableVersion, concerned: Collection[int], *, first: bool, at: datetime) -> int:
    """Tell the people of the participants concerned that the timetable is out, or that theirs changed.

    Return how many mails were queued; one a person and participation.
    """
    if not concerned:
        return 0
    rows = people_of(concerned)
    event = version.conference.event
    for participant, user in rows:
        with force_locale(user.language):
            title, whom = str(pick(event, "title")), str(pick(participant.organisation, "name"))
            page = absolute("schedule.show", conference_id=version.conference_id, participant_id=participant.id)
            subject = (
                _("Your timetable: %(title)s", title=title)
                if first
                else _("Your timetable has changed: %(title)s", title=title)
            )
            body = _(
                "Dear %(name)s,\n\nthe timetable of “%(title)s” is out (version %(number)d). The meetings of "
                "%(organisation)s, with times and tables, are here:\n%(page)s\n\nYou can print them there, or "
                "subscribe to them in your calendar.",
                name=user.name,
                title=title,
                number=version.number,
                organisation=whom,
                page=page,
            )
            outbox.enqueue(
                "timetable.published",
                user.email,
                subject,
                body,
                at=at,
                dedupe_key=f"timetable:{version.id}:{participant.id}:{user.id}",
                language=user.language,
            )
    return len(rows)


def tell_declined(meeting: Meeting, who: Participant, other: Participant, *, at: datetime) -> int:
    """Tell the people of `other` that `who` does not come to their meeting; return how many mails."""
    rows = people_of([other.id])
    conference = who.conference
    for _participant, user in rows:
        with force_locale(user.language):
            title, name = str(pick(conference.event, "title")), str(pick(who.organisation, "name"))
            keys = {"conference_id": conference.id, "participant_id": other.id}
            body = _(
                "Dear %(name)s,\n\n%(who)s cannot come to the meeting with you at %(when)s (“%(title)s”). The time "
                "is free again; the organiser may fill it with another meeting and will tell you.\n%(page)s",
                name=user.name,
                who=name,
                when=f"{clock.local(meeting.slot.begins_at):%H:%M, %d/%m/%Y}",
                title=title,
                page=absolute("schedule.show", **keys),
            )
            outbox.enqueue(
                "meeting.declined",
                user.email,
                _("A meeting is declined: %(title)s", title=title),
                body,
                at=at,
                dedupe_key=f"declined:{meeting.id}:{who.id}:{user.id}",
                language=user.language,
            )
    return len(rows)


def remind_to_confirm(conference: Conference, open_: Mapping[int, int], until: datetime, *, at: datetime) -> int:
    """Remind the people of these participants (how many meetings each has not answered); return how many mails."""
    rows = people_of(open_)
    for participant, user in rows:
        with force_locale(user.language):
            title, number = str(pick(conference.event, "title")), open_[participant.id]
            page = absolute("schedule.show", conference_id=conference.id, participant_id=participant.id)
            body = ngettext(
                "Dear %(name)s,\n\n%(num)d meeting at “%(title)s” waits for your answer until %(until)s:\n%(page)s",
                "Dear %(name)s,\n\n%(num)d meetings at “%(title)s” wait for your answer until %(until)s:\n%(page)s",
                number,
                name=user.name,
                title=title,
                until=f"{clock.local(until):%H:%M, %d/%m/%Y}",
                page=page,
            )
            outbox.enqueue(
                "meeting.confirm",
                user.email,
                _("Please confirm your meetings: %(title)s", title=title),
                body,
                at=at,
                dedupe_key=f"confirm:{participant.id}:{user.id}:{at.date().isoformat()}",
                language=user.language,
            )
    return len(rows)
