"""Invitations with personal links, and letters that ask for what a profile lacks, each in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts import tokens
from accounts.models import User
from companies import rules as company_rules
from companies.directory import MISSING_LABELS, present_in
from companies.models import Membership, Organisation
from core import outbox
from core.db import session
from core.i18n import _, force_locale, pick
from core.urls import absolute
from events.conferences.choosing.models import Candidate
from events.conferences.models import Conference, Participant
from events.conferences.notices import people_of

LONGEST = timedelta(days=120)
PURPOSE = "conference.invitation"


def invite(conference: Conference, candidate: Candidate, *, at: datetime, again: bool = False) -> int:
    """Write to the firm's people, or to the firm's own address where it has none; return how many mails."""
    number = 0
    lasts = min(max(conference.event.ends_at - at, timedelta(days=1)), LONGEST)
    about = f"registration:{candidate.registration_id}"
    for user, address, language in _readers(candidate.organisation):
        secret = tokens.issue(PURPOSE, user=user, address=None if user else address, about=about, lasts=lasts, at=at)
        with force_locale(language):
            title = str(pick(conference.event, "title"))
            subject = _("Reminder: invitation to %(title)s", title=title) if again \
                else _("Invitation: %(title)s", title=title)  # fmt: skip
            outbox.enqueue(
                "conference.invited",
                address,
                subject,
                _invitation(conference, candidate.organisation, user, secret),
                at=at,
                language=language,
                sensitive=True,
            )
        number += 1
    return number


def _readers(organisation: Organisation) -> Iterator[tuple[User | None, str, str]]:
    """(person or None, address, language) of those to write to."""
    people = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation.id, Membership.left_at.is_(None), User.disabled_at.is_(None)
        )
        .order_by(User.id)
    ).all()
    for user in people:
        yield user, user.email, user.language
    if not people and organisation.email:
        yield None, organisation.email, "vi" if (organisation.country or "VN") == "VN" else "en"


def _invitation(conference: Conference, organisation: Organisation, user: User | None, secret: str) -> str:
    event = conference.event
    name, title = str(pick(organisation, "name")), str(pick(event, "title"))
    criteria = str(pick(conference, "criteria"))
    place = ", ".join(part for part in (str(pick(event, "place")), event.address) if part)
    lines = [
        _("Dear %(name)s,", name=user.name if user else name),
        _("the Department invites %(organisation)s to “%(title)s”.", organisation=name, title=title),
        "\n".join(
            line
            for line in (
                _("Time: %(period)s (Hanoi time)", period=event.period),
                _("Place: %(place)s", place=place) if place else "",
            )
            if line
        ),
        _("Firms are chosen by these criteria:") + "\n" + criteria if criteria else "",
        _("Accept or decline with one click; the link is yours alone:")
        + f"\n{absolute('choosing.invited', key=secret)}",
        _("Who comes for you can be said later."),
    ]
    return "\n\n".join(line for line in lines if line)


def ask_for_profiles(conference: Conference, participants: Sequence[Participant], *, at: datetime) -> int:
    """Ask the people of these participants for what their profiles lack, by name of the field; how many mails."""
    there = present_in([p.organisation_id for p in participants])
    rows = people_of([p.id for p in participants])
    for participant, user in rows:
        organisation = participant.organisation
        lacking = company_rules.missing(organisation.kinds, there.get(organisation.id, frozenset()))
        with force_locale(user.language):
            title = str(pick(conference.event, "title"))
            page = absolute("companies_editing.hub", organisation_id=organisation.id)
            body = "\n\n".join(
                (
                    _("Dear %(name)s,", name=user.name),
                    _(
                        "the profile of %(organisation)s says too little to find partners at “%(title)s”. It lacks:",
                        organisation=str(pick(organisation, "name")),
                        title=title,
                    )
                    + "".join(f"\n- {MISSING_LABELS[key]}" for key in lacking),
                    _("A few lines are enough, above all what you look for and what you offer:") + f"\n{page}",
                )
            )
            outbox.enqueue(
                "conference.profile",
                user.email,
                _("Your profile for %(title)s", title=title),
                body,
                at=at,
                dedupe_key=f"profile:{participant.id}:{user.id}:{at.date().isoformat()}",
                language=user.language,
            )
    return len(rows)
