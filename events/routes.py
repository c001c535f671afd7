"""The public calendar, the page of an event, and one's own registrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from accounts.access import actor, me
from companies.enums import KIND_LABELS, Kind
from core import clock, files, paging
from core.access import may, public, signed_in, visible_to
from core.db import session, write
from core.errors import Conflict, UserError
from core.i18n import _, language, pick
from core.web import Blueprint
from events import erasure as _erasure  # noqa: F401 - registers what a deletion does here
from events import exports, month, operations, queries, rules
from events import merging as _merging  # noqa: F401 - says what becomes of registrations when two records are one
from events.enums import (
    EVENT_KIND_LABELS,
    EVENT_STATE_LABELS,
    ORGANISER_LABELS,
    REGISTRATION_STATE_LABELS,
    EventKind,
    RegistrationState,
)
from events.forms import RegisterForm
from events.models import Event, Registration

bp = Blueprint("events", __name__)


@dataclass(frozen=True)
class World:
    """A page that a kind of event has in a package of its own. `registers`: registration is done there."""

    endpoint: str  # takes event_id
    label: Any
    registers: bool = False


_worlds: dict[EventKind, World] = {}


def world(kind: EventKind, endpoint: str, label: Any, *, registers: bool = False) -> None:
    """Let the page of every event of that kind lead on to a page of its own package."""
    _worlds[kind] = World(endpoint, label, registers)


def registered_elsewhere(event: Event) -> bool:
    """Whether taking part in the event is more than a registration, and is done on the page of its own package."""
    return event.kind in _worlds and _worlds[event.kind].registers


def check_registered_here(event: Event) -> None:
    """Raise Conflict where a plain registration or withdrawal would leave half of a participation behind."""
    if registered_elsewhere(event):
        raise Conflict(_("Joining and leaving this event is done on its own page."))


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        event_kind_labels=EVENT_KIND_LABELS,
        event_state_labels=EVENT_STATE_LABELS,
        organiser_labels=ORGANISER_LABELS,
        registration_state_labels=REGISTRATION_STATE_LABELS,
        organisation_kind_labels={kind.value: label for kind, label in KIND_LABELS.items()},
        pick=pick,
    )
    app.jinja_env.filters["month_name"] = _month_name


@bp.get("/events", access=public())
def calendar() -> ResponseReturnValue:
    at, text = clock.now(), request.args.get("q", "")[:100]
    kind = next((k for k in EventKind if k.value == request.args.get("kind")), None)
    chosen, past = month.read(request.args.get("month")), request.args.get("past") == "1"
    seen = visible_to(actor(), Event)
    query = queries.calendar(kind=kind, month=chosen, text=text, past=past, at=at).where(seen)
    page = paging.page_of(query, request.args.get("page"))
    shown = chosen or clock.today()
    in_month = queries.calendar(kind=kind, month=shown, text=text, at=at).where(seen)
    return render_template(
        "events/calendar.html",
        page=page,
        groups=[(first, list(rows)) for first, rows in groupby(page.rows, _first_of_month)],
        picture=month.picture(shown, session.scalars(in_month)),
        fill=queries.fill(page.rows),
        kind=kind,
        month=chosen,
        past=past,
        q=text,
        today=clock.today(),
    )


def _month_name(first: date) -> str:
    return str(format_date(first, "'Tháng' M/yyyy" if language() == "vi" else "MMMM yyyy", rebase=False))


def _first_of_month(event: Event) -> date:
    return clock.local(event.begins_at).date().replace(day=1)


@bp.get("/events/<int:event_id>", access=public(event=Event))
def show(event: Event) -> ResponseReturnValue:
    return _event_page(event)


@bp.get("/events/<int:event_id>/event.ics", access=public(event=Event))
def calendar_file(event: Event) -> ResponseReturnValue:
    return files.attachment(exports.calendar_file(event, at=clock.now()), f"event-{event.id}.ics", files.ICS)


@bp.post("/events/<int:event_id>/register", access=may(rules.take_part, event=Event))
def register(event: Event) -> ResponseReturnValue:
    check_registered_here(event)
    page, by = url_for("events.show", event_id=event.id), me()
    organisations = queries.organisations_of(actor())
    form = RegisterForm().offer(organisations)
    if not form.validate_on_submit():
        return _event_page(event, form, 422)
    organisation = next(o for o in organisations if o.id == form.organisation.data)
    try:
        with write():
            registration = operations.register(
                event,
                organisation,
                by=by,
                at=clock.now(),
                key=form.key.data,
                seats=form.seats.data,
                note=form.note.data or "",
            )
    except UserError as err:
        return _event_page(event, form.blame(err), err.status)
    tell_result(registration)
    return redirect(page)


@bp.post(
    "/events/<int:event_id>/registrations/<int:registration_id>/withdraw",
    access=may(rules.own_registration, event=Event, registration=Registration),
)
def withdraw(event: Event, registration: Registration) -> ResponseReturnValue:
    if registration.state is not RegistrationState.INVITED:
        check_registered_here(event)
    with write():
        operations.cancel(registration, by=me(), at=clock.now())
    if registration.state is RegistrationState.DECLINED:
        flash(_("The invitation is declined."), "success")
    else:
        flash(_("The registration is withdrawn."), "success")
    return redirect(url_for("events.show", event_id=event.id))


@bp.get("/events/mine", access=signed_in())
def mine() -> ResponseReturnValue:
    page = paging.page_of(queries.my_registrations(actor()), request.args.get("page"))
    return render_template("events/mine.html", page=page, now=clock.now())


def _event_page(event: Event, form: RegisterForm | None = None, status: int = 200) -> ResponseReturnValue:
    reader = actor()
    own = queries.own_registrations(event, reader) if reader.signed_in else []
    joined = {r.organisation_id for r in own if r.state is not RegistrationState.INVITED}
    organisations = [o for o in queries.organisations_of(reader) if o.id not in joined]
    admitted = [o for o in organisations if rules.admits(kinds=o.kinds, open_to=event.open_to)]
    refusal = rules.refusal(
        state=event.state,
        opens_at=event.registration_opens_at,
        closes_at=event.closes_at,
        ends_at=event.ends_at,
        at=clock.now(),
    )
    page = render_template(
        "events/show.html",
        event=event,
        form=form or (RegisterForm(formdata=None).offer(admitted) if admitted else None),
        own=[(r, queries.position(r)) for r in own],
        wrong_kind=bool(organisations) and not admitted,
        refusal=refusal,
        left=queries.seats_left(event),
        waiting=queries.waiting_count(event),
        open_to=[KIND_LABELS[kind] for kind in Kind if kind.value in event.open_to],
        world=_worlds.get(event.kind),
        elsewhere=registered_elsewhere(event),
        manages=rules.manage_event(reader, event),
        now=clock.now(),
    )
    return page, status


def tell_result(registration: Registration) -> None:
    """Say what became of a registration on the next page."""
    if registration.state is RegistrationState.CONFIRMED:
        flash(_("The registration is confirmed, number %(number)d.", number=registration.number), "success")
    elif registration.state is RegistrationState.WAITING:
        place = queries.position(registration)
        flash(_("All seats are taken: number %(place)d on the waiting list.", place=place), "warning")
    elif registration.state is RegistrationState.INVITED:
        flash(_("The invitation is sent."), "success")
