"""The pages on which officers make events and run their registrations."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies.models import Organisation
from core import audit, clock, files, paging
from core.access import may
from core.db import get, row_key, session, write
from core.errors import UserError
from core.i18n import _, ngettext
from core.urls import safe_next
from core.web import Blueprint
from events import attention as _attention  # noqa: F401 - registers what needs officers
from events import exports, operations, queries, rules
from events.enums import EventKind, EventState, RegistrationState
from events.forms import CancelForm, DetailsForm, EventForm, NewEventForm, RegisterForm, ScheduleForm
from events.models import Event, Registration
from events.routes import check_registered_here, registered_elsewhere, tell_result

bp = Blueprint("events_office", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/events/new", access=may(rules.manage))
def new() -> ResponseReturnValue:
    kind = request.args.get("kind")
    return render_template("events/edit.html", form=NewEventForm(kind=kind), event=None)


@bp.post("/events/new", access=may(rules.manage))
def create() -> ResponseReturnValue:
    form, status = NewEventForm(), 422
    if form.validate_on_submit():
        try:
            with write():
                event = operations.create(
                    EventKind(form.kind.data), form.details(), form.schedule(), by=me(), at=clock.now()
                )
            flash(_("The draft is saved. Only staff see it until you publish it."), "success")
            return redirect(url_for("events.show", event_id=event.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return render_template("events/edit.html", form=form, event=None), status


@bp.post("/events/check", access=may(rules.manage))
def check() -> ResponseReturnValue:
    """What has to be mended in a form that is being filled in: field -> sentence. Changes nothing."""
    form = NewEventForm()
    form.validate()
    return jsonify(errors={field.name: str(field.errors[0]) for field in form if field.errors})


@bp.get("/events/<int:event_id>/edit", access=may(rules.manage_event, event=Event))
def edit(event: Event) -> ResponseReturnValue:
    return render_template("events/edit.html", form=_edit_form(event), event=event)


@bp.post("/events/<int:event_id>/edit", access=may(rules.manage_event, event=Event))
def save(event: Event) -> ResponseReturnValue:
    form, status = _edit_form(event), 422
    if form.validate_on_submit():
        try:
            with write():
                event.expect(_version(form))
                if isinstance(form, EventForm):
                    operations.move(event, form.schedule(), by=me(), at=clock.now())
                promoted = operations.edit(event, form.details(), by=me(), at=clock.now())
            flash(_("The event is saved."), "success")
            _tell_promoted(promoted)
            return redirect(url_for("events.show", event_id=event.id))
        except UserError as err:
            form.blame(err).version.data = event.version
            status = err.status
    return render_template("events/edit.html", form=form, event=event), status


def _edit_form(event: Event) -> DetailsForm:
    """Time and place of a published event have a page of their own, because everybody registered is told."""
    return EventForm(obj=event) if event.state is EventState.DRAFT else DetailsForm(obj=event)


@bp.post("/events/<int:event_id>/publish", access=may(rules.manage_event, event=Event))
def publish(event: Event) -> ResponseReturnValue:
    with write():
        operations.publish(event, by=me(), at=clock.now())
    flash(_("The event is published: everybody can see it now."), "success")
    back = request.form.get("back")
    return redirect(safe_next(back) if back else url_for("events.show", event_id=event.id))


@bp.get("/events/<int:event_id>/move", access=may(rules.manage_event, event=Event))
def move_form(event: Event) -> ResponseReturnValue:
    return _move_page(event, ScheduleForm(obj=event))


@bp.post("/events/<int:event_id>/move", access=may(rules.manage_event, event=Event))
def move(event: Event) -> ResponseReturnValue:
    form = ScheduleForm(obj=event)
    if not form.validate_on_submit():
        return _move_page(event, form, 422)
    try:
        with write():
            event.expect(_version(form))
            told = operations.move(event, form.schedule(), by=me(), at=clock.now())
    except UserError as err:
        form.blame(err).version.data = event.version
        return _move_page(event, form, err.status)
    flash(_told(told), "success")
    return redirect(url_for("events.show", event_id=event.id))


def _move_page(event: Event, form: ScheduleForm, status: int = 200) -> ResponseReturnValue:
    people = len(queries.people_concerned(event))
    return render_template("events/move.html", event=event, form=form, people=people), status


@bp.get("/events/<int:event_id>/cancel", access=may(rules.manage_event, event=Event))
def cancel_form(event: Event) -> ResponseReturnValue:
    return _cancel_page(event, CancelForm())


@bp.post("/events/<int:event_id>/cancel", access=may(rules.manage_event, event=Event))
def cancel(event: Event) -> ResponseReturnValue:
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(event, form, 422)
    try:
        with write():
            told = operations.cancel_event(
                event, reason_vi=form.reason_vi.data, reason_en=form.reason_en.data, by=me(), at=clock.now()
            )
    except UserError as err:
        return _cancel_page(event, form.blame(err), err.status)
    flash(_("The event is cancelled.") + " " + _told(told), "success")
    return redirect(url_for("events.show", event_id=event.id))


def _cancel_page(event: Event, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    people = len(queries.people_concerned(event))
    return render_template("events/cancel.html", event=event, form=form, people=people), status


@bp.get("/events/<int:event_id>/registrations", access=may(rules.manage_event, event=Event))
def registrations(event: Event) -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    state = next((s for s in RegistrationState if s.value == request.args.get("state")), None)
    page = paging.page_of(queries.registrations(event, state=state, text=text), request.args.get("page"))
    return render_template(
        "events/registrations.html",
        event=event,
        page=page,
        places=queries.positions(event),
        counts=queries.state_counts(event),
        left=queries.seats_left(event),
        state=state,
        q=text,
        elsewhere=registered_elsewhere(event),
    )


@bp.get("/events/<int:event_id>/registrations.xlsx", access=may(rules.manage_event, event=Event))
def export(event: Event) -> ResponseReturnValue:
    rows = session.scalars(queries.registrations(event)).all()
    data = exports.spreadsheet(rows, queries.positions(event))
    with write():  # names and addresses leave the site: who took them stays on record
        audit.record("registration.export", event, by=me(), at=clock.now(), rows=len(rows))
    return files.attachment(data, f"registrations-{event.id}.xlsx", files.XLSX)


@bp.get("/events/<int:event_id>/registrations/new", access=may(rules.manage_event, event=Event))
def new_registration(event: Event) -> ResponseReturnValue:
    return _on_behalf_page(event, RegisterForm())


@bp.post("/events/<int:event_id>/registrations/new", access=may(rules.manage_event, event=Event))
def register_on_behalf(event: Event) -> ResponseReturnValue:
    form = RegisterForm()
    chosen = get(Organisation, form.organisation.data or 0)
    form.offer([chosen] if chosen else [])
    if not form.validate_on_submit() or chosen is None:
        return _on_behalf_page(event, form, 422)
    invites = request.form.get("act") == "invite"
    if not invites:
        check_registered_here(event)
    by, at, key = me(), clock.now(), form.key.data
    try:
        with write():
            if invites:
                registration = operations.invite(event, chosen, by=by, at=at, key=key)
            else:
                seats, note = form.seats.data, form.note.data or ""
                registration = operations.register(
                    event, chosen, by=by, at=at, key=key, seats=seats, note=note, by_staff=True
                )
    except UserError as err:
        return _on_behalf_page(event, form.blame(err), err.status)
    tell_result(registration)
    return redirect(url_for("events_office.registrations", event_id=event.id))


def _on_behalf_page(event: Event, form: RegisterForm, status: int = 200) -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    found = queries.organisations_called(text) if text else []
    chosen = form.organisation.data
    if found:
        form.offer(found)
    elif chosen is None:
        form.offer([])
    return render_template(
        "events/on_behalf.html", event=event, form=form, q=text, elsewhere=registered_elsewhere(event)
    ), status


@bp.post(
    "/events/<int:event_id>/registrations/<int:registration_id>/promote",
    access=may(rules.manage_registration, event=Event, registration=Registration),
)
def promote(event: Event, registration: Registration) -> ResponseReturnValue:
    try:
        with write():
            operations.promote(registration, by=me(), at=clock.now())
        flash(_("The registration is confirmed, and the organisation is told."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return redirect(url_for("events_office.registrations", event_id=event.id))


@bp.post(
    "/events/<int:event_id>/registrations/<int:registration_id>/cancel",
    access=may(rules.manage_registration, event=Event, registration=Registration),
)
def cancel_registration(event: Event, registration: Registration) -> ResponseReturnValue:
    if registration.state is not RegistrationState.INVITED:
        check_registered_here(event)
    with write():
        promoted = operations.cancel(registration, by=me(), at=clock.now())
    flash(_("The registration is withdrawn, and the organisation is told."), "success")
    _tell_promoted(promoted)
    return redirect(url_for("events_office.registrations", event_id=event.id))


def _version(form: DetailsForm | ScheduleForm) -> int | None:
    return row_key(str(form.version.data or "")) or None


def _tell_promoted(promoted: Sequence[Registration]) -> None:
    if promoted:
        text = ngettext(
            "%(num)d registration moved up from the waiting list and was told so.",
            "%(num)d registrations moved up from the waiting list and were told so.",
            len(promoted),
        )
        flash(text, "success")


def _told(people: int) -> str:
    return ngettext("%(num)d person is told by mail.", "%(num)d people are told by mail.", people)
