"""Any list as a spreadsheet, with the reader's rights: short ones at once, long ones by a task.

A package states a list once: who may have it, how many rows it has, and how its table is written for a reader. What
he may not see is not in the file. Long work is limited for each person, so that many large lists wait in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, false, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import audit, clock, files, tasks
from core.access import Actor, actor_of, visible
from core.db import JSON, Model, Str, session, write
from core.documents import xlsx
from core.documents.tables import Table
from core.errors import UserError
from core.i18n import _, _l
from core.personal import Entry, Then, dropped, plain, refers
from core.tasks import Context, Task, handler

AT_ONCE = 2_000  # rows that are written within the request
CHUNK = 500  # rows that are in memory together
KEPT = timedelta(days=2)
OPEN_EACH, A_DAY_EACH = 2, 20  # long lists of one person: waiting or being written, and in a day
TASK = "download"

Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """A list for one reader. `note`: writes down, in a write block, that he took what is guarded."""

    table: Table
    note: Callable[..., None] | None = None


@dataclass(frozen=True)
class Listing:
    """A list. `may`: who may have it. `query`: its rows for a reader; `table`: them written, from such a query."""

    name: str
    label: Any
    may: Callable[[Actor], bool]
    query: Callable[[Actor, Arguments], Select[Any]]
    table: Callable[[Actor, Select[Any]], Written]


_listings: dict[str, Listing] = {}


class Download(Model):
    """A long list that somebody asked for; the file is his alone."""

    __register__ = Entry(
        _l("Lists taken out"), dropped(KEPT, since="created_at"), why=_l("To hand a list to its reader")
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True, info=refers(Then.DROP)
    )
    listing: Mapped[str] = mapped_column(Str(60), info=plain(_l("List")))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=plain(_l("Filters")))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    file: Mapped[files.StoredFile | None] = relationship()
    task: Mapped[Task | None] = relationship()


class TooMany(UserError):
    """Somebody asked for too many long lists."""

    status = 429


def listing(found: Listing) -> Listing:
    """Register a list."""
    if _listings.setdefault(found.name, found) is not found:
        raise RuntimeError(f"two lists are called {found.name!r}")
    return found


def named(name: str) -> Listing | None:
    """The list of that name."""
    return _listings.get(name)


def rows_of(query: Select[Any], key: Any) -> Iterator[Any]:
    """The rows of a query in their order, read by chunks; `key` is the column that tells them apart."""
    ids = iter(session.scalars(query.with_only_columns(key, maintain_column_froms=True)).all())
    while chunk := list(islice(ids, CHUNK)):
        found = {row.id: row for row in session.scalars(query.order_by(None).where(key.in_(chunk))).unique()}
        yield from (found[one] for one in chunk if one in found)


def long(found: Listing, actor: Actor, arguments: Arguments) -> bool:
    """Whether the list is written by a task."""
    rows = found.query(actor, arguments).order_by(None).limit(AT_ONCE + 1).subquery()
    return (session.scalar(select(func.count()).select_from(rows)) or 0) > AT_ONCE


def content(found: Listing, actor: Actor, arguments: Arguments) -> tuple[bytes, Callable[..., None] | None]:
    """The list as XLSX, as that reader sees it, and what has to be noted of it (see `Written`)."""
    written = found.table(actor, found.query(actor, arguments))
    return xlsx.write([written.table]), written.note


def name_of(found: Listing) -> str:
    """The file's name, in the reader's language."""
    return f"{found.label} {clock.today():%d-%m-%Y}.xlsx"


def note(name: str, *, by: Any, at: datetime) -> None:
    """Write down who took a list that names people."""
    audit.record("download", f"list:{name}", by=by, at=at)


def ask(found: Listing, arguments: Arguments, *, by: int, at: datetime) -> Download:
    """Have a long list written. Raise TooMany when this person asked for too many."""
    recent = session.scalars(
        select(Download).where(Download.user_id == by, Download.created_at > at - timedelta(days=1))
    )
    mine = recent.all()
    waiting = [row for row in mine if row.task is not None and row.task.open]
    same = next((row for row in waiting if row.listing == found.name and row.arguments == dict(arguments)), None)
    if same is not None:
        return same
    if len(waiting) >= OPEN_EACH or len(mine) >= A_DAY_EACH:
        raise TooMany(_("You asked for several long lists. Wait until they are ready, or until tomorrow."))
    row = Download(user_id=by, listing=found.name, arguments=dict(arguments), created_at=at)
    session.add(row)
    session.flush()
    row.task = tasks.start(TASK, by=by, at=at, download_id=row.id)
    return row


@handler(TASK)
def write_out(context: Context, *, download_id: int) -> dict[str, Any]:
    """Write a long list with the rights that its reader has now."""
    row = session.get(Download, download_id)
    found = named(row.listing) if row is not None else None
    if row is None or found is None:
        raise TooMany(_("This list is no longer asked for."))
    actor, arguments = actor_of(row.user_id), dict(row.arguments)
    if not found.may(actor):
        raise TooMany(_("You may see this, but you may not do that here."))
    context.progress(0, 2, _l("Writing the list"))
    data, noting = content(found, actor, arguments)
    received = files.make(data, name_of(found), files.XLSX)
    session.rollback()
    with write():
        context.hold()
        if noting is not None:
            noting(by=context.by, at=clock.now())
        row = session.get(Download, download_id)
        if row is not None:
            row.file_id = files.keep(received, by=context.by, at=clock.now()).id
    return {"url": f"/downloads/{download_id}"}


def downloads_visible_to(actor: Actor) -> ColumnElement[bool]:
    """A file holds what its reader may see, so it is his alone."""
    return Download.user_id == actor.user_id if actor.signed_in else false()


visible(Download, downloads_visible_to)


def table(
    name: Any, columns: Mapping[Any, Callable[[Any], Any]], rows: Iterable[Any], widths: tuple[int, ...] = ()
) -> Table:
    """A table from a function for each column."""
    made = ([cell(row) for cell in columns.values()] for row in rows)
    return Table(str(name), [str(label) for label in columns], made, widths=widths)
