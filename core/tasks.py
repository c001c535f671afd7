"""Long work is a row: a page starts it, the job process does it, the page follows it.

A package writes the work as a handler; it opens its own short write blocks and tells how far it is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    delete,
    exists,
    false,
    not_,
    select,
    text,
    true,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, aliased, mapped_column

from core import audit, clock
from core.access import Actor, visible
from core.db import JSON, Model, Str, lock, session, state, write
from core.i18n import _l, force_locale, gettext, language, say_again
from core.personal import Entry, Then, plain, purged, purges, refers, tag

STAFF = ("administrator", "officer")
WRITTEN_EVERY = 0.5  # seconds between two writes of the progress
KEPT = timedelta(days=30)
FAILURE_SHOWN = timedelta(days=7)


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (TaskState.WAITING, TaskState.RUNNING)


class Task(Model):
    """A piece of long work. `takeovers`: how often another process had to begin it again."""

    __register__ = Entry(
        _l("Long work"),
        purged(KEPT, _l("Deleted a month after it ended")),
        why=_l("To do long work and to show how far it is"),
    )
    __table_args__ = (
        Index("ix_task_state_id", "state", "id"),
        Index(
            "uq_task_waiting",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Str(60), info=plain(_l("Kind")))
    key: Mapped[str | None] = mapped_column(Str(120), info=plain(_l("Key")))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=tag(_l("What was asked for")))
    state: Mapped[TaskState] = mapped_column(state(TaskState), default=TaskState.WAITING)
    stage: Mapped[str] = mapped_column(Str(200), default="", info=plain(_l("Step")))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=tag(_l("Result")))
    error: Mapped[str | None] = mapped_column(Str(500), info=tag(_l("What went wrong")))
    reference: Mapped[str | None] = mapped_column(Str(20), info=plain(_l("Reference")))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True, info=refers(Then.DROP)
    )
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    holder: Mapped[str | None] = mapped_column(Str(80), info=plain(_l("Process")))
    takeovers: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(Str(2), default="vi", info=plain(_l("Language")))
    cancel_asked: Mapped[bool] = mapped_column(default=False)

    @property
    def percent(self) -> int | None:
        """How far it is, from 0 to 100; None while that is not known."""
        if self.state is TaskState.DONE:
            return 100
        return min(100, math.floor(100 * self.done / self.total)) if self.total else None

    @property
    def open(self) -> bool:
        return self.state in OPEN


Tell = Callable[[int, int, Any], None]  # how far: done, of how many, at which stage; `Context.progress` is one


def nobody(done: int, total: int, stage: Any) -> None:
    """Within a request nobody follows the progress."""


Run = Callable[..., dict[str, Any] | None]  # run(context, **arguments) -> the task's result
_handlers: dict[str, Run] = {}


def handler(kind: str) -> Callable[[Run], Run]:
    """Register the work of `kind`: `@handler("timetable") def run(context, *, event_id): ...`."""

    def register(run: Run) -> Run:
        if _handlers.get(kind, run) is not run:
            raise RuntimeError(f"two handlers are called {kind!r}")
        _handlers[kind] = run
        return run

    return register


def handler_of(kind: str) -> Run | None:
    """The registered work, or None."""
    return _handlers.get(kind)


class Stop(Exception):
    """Raised by `progress`: the task was cancelled, or the process is going down."""


class TakenOver(Exception):
    """Another process has this task now: nothing that this one finds out may be stored."""


@dataclass
class Context:
    """What a handler is told. `by` is a user id; `at` is when the task began."""

    task_id: int
    holder: str
    by: int | None
    at: datetime
    stopping: Callable[[], bool] = lambda: False
    _written: float = field(default=-math.inf, repr=False)
    _stage: str = field(default="", repr=False)

    def progress(self, done: int, total: int, stage: object = None) -> None:
        """Say how far the work is, in a short write block of its own, at most twice a second.

        `stage` is a message from `_l(...)` without placeholders, kept in English and translated for each reader.
        Raise Stop when the work shall end here.
        """
        words = self._stage if stage is None else _source(stage)
        if self.stopping():
            raise Stop
        if words == self._stage and done < total and time.monotonic() - self._written < WRITTEN_EVERY:
            return
        self._stage, self._written = words, time.monotonic()
        with write():
            task = self.hold()
            task.done, task.total, task.stage, task.heartbeat_at = done, max(done, total), words, clock.now()
            cancelled = task.cancel_asked
        if cancelled:
            raise Stop

    def tell(self, result: dict[str, Any]) -> None:
        """Put what was found so far into the task, for a page that shows it as it comes."""
        with write():
            self.hold().result = dict(result)

    @property
    def cancelled(self) -> bool:
        """Whether the work shall end."""
        return self.stopping() or bool(session.scalar(select(Task.cancel_asked).where(Task.id == self.task_id)))

    def hold(self) -> Task:
        """The first line of a write block that stores results: raise TakenOver unless the task is still ours."""
        task = lock(Task, self.task_id)
        if task is None or task.holder != self.holder or task.state is not TaskState.RUNNING:
            raise TakenOver
        return task


def start(kind: str, *, by: Any, at: datetime, key: str | None = None, **arguments: Any) -> Task:
    """Queue work, in the caller's write block. With a `key`, work that still waits under it is returned instead.

    `arguments` are JSON and go to the handler by name. `by` is a user, a user id, or None for a job.
    """
    if kind not in _handlers:
        raise LookupError(f"no handler for tasks of the kind {kind!r}")
    if key is not None and (waiting := _waiting(kind, key)) is not None:
        return waiting
    user_id = by if isinstance(by, int) else getattr(by, "id", None)
    task = Task(kind=kind, key=key, arguments=arguments, user_id=user_id, created_at=at, language=language())
    try:
        with session.begin_nested():
            session.add(task)
            session.flush()
    except IntegrityError:  # somebody else queued the same work in the same moment
        waiting = _waiting(kind, key) if key is not None else None
        if waiting is None:
            raise
        return waiting
    audit.record(f"task.{kind}", task, by=user_id, at=at)
    return task


def open_under(kind: str, key: str) -> Task | None:
    """Work under that key that waits or is being done, the newest."""
    query = select(Task).where(Task.kind == kind, Task.key == key, Task.state.in_(OPEN))
    return session.scalars(query.order_by(Task.id.desc()).limit(1)).one_or_none()


def cancel(task: Task, *, by: Any, at: datetime) -> None:
    """End a task that waits at once, one that runs at its next step. One that ended stays as it is."""
    found = lock(Task, task.id)
    if found is None or not found.open:
        return
    found.cancel_asked = True
    if found.state is TaskState.WAITING:
        found.state, found.finished_at = TaskState.CANCELLED, at
    audit.record("task.cancel", found, by=by, at=at)


@purges(Task)
def purge(at: datetime) -> None:
    """Drop tasks that ended a month ago. Run in a write block."""
    session.execute(
        delete(Task)
        .where(Task.state.not_in(OPEN), Task.finished_at < at - KEPT)
        .execution_options(synchronize_session=False)
    )


def may_cancel(actor: Actor, task: Task) -> bool:
    """Who may know of a task may also end it."""
    return actor.has(*STAFF) or actor.user_id == task.user_id


def tasks_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Staff know every task, everybody his own."""
    if actor.has(*STAFF):
        return true()
    return Task.user_id == actor.user_id if actor.signed_in else false()


