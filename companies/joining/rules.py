"""Who looks after the people of an organisation, and what a request or an invitation may still become. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.rules import is_staff
from companies.enums import MembershipRole
from companies.joining.enums import Verdict

if TYPE_CHECKING:
    from core.access import Actor

INVITATION_LASTS = timedelta(days=30)
REQUEST_LASTS = timedelta(days=3)  # the link that confirms the address
SENT_AGAIN_AFTER = timedelta(hours=1)
REMINDED_AFTER = timedelta(days=7)  # the press that sends all again takes those that had a week
MOST_SENDS = 10
MOST_IN_A_LIST = 500
MOST_A_DAY = 1_000  # invitations of all officers by lists: so much mail at once looks like an attack elsewhere


def decide_on_requests(actor: Actor) -> bool:
    """Officers see all requests and invitations, and decide where an organisation has nobody who could."""
    return is_staff(actor)


def look_after_people(actor: Actor, organisation: Any, **_parts: Any) -> bool:
    """An owner or his deputy invites, confirms and removes people; officers help."""
    return is_staff(actor) or actor.belongs("organisation.people", organisation.id)


def look_after_invitation(actor: Actor, invitation: Any) -> bool:
    """The same, of an invitation."""
    return is_staff(actor) or actor.belongs("organisation.people", invitation.organisation_id)


def look_after_membership(actor: Actor, membership: Any) -> bool:
    """The same, of a membership. Owners are changed by owners and officers, not by deputies."""
    if membership.role is MembershipRole.OWNER:
        return is_staff(actor) or actor.belongs("organisation.owner", membership.organisation_id)
    return is_staff(actor) or actor.belongs("organisation.people", membership.organisation_id)


def hand_over(actor: Actor, membership: Any) -> bool:
    """An owner makes another person the owner; an officer does where the owner is gone."""
    return is_staff(actor) or actor.belongs("organisation.owner", membership.organisation_id)


def act_for(actor: Actor, organisation: Any) -> bool:
    """Officers may act for an organisation that needs help; the page and the audit say so while it lasts."""
    return is_staff(actor)


def leave_organisation(actor: Actor, organisation: Any) -> bool:
    """Everybody may leave what he belongs to."""
    return actor.belongs("organisation", organisation.id)


def may_give_role(actor: Actor, organisation_id: int, role: MembershipRole) -> bool:
    """Deputies make members and deputies; owners are made by owners and officers."""
    return role is not MembershipRole.OWNER or is_staff(actor) or actor.belongs("organisation.owner", organisation_id)


def needs_another_owner(leaving: MembershipRole, others: Collection[MembershipRole]) -> bool:
    """The last owner cannot leave while others stay without one; alone, he may close the door behind him."""
    return leaving is MembershipRole.OWNER and bool(others) and MembershipRole.OWNER not in others


def usual_language(country: str) -> str:
    """The language in which an organisation of a country is written to, as long as nobody chose another."""
    return "vi" if country == "VN" else "en"


def judge(*, known: bool, joined: bool, invited: bool, earlier: bool, address: bool) -> Verdict:
    """What becomes of an organisation of a list. `earlier`: it stands further up; `address`: there is one."""
    if not known:
        return Verdict.UNKNOWN
    if earlier:
        return Verdict.TWICE
    if joined:
        return Verdict.JOINED
    if invited:
        return Verdict.INVITED
    return Verdict.INVITE if address else Verdict.NO_ADDRESS


def handle_list(actor: Actor, invitation_list: Any) -> bool:
    """Officers invite many organisations at once."""
    return decide_on_requests(actor)


def may_send_again(*, sent: datetime, sends: int, at: datetime) -> bool:
    """Not every minute, and not for ever."""
    return sends < MOST_SENDS and at - sent >= SENT_AGAIN_AFTER
