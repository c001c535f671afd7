"""Who did what to which row: append-only lines with pseudonymous keys and column names, never personal values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from core.db import JSON, Model, Str, session
from core.i18n import _l
from core.personal import By, Entry, Then, kept, plain, refers


class AuditLine(Model):
    """One act. `actor` is a user id or the name of a job; `subject` is "table:id"."""

    __register__ = Entry(
        _l("Record of acts"),
        kept(_l("Decisions of the Department have to stay checkable; the record holds numbers, no names")),
        why=_l("To check later who did what"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(Str(60), index=True, info=refers(Then.KEEP, By.PSEUDONYM) | plain(_l("By")))
    on_behalf_of: Mapped[str | None] = mapped_column(
        Str(60), info=refers(Then.KEEP, By.PSEUDONYM) | plain(_l("On behalf of"))
    )
    act: Mapped[str] = mapped_column(Str(80), index=True, info=plain(_l("Act")))
    subject: Mapped[str] = mapped_column(
        Str(80), index=True, info=refers(Then.KEEP, By.PSEUDONYM) | plain(_l("Concerning"))
    )
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=plain(_l("Details")))


@event.listens_for(AuditLine, "before_update")
@event.listens_for(AuditLine, "before_delete")
def _refuse(*_args: Any) -> None:
    raise RuntimeError("the audit is append-only")


def record(
    act: str,
    row: Any,
    *,
    by: Any,
    at: datetime,
    columns: Sequence[str] = (),
    on_behalf_of: Any = None,
    **detail: Any,
) -> AuditLine:
    """Add a line, in the caller's write block. `by` is a user, a user id or the name of a job; `row` has an id.

    While somebody acts for another, every line says so without being told: see `provide_principal`.
    """
    if on_behalf_of is None and _principal:
        on_behalf_of = _principal[0]()
    line = AuditLine(
        at=at,
        actor=name_of(by),
        on_behalf_of=None if on_behalf_of is None else name_of(on_behalf_of),
        act=act,
        subject=_subject(row),
        detail=_detail(columns, detail),
    )
    session.add(line)
    return line


def record_all(acts: Iterable[tuple[str, Any, Sequence[str]]], *, by: Any, at: datetime) -> None:
    """Lines for many rows at once, each (act, row, columns): one statement for all of them."""
    who, whom = name_of(by), _principal[0]() if _principal else None
    lines = [
        {
            "at": at,
            "actor": who,
            "on_behalf_of": whom,
            "act": act,
            "subject": _subject(row),
            "detail": _detail(columns, {}),
        }
        for act, row, columns in acts
    ]
    if lines:
        session.execute(insert(AuditLine), lines)


def _subject(row: Any) -> str:
    return row if isinstance(row, str) else f"{row.__tablename__}:{row.id}"


def _detail(columns: Sequence[str], more: dict[str, Any]) -> dict[str, Any]:
    return {**({"columns": list(columns)} if columns else {}), **more}


_principal: list[Callable[[], str | None]] = []


def provide_principal(read: Callable[[], str | None]) -> None:
    """Plug in for whom the reader acts just now; accounts does."""
    _principal[:] = [read]


def name_of(who: Any) -> str:
    """The pseudonymous name of an actor: "user:7", "job:outbox" or "system"."""
    if who is None:
        return "system"
    if isinstance(who, str):
        return who
    return f"user:{who if isinstance(who, int) else who.id}"


def changed_columns(row: Any) -> list[str]:
    """The names of the columns of `row` that differ from the database, for the audit line of an edit."""
    state = inspect(row)
    return sorted(a.key for a in state.mapper.column_attrs if state.attrs[a.key].history.has_changes())
