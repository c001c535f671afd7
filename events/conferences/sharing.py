"""One click on a list or a timetable: let the other side see one's figures or contacts, or take that back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies import operations as companies
from companies import queries as company_queries
from companies.enums import GrantScope
from companies.models import Organisation
from core import clock
from core.access import may
from core.db import get, row_key, write
from core.i18n import _
from core.urls import safe_next
from core.web import Blueprint
from events.conferences import rules
from events.conferences.models import Conference, Participant

bp = Blueprint("sharing", __name__)


@bp.post(
    "/conferences/<int:conference_id>/participants/<int:participant_id>/sharing",
    access=may(rules.share, conference=Conference, participant=Participant),
)
def share(conference: Conference, participant: Participant) -> ResponseReturnValue:
    """Give or take back; only an owner does, and it takes effect with the next page that the other opens."""
    back = request.form.get("back")
    scope = next((s for s in GrantScope if s.value == request.form.get("scope")), None)
    other = get(Participant, row_key(request.form.get("other")))
    if other is None or scope is None or other.conference_id != conference.id:
        raise NotFound
    given = request.form.get("give") == "1"
    with write():
        give(participant, other, scope, given, by=me(), at=clock.now())
    if given:
        flash(_("They see this as soon as you are matched. You can withdraw it at any time."), "success")
    else:
        flash(_("They do not see this any more."), "success")
    home = url_for("schedule.show", conference_id=conference.id, participant_id=participant.id)
    return redirect(f"{safe_next(back) if back else home}#p{other.id}")


def give(
    participant: Participant, other: Participant, scope: GrantScope, given: bool, *, by: Any, at: datetime
) -> None:
    """Let the other side see something of one's own, or take that back. Run in a write block."""
    own, theirs = participant.organisation, other.organisation
    if given:
        companies.give_sight(own, theirs, scope, by=by, at=at)
    elif (grant := company_queries.present_grant(own.id, theirs.id, scope)) is not None:
        companies.withdraw_sight(grant, by=by, at=at)


def shared(participant: Participant) -> dict[str, set[int]] | None:
    """scope -> organisations that see it of this participant's; None for a reader who may not share."""
    if not rules.share(actor(), participant.conference, participant):
        return None
    return shared_by(participant.organisation)


def shared_by(organisation: Organisation) -> dict[str, set[int]]:
    """scope -> organisations that see it of this one."""
    found: dict[str, set[int]] = {scope.value: set() for scope in GrantScope}
    for scope, partner_id in company_queries.granted(organisation):
        found[scope.value].add(partner_id)
    return found
