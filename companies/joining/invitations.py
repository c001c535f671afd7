"""Verbs of invitations: invite, send again, take back, accept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import vietnamese
from accounts import operations as accounts
from accounts import queries as people
from accounts import tokens
from accounts.models import Token, User
from companies import operations
from companies import queries as companies
from companies.enums import MembershipRole
from companies.joining import notices, queries, rules
from companies.joining.models import Invitation
from companies.models import Organisation
from core import audit
from core.access import Actor
from core.db import get, lock, session
from core.errors import Conflict, Forbidden, Gone
from core.i18n import _

PURPOSE = "invitation"


def invite(
    organisation: Organisation,
    *,
    email: str,
    role: MembershipRole,
    language: str,
    by: User,
    actor: Actor,
    at: datetime,
    name: str = "",
) -> Invitation:
    """Ask somebody by mail to join. An address that belongs already, or was asked and did not answer, is told so."""
    address = email.strip().lower()
    if not rules.may_give_role(actor, organisation.id, role):
        raise Forbidden(_("Only an owner makes somebody an owner."))
    user = people.by_email(address)
    if user is not None and companies.membership(user.id, organisation.id) is not None:
        raise Conflict(_("This person belongs to the organisation already."), field="email")
    if queries.open_invitation(organisation.id, address) is not None:
        raise Conflict(_("This address is invited already; you can send the invitation again."), field="email")
    asked = {"email": address, "name": vietnamese.clean_line(name), "role": role, "language": language}
    return _invite(organisation, asked, by=by, at=at)


def invite_first(organisation: Organisation, email: str, *, by: User, at: datetime) -> Invitation | None:
    """An officer opens the door to an organisation that nobody acts for yet: who comes is its owner.

    None if somebody acts for it by now, or the address is asked already: the second press does nothing.
    """
    address = email.strip().lower()
    lock(Organisation, organisation.id)
    known = queries.doors([organisation.id]).get(organisation.id)
    if (known and known.joined) or queries.open_invitation(organisation.id, address) is not None:
        return None
    language = rules.usual_language(organisation.country)
    asked = {"email": address, "role": MembershipRole.OWNER, "language": language}
    return _invite(organisation, asked, by=by, at=at)


def send_again(row: Invitation, *, by: User, at: datetime) -> None:
    """A new link, for 30 days from now; the links before are worth nothing."""
    _open(row)
    if not rules.may_send_again(sent=row.sent_at, sends=row.sends, at=at):
        raise Conflict(_("This invitation was sent a short while ago, or too often."))
    row.sent_at, row.sends, row.expires_at = at, row.sends + 1, at + rules.INVITATION_LASTS
    tokens.withdraw(PURPOSE, about=_about(row), at=at)
    _send(row, at=at)
    audit.record("invitation.again", row, by=by, at=at)


def revoke(row: Invitation, *, by: User, at: datetime) -> None:
    """Take an invitation back: its link is worth nothing from now on."""
    _open(row)
    row.revoked_at = at
    tokens.withdraw(PURPOSE, about=_about(row), at=at)
    session.flush()
    audit.record("invitation.revoke", row, by=by, at=at)


def of_token(token: Token) -> Invitation:
    """The invitation that a link opens."""
    row = get(Invitation, int((token.about or ":0").rpartition(":")[2]))
    if row is None or row.accepted_at is not None or row.revoked_at is not None:
        raise Gone
    return row


def accept(
    secret: str, *, at: datetime, user: User | None = None, name: str = "", password_hash: str | None = None
) -> tuple[User, Organisation]:
    """Join by the link of the mail: `user` has the invited address, or an account of it is made."""
    token = tokens.use(PURPOSE, secret, at=at)
    row = of_token(token)
    if user is None:
        if password_hash is None:
            raise ValueError("a new account needs a password")
        user = accounts.create_user(
            email=row.email, name=name, password_hash=password_hash, language=row.language, at=at, by="visitor"
        )
    elif user.email != row.email or user.disabled_at is not None:
        raise Gone
    user.email_verified_at = user.email_verified_at or at
    row.accepted_at = at
    if companies.membership(user.id, row.organisation_id) is None:
        operations.join(user.id, row.organisation, role=row.role, by=user, at=at)
    audit.record("invitation.accept", row, by=user, at=at)
    return user, row.organisation


def _invite(organisation: Organisation, asked: Mapping[str, Any], *, by: User, at: datetime) -> Invitation:
    row = Invitation(
        organisation=organisation,
        by_id=by.id,
        created_at=at,
        sent_at=at,
        expires_at=at + rules.INVITATION_LASTS,
        **asked,
    )
    session.add(row)
    session.flush()
    _send(row, at=at)
    audit.record("invitation.send", row, by=by, at=at, organisation=organisation.id, role=row.role.value)
    return row


def _send(row: Invitation, *, at: datetime) -> None:
    secret = tokens.issue(PURPOSE, address=row.email, about=_about(row), lasts=rules.INVITATION_LASTS, at=at)
    notices.invite(row, secret, at=at)


def _about(row: Invitation) -> str:
    return f"invitation:{row.id}"


def _open(row: Invitation) -> None:
    """Take the row; raise Conflict if it was answered or taken back meanwhile."""
    lock(Invitation, row.id)
    if row.accepted_at is not None or row.revoked_at is not None:
        raise Conflict(_("This invitation was answered or taken back already."))
