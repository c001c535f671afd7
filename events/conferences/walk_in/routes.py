"""Pages for somebody who comes without having registered: find or enter, admit, print what he needs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import Flask, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies.enums import KIND_LABELS, Kind
from companies.models import Organisation
from core import clock, files
from core.access import may
from core.db import get, write
from core.errors import UserError
from core.extensions import limiter
from core.i18n import _, pick
from core.web import Blueprint
from events import queries as event_queries
from events.conferences import agenda, exports
from events.conferences.enums import VersionState
from events.conferences.models import Conference
from events.conferences.printing import exports as printing
from events.conferences.walk_in import operations, queries, rules
from events.conferences.walk_in.forms import WalkInForm
from events.conferences.walk_in.models import WalkIn

bp = Blueprint("walk_in", __name__)
PATH = "/conferences/<int:conference_id>"
ADMITS = may(rules.admit, conference=Conference)
ADMITTED = may(rules.admit, conference=Conference, walk_in=WalkIn)
PRINTS = may(rules.decide, conference=Conference, walk_in=WalkIn)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get(f"{PATH}/walk-in", access=ADMITS)
def show(conference: Conference) -> ResponseReturnValue:
    return _page(conference, _form(conference, formdata=None))


def _form(conference: Conference, **values: object) -> WalkInForm:
    form = WalkInForm(**values)
    form.offer(_kinds(conference))
    form.key.data = form.key.data or secrets.token_urlsafe(16)
    return form


def _kinds(conference: Conference) -> list[Kind]:
    return [Kind.FIRM, *(k for k in map(Kind, conference.partner_kinds) if k is not Kind.FIRM)]


def _organisation(key: str | int | None) -> Organisation | None:
    """The organisation that is named, unless its record became part of another."""
    text = str(key or "")
    row = get(Organisation, int(text)) if text.isascii() and text.isdigit() and len(text) < 11 else None
    return row if row is not None and queries.known(row) else None


def _page(
    conference: Conference, form: WalkInForm, status: int = 200, candidates: Sequence[int] = ()
) -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    chosen = _organisation(form.organisation.data or request.args.get("organisation"))
    if chosen is not None:
        form.offer([k for k in _kinds(conference) if k in chosen.kinds] or _kinds(conference))
    else:
        form.name.flags.required = form.person.flags.required = True
    listed = queries.found(conference, text)
    if not form.name.data and not listed:
        form.name.data = text
    page = render_template(
        "walk_in/show.html",
        conference=conference,
        event=conference.event,
        form=form,
        q=text,
        chosen=chosen,
        found=listed,
        candidates=queries.among(conference, candidates),
        officer=rules.decide(actor()),
        left=event_queries.seats_left(conference.event),
        admitted=queries.admitted(conference),
    )
    return page, status


@bp.get(f"{PATH}/walk-in/found", access=ADMITS)
def found(conference: Conference) -> ResponseReturnValue:
    """What the search offers as one types."""
    rows = queries.found(conference, request.args.get("q", "")[:100])
    items = [
        {
            "label": pick(row.organisation, "name").text,
            "about": " · ".join([*(str(KIND_LABELS[k]) for k in sorted(row.organisation.kinds)), _state(row)]).rstrip(
                " ·"
            ),
            "url": _where(conference, row),
        }
        for row in rows
    ]
    return jsonify(groups=[{"label": _("Organisations"), "items": items}] if items else [])


def _state(row: queries.Found) -> str:
    return _("registered") if row.takes_part else _("on the waiting list") if row.waits else ""


def _where(conference: Conference, row: queries.Found) -> str:
    """Who is registered is checked in at the door, anybody else admitted here."""
    if row.takes_part:
        return url_for("door.show", conference_id=conference.id, q=pick(row.organisation, "name").text)
    return url_for("walk_in.show", conference_id=conference.id, organisation=row.organisation.id)


@bp.post(f"{PATH}/walk-in", access=ADMITS)
@limiter.limit("60/minute")
def admit(conference: Conference) -> ResponseReturnValue:
    form, officer, at = _form(conference), rules.decide(actor()), clock.now()
    if not form.validate_on_submit():
        return _page(conference, form, 422)
    chosen = _organisation(form.organisation.data)
    reason = (form.reason.data or "") if officer else ""
    key, coming = form.key.data or "", form.coming()
    try:
        with write():
            if chosen is None:
                stranger = form.stranger(officer=officer)
                row = operations.enter(conference, stranger, coming, key=key, reason=reason, by=me(), at=at)
            else:
                row = operations.admit(conference, chosen, coming, key=key, reason=reason, by=me(), at=at)
            number, before = row.id, row.at < at
    except operations.Known as err:
        candidates = [o.id for o in err.candidates]
        form.blame(err)
        return _page(conference, form, err.status, candidates)
    except UserError as err:
        form.blame(err)
        return _page(conference, form, err.status)
    flash(_("It was admitted a moment ago already.") if before else _("Admitted and checked in."), "success")
    return redirect(url_for("walk_in.done", conference_id=conference.id, walk_in_id=number))


@bp.get(f"{PATH}/walk-ins/<int:walk_in_id>", access=ADMITTED)
def done(conference: Conference, walk_in: WalkIn) -> ResponseReturnValue:
    """What to print and what happens next."""
    return render_template(
        "walk_in/done.html",
        conference=conference,
        event=conference.event,
        walk_in=walk_in,
        participant=walk_in.participant,
        registration=walk_in.participant.registration,
        officer=rules.decide(actor()),
        version=agenda.version_in(conference, VersionState.PUBLISHED),
    )


@bp.get(f"{PATH}/walk-ins/<int:walk_in_id>/badge.pdf", access=ADMITTED)
def badge(conference: Conference, walk_in: WalkIn) -> ResponseReturnValue:
    """The badge alone."""
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    data = printing.badges(conference, version, only={walk_in.participant_id}).pdf()
    return files.attachment(data, _("Badges") + ".pdf", files.PDF)


@bp.get(
    f"{PATH}/walk-ins/<int:walk_in_id>/sheet.pdf", access=may(rules.decide, conference=Conference, walk_in=WalkIn)
)
def sheet(conference: Conference, walk_in: WalkIn) -> ResponseReturnValue:
    """Its meetings, empty until the plan gives it some, with the code that opens the present state."""
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    data = exports.participant_sheet(conference, version, walk_in.participant).pdf()
    return files.attachment(data, _("Timetable") + ".pdf", files.PDF)
