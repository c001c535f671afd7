"""The people of an organisation: roles, leaving, removal, handing over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts.enums import Role
from companies import queries
from companies.enums import MembershipRole as M
from companies.joining import rules
from companies.models import Membership
from core.access import Actor
from core.audit import AuditLine
from core.db import session
from core.outbox import Mail


def of(user, firm):
    return queries.membership(user.id, firm.id)


def roles(firm):
    return {m.user.email.split("@")[0]: m.role.value for m in queries.members(firm)}


def test_whoever_is_removed_loses_access_at_once_and_the_history_stays(cast, browse):
    owner, colleague = browse(cast.firm_owner), browse(cast.firm_colleague)
    assert colleague.get(f"/organisations/{cast.firm.id}/edit").status_code == 200
    row = of(cast.firm_colleague, cast.firm)
    owner.post(f"/memberships/{row.id}/remove")
    assert colleague.get(f"/organisations/{cast.firm.id}/edit").status_code == 403
    assert session.get(Membership, row.id).left_at is not None
    assert session.scalars(select(Mail.recipient)).all() == [cast.firm_colleague.email]


def test_a_member_leaves_by_himself_and_the_last_owner_names_another_first(cast, browse):
    owner, colleague = browse(cast.firm_owner), browse(cast.firm_colleague)
    path = f"/organisations/{cast.firm.id}/leave"
    owner.post(path)
    assert roles(cast.firm) == {"firm_owner": "owner", "firm_colleague": "member"}
    owner.post(f"/memberships/{of(cast.firm_colleague, cast.firm).id}/hand-over")
    assert roles(cast.firm) == {"firm_owner": "deputy", "firm_colleague": "owner"}
    owner.post(path)
    assert roles(cast.firm) == {"firm_colleague": "owner"}
    assert colleague.post(path).status_code == 302 and roles(cast.firm) == {}  # alone, he may close the door
    assert browse(cast.rival_owner).post(path).status_code == 403


def test_a_deputy_looks_after_members_but_not_after_owners_nor_sight(cast, browse):
    owner, deputy = browse(cast.firm_owner), browse(cast.firm_colleague)
    row = of(cast.firm_colleague, cast.firm)
    owner.post(f"/memberships/{row.id}/role", data={"role": "deputy"})
    assert roles(cast.firm)["firm_colleague"] == "deputy"
    invite = {"email": "x@minhhoa.example", "role": "member", "language": "vi"}
    people = f"/organisations/{cast.firm.id}/invitations"
    assert deputy.post(people, data=invite).status_code == 302
    assert deputy.post(people, data=invite | {"email": "y@minhhoa.example", "role": "owner"}).status_code == 403
    boss = of(cast.firm_owner, cast.firm)
    assert deputy.post(f"/memberships/{boss.id}/remove").status_code == 403
    assert deputy.post(f"/memberships/{row.id}/hand-over").status_code == 403
    deputy.post(f"/memberships/{row.id}/role", data={"role": "owner"})
    assert roles(cast.firm)["firm_colleague"] == "deputy"
    sight = {"scope": "figures", "partner": str(cast.bank_organisation.id)}
    assert deputy.post(f"/organisations/{cast.firm.id}/sight", data=sight).status_code == 403


def test_an_owner_cannot_step_down_while_there_is_no_other(cast, browse):
    owner = browse(cast.firm_owner)
    assert cast.firm_colleague
    owner.post(f"/memberships/{of(cast.firm_owner, cast.firm).id}/role", data={"role": "member"})
    assert roles(cast.firm)["firm_owner"] == "owner"


def test_people_of_a_rival_are_hidden_and_untouched(cast, browse):
    row = of(cast.firm_colleague, cast.firm)
    assert cast.firm_owner
    for act in ("remove", "hand-over", "role"):
        assert browse(cast.rival_owner).post(f"/memberships/{row.id}/{act}").status_code == 404
        assert browse(cast.firm_colleague).post(f"/memberships/{row.id}/{act}").status_code == 403


def test_an_officer_names_an_owner_where_the_owner_is_gone(cast, browse):
    row = of(cast.firm_colleague, cast.firm)
    browse(cast.officer).post(f"/memberships/{row.id}/hand-over")
    assert roles(cast.firm) == {"firm_colleague": "owner"}
    line = session.scalars(select(AuditLine).where(AuditLine.act == "membership.hand_over")).one()
    assert line.actor == f"user:{cast.officer.id}"


@pytest.mark.parametrize(
    ("leaving", "others", "needs"),
    [
        (M.OWNER, [M.MEMBER], True),
        (M.OWNER, [M.DEPUTY, M.MEMBER], True),
        (M.OWNER, [M.OWNER, M.MEMBER], False),
        (M.OWNER, [], False),
        (M.DEPUTY, [M.OWNER], False),
        (M.MEMBER, [], False),
    ],
)
def test_the_last_owner_does_not_leave_others_behind(leaving, others, needs):
    assert rules.needs_another_owner(leaving, others) is needs


@pytest.mark.parametrize(
    ("roles", "ties", "role", "may"),
    [
        ({Role.OFFICER}, {}, M.OWNER, True),
        ((), {"organisation.owner": frozenset({4})}, M.OWNER, True),
        ((), {"organisation.people": frozenset({4})}, M.OWNER, False),
        ((), {"organisation.people": frozenset({4})}, M.DEPUTY, True),
        ((), {"organisation.owner": frozenset({5})}, M.OWNER, False),
    ],
)
def test_only_owners_and_officers_make_owners(roles, ties, role, may):
    assert rules.may_give_role(Actor(1, frozenset(roles), ties), 4, role) is may
