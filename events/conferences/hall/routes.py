"""The hall of a conference: a plan of its rooms, its tables and interpreters, each with a page to change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies.identifiers import language_name
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.forms import Form
from core.i18n import _, language
from core.web import Blueprint
from events.conferences import queries, rules, wording
from events.conferences.hall import operations
from events.conferences.hall.forms import InterpreterForm, RoomForm, TableForm
from events.conferences.models import Conference, Interpreter, Room, Table

bp = Blueprint("hall", __name__)
PATH = "/conferences/<int:conference_id>"
ORGANISES = may(rules.organise, conference=Conference)
TABLE = may(rules.organise_part, conference=Conference, table=Table)
ROOM = may(rules.organise_part, conference=Conference, room=Room)
INTERPRETER = may(rules.organise_part, conference=Conference, interpreter=Interpreter)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get(f"{PATH}/hall", access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    tables = queries.tables(conference)
    return render_template(
        "hall/show.html",
        conference=conference,
        event=conference.event,
        tables=tables,
        plans=[(room, [t for t in tables if t.room_id == room.id]) for room in conference.rooms],
        without=[t for t in tables if t.room_id is None],
        languages={i.language: language_name(i.language, language()) for i in conference.interpreters},
        short_name=wording.short_name,
    )


@bp.post(f"{PATH}/hall/lay-out", access=ORGANISES)
def lay_out(conference: Conference) -> ResponseReturnValue:
    """Stand all tables in rows again."""
    with write():
        for room in conference.rooms:
            operations.lay_out([t for t in conference.tables if t.room_id == room.id], room)
    flash(_("The tables stand in rows again."), "success")
    return _back(conference)


# --- tables ----------------------------------------------------------------------------------------------------


@bp.post(f"{PATH}/tables", access=ORGANISES)
def add_table(conference: Conference) -> ResponseReturnValue:
    with write():
        table = operations.add_table(conference, by=me(), at=clock.now())
    flash(_("Table %(label)s is there.", label=table.label), "success")
    return _back(conference)


@bp.get(f"{PATH}/tables/<int:table_id>", access=TABLE)
def table(conference: Conference, table: Table) -> ResponseReturnValue:
    form = TableForm(obj=table, room_id=table.room_id or 0)
    form.offer(conference)
    form.open_slots.data = [slot.id for slot in conference.slots if slot.id not in table.closed_slots]
    return _form_page(conference, form, _("Table %(label)s", label=table.label), table=table)


@bp.post(f"{PATH}/tables/<int:table_id>", access=TABLE)
def save_table(conference: Conference, table: Table) -> ResponseReturnValue:
    form = TableForm()
    form.offer(conference)

    def save() -> None:
        operations.change_table(table, form.place(conference), by=me(), at=clock.now())

    return _save(conference, form, save, _("Table %(label)s", label=table.label), table=table)


@bp.post(f"{PATH}/tables/<int:table_id>/remove", access=TABLE)
def remove_table(conference: Conference, table: Table) -> ResponseReturnValue:
    with write():
        operations.remove_table(table, by=me(), at=clock.now())
    flash(_("The table is taken away."), "success")
    return _back(conference)


# --- rooms -----------------------------------------------------------------------------------------------------


@bp.get(f"{PATH}/rooms/new", access=ORGANISES)
def new_room(conference: Conference) -> ResponseReturnValue:
    return _form_page(conference, RoomForm(), _("New room"))


@bp.post(f"{PATH}/rooms/new", access=ORGANISES)
def create_room(conference: Conference) -> ResponseReturnValue:
    form = RoomForm()
    return _save(conference, form, lambda: _save_room(conference, None, form), _("New room"))


@bp.get(f"{PATH}/rooms/<int:room_id>", access=ROOM)
def room(conference: Conference, room: Room) -> ResponseReturnValue:
    return _form_page(conference, RoomForm(obj=room), room.name, room=room)


@bp.post(f"{PATH}/rooms/<int:room_id>", access=ROOM)
def save_room(conference: Conference, room: Room) -> ResponseReturnValue:
    form = RoomForm()
    return _save(conference, form, lambda: _save_room(conference, room, form), room.name, room=room)


def _save_room(conference: Conference, room: Room | None, form: RoomForm) -> None:
    size = {"width": form.width.data or 0.0, "depth": form.depth.data or 0.0}
    operations.save_room(conference, room, name=form.name.data or "", **size, by=me(), at=clock.now())


@bp.post(f"{PATH}/rooms/<int:room_id>/remove", access=ROOM)
def remove_room(conference: Conference, room: Room) -> ResponseReturnValue:
    with write():
        operations.remove_room(room, by=me(), at=clock.now())
    flash(_("The room is taken away; its tables are kept without a room."), "success")
    return _back(conference)


# --- interpreters ----------------------------------------------------------------------------------------------


@bp.get(f"{PATH}/interpreters/new", access=ORGANISES)
def new_interpreter(conference: Conference) -> ResponseReturnValue:
    form = InterpreterForm(label=_("Interpreter %(number)d", number=len(conference.interpreters) + 1))
    form.offer(conference)
    form.present_slots.data = [slot.id for slot in conference.slots]
    return _form_page(conference, form, _("New interpreter"))


@bp.post(f"{PATH}/interpreters/new", access=ORGANISES)
def create_interpreter(conference: Conference) -> ResponseReturnValue:
    return _save_interpreter(conference, None, _("New interpreter"))


@bp.get(f"{PATH}/interpreters/<int:interpreter_id>", access=INTERPRETER)
def interpreter(conference: Conference, interpreter: Interpreter) -> ResponseReturnValue:
    form = InterpreterForm(obj=interpreter)
    form.offer(conference)
    form.present_slots.data = [slot.id for slot in conference.slots if slot.id not in interpreter.away_slots]
    return _form_page(conference, form, interpreter.label, interpreter=interpreter)


@bp.post(f"{PATH}/interpreters/<int:interpreter_id>", access=INTERPRETER)
def save_interpreter(conference: Conference, interpreter: Interpreter) -> ResponseReturnValue:
    return _save_interpreter(conference, interpreter, interpreter.label)


def _save_interpreter(conference: Conference, row: Interpreter | None, title: str) -> ResponseReturnValue:
    form = InterpreterForm()
    form.offer(conference)

    def save() -> None:
        operations.save_interpreter(conference, row, **form.values(conference), by=me(), at=clock.now())

    return _save(conference, form, save, title, interpreter=row)


@bp.post(f"{PATH}/interpreters/<int:interpreter_id>/remove", access=INTERPRETER)
def remove_interpreter(conference: Conference, interpreter: Interpreter) -> ResponseReturnValue:
    with write():
        operations.remove_interpreter(interpreter, by=me(), at=clock.now())
    flash(_("The interpreter is taken away."), "success")
    return _back(conference)


# --- one form page for all three -------------------------------------------------------------------------------


def _save(
    conference: Conference, form: Form, save: Callable[[], None], title: str, **rows: Any
) -> ResponseReturnValue:
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                save()
            flash(_("Saved."), "success")
            return _back(conference)
        except UserError as err:
            form.blame(err)
            status = err.status
    return _form_page(conference, form, title, **rows), status


def _form_page(conference: Conference, form: Form, title: str, **rows: Any) -> str:
    return render_template(
        "hall/edit.html", conference=conference, event=conference.event, form=form, title=title, **rows
    )


def _back(conference: Conference) -> ResponseReturnValue:
    return redirect(url_for("hall.show", conference_id=conference.id))
