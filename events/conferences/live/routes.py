"""The page of the hall: read once, then asked again every few seconds; an unchanged hall answers 304."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from core import clock
from core.access import may
from core.db import get, write
from core.errors import UserError
from core.i18n import _, language
from core.web import Blueprint
from events.conferences import rules as conference_rules
from events.conferences.day.enums import FALLS_OUT_LABELS
from events.conferences.day.presence import hall
from events.conferences.live import operations, queries
from events.conferences.live.forms import HELD, HeldForm
from events.conferences.models import Conference, Participant

bp = Blueprint("live", __name__)
PATH = "/conferences/<int:conference_id>/now"
ORGANISES = may(conference_rules.organise, conference=Conference)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _shown(conference: Conference) -> dict[str, Any]:
    present = hall(conference, at=clock.now())
    return {
        "conference": conference,
        "event": conference.event,
        "published": present.published,
        "board": queries.board(present),
        "why": FALLS_OUT_LABELS,
    }


@bp.get(PATH, access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    return render_template("live/show.html", **_shown(conference))


@bp.get(f"{PATH}/board", access=ORGANISES)
def board(conference: Conference) -> ResponseReturnValue:
    """The tables alone, for the page that asks again."""
    shown = _shown(conference)
    mark = shown["board"].mark(language(), conference.id)
    if request.if_none_match.contains(mark):
        response = make_response("", 304)
    else:
        response = make_response(render_template("live/board.html", **shown))
    response.set_etag(mark)
    return response


@bp.post(PATH, access=ORGANISES)
def see(conference: Conference) -> ResponseReturnValue:
    form, back = HeldForm(), redirect(url_for("live.show", conference_id=conference.id))
    firm, partner = (
        (_one(conference, form.firm.data), _one(conference, form.partner.data))
        if form.validate_on_submit()
        else (None, None)
    )
    if firm is None or partner is None:
        flash(_("This answer could not be taken. Please try again."), "warning")
        return back
    try:
        with write():
            operations.see(firm, partner, HELD[form.held.data], by=me(), at=clock.now())
    except UserError as err:
        flash(err.message, "warning")
    return back


def _one(conference: Conference, key: int | None) -> Participant | None:
    row = get(Participant, key or 0)
    return row if row is not None and row.conference_id == conference.id else None
