"""The page that follows a piece of long work, and the same as JSON for a script that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Flask, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import attention, clock, tasks
from core.access import Actor, current_actor, may, signed_in
from core.db import write
from core.i18n import _, _l
from core.tasks import Task, TaskState, error_for_reader, message_for_reader, stage_for_reader
from core.urls import safe_next
from core.web import Blueprint, wants_json

bp = Blueprint("tasks", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/tasks/<int:task_id>", access=signed_in(task=Task))
def show(task: Task) -> ResponseReturnValue:
    if wants_json() or request.accept_mimetypes.best == "application/json":
        return _as_json(task)
    return render_template(
        "core/task.html",
        task=task,
        url=_url(task),
        stage=stage_for_reader(task),
        message=message_for_reader(task),
        error=error_for_reader(task),
    )


@bp.get("/tasks/<int:task_id>/status", access=signed_in(task=Task))
def status(task: Task) -> ResponseReturnValue:
    return _as_json(task)


@bp.post("/tasks/<int:task_id>/cancel", access=may(tasks.may_cancel, task=Task))
def cancel(task: Task) -> ResponseReturnValue:
    with write():
        tasks.cancel(task, by=current_actor().user_id, at=clock.now())
    flash(_("The work is being stopped."), "success")
    back = request.form.get("next")
    return redirect(safe_next(back) if back else url_for("tasks.show", task_id=task.id))


def _url(task: Task) -> str | None:
    """Where the result is: a page of our own, or nothing."""
    target = (task.result or {}).get("url") if task.state is TaskState.DONE else None
    return safe_next(target) if target else None


def _as_json(task: Task) -> Response:
    shown: dict[str, Any] = {
        "id": task.id,
        "state": task.state.value,
        "open": task.open,
        "stage": stage_for_reader(task),
        "done": task.done,
        "total": task.total,
        "percent": task.percent,
        "error": error_for_reader(task),
        "url": _url(task),
        "message": message_for_reader(task),
    }
    return jsonify(shown)


def _for_staff(reader: Actor) -> bool:
    return reader.has(*tasks.STAFF)


@attention.register("tasks.failed", _l("Work that failed"), to=_for_staff)
def failed(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Long work that failed within the last days and was not done since, the newest: one query."""
    for task in tasks.lately_failed(at=at):
        yield attention.Entry(
            f"tasks.failed:{task.id}", _("Work in the background failed"), "tasks.show", {"task_id": task.id},
            urgency=attention.Urgency.SOON, detail=error_for_reader(task) or "",
        )  # fmt: skip
