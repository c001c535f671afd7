"""Verbs for the people of an organisation: roles, leaving, removal, handing over. Access follows at once.

The organisation's row is taken first, so that of two owners who leave at once one is told to name another.
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from companies import operations, queries
from companies.enums import MembershipRole
from companies.joining import notices, rules
from companies.models import Membership, Organisation
from core import audit
from core.access import Actor
from core.db import lock, session
from core.errors import Conflict, Forbidden
from core.i18n import _


def give_role(row: Membership, role: MembershipRole, *, by: User, actor: Actor, at: datetime) -> None:
    """Change what a person is in the organisation. The last owner stays one until there is another."""
    lock(Organisation, row.organisation_id)
    _present(row)
    if not rules.may_give_role(actor, row.organisation_id, role):
        raise Forbidden(_("Only an owner makes somebody an owner."))
    if row.role is role:
        return
    if rules.needs_another_owner(row.role, _others(row)):
        raise Conflict(_("Name another owner first: an organisation with people needs one."))
    before, row.role = row.role, role
    if role is MembershipRole.OWNER:
        notices.owner_now(row.user, row.organisation, at=at)
    session.flush()
    audit.record("membership.role", row, by=by, at=at, before=before.value, after=role.value)


def leave(row: Membership, *, by: User, at: datetime) -> None:
    """End a membership: one's own, or somebody else's, who is told. History stays."""
    lock(Organisation, row.organisation_id)
    _present(row)
    if rules.needs_another_owner(row.role, _others(row)):
        raise Conflict(_("Name another owner first: an organisation with people needs one."))
    operations.leave(row, by=by, at=at)
    if row.user_id != by.id:
        notices.removed(row.user, row.organisation, at=at)


def hand_over(row: Membership, *, by: User, at: datetime) -> None:
    """Make this person the owner; who hands over stays as a deputy."""
    lock(Organisation, row.organisation_id)
    _present(row)
    if row.role is MembershipRole.OWNER:
        raise Conflict(_("This person is an owner already."))
    own = queries.membership(by.id, row.organisation_id)
    row.role = MembershipRole.OWNER
    if own is not None and own.role is MembershipRole.OWNER:
        own.role = MembershipRole.DEPUTY
    notices.owner_now(row.user, row.organisation, at=at)
    session.flush()
    audit.record("membership.hand_over", row, by=by, at=at, to=row.user_id)


def _present(row: Membership) -> None:
    session.refresh(row)
    if row.left_at is not None:
        raise Conflict(_("This person does not belong to the organisation any more."))


def _others(row: Membership) -> list[MembershipRole]:
    return [m.role for m in queries.members(row.organisation) if m.id != row.id]