visible(Task, tasks_visible_to)


def latest(kind: str, key: str) -> Task | None:
    """The last work of a kind under a key, whatever came of it."""
    return session.scalars(
        select(Task).where(Task.kind == kind, Task.key == key).order_by(Task.id.desc()).limit(1)
    ).one_or_none()


def lately_failed(*, at: datetime, limit: int = 5) -> Sequence[Task]:
    """Work that failed within a week and whose like was not done afterwards; the newest first."""
    again = aliased(Task)
    done_since = exists().where(
        again.kind == Task.kind, again.key == Task.key, again.id > Task.id, again.state == TaskState.DONE
    )
    return session.scalars(
        select(Task)
        .where(Task.state == TaskState.FAILED, Task.finished_at > at - FAILURE_SHOWN, not_(done_since))
        .order_by(Task.id.desc())
        .limit(limit)
    ).all()


def stage_for_reader(task: Task) -> str:
    """The stage in the reader's language."""
    return gettext(task.stage) if task.stage else ""


def message_for_reader(task: Task) -> str | None:
    """What came of the work, in the reader's language."""
    return say_again((task.result or {}).get("message")) or None


def error_for_reader(task: Task) -> str | None:
    """What went wrong, in the reader's language."""
    return say_again((task.result or {}).get("error")) or task.error


def _waiting(kind: str, key: str) -> Task | None:
    return session.scalars(
        select(Task).where(Task.kind == kind, Task.key == key, Task.state == TaskState.WAITING)
    ).one_or_none()


def _source(message: object) -> str:
    """The English source of a lazy message, the same in every catalogue."""
    with force_locale("en"):
        return str(message)


__all__ = [
    "Context", "Stop", "TakenOver", "Task", "TaskState", "cancel", "error_for_reader", "handler", "handler_of",
    "lately_failed", "latest", "may_cancel", "message_for_reader", "open_under", "purge", "stage_for_reader", "start",
]  # fmt: skip
