"""Named reads of requests for contact."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import joinedload

from accounts.models import User
from accounts.rules import is_staff
from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from companies.contacting.rules import A_DAY, SEEN_BY_FIRM
from companies.models import Membership, Organisation
from core.access import Actor, visible
from core.db import session


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know all; the people of a firm those that were forwarded to it."""
    own = actor.ties.get("organisation", frozenset())
    if is_staff(actor):
        return true()
    return and_(ContactRequest.organisation_id.in_(own), ContactRequest.state.in_(SEEN_BY_FIRM))


visible(ContactRequest, _visible_to)


def listed(state: ContactState | None) -> Select[ContactRequest]:
    """All requests whose address was confirmed, those to decide first, then the newest."""
    query = select(ContactRequest).where(ContactRequest.state != ContactState.UNCONFIRMED)
    if state is not None:
        query = query.where(ContactRequest.state == state)
    return query.options(joinedload(ContactRequest.organisation), joinedload(ContactRequest.product)).order_by(
        ContactRequest.state != ContactState.OPEN, ContactRequest.created_at.desc(), ContactRequest.id.desc()
    )


def of_firm(organisation: Organisation) -> Select[ContactRequest]:
    """What was forwarded to a firm, the newest first."""
    return (
        select(ContactRequest)
        .where(ContactRequest.organisation_id == organisation.id, ContactRequest.state.in_(SEEN_BY_FIRM))
        .options(joinedload(ContactRequest.product), joinedload(ContactRequest.asker))
        .order_by(ContactRequest.state != ContactState.FORWARDED, ContactRequest.id.desc())
    )


def asked_by(asker_id: int) -> Mapping[int, ContactState]:
    """firm -> where the latest request of an organisation for it stands: one query."""
    rows = session.execute(
        select(ContactRequest.organisation_id, ContactRequest.state)
        .where(ContactRequest.asker_id == asker_id)
        .order_by(ContactRequest.id)
    )
    return dict(iter(rows))


def sent_lately(email: str, organisation_id: int, *, at: datetime) -> tuple[int, int]:
    """How many requests came within a day: from the address, and for the firm."""
    lately = select(func.count()).select_from(ContactRequest).where(ContactRequest.created_at > at - A_DAY)
    mine = session.scalar(lately.where(ContactRequest.email == email)) or 0
    theirs = session.scalar(lately.where(ContactRequest.organisation_id == organisation_id)) or 0
    return mine, theirs


def open_ones() -> tuple[int, datetime | None]:
    """How many wait for the Department, and since when the oldest does."""
    query = select(func.count(), func.min(ContactRequest.created_at)).where(ContactRequest.state == ContactState.OPEN)
    number, oldest = session.execute(query).one()
    return number, oldest


def waiting_at(organisation_ids: Collection[int]) -> Mapping[int, tuple[int, datetime]]:
    """firm -> how many forwarded requests it has not answered, and since when the oldest waits: one query."""
    rows = session.execute(
        select(ContactRequest.organisation_id, func.count(), func.min(ContactRequest.created_at))
        .where(ContactRequest.organisation_id.in_(organisation_ids), ContactRequest.state == ContactState.FORWARDED)
        .group_by(ContactRequest.organisation_id)
    )
    return {firm: (number, oldest) for firm, number, oldest in rows}


def readers_of(organisation_id: int) -> Sequence[User]:
    """The people of a firm who can sign in."""
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id, Membership.left_at.is_(None), User.disabled_at.is_(None)
        )
        .order_by(User.id)
    ).all()
