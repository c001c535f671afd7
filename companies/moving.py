"""Rows that belong to one organisation given to another, so that it can be undone.

Every foreign key to the organisation is followed, of whatever package, so that nothing is lost because somebody
forgot to say so. Where a row cannot be moved because the other organisation has one like it, a package says what to
do (`on_clash`); without a word the row stays where it is. All changes are written down, values before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Column, Date, Numeric, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.db import Base, UTCDateTime, session
from core.errors import Conflict
from core.i18n import _

Clash = Callable[["Mover", Row[Any], int], None]
After = Callable[["Mover", int, int], None]
_clashes: dict[Column[Any], Clash] = {}
_afterwards: list[After] = []
NOT_MOVED = {"organisation_merge", "not_duplicate"}  # they tell of the records themselves


def on_clash(column: Any) -> Callable[[Clash], Clash]:
    """Register what to do with a row that cannot be moved: `settle(mover, row, new)` may make room and try again."""

    def register(settle: Clash) -> Clash:
        _clashes[column.property.columns[0]] = settle
        return settle

    return register


def afterwards(follow: After) -> After:
    """Register what a package has to set right once everything is moved: `follow(mover, old, new)`."""
    if follow not in _afterwards:
        _afterwards.append(follow)
    return follow


def references(table: str) -> Iterator[Column[Any]]:
    """All columns that lead to a row of that table, in an order in which parents come first."""
    for other in Base.metadata.sorted_tables:
        if other.name in NOT_MOVED:
            continue
        for column in other.columns:
            if any(key.column.table.name == table for key in column.foreign_keys):
                yield column


def rows(query: Any) -> Sequence[Row[Any]]:
    """Rows as they are in the database now, beside the objects that a session keeps."""
    return session.execute(query).all()


def counts(key: int) -> dict[str, int]:
    """How many rows of each table belong to an organisation."""
    found: dict[str, int] = {}
    for column in references("organisation"):
        number = session.scalar(select(func.count()).select_from(column.table).where(column == key)) or 0
        if number:
            found[column.table.name] = found.get(column.table.name, 0) + number
    return found


@dataclass
class Mover:
    """Makes changes and writes them down."""

    at: datetime
    changes: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[dict[str, Any]] = field(default_factory=list)

    def move(self, old: int, new: int) -> None:
        """Everything that leads to the organisation `old` leads to `new` from now on."""
        for column in references("organisation"):
            self.repoint(column, old, new)
        for follow in _afterwards:
            follow(self, old, new)

    def repoint(self, column: Column[Any], old: int, new: int) -> None:
        """All rows whose `column` is `old` get `new`; where one cannot, its package settles it."""
        for row in session.execute(select(column.table).where(column == old)).all():
            if not self.set(column.table, row.id, **{column.name: new}) and column in _clashes:
                _clashes[column](self, row, new)

    def set(self, table: Any, key: int, **values: Any) -> bool:
        """Change a row, if the database lets us; whether it did."""
        before = session.execute(select(table).where(table.c.id == key)).one()._mapping
        try:
            with session.begin_nested():
                session.execute(update(table).where(table.c.id == key).values(**values))
        except IntegrityError:
            return False
        for name, value in values.items():
            if (was := before[name]) != value:
                change = {"column": name, "before": _plain(was), "after": _plain(value)}
                self.changes.append({"table": table.name, "id": key, **change})
        return True

    def delete(self, table: Any, key: int) -> None:
        """Take a row away that the other organisation has already."""
        row = session.execute(select(table).where(table.c.id == key)).one()._mapping
        self.deleted.append({"table": table.name, "row": {name: _plain(value) for name, value in row.items()}})
        session.execute(delete(table).where(table.c.id == key))

    def record(self) -> dict[str, Any]:
        """What undoing needs, as JSON."""
        return {"changes": self.changes, "deleted": self.deleted}


def undo(moved: dict[str, Any]) -> None:
    """Put everything back. Raise Conflict, in words, where something was changed since."""
    try:
        for change in reversed(moved["changes"]):
            _put_back(change)
        for gone in reversed(moved["deleted"]):
            table = Base.metadata.tables[gone["table"]]
            session.execute(insert(table).values({n: _typed(table.c[n], v) for n, v in gone["row"].items()}))
    except IntegrityError as err:
        raise Conflict(_("This cannot be undone: rows were added since that would stand in the way.")) from err


def _put_back(change: dict[str, Any]) -> None:
    table = Base.metadata.tables[change["table"]]
    column = table.c[change["column"]]
    now = session.execute(select(column).where(table.c.id == change["id"])).one_or_none()
    if now is None or _plain(now[0]) != change["after"]:
        raise Conflict(
            _(
                "This cannot be undone: “%(column)s” of a row of “%(table)s” was changed since.",
                column=change["column"],
                table=label_of(change["table"]),
            )
        )
    session.execute(
        update(table).where(table.c.id == change["id"]).values({column: _typed(column, change["before"])})
    )


def label_of(table: str) -> str:
    """The name of a table in the register, for people."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is Base.metadata.tables[table]:
            entry = mapper.class_.__dict__.get("__register__")
            return str(entry.label) if entry else table
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if states := getattr(column.type, "enum_class", None):
        return states(value)
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(column.type, Numeric) else value
