"""What participants are told by mail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import User
from companies.models import Membership
from core import outbox
from core.db import session
from core.i18n import _, force_locale, pick
from core.urls import absolute
from events.conferences.models import Participant, TimetableVersion


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
