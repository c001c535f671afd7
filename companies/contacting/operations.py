"""Verbs of a request for contact. Run inside a write block."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts import tokens
from accounts.models import User
from accounts.notices import Notice, tell, write_to
from companies.contacting import notices, queries, rules
from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from companies.models import Organisation, Product
from core import audit
from core.db import lock, session
from core.errors import Conflict, Invalid
from core.i18n import _

PURPOSE = "contact"
LINK_LASTS = timedelta(days=2)


def ask(
    organisation: Organisation, *, name: str, email: str, firm: str, purpose: str, language: str, at: datetime,
    product: Product | None = None, by: User | None = None, asker: Organisation | None = None,
) -> ContactRequest:  # fmt: skip
    """A new request: of somebody signed in it goes to the Department, a stranger confirms his address first.

    An organisation asks for a firm once at a time, whoever of its people does.
    """
    if asker is not None and queries.asked_by(asker.id).get(organisation.id) in rules.UNANSWERED:
        raise Conflict(_("Your organisation asked for this firm already; the answer is still to come."))
    mine, theirs = queries.sent_lately(email, organisation.id, at=at)
    if not rules.may_send(from_address=mine, to_firm=theirs):
        raise Invalid(_("Too many requests today. Try again tomorrow."))
    row = ContactRequest(
        organisation_id=organisation.id, product_id=product.id if product else None, user_id=by.id if by else None,
        asker_id=asker.id if asker else None, name=name, email=email, firm=firm, purpose=purpose, language=language,
        created_at=at, state=ContactState.OPEN if by else ContactState.UNCONFIRMED,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if by is None:
        secret = tokens.issue(PURPOSE, address=email, about=f"contact_request:{row.id}", lasts=LINK_LASTS, at=at)
        notice = notices.confirm(row, secret)
        key = f"contact.{row.id}.confirm"
        write_to(email, "contact.confirm", notice, at=at, language=language, key=key, sensitive=True)
    audit.record("contact.ask", row, by=by or "visitor", at=at, organisation=organisation.id)
    return row


def confirm(secret: str, *, at: datetime) -> ContactRequest:
    """The address is the asker's own. Raise Gone for a link that is no good."""
    token = tokens.use(PURPOSE, secret, at=at)
    row = _locked(int((token.about or "").rpartition(":")[2]), ContactState.UNCONFIRMED)
    row.state = ContactState.OPEN
    session.flush()
    audit.record("contact.confirm", row, by="visitor", at=at)
    return row


def forward(key: int, *, by: Any, at: datetime) -> ContactRequest:
    """Pass it on to the people of the firm. Raise Conflict if there is nobody who could answer."""
    row = _locked(key, ContactState.OPEN)
    people = queries.readers_of(row.organisation_id)
    if not people:
        raise Conflict(_("Nobody of this firm has an account who could answer. Invite somebody first, or decline."))
    _decided(row, ContactState.FORWARDED, by=by, at=at)
    for person in people:
        told = f"contact.{row.id}.forward.{person.id}"
        tell(person, "contact.forwarded", notices.forwarded(row), at=at, key=told)
    audit.record("contact.forward", row, by=by, at=at)
    return row


def decline(key: int, reason: str, *, by: Any, at: datetime) -> ContactRequest:
    """Tell the asker why not."""
    row = _locked(key, ContactState.OPEN)
    row.reason = reason
    _decided(row, ContactState.DECLINED, by=by, at=at)
    _tell_asker(row, "declined", notices.declined(row), at)
    audit.record("contact.decline", row, by=by, at=at)
    return row


def accept(key: int, *, by: User, at: datetime) -> ContactRequest:
    """The firm agrees: each side gets the other's contacts, and only now."""
    row = _locked(key, ContactState.FORWARDED)
    _answered(row, ContactState.ACCEPTED, by=by, at=at)
    firm = row.organisation
    ours = [firm.name, *(text for text in (by.name, by.email, firm.email, firm.phone, firm.website) if text)]
    theirs = [text for text in (row.name, row.firm, row.email) if text]
    _tell_asker(row, "accepted", notices.contacts(row, firm.name, list(dict.fromkeys(ours))), at)
    notice = notices.contacts(row, row.name, theirs)
    tell(by, "contact.accepted", notice, at=at, key=f"contact.{row.id}.firm")
    audit.record("contact.accept", row, by=by, at=at)
    return row


def refuse(key: int, *, by: User, at: datetime) -> ContactRequest:
    """The firm does not wish it; its contacts stay with it."""
    row = _locked(key, ContactState.FORWARDED)
    _answered(row, ContactState.REFUSED, by=by, at=at)
    _tell_asker(row, "refused", notices.refused(row), at)
    audit.record("contact.refuse", row, by=by, at=at)
    return row


def _locked(key: int, expected: ContactState) -> ContactRequest:
    row = lock(ContactRequest, key)
    if row is None or row.state is not expected:
        raise Conflict(_("This request was dealt with already."))
    return row


def _decided(row: ContactRequest, state: ContactState, *, by: Any, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by_id = state, at, getattr(by, "id", None)
    session.flush()


def _answered(row: ContactRequest, state: ContactState, *, by: User, at: datetime) -> None:
    row.state, row.answered_at, row.answered_by_id = state, at, by.id
    session.flush()


def _tell_asker(row: ContactRequest, what: str, notice: Notice, at: datetime) -> None:
    key = f"contact.{row.id}.{what}"
    write_to(row.email, f"contact.{what}", notice, at=at, language=row.language, name=row.name, key=key)
