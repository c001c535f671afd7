"""Verbs of walk-ins: admit an organisation that we know, or enter and admit one that is new.

All of it runs after the event is locked: two clerks who admit the same organisation at once make one participant, and
two who enter the same one make one record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import vietnamese
from accounts.models import User
from companies import operations as companies
from companies import queries as company_queries
from companies.enums import Kind, NeedClass, NeedRole, Visibility
from companies.joining import invitations
from companies.models import NeedOffer, Organisation
from core import audit
from core.db import lock, session
from core.errors import Conflict, Invalid
from core.i18n import _, language, pick
from events import operations as events
from events.conferences import delegates, queries, suggestions
from events.conferences import operations as conference_operations
from events.conferences.day import operations as day
from events.conferences.enums import Side
from events.conferences.models import Conference, Participant
from events.conferences.walk_in import queries as walk_ins
from events.conferences.walk_in import rules
from events.conferences.walk_in.models import WalkIn
from events.enums import RegistrationState
from events.models import Event


@dataclass(frozen=True)
class Coming:
    """Who comes as what, and what it looks for (a firm) or has to give (a partner): one sentence for the matching."""

    kind: Kind
    person: str = ""
    about: NeedClass | None = None
    words: str = ""


@dataclass(frozen=True)
class Stranger:
    """An organisation that is new to us. `another`: an officer says it is not the one of nearly the same name."""

    name: str
    tax_code: str = ""
    email: str = ""
    another: bool = False


class Known(Conflict):
    """The organisation is known already: `candidates` are to be chosen from."""

    def __init__(self, message: Any, candidates: Sequence[Organisation], field: str) -> None:
        super().__init__(message, field=field)
        self.candidates = candidates


def admit(
    conference: Conference, organisation: Organisation, coming: Coming, *, key: str, reason: str = "", by: User,
    at: datetime,
) -> WalkIn:  # fmt: skip
    """Admit an organisation that we know and check it in; sent again, or admitted by two at once, it counts once.

    `reason`: an officer's, to admit beyond the seats. Raise Conflict for one that is registered, or where all seats
    are taken.
    """
    lock(Event, conference.event_id)
    return walk_ins.by_key(key) or _admit(conference, organisation, coming, key=key, reason=reason, by=by, at=at)


def enter(
    conference: Conference, stranger: Stranger, coming: Coming, *, key: str, reason: str = "", by: User, at: datetime
) -> WalkIn:
    """Enter a new organisation and admit it. Who left an address is invited to look after the record.

    Raise Known where it is no new one: the tax code is known, or a name is the same or nearly.
    """
    lock(Event, conference.event_id)
    if (before := walk_ins.by_key(key)) is not None:
        return before
    _must_be_new(stranger)
    values = {f"name_{language()}": stranger.name, "tax_code": stranger.tax_code, "email": stranger.email}
    source = _("Entered at the door of “%(title)s”", title=pick(conference.event, "title").text)
    organisation = companies.create_organisation(values | {"kinds": [coming.kind], "source": source}, by=by, at=at)
    row = _admit(conference, organisation, coming, key=key, reason=reason, by=by, at=at)
    row.entered = True
    session.flush()
    if stranger.email:
        invitations.invite_first(organisation, stranger.email, by=by, at=at)
    return row


def _must_be_new(stranger: Stranger) -> None:
    if stranger.tax_code and (known := company_queries.by_tax_code(stranger.tax_code)) is not None:
        raise Known(_("This tax code is known. Choose the organisation below."), [known], "tax_code")
    same = [] if stranger.another else walk_ins.alike(stranger.name)
    if same:
        raise Known(_("This organisation may be known already. Choose it below if it is the same."), same, "name")


def _admit(
    conference: Conference, organisation: Organisation, coming: Coming, *, key: str, reason: str, by: User,
    at: datetime,
) -> WalkIn:  # fmt: skip
    if reason and not rules.reason_given(reason):
        raise Invalid(_("Say in a few words why."), field="reason")
    side = Side.FIRM if coming.kind is Kind.FIRM else Side.PARTNER
    participant = queries.participant_of(conference, organisation.id, side)
    if participant is not None and participant.registration.state is RegistrationState.CONFIRMED:
        return _once_more(participant)
    participant = _seated(conference, organisation, side, coming.kind, participant, reason, by=by, at=at)
    row = WalkIn(
        conference_id=conference.id, participant=participant, reason=reason, at=at, by_id=by.id, entered=False
    )
    session.add(row)
    _note(participant, coming, by=by, at=at)
    day.check_in(participant, key=key, by=by, at=at)
    audit.record("walk_in.admit", row, by=by, at=at, participant=participant.id, beyond=bool(reason))
    _rank(conference, by=by, at=at)
    return row


def _once_more(participant: Participant) -> WalkIn:
    """Somebody else admitted it a moment ago; who is registered is no walk-in."""
    row = walk_ins.of(participant)
    if row is None:
        name = pick(participant.organisation, "name").text
        raise Conflict(_("%(name)s is registered. Check it in at the door.", name=name))
    return row


def _seated(
    conference: Conference, organisation: Organisation, side: Side, kind: Kind, participant: Participant | None,
    reason: str, *, by: User, at: datetime,
) -> Participant:  # fmt: skip
    """The participant, with a confirmed seat: at a free table, so that nobody else's is touched."""
    beyond = bool(reason)
    if participant is None:
        participant = conference_operations.join(
            conference, organisation, side, kind, by=by, at=at, on_behalf=True, own_table=False, beyond=beyond
        )
    elif participant.registration.state is not RegistrationState.WAITING:  # it had withdrawn, and comes after all
        participant.registration = conference_operations.registered(
            conference, organisation, kind, by=by, at=at, on_behalf=True, beyond=beyond
        )
    if participant.registration.state is RegistrationState.WAITING:
        if not beyond:
            raise Conflict(_("All seats are taken. An officer can admit it all the same."), field="reason")
        events.promote(participant.registration, by=by, at=at, beyond=True)
    return participant


def _note(participant: Participant, coming: Coming, *, by: User, at: datetime) -> None:
    """The name for the badge, and the sentence for the matching."""
    named = {vietnamese.search_key(d.name) for d in delegates.of(participant)}
    if coming.person and vietnamese.search_key(coming.person) not in named:
        delegates.name(participant, coming.person, "", by=by, at=at, on_behalf=True)
    if coming.words and coming.about is not None:
        need = participant.side is Side.FIRM
        values = {
            "role": NeedRole.NEED if need else NeedRole.OFFER,
            "kind": coming.about,
            "visibility": Visibility.PARTNER,
            f"text_{language()}": coming.words,
        }
        companies.add_part(NeedOffer, participant.organisation, values, by=by, at=at)


def _rank(conference: Conference, *, by: User, at: datetime) -> None:
    """Have the newcomer's list, and his place on those of others, computed by the job process within moments."""
    counts = queries.side_counts(conference)
    if counts.get(Side.FIRM) and counts.get(Side.PARTNER):
        suggestions.ask(conference, by=by, at=at)
