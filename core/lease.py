"""Who of several job processes leads, and which work of which period was done: both are rows.

A lease is renewed or taken in one UPDATE and carries a fencing number that grows with every new holder, so that
one who slept through the loss of his lease is recognised. The ledger's unique (name, period) makes work of a
period happen once, whatever the clock does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import UniqueConstraint, case, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

import vietnamese
from core import clock
from core.db import Model, Str, lock, session, write
from core.i18n import _l
from core.personal import TECHNICAL, Entry, dropped

RETAKEN_AFTER = timedelta(hours=1)
LEDGER_KEPT = timedelta(days=400)
TRIES = 3
_held: ContextVar[tuple[str, int] | None] = ContextVar("held", default=None)


class Lease(Model):
    """A right that one process holds at a time."""

    __register__ = Entry(_l("Leases of the job process"), TECHNICAL)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Str(60), unique=True)
    holder: Mapped[str] = mapped_column(Str(80))
    fencing: Mapped[int]
    renewed_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class JobRun(Model):
    """A line of the ledger: `name` was begun for `period_key`; `finished_at` is empty while it runs or if it died."""

    __register__ = Entry(_l("Ledger of the job process"), dropped(LEDGER_KEPT, since="started_at"))
    __table_args__ = (UniqueConstraint("name", "period_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Str(60))
    period_key: Mapped[str] = mapped_column(Str(60))
    holder: Mapped[str] = mapped_column(Str(80))
    tries: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(Str(300))


class Lost(Exception):
    """The lease went to another process while this one slept: nothing it finds out now may be stored."""


@dataclass
class Run:
    """A turn at the work of a period. Put a short `result` for the ledger."""

    id: int
    tries: int
    result: str = ""


def take(name: str, holder: str, *, at: datetime, seconds: float) -> int | None:
    """Take or renew the lease for `seconds`; return its fencing number, or None while another holds it.

    Run in a write block. A lease that seems to last longer than twice its time stems from a clock that was set
    back, and counts as expired.
    """
    time = timedelta(seconds=seconds)
    _make(name, at)
    free = or_(Lease.expires_at <= at, Lease.expires_at > at + 2 * time)
    kept = (Lease.holder == holder) & ~free
    return session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, free))
        .values(
            holder=holder,
            fencing=case((kept, Lease.fencing), else_=Lease.fencing + 1),
            renewed_at=at,
            expires_at=at + time,
        )
        .execution_options(synchronize_session=False)
        .returning(Lease.fencing)
    ).scalar_one_or_none()


@contextmanager
def holding(name: str, fencing: int) -> Iterator[None]:
    """While the block runs, `guard` checks this lease."""
    token = _held.set((name, fencing))
    try:
        yield
    finally:
        _held.reset(token)


def guard() -> None:
    """The first line of a write block of a timer: raise Lost if another process leads by now.

    Outside a turn of the job process (in a test, from a page) there is nothing to check.
    """
    held = _held.get()
    if held is None:
        return
    name, fencing = held
    row_id = session.scalar(select(Lease.id).where(Lease.name == name))
    row = lock(Lease, row_id) if row_id is not None else None
    if row is None or row.fencing != fencing:
        raise Lost(name)


def give_back(name: str, holder: str, *, at: datetime) -> None:
    """End a lease early, so that the next process need not wait for its end. Run in a write block."""
    session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.holder == holder)
        .values(expires_at=at)
        .execution_options(synchronize_session=False)
    )


def age(name: str, *, at: datetime) -> timedelta | None:
    """How long ago the lease was renewed; None if it never was."""
    renewed = session.scalar(select(Lease.renewed_at).where(Lease.name == name))
    return None if renewed is None else at - renewed


@contextmanager
def once(name: str, period_key: str, *, holder: str) -> Iterator[Run | None]:
    """The work of a period, once: `with once("sealing", "2026-11-22T09", holder=h) as run: if run: ...`.

    None if it was done or is being done. Opens its own short write blocks. Work that raised, or whose process
    died an hour ago, may be begun again, three times in all; it has to bear that.
    """
    run = _begin(name, period_key, holder)
    if run is None:
        yield None
        return
    try:
        yield run
    except BaseException as err:
        session.rollback()
        _end(run, holder, result=f"{type(err).__name__}: {err}", finished=run.tries >= TRIES)
        raise
    _end(run, holder, result=run.result, finished=True)


def _make(name: str, at: datetime) -> None:
    if session.scalar(select(Lease.id).where(Lease.name == name)) is None:
        try:
            with session.begin_nested():
                session.add(Lease(name=name, holder="", fencing=0, renewed_at=at, expires_at=at))
                session.flush()
        except IntegrityError:
            pass  # another process made it in the same moment


def _line(name: str, period_key: str) -> JobRun | None:
    return session.scalars(select(JobRun).where(JobRun.name == name, JobRun.period_key == period_key)).one_or_none()


def _may_begin_again(line: JobRun, at: datetime) -> bool:
    died = line.started_at <= at - RETAKEN_AFTER or line.started_at > at + RETAKEN_AFTER
    return line.finished_at is None and line.tries < TRIES and (died or line.result is not None)


def _begin(name: str, period_key: str, holder: str) -> Run | None:
    at = clock.now()
    line = _line(name, period_key)
    if line is not None and not _may_begin_again(line, at):
        session.rollback()
        return None
    with write():
        line = _line(name, period_key)
        if line is None:
            line = JobRun(name=name, period_key=period_key, holder=holder, started_at=at)
            try:
                with session.begin_nested():
                    session.add(line)
                    session.flush()
            except IntegrityError:
                return None
            return Run(line.id, 1)
        taken = lock(JobRun, line.id)
        if taken is None or not _may_begin_again(taken, at):
            return None
        taken.holder, taken.started_at, taken.result = holder, at, None
        taken.tries += 1
        return Run(taken.id, taken.tries)


def _end(run: Run, holder: str, *, result: str, finished: bool) -> None:
    with write():
        line = lock(JobRun, run.id)
        if line is None or line.holder != holder or line.tries != run.tries:
            return
        line.result = vietnamese.cap(vietnamese.clean_line(result), 300)
        line.finished_at = clock.now() if finished else None
