"""Invitations with personal links, and letters that ask for what a profile lacks, each in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accounts import notices, tokens
from accounts.models import User
from companies import queries as company_queries
from companies import rules as company_rules
from companies.directory import MISSING_LABELS, present_in
from companies.models import Organisation
from core.i18n import _, pick
from core.urls import in_letter
from events.conferences.choosing import rules
from events.conferences.models import Conference, Participant
from events.conferences.notices import moment, people_of, title_of
from events.models import Registration

LONGEST = timedelta(days=120)


def invite(conference: Conference, registration: Registration, *, at: datetime, again: bool = False) -> int:
    """Write to the people of the organisation invited, or to its own address where it has none; how many mails."""
    number, organisation = 0, registration.organisation
    assert organisation is not None
    lasts = min(max(conference.event.ends_at - at, timedelta(days=1)), LONGEST)
    bound: dict[str, Any] = {"about": f"registration:{registration.id}", "lasts": lasts, "at": at}
    for _row, reader in company_queries.readers_behind(Registration, [registration.id]):
        user = reader if isinstance(reader, User) else None
        secret = tokens.issue(rules.INVITATION, user=user, address=None if user else reader.email, **bound)
        words = partial(_invitation, conference, organisation, secret, again)
        notices.tell(reader, "conference.invited", words, at=at, sensitive=True)
        number += 1
    return number


def _invitation(
    conference: Conference, organisation: Organisation, secret: str, again: bool
) -> tuple[str, Sequence[str]]:
    event, title = conference.event, title_of(conference)
    subject = _("Reminder: invitation to %(title)s", title=title) if again \
        else _("Invitation: %(title)s", title=title)  # fmt: skip
    name, criteria = str(pick(organisation, "name")), str(pick(conference, "criteria"))
    place = ", ".join(part for part in (str(pick(event, "place")), event.address) if part)
    facts = [_("Time: %(period)s (Hanoi time)", period=event.period)]
    if place:
        facts.append(_("Place: %(place)s", place=place))
    return subject, (
        _("the Department invites %(organisation)s to “%(title)s”.", organisation=name, title=title),
        "\n".join(facts),
        _("Firms are chosen by these criteria:") + "\n" + criteria if criteria else "",
        _("Accept or decline with one click; the link is yours alone:")
        + f"\n{in_letter('choosing.invited', key=secret)}",
        _("Please answer by %(until)s.", until=moment(min(event.closes_at, event.begins_at)))
        if again or event.registration_closes_at
        else "",
        _("Who comes for you can be said later."),
    )


def ask_for_profiles(conference: Conference, participants: Sequence[Participant], *, at: datetime) -> int:
    """Ask the people of these participants for what their profiles lack, by name of the field; how many mails."""
    there = present_in([p.organisation_id for p in participants])

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        organisation, title = participant.organisation, title_of(conference)
        lacking = company_rules.missing(organisation.kinds, there.get(organisation.id, frozenset()))
        page = in_letter("companies_editing.hub", organisation_id=organisation.id)
        return _("Your profile for %(title)s", title=title), (
            _(
                "the profile of %(organisation)s says too little to find partners at “%(title)s”. It lacks:",
                organisation=str(pick(organisation, "name")),
                title=title,
            )
            + "".join(f"\n- {MISSING_LABELS[key]}" for key in lacking),
            _("A few lines are enough, above all what you look for and what you offer:") + f"\n{page}",
        )

    rows = people_of([p.id for p in participants])
    return notices.tell_each(rows, "conference.profile", words, at=at, key=f"profile:{at.date().isoformat()}")
