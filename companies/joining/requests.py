"""Verbs of requests to join: register, confirm the address, decide.

Nobody learns here whether an address has an account or a number belongs to a known organisation: the answer is the
same, and what is known of an organisation shows only to those who belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts import operations as accounts
from accounts import queries as people
from accounts import tokens
from accounts.addresses import MAILS_AN_HOUR
from accounts.models import Token, User
from companies import operations
from companies import queries as companies
from companies.enums import MembershipRole
from companies.joining import notices, queries, rules
from companies.joining.enums import RequestState
from companies.joining.models import JoinRequest
from companies.models import Organisation
from core import audit
from core.db import get, lock, session
from core.errors import Conflict, Gone, Invalid
from core.i18n import _

PURPOSE, TAKEN = "registration", "registration of a known address"
MOST_OPEN = 5  # requests of one person


def register(values: Mapping[str, Any], *, email: str, language: str, at: datetime) -> None:
    """Somebody without an account wants to join: mail a link to the address. The same steps for a known address."""
    address = email.strip().lower()
    if tokens.issued(address, PURPOSE, TAKEN, since=at - timedelta(hours=1)) >= MAILS_AN_HOUR:
        return
    user = people.by_email(address)
    row = JoinRequest(email=address, language=language, state=RequestState.MAILED, created_at=at, **values)
    session.add(row)
    session.flush()
    secret = tokens.issue(
        TAKEN if user else PURPOSE, address=address, about=f"join_request:{row.id}", lasts=rules.REQUEST_LASTS, at=at
    )
    if user is None:
        notices.confirm_address(row, secret, at=at)
    else:
        notices.has_account(user, at=at)
    audit.record("join_request.register", row, by="visitor", at=at)


def of_token(token: Token) -> JoinRequest:
    """The request that a link opens."""
    row = get(JoinRequest, int((token.about or ":0").rpartition(":")[2]))
    if row is None or row.state is not RequestState.MAILED:
        raise Gone
    return row


def confirm_address(secret: str, password_hash: str, *, at: datetime) -> User:
    """The address is his: make the account, and let the request wait for a decision."""
    row = of_token(tokens.use(PURPOSE, secret, at=at))
    user = accounts.create_user(
        email=row.email, name=row.name, password_hash=password_hash, language=row.language, at=at, by="visitor"
    )
    user.email_verified_at = at
    _wait(row, user, at=at)
    return user


def ask(values: Mapping[str, Any], *, user: User, at: datetime) -> JoinRequest:
    """Somebody signed in wants to join."""
    if queries.open_requests_of(user.id) >= MOST_OPEN:
        raise Conflict(_("Several requests of yours wait already. Withdraw one of them first."))
    row = JoinRequest(email=user.email, language=user.language, state=RequestState.MAILED, created_at=at, **values)
    known = queries.organisation_meant(row)
    if known is not None and companies.membership(user.id, known.id) is not None:
        raise Conflict(_("You belong to this organisation already."))
    session.add(row)
    _wait(row, user, at=at)
    audit.record("join_request.ask", row, by=user, at=at)
    return row


def _wait(row: JoinRequest, user: User, *, at: datetime) -> None:
    row.user_id, row.state = user.id, RequestState.WAITING
    session.flush()
    known = queries.organisation_meant(row)
    if known is not None:
        notices.asked(row, known, queries.leaders(known.id), at=at)


def confirm(row: JoinRequest, *, by: User, at: datetime) -> Organisation:
    """Let him in: as a member of the organisation we know, or as the owner of one that nobody leads yet."""
    _take(row)
    organisation = queries.organisation_meant(row) or _create(row, by=by, at=at)
    lock(Organisation, organisation.id)
    assert row.user_id is not None
    role = MembershipRole.MEMBER if queries.leaders(organisation.id) else MembershipRole.OWNER
    if companies.membership(row.user_id, organisation.id) is None:
        operations.join(row.user_id, organisation, role=role, by=by, at=at)
    row.organisation_id = organisation.id
    _decide(row, RequestState.CONFIRMED, by=by, at=at)
    notices.decided(row, organisation, at=at)
    return organisation


def decline(row: JoinRequest, reason: str, *, by: User, at: datetime) -> None:
    """Say no, with a reason that the person reads."""
    _take(row)
    if not reason.strip():
        raise Invalid(_("Give a reason: the person reads it."), field="reason")
    row.reason = reason.strip()
    _decide(row, RequestState.DECLINED, by=by, at=at)
    notices.decided(row, None, at=at)


def withdraw(row: JoinRequest, *, by: User, at: datetime) -> None:
    """Who asked takes it back."""
    _take(row)
    _decide(row, RequestState.WITHDRAWN, by=by, at=at)


def _decide(row: JoinRequest, state: RequestState, *, by: User, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by_id = state, at, by.id
    session.flush()
    audit.record(f"join_request.{state.value}", row, by=by, at=at)


def _take(row: JoinRequest) -> None:
    """Take the row; of two who decide at once, the second is told."""
    lock(JoinRequest, row.id)
    if row.state is not RequestState.WAITING:
        raise Conflict(_("This request is decided already."))


def _create(row: JoinRequest, *, by: User, at: datetime) -> Organisation:
    name = "name_vi" if row.country == "VN" else "name_en"
    values = {
        name: row.organisation_name,
        "country": row.country,
        "tax_code": row.tax_code,
        "foreign_id": row.foreign_id,
        "kinds": [row.kind],
    }
    return operations.create_organisation(values, by=by, at=at)
