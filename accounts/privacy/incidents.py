"""A breach of personal data: recorded, its 72 hours counted, and who is affected, found by the tags of the tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, DateTime, Select, func, select, true
from sqlalchemy.types import TypeDecorator

from accounts.models import User
from accounts.privacy.models import Incident
from core import audit
from core.db import Base, lock, session
from core.errors import Conflict, Invalid
from core.i18n import _
from core.personal import By, Then, links, tables

TIMES = ("at", "created_at", "received_at", "seen_at", "since", "given_at")  # when a row came to be, by table


@dataclass(frozen=True)
class Affected:
    """A person whose rows were concerned, and in which tables."""

    user: User
    tables: Sequence[str]


def concerned_tables() -> dict[str, str]:
    """The tables that tell of people, with their names for the reader."""
    return {
        model.__tablename__: str(entry.label)
        for model, entry in tables(Base)
        if entry is not None and any(link.then is not Then.KEEP for _column, link in links(model))
    }


def record(
    *,
    title: str,
    words: str,
    noticed_at: datetime,
    names: Collection[str],
    since: datetime | None,
    until: datetime | None,
    by: Any,
    at: datetime,
) -> Incident:
    """A new record. Raise Invalid for a moment that is still to come or a period that ends before it begins."""
    if noticed_at > at:
        raise Invalid(_("This moment is still to come."), field="noticed_at")
    if since is not None and until is not None and until < since:
        raise Invalid(_("The period ends before it begins."), field="until")
    row = Incident(
        title=title, words=words, noticed_at=noticed_at, tables=sorted(names), since=since, until=until, by_id=by.id
    )
    session.add(row)
    session.flush()
    audit.record("incident.record", row, by=by, at=at)
    return row


def report(row: Incident, measures: str, *, by: Any, at: datetime) -> None:
    """The authority was told; what was done is written down."""
    taken = lock(Incident, row.id)
    if taken is None or taken.reported_at is not None:
        raise Conflict(_("This incident has been reported already."))
    taken.reported_at, taken.measures = at, measures
    session.flush()
    audit.record("incident.report", taken, by=by, at=at)


def affected(row: Incident) -> list[Affected]:
    """Everybody whose rows lie in the tables and the period of the incident: a few queries for each table."""
    found: dict[int, list[str]] = {}
    for model, _entry in tables(Base):
        if model.__tablename__ in row.tables:
            for user_id in set(session.scalars(_people_of(model, row))):
                found.setdefault(user_id, []).append(model.__tablename__)
    users = session.scalars(select(User).where(User.id.in_(found)).order_by(User.sort_key, User.id))
    return [Affected(user, found[user.id]) for user in users]


def _people_of(model: type[Any], row: Incident) -> Any:
    parts = [
        _by(column, link.by).where(_within(model, row))
        for column, link in links(model)
        if link.then is not Then.KEEP and link.by in (By.USER, By.SELF, By.ADDRESS)
    ]
    if not parts:
        return select(User.id).where(~true())
    first, *rest = parts
    return first.union(*rest) if rest else first


def _by(column: Column[Any], by: By) -> Select[Any]:
    if by is By.ADDRESS:
        return select(User.id).join(column.table, func.lower(column) == User.email)
    return select(column).where(column.is_not(None))


def _within(model: type[Any], row: Incident) -> ColumnElement[bool]:
    """The rows of the period; all of them where a table does not say when a row came to be."""
    columns = model.__table__.c
    when = next((columns[name] for name in TIMES if name in columns and _is_moment(columns[name])), None)
    if when is None or (row.since is None and row.until is None):
        return true()
    condition: ColumnElement[bool] = true()
    if row.since is not None:
        condition = condition & (when >= row.since)
    return condition if row.until is None else condition & (when <= row.until)


def _is_moment(column: Column[Any]) -> bool:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, DateTime)
