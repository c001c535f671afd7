"""Verbs of choosing: stating how the criteria count, choosing and declining with reasons, inviting, reminding."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from companies.enums import Kind, Sector
from companies.models import Organisation
from core import audit
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _
from events import operations as events
from events import queries as event_queries
from events.conferences import operations as conferences
from events.conferences import reminders
from events.conferences.choosing import notices, queries, rules
from events.conferences.choosing.enums import CandidateState, Criterion
from events.conferences.choosing.models import Candidate, Choice
from events.conferences.choosing.ranking import weights_of
from events.conferences.enums import ReminderKind, Side
from events.conferences.models import Conference, Participant
from events.enums import RegistrationState
from events.models import Registration


def state_criteria(
    conference: Conference, weights: Mapping[str, int], sectors: Collection[str], *, by: Any, at: datetime
) -> None:
    """State how much each criterion counts (0 to 5) and the sectors of the conference; points follow at once."""
    if not set(weights) <= {c.value for c in Criterion} or not all(0 <= w <= 5 for w in weights.values()):
        raise Invalid(_("A criterion counts from 0 to 5."), field="weights")
    choice = queries.choice(conference) or Choice(conference_id=conference.id)
    before = list(choice.sectors or [])
    choice.weights = dict(weights)
    choice.sectors = sorted(s for s in sectors if s in list(Sector))
    session.add(choice)
    session.flush()
    stated = weights_of(choice)
    for row in queries.by_organisation(conference).values():
        if choice.sectors != before:
            sector = row.organisation.sector
            row.marks = {**row.marks, Criterion.SECTOR.value: float(not choice.sectors or sector in choice.sectors)}
        row.points = rules.points(row.marks, stated)
    session.flush()
    audit.record("candidates.criteria", conference, by=by, at=at, weights=stated, sectors=choice.sectors)


def decide(candidates: Iterable[Candidate], state: CandidateState, reason: str, *, by: Any, at: datetime) -> int:
    """Choose, decline for a reason, or take a decision back; reasons are kept. Return the number.

    Raise Conflict for one who is registered already: a registration is withdrawn, not decided away.
    """
    if state is CandidateState.DECLINED and not reason.strip():
        raise Invalid(_("Say why: the reason is kept with the decision."), field="reason")
    number = 0
    for row in candidates:
        if row.registration is not None and row.registration.live and state is not CandidateState.CHOSEN:
            raise Conflict(
                _("%(name)s is invited or registered; withdraw the registration first.", name=row.organisation.name)
            )
        row.state, row.reason = state, reason if state is not CandidateState.PROPOSED else ""
        row.decided_at, row.decided_by_id = at, getattr(by, "id", None)
        session.flush()
        audit.record("candidate.decide", row, by=by, at=at, state=state.value, points=row.points)
        number += 1
    return number


def invite(
    conference: Conference, candidates: Iterable[Candidate], *, by: Any, at: datetime
) -> tuple[int, list[str]]:
    """Invite those chosen: (how many mails, names of those who have no address to write to).

    A firm that registered by itself meanwhile keeps its registration.
    """
    told, without = 0, []
    for row in candidates:
        if row.registration_id is not None:
            continue
        held = event_queries.live_registration(conference.event, row.organisation, by)
        registration = held or events.invite(
            conference.event,
            row.organisation,
            by=by,
            at=at,
            key=secrets.token_urlsafe(16),
            side=Side.FIRM.value,
            tell=False,
        )
        row.registration, row.invited_at = registration, at
        session.flush()
        if registration.state is RegistrationState.INVITED:
            mails = notices.invite(conference, registration, at=at)
            told += mails
            if not mails:
                without.append(row.organisation.name)
    audit.record("candidates.invite", conference, by=by, at=at, mails=told)
    return told, without


def remind(
    registrations: Iterable[Registration | None],
    *,
    kind: ReminderKind = ReminderKind.INVITATION,
    by_hand: bool = True,
    by: Any,
    at: datetime,
) -> int:
    """Remind firms and partners who have not answered their invitation. Return how many mails."""
    told, rows = 0, [r for r in registrations if r is not None and r.state is RegistrationState.INVITED]
    candidates = queries.candidates_of(rows)
    for registration in rows:
        conference = conferences.queries.of_event(registration.event_id)
        if conference is None:
            continue
        told += notices.invite(conference, registration, at=at, again=True)
        if registration.id in candidates:
            candidates[registration.id].reminded_at = at
        audit.record("registration.remind", registration, by=by, at=at)
        whom = reminders.Whom.invited(registration, conference)
        reminders.note(conference, kind, [whom], by_hand=by_hand, by=by, at=at)
    return told


def invite_partners(
    conference: Conference, organisations: Iterable[Organisation], kind: Kind, *, by: Any, at: datetime
) -> tuple[int, list[str]]:
    """Invite organisations as partners of that kind: (how many mails, names of those without an address).

    Who is registered or invited already keeps that.
    """
    if kind.value not in conference.partner_kinds:
        raise Invalid(_("This conference is not for that kind of partner."), field="kind")
    told, without = 0, []
    for organisation in organisations:
        if event_queries.live_registration(conference.event, organisation, by) is not None:
            continue
        registration = events.invite(
            conference.event,
            organisation,
            by=by,
            at=at,
            key=secrets.token_urlsafe(16),
            side=kind.value,
            tell=False,
        )
        mails = notices.invite(conference, registration, at=at)
        told += mails
        if not mails:
            without.append(organisation.name)
    audit.record("partners.invite", conference, by=by, at=at, kind=kind.value, mails=told)
    return told, without


def accept(conference: Conference, registration: Registration, *, by: Any, at: datetime) -> Participant:
    """Accept an invitation: the organisation takes part, or waits where all seats are taken."""
    organisation = _invited(registration)
    kind = Kind(registration.side) if registration.side in conference.partner_kinds else Kind.FIRM
    side = Side.FIRM if kind is Kind.FIRM else Side.PARTNER
    return conferences.join(conference, organisation, side, kind, by=by, at=at, on_behalf=True)


def decline(registration: Registration, *, by: Any, at: datetime) -> None:
    """Decline an invitation; somebody else can be invited."""
    _invited(registration)
    events.cancel(registration, by=by, at=at)


def _invited(registration: Registration) -> Any:
    if registration.state is not RegistrationState.INVITED or registration.organisation is None:
        raise Conflict(_("This invitation was answered already, or taken back."))
    return registration.organisation


def ask_for_profiles(
    conference: Conference, participants: Iterable[Participant], *, by_hand: bool = True, by: Any, at: datetime
) -> int:
    """Ask participants whose profile is too empty to match for what is missing. Return how many mails."""
    people = list(participants)
    told = notices.ask_for_profiles(conference, people, at=at)
    whom = [reminders.Whom(p.registration_id, p.side) for p in people]
    reminders.note(conference, ReminderKind.PROFILE, whom, by_hand=by_hand, by=by, at=at)
    audit.record("participants.ask_profile", conference, by=by, at=at, mails=told)
    return told
