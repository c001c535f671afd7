"""Named reads of invitations and requests, and who may know of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from accounts.models import User
from accounts.rules import is_staff
from companies import queries
from companies.enums import MembershipRole
from companies.joining import rules
from companies.joining.enums import RequestState
from companies.joining.models import Invitation, InvitationList, JoinRequest
from companies.models import Membership, Organisation
from companies.sight import belonging
from core.access import Actor, visible
from core.db import count, session


@dataclass(frozen=True)
class Door:
    """Whether somebody acts for an organisation now, and when somebody was last invited to."""

    joined: bool = False
    invited_at: datetime | None = None


LEADING = (MembershipRole.OWNER, MembershipRole.DEPUTY)


def leaders(organisation_id: int) -> Sequence[User]:
    """The owners and deputies of an organisation who can sign in."""
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.left_at.is_(None),
            Membership.role.in_(LEADING),
            User.disabled_at.is_(None),
        )
        .order_by(User.id)
    ).all()


def organisation_meant(request: JoinRequest) -> Organisation | None:
    """The organisation that we know under the number that was typed."""
    if request.tax_code:
        return queries.by_tax_code(request.tax_code)
    return queries.by_foreign_id(request.country, request.foreign_id or "")


def _meant() -> ColumnElement[bool]:
    """A condition on both tables: the request names that organisation by its number."""
    abroad = and_(JoinRequest.country == Organisation.country, JoinRequest.foreign_id == Organisation.foreign_id)
    return or_(JoinRequest.tax_code == Organisation.tax_code, abroad)


def waiting_for(organisation: Organisation) -> Sequence[JoinRequest]:
    """The requests to join a known organisation that wait for a decision."""
    return session.scalars(
        select(JoinRequest)
        .join(Organisation, _meant())
        .where(Organisation.id == organisation.id, JoinRequest.state == RequestState.WAITING)
        .order_by(JoinRequest.id)
    ).all()


def requests(state: RequestState | None) -> Select[JoinRequest]:
    """Requests whose address is confirmed, the oldest that wait first; all or those of one state."""
    query = select(JoinRequest).options(joinedload(JoinRequest.organisation))
    if state is not None:
        return query.where(JoinRequest.state == state).order_by(JoinRequest.id)
    return query.where(JoinRequest.state != RequestState.MAILED).order_by(JoinRequest.id.desc())


def known_among(rows: Sequence[JoinRequest]) -> dict[int, Organisation]:
    """Request id -> the organisation that its number belongs to, for those that we know; one query."""
    ids = [row.id for row in rows]
    found = session.execute(
        select(JoinRequest.id, Organisation).join(Organisation, _meant()).where(JoinRequest.id.in_(ids))
    )
    return {row[0]: row[1] for row in found}


def number_waiting() -> tuple[int, datetime | None]:
    """How many requests wait for a decision, and since when the first."""
    found = session.execute(
        select(func.count(), func.min(JoinRequest.created_at)).where(JoinRequest.state == RequestState.WAITING)
    ).one()
    return found[0], found[1]


def mine(user_id: int) -> Sequence[JoinRequest]:
    """A person's own requests, the newest first."""
    return session.scalars(
        select(JoinRequest).where(JoinRequest.user_id == user_id).order_by(JoinRequest.id.desc())
    ).all()


def open_requests_of(user_id: int) -> int:
    """How many requests of a person wait."""
    return count(
        select(JoinRequest.id).where(JoinRequest.user_id == user_id, JoinRequest.state == RequestState.WAITING)
    )


def open_invitations(organisation: Organisation | None = None) -> Select[Invitation]:
    """Invitations that were neither accepted nor taken back, expired ones too, the longest waiting first."""
    query = (
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .options(joinedload(Invitation.organisation))
        .order_by(Invitation.sent_at, Invitation.id)
    )
    return query if organisation is None else query.where(Invitation.organisation_id == organisation.id)


def to_send_again(at: datetime) -> Sequence[Invitation]:
    """The open invitations that had a week without an answer."""
    return session.scalars(
        open_invitations().where(Invitation.sent_at <= at - rules.REMINDED_AFTER, Invitation.sends < rules.MOST_SENDS)
    ).all()


def open_invitation(organisation_id: int, email: str) -> Invitation | None:
    """The open invitation of an address to an organisation."""
    return session.scalars(
        open_invitations().where(Invitation.organisation_id == organisation_id, Invitation.email == email)
    ).one_or_none()


def doors(organisation_ids: Collection[int]) -> Mapping[int, Door]:
    """What is known of the people of each of these organisations, for those that have or had any: two queries."""
    joined = session.scalars(
        select(Membership.organisation_id).where(
            Membership.organisation_id.in_(organisation_ids), Membership.left_at.is_(None)
        )
    )
    invited = session.execute(
        select(Invitation.organisation_id, func.max(Invitation.sent_at))
        .where(Invitation.organisation_id.in_(organisation_ids), Invitation.revoked_at.is_(None))
        .group_by(Invitation.organisation_id)
    )
    found = {key: Door(invited_at=at) for key, at in invited}
    return found | {key: replace(found.get(key, Door()), joined=True) for key in joined}


def asked_by_lists(since: datetime) -> int:
    """How many invitations lists have been confirmed for since then."""
    return session.scalar(
        select(func.coalesce(func.sum(InvitationList.asked), 0)).where(InvitationList.confirmed_at > since)
    ) or 0  # fmt: skip


def lists() -> Select[InvitationList]:
    """Lists of organisations to invite, the newest first."""
    return select(InvitationList).options(joinedload(InvitationList.by)).order_by(InvitationList.id.desc())


def lists_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know of them."""
    return true() if is_staff(actor) else false()


def invitations_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers, and those who look after the people of the organisation."""
    if is_staff(actor):
        return true()
    return Invitation.organisation_id.in_(actor.ties.get("organisation.people", frozenset()))


def requests_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers, the one who asked, and those who look after the people of the organisation that he named."""
    if is_staff(actor):
        return true()
    if not actor.signed_in:
        return false()
    led = Organisation.id.in_(actor.ties.get("organisation.people", frozenset()))
    named = exists().where(_meant(), led).correlate(JoinRequest)
    return or_(JoinRequest.user_id == actor.user_id, and_(JoinRequest.state != RequestState.MAILED, named))


def may_decide(actor: Actor, join_request: JoinRequest) -> bool:
    """Officers, and the owner or deputy of the organisation that was named."""
    if is_staff(actor):
        return True
    known = organisation_meant(join_request)
    return known is not None and actor.belongs("organisation.people", known.id)


def may_withdraw(actor: Actor, join_request: JoinRequest) -> bool:
    """Who asked may take it back."""
    return actor.user_id is not None and join_request.user_id == actor.user_id


belonging("organisation.people", lambda role, kinds: role in LEADING)
visible(InvitationList, lists_visible_to)
visible(Invitation, invitations_visible_to)
visible(JoinRequest, requests_visible_to)
