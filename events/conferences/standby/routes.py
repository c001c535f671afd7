"""Pages of the standby list: the officer's freed times, and a participant's "I am free for more meetings"."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _, ngettext
from core.web import Blueprint
from events.conferences import agenda
from events.conferences import rules as conference_rules
from events.conferences.day.enums import FALLS_OUT_LABELS
from events.conferences.day.presence import hall
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Participant
from events.conferences.standby import operations, queries
from events.conferences.standby.forms import AssignForm

bp = Blueprint("standby", __name__)
PATH = "/conferences/<int:conference_id>"
ORGANISES = may(conference_rules.organise, conference=Conference)
TAKES_PART = may(conference_rules.take_part, conference=Conference, participant=Participant)


def init_app(app: Flask) -> None:
    """Register the pages, and what the timetable of a participant asks."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        stands_by=lambda participant: queries.offer_of(participant) is not None,
        may_stand_by=lambda conference: clock.now() < conference.event.ends_at,
    )


@bp.get(f"{PATH}/standby", access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    return _page(conference)


def _page(conference: Conference, refused: str = "", status: int = 200) -> ResponseReturnValue:
    present = hall(conference, at=clock.now())
    offered = queries.offers(conference)
    page = render_template(
        "standby/show.html",
        conference=conference,
        event=conference.event,
        published=present.published,
        openings=(openings := queries.openings(present)),
        waiting=len({m.id for m in queries.cannot_be_held(present)} - {o.meeting.id for o in openings}),
        falls_out=present.falls_out,
        offered=[p for p in present.people.values() if p.id in offered],
        is_there=present.is_there,
        draft=agenda.version_in(conference, VersionState.DRAFT),
        why=FALLS_OUT_LABELS,
        refused=refused,
    )
    return page, status


@bp.post(f"{PATH}/standby", access=ORGANISES)
def assign(conference: Conference) -> ResponseReturnValue:
    form = AssignForm()
    if not form.validate_on_submit():
        return _page(conference, _("This choice could not be taken. Please try again."), 422)
    chosen = form.meeting.data or 0, form.firm.data or 0, form.partner.data or 0
    try:
        with write():
            _version, told = operations.assign(conference, *chosen, by=me(), at=clock.now())
    except UserError as err:
        return _page(conference, str(err.message), err.status)
    flash(
        _("The time is given to them.") + " " + ngettext("%(num)d person is told.", "%(num)d people are told.", told),
        "success",
    )
    return redirect(url_for("standby.show", conference_id=conference.id))


@bp.post(f"{PATH}/participants/<int:participant_id>/standby", access=TAKES_PART)
def say(conference: Conference, participant: Participant) -> ResponseReturnValue:
    """Offer oneself, or take that back."""
    behalf, free = conference_rules.acts_for(actor(), participant), request.form.get("free") == "1"
    verb = operations.offer if free else operations.withdraw
    with write():
        verb(participant, by=me(), at=clock.now(), on_behalf=behalf)
    flash(
        _("Thank you: you are on the list for times that become free.")
        if free
        else _("You are not on the list for free times any more."),
        "success",
    )
    return redirect(url_for("schedule.show", conference_id=conference.id, participant_id=participant.id))
