"""How long rows stay: each table's rule, stated with the table (see `personal.py`), carried out by a job.

What is due is computed from the rows, so that a purge that was missed is made up for by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, delete

from core import clock
from core.db import Base, session
from core.personal import Purge, Retention, purgers, tables


def rules() -> Iterator[tuple[str, Purge]]:
    """The purge of every table that has one, by the table's name; each is to run in a write block."""
    for model, entry in tables(Base):
        if model in purgers:
            yield model.__tablename__, purgers[model]
        elif entry is not None and entry.retention.since is not None:
            yield model.__tablename__, _drop(model, entry.retention)


def _drop(model: type[Any], rule: Retention) -> Purge:
    column = model.__table__.c[rule.since or ""]

    def purge(at: datetime) -> None:
        assert rule.after is not None
        oldest: date = at - rule.after
        if isinstance(column.type, Date):
            oldest = clock.local(at - rule.after).date()
        session.execute(delete(model).where(column < oldest).execution_options(synchronize_session=False))

    return purge
