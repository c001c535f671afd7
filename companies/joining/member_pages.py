"""The people of an organisation: who belongs to it, who is invited, who asks, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import operations as accounts
from accounts.access import actor, current_sign_in, me
from companies import queries as companies
from companies import rules as companies_rules
from companies.enums import MembershipRole
from companies.joining import invitations, members, queries, rules
from companies.joining.forms import InviteForm, RoleForm
from companies.joining.models import Invitation
from companies.models import Membership, Organisation
from core import clock
from core.access import may
from core.db import session, write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("members", __name__)
LOOK_AFTER = may(rules.look_after_people, organisation=Organisation)
INVITATION = may(rules.look_after_invitation, invitation=Invitation)
MEMBERSHIP = may(rules.look_after_membership, membership=Membership)


@bp.get(
    "/organisations/<int:organisation_id>/members",
    access=may(companies_rules.manage_organisation, organisation=Organisation),
)
def index(organisation: Organisation) -> ResponseReturnValue:
    language = rules.usual_language(organisation.country)
    return _page(organisation, InviteForm(role=MembershipRole.MEMBER.value, language=language))


@bp.post("/organisations/<int:organisation_id>/invitations", access=LOOK_AFTER)
def invite(organisation: Organisation) -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(organisation, form, 422)
    try:
        with write():
            invitations.invite(
                organisation,
                email=form.email.data,
                name=form.name.data or "",
                role=MembershipRole(form.role.data),
                language=form.language.data,
                by=me(),
                actor=actor(),
                at=clock.now(),
            )
    except UserError as err:
        return _page(organisation, form.blame(err), err.status)
    flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
    return _back(organisation.id)


@bp.post("/invitations/<int:invitation_id>/again", access=INVITATION)
def send_again(invitation: Invitation) -> ResponseReturnValue:
    return _act(
        invitation.organisation_id,
        lambda: invitations.send_again(invitation, by=me(), at=clock.now()),
        _("The invitation is sent again; the earlier link is worth nothing now."),
    )


@bp.post("/invitations/<int:invitation_id>/revoke", access=INVITATION)
def revoke(invitation: Invitation) -> ResponseReturnValue:
    return _act(
        invitation.organisation_id,
        lambda: invitations.revoke(invitation, by=me(), at=clock.now()),
        _("The invitation is taken back."),
    )


@bp.post("/memberships/<int:membership_id>/role", access=MEMBERSHIP)
def give_role(membership: Membership) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _back(membership.organisation_id)
    role = MembershipRole(form.role.data)
    return _act(
        membership.organisation_id,
        lambda: members.give_role(membership, role, by=me(), actor=actor(), at=clock.now()),
        _("The role is changed."),
    )


@bp.post("/memberships/<int:membership_id>/remove", access=MEMBERSHIP)
def remove(membership: Membership) -> ResponseReturnValue:
    return _act(
        membership.organisation_id,
        lambda: members.leave(membership, by=me(), at=clock.now()),
        _("The person does not belong to the organisation any more; access ended at once."),
    )


@bp.post("/memberships/<int:membership_id>/hand-over", access=may(rules.hand_over, membership=Membership))
def hand_over(membership: Membership) -> ResponseReturnValue:
    return _act(
        membership.organisation_id,
        lambda: members.hand_over(membership, by=me(), at=clock.now()),
        _("The organisation has a new owner; a mail tells of it."),
    )


@bp.post(
    "/organisations/<int:organisation_id>/leave", access=may(rules.leave_organisation, organisation=Organisation)
)
def leave(organisation: Organisation) -> ResponseReturnValue:
    own = companies.membership(me().id, organisation.id)
    assert own is not None  # the rule above asked for it
    try:
        with write():
            members.leave(own, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return _back(organisation.id)
    flash(_("You do not belong to the organisation any more."), "success")
    return redirect(url_for("companies.mine"))


@bp.post("/organisations/<int:organisation_id>/act", access=may(rules.act_for, organisation=Organisation))
def act_for(organisation: Organisation) -> ResponseReturnValue:
    row = current_sign_in()
    assert row is not None
    with write():
        accounts.act_for(row, f"organisation:{organisation.id}", by=me(), at=clock.now())
    return redirect(url_for("companies.profile", organisation_id=organisation.id))


def _act(organisation_id: int, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do it in a write block, and tell what came of it on the page of the people."""
    try:
        with write():
            act()
    except UserError as err:
        flash(str(err.message), "danger")
    else:
        flash(done, "success")
    return _back(organisation_id)


def _back(organisation_id: int) -> ResponseReturnValue:
    return redirect(url_for("members.index", organisation_id=organisation_id))


def _page(organisation: Organisation, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    leads = rules.look_after_people(actor(), organisation)
    owns = actor().belongs("organisation.owner", organisation.id)
    page = render_template(
        "joining/members.html",
        organisation=organisation,
        members=companies.members(organisation),
        form=form,
        leads=leads,
        may_hand_over=owns or rules.decide_on_requests(actor()),
        invitations=session.scalars(queries.open_invitations(organisation)).all() if leads else (),
        requests=queries.waiting_for(organisation) if leads else (),
        own=companies.membership(me().id, organisation.id),
        may_change=rules.look_after_membership,
        roles=form.role.choices,
        may_act=rules.act_for(actor(), organisation),
        now=clock.now(),
    )
    return page, status
