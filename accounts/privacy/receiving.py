"""What people say on paper, by telephone or by e-mail: an officer enters it as of the day on which it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import User
from accounts.privacy import cases, consent, notices, queries
from accounts.privacy.enums import CaseKind, Channel, Purpose, Statement
from accounts.privacy.models import Consent, DataCase, Receipt
from core import audit, clock, dates
from core.db import session
from core.errors import Conflict, Forbidden, Invalid
from core.i18n import _

OLDEST = timedelta(days=366)  # what came earlier is a slip of the pen


@dataclass(frozen=True)
class Arrival:
    """How a statement came. `reference`: the number of the letter, or where the paper lies."""

    channel: Channel
    received_on: date
    taken_by: User
    reference: str = ""


def take_consent(
    user: User, purpose: Purpose, *, version: int, language: str, arrival: Arrival, by: User, at: datetime
) -> Consent:
    """The person agreed on paper or by telephone. Raise Conflict if it was withdrawn since, or holds already."""
    said_at = _said_at(user, arrival, by=by, at=at)
    last = queries.last_consent(user.id, purpose)
    if last is not None and last.withdrawn_at is None and last.text_version >= version:
        raise Conflict(_("The person agrees to this already."), field="statement")
    if last is not None and last.withdrawn_at is not None and _day(last.withdrawn_at) > arrival.received_on:
        raise Conflict(
            _("The person has withdrawn this since, on %(day)s.", day=dates.day(last.withdrawn_at)),
            field="received_on",
        )
    row = consent.note(
        user, purpose, version, language, channel=arrival.channel, given_at=said_at, by=by, at=at
    )  # fmt: skip
    _enter(user, Statement.CONSENT, arrival, by=by, at=at, consent_id=row.id)
    notices.consent_entered(user, purpose, arrival.channel, arrival.received_on, given=True, at=at)
    return row


def take_withdrawal(user: User, purpose: Purpose, *, arrival: Arrival, by: User, at: datetime) -> Consent:
    """The person withdrew on paper or by telephone. Raise Conflict if nothing holds, or it was given anew since."""
    said_at = _said_at(user, arrival, by=by, at=at)
    present = queries.present(user.id, purpose)
    if present is None:
        raise Conflict(_("The person does not agree to this now; there is nothing to withdraw."), field="statement")
    if _day(present.given_at) > arrival.received_on:
        raise Conflict(
            _("The person has agreed again since, on %(day)s.", day=dates.day(present.given_at)),
            field="received_on",
        )
    consent.withdraw(user, purpose, channel=arrival.channel, said_at=said_at, by=by, at=at)
    _enter(user, Statement.WITHDRAWAL, arrival, by=by, at=at, consent_id=present.id)
    notices.consent_entered(user, purpose, arrival.channel, arrival.received_on, given=False, at=at)
    return present


def take_request(user: User, kind: CaseKind, words: str, *, arrival: Arrival, by: User, at: datetime) -> DataCase:
    """The person asked on paper or by telephone: the due dates count from the day on which it came."""
    said_at = _said_at(user, arrival, by=by, at=at)
    case = cases.file(user, kind, words, by=by, at=at, received_at=said_at)
    _enter(user, Statement.REQUEST, arrival, by=by, at=at, data_case_id=case.id)
    return case


def _said_at(user: User, arrival: Arrival, *, by: User, at: datetime) -> datetime:
    """The moment that counts: now for today, else the beginning of the day in Hanoi."""
    if user.id == by.id:
        raise Forbidden(_("You say this of yourself: do it on the page of your account."))
    if arrival.received_on > _day(at):
        raise Invalid(_("This day is still to come."), field="received_on")
    if arrival.received_on < _day(at - OLDEST):
        raise Invalid(_("This is more than a year ago."), field="received_on")
    if arrival.received_on == _day(at):
        return at
    return datetime.combine(arrival.received_on, time(), tzinfo=clock.HANOI)


def _enter(user: User, statement: Statement, arrival: Arrival, *, by: User, at: datetime, **of: int) -> None:
    row = Receipt(
        user_id=user.id,
        statement=statement,
        channel=arrival.channel,
        received_on=arrival.received_on,
        taken_by_id=arrival.taken_by.id,
        entered_by_id=by.id,
        entered_at=at,
        reference=arrival.reference,
        **of,
    )
    session.add(row)
    session.flush()
    audit.record(
        "receipt.enter", row, by=by, at=at, statement=statement.value, channel=arrival.channel.value,
        received=arrival.received_on.isoformat(), taken_by=f"user:{arrival.taken_by.id}",
    )  # fmt: skip


def _day(at: datetime) -> date:
    return clock.local(at).date()
