"""A mark that changes with every change of what the directory shows, so that what was computed from it can be kept.

It is written at the end of the write block, where it holds no lock for long, in the same transaction as the change.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column

from companies.merges import OrganisationMerge
from companies.models import Award, Organisation, OrganisationKind, Product
from companies.records import Certificate
from companies.title_terms import TitleTerm
from core.db import Model, Str, session
from core.i18n import _l
from core.personal import TECHNICAL, Entry

WATCHED: set[type[Any]] = {Organisation, OrganisationKind, OrganisationMerge, Product, Award, Certificate, TitleTerm}
_TOUCHED = "directory_touched"


class DirectoryStamp(Model):
    """The one row with the present mark."""

    __register__ = Entry(_l("Mark of the directory"), TECHNICAL)
    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(Str(40))


def present() -> str | None:
    """The present mark; None before the first change."""
    return session.scalar(select(DirectoryStamp.mark))


def watch(*models: type[Any]) -> None:
    """A package's further rows that the directory shows."""
    WATCHED.update(models)


@event.listens_for(session, "after_flush")
def _notice(db_session: Any, _context: Any) -> None:
    rows = (*db_session.new, *db_session.dirty, *db_session.deleted)
    if any(type(row) in WATCHED for row in rows):
        db_session.info[_TOUCHED] = True


@event.listens_for(session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    changes = state.is_update or state.is_delete or state.is_insert
    if changes and state.bind_mapper is not None and state.bind_mapper.class_ in WATCHED:
        state.session.info[_TOUCHED] = True


@event.listens_for(session, "before_commit")
def _mark(db_session: Any) -> None:
    db_session.flush()
    if not db_session.info.pop(_TOUCHED, False):
        return
    mark = secrets.token_hex(16)
    changed = db_session.execute(update(DirectoryStamp).values(mark=mark))
    if not changed.rowcount:
        db_session.execute(insert(DirectoryStamp).values(id=1, mark=mark))


@event.listens_for(session, "after_rollback")
def _forget(db_session: Any) -> None:
    db_session.info.pop(_TOUCHED, None)
