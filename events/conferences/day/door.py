"""The door: who comes in, by name or by the code on the badge, on any phone and with a bad connection."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import clock
from core.access import may
from core.db import get, write
from core.errors import Forbidden, UserError
from core.i18n import _, pick
from core.web import Blueprint
from events.conferences.day import operations, queries, rules
from events.conferences.day.forms import ArrivalForm
from events.conferences.models import Conference, Participant

bp = Blueprint("door", __name__)
KEEPS = may(rules.keep_the_door, conference=Conference)


@bp.get("/door", access=may(rules.keep_the_door))
def index() -> ResponseReturnValue:
    """The conferences of these days: with one, its door at once."""
    at = clock.now()
    found = queries.doors(at)
    if len(found) == 1:
        return redirect(url_for("door.show", conference_id=found[0].id))
    return render_template("day/doors.html", conferences=found, following=queries.next_door(at))


@bp.get("/conferences/<int:conference_id>/door", access=KEEPS)
def show(conference: Conference) -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    guests = queries.guests(conference, text)
    return render_template(
        "day/door.html",
        conference=conference,
        event=conference.event,
        guests=guests,
        there=sum(g.there for g in guests),
        q=text,
    )


@bp.post("/conferences/<int:conference_id>/door", access=KEEPS)
def check_in(conference: Conference) -> ResponseReturnValue:
    """One tap. Answers a script with JSON: what it kept without a connection is sent here later, with its time."""
    form, quiet = ArrivalForm(), request.accept_mimetypes.best == "application/json"
    back = _back(conference)
    participant = get(Participant, form.participant.data or 0) if form.validate_on_submit() else None
    if participant is None or participant.conference_id != conference.id:
        message = _("Nobody of this conference was named.")
        if quiet:
            return jsonify(error=message), 422
        flash(message, "warning")
        return redirect(back)
    happened = datetime.fromtimestamp(form.at.data, UTC) if form.at.data is not None else None
    left, at = form.left.data == "1", clock.now()
    try:
        with write():
            before = queries.arrivals(conference).get(participant.id, (None, None))
            row = operations.check_in(
                participant, key=form.key.data or "", by=me(), at=at, happened_at=happened, left=left
            )
            came = row.at
    except UserError as err:
        if quiet:
            return jsonify(error=str(err)), err.status
        flash(err.message, "warning")
        return redirect(back)
    if quiet:
        first = before[0] if not left and before[1] is None else None
        note = _("was checked in already at %(hour)s", hour=f"{clock.local(first):%H:%M}") if first else ""
        return jsonify(at=f"{clock.local(came):%H:%M}", left=left, note=note)
    return redirect(back if "from" in request.form else f"{back}#p{participant.id}")


def _back(conference: Conference) -> str:
    """To the page of the day from which somebody was checked in; without one, to the door."""
    page = {"day": "day.show", "now": "live.show"}.get(request.form.get("from", ""))
    if page is not None:
        return url_for(page, conference_id=conference.id)
    return url_for("door.show", conference_id=conference.id, q=request.form.get("q") or None)


@bp.get("/door/<code>", access=may(rules.keep_the_door))
def ticket(code: str) -> ResponseReturnValue:
    """What the code on a badge opens: who it is, and one button."""
    people = queries.by_ticket(code)
    if not people:
        raise NotFound
    conference = get(Conference, people[0].conference_id)
    assert conference is not None
    if not rules.keep_the_door(actor(), conference):
        title, days = pick(conference.event, "title").text, conference.event.period
        raise Forbidden(
            _("This badge is for “%(title)s”, %(days)s. Its door is not open now.", title=title, days=days)
        )
    return render_template(
        "day/ticket.html",
        conference=conference,
        event=conference.event,
        guests=queries.guests_of(people, conference),
    )
