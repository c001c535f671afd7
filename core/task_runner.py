"""Doing the work of tasks: claim, beat, run, store the outcome. Used by the job process and by tests."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, and_, or_, select, update

from core import clock
from core.db import get, session, write
from core.errors import UserError
from core.i18n import _, force_locale, keep_message
from core.logs import log
from core.tasks import Context, Stop, TakenOver, Task, TaskState, handler_of

BEAT = 10.0  # seconds between two signs of life
DEAD_AFTER = timedelta(seconds=60)
TAKEOVERS = 1


def new_holder() -> str:
    """A name for a worker, unlike any before."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(6)}"


def run_waiting() -> int:
    """Run everything that waits, in this thread; return how many tasks were run. Outside a write block."""
    turns, holder = 0, new_holder()
    while run_next(holder):
        turns += 1
    return turns


def run_next(holder: str, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Run the oldest task that waits, or one whose process died. Return whether there was one."""
    claimed = _claim(holder, clock.now(), stopping)
    if claimed is None:
        return False
    context, kind, arguments, language = claimed
    with _beating(context), force_locale(language):
        _run(context, kind, arguments)
    return True


def _claimable(at: datetime) -> ColumnElement[bool]:
    """Waiting, laid down by a process that ended in order, or silent for a minute."""
    silent = or_(Task.holder.is_(None), Task.heartbeat_at < at - DEAD_AFTER, Task.heartbeat_at > at + 2 * DEAD_AFTER)
    return or_(Task.state == TaskState.WAITING, and_(Task.state == TaskState.RUNNING, silent))


def _oldest(at: datetime) -> Select[int]:
    return select(Task.id).where(_claimable(at)).order_by(Task.id).limit(1)


def _claim(
    holder: str, at: datetime, stopping: Callable[[], bool]
) -> tuple[Context, str, dict[str, Any], str] | None:
    found = session.scalar(_oldest(at))
    session.rollback()
    if found is None:
        return None
    with write():
        task_id = session.scalar(_oldest(at).with_for_update(skip_locked=True))
        task = get(Task, task_id) if task_id is not None else None
        if task is None:
            return None
        if task.state is TaskState.RUNNING and task.holder is not None:
            if task.takeovers >= TAKEOVERS:
                _fail(task, at, _("The work stopped twice without an answer. Start it again, or ask for help."))
                log.error("task given up", extra={"task": task.id})
                return None
            task.takeovers += 1
            log.warning("task taken over", extra={"task": task.id})
        task.state, task.holder, task.heartbeat_at = TaskState.RUNNING, holder, at
        task.started_at = task.started_at or at
        context = Context(task.id, holder, task.user_id, at, stopping)
        return context, task.kind, dict(task.arguments), task.language


def _run(context: Context, kind: str, arguments: dict[str, Any]) -> None:
    run = handler_of(kind)
    try:
        if run is None:
            raise LookupError(f"no handler for tasks of the kind {kind!r}")
        result = run(context, **arguments)
        _finish(context, lambda task: _succeed(task, result))
    except TakenOver:
        session.rollback()
        log.warning("task lost to another process", extra={"task": context.task_id})
    except Stop:
        session.rollback()
        _finish(context, _lay_down)
    except UserError as err:
        session.rollback()
        words = str(err)
        _finish(context, lambda task: _fail(task, clock.now(), words))
    except Exception:
        session.rollback()
        reference = secrets.token_hex(4)
        log.exception("task failed", extra={"task": context.task_id, "detail": reference})
        words = _("The work failed on our side. The fault is recorded as %(reference)s.", reference=reference)
        _finish(context, lambda task: _fail(task, clock.now(), words, reference))


def _finish(context: Context, change: Callable[[Task], None]) -> None:
    try:
        with write():
            change(context.hold())
    except TakenOver:
        log.warning("task lost to another process", extra={"task": context.task_id})


def _succeed(task: Task, result: dict[str, Any] | None) -> None:
    result = dict(result or {})
    if "message" in result:
        result["message"] = keep_message(result["message"])
    task.state, task.finished_at, task.result = TaskState.DONE, clock.now(), result
    task.done = task.total


def _fail(task: Task, at: datetime, words: str, reference: str | None = None) -> None:
    task.state, task.finished_at, task.reference = TaskState.FAILED, at, reference
    task.error, task.result = words[:500], {"error": keep_message(words)}


def _lay_down(task: Task) -> None:
    """A cancelled task ends; one that a stopping process had is begun again by the next."""
    if task.cancel_asked:
        task.state, task.finished_at = TaskState.CANCELLED, clock.now()
    else:
        task.holder = None


@contextmanager
def _beating(context: Context) -> Iterator[None]:
    """Give signs of life from a thread of its own, because a solver may not come back for minutes."""
    done = threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=_beat, args=(app, context, done), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(app: Flask, context: Context, done: threading.Event) -> None:
    while not done.wait(BEAT):
        try:
            with app.app_context(), write():
                session.execute(
                    update(Task)
                    .where(Task.id == context.task_id, Task.holder == context.holder)
                    .values(heartbeat_at=clock.now())
                )
        except Exception:
            log.exception("no sign of life could be given", extra={"task": context.task_id})
