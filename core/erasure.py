"""Deletion of what is kept about a person: rows by their tags, then his address wherever it still stands.

    prepared = erasure.prepare(person)            # outside: whatever takes its time
    with write():
        erasure.carry_out(prepared, by=..., at=...)
    prepared.clean_up()                           # outside: files on the disk

Awards, acts and the audit stay: where they refer to the person, they lead to an account without a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Enum, String, Text, cast, delete, func, select, update
from sqlalchemy.types import JSON, TypeDecorator

from core import file_search as _file_search  # noqa: F401 - registers what a deletion does with files
from core import personal
from core.db import Base, Str, session
from core.personal import Kind, Person, Then, link_of, python_type, tables, tag_of, tagged
from core.subject import refers_to

MARK = "[…]"  # what stands where an address stood
APPEND_ONLY = ("audit_line", "audit_seal")  # hold numbers, never an address


@dataclass
class Prepared:
    """A deletion about to be carried out. `steps`: what packages do; `leftover`: files to remove afterwards."""

    person: Person
    steps: list[personal.Step]
    leftover: list[Path] = field(default_factory=list)

    def clean_up(self) -> None:
        """Remove files whose rows are gone. After the write block."""
        for path in self.leftover:
            path.unlink(missing_ok=True)


def prepare(person: Person) -> Prepared:
    """Let every package find what it has to do. Outside a write block."""
    return Prepared(person, [find(person) for find in personal.erasures])


def carry_out(prepared: Prepared, *, by: Any, at: datetime) -> None:
    """Delete and empty rows, inside the caller's write block; a child before the row that it belongs to."""
    person = prepared.person
    for step in prepared.steps:
        prepared.leftover.extend(step(by=by, at=at) or ())
    session.flush()
    by_table = {model.__tablename__: model for model, _entry in tables(Base)}
    for table in reversed(Base.metadata.sorted_tables):
        if (model := by_table.get(table.name)) is not None:
            _empty(model, person)
            _drop(model, person)
    session.flush()
    _sweep(person)
    session.expire_all()


def _drop(model: type[Any], person: Person) -> None:
    condition = refers_to(model, person, Then.DROP)
    if condition is not None:
        session.execute(delete(model).where(condition).execution_options(synchronize_session=False))


def _empty(model: type[Any], person: Person) -> None:
    condition = refers_to(model, person, Then.BLANK, Then.UNLINK)
    if condition is None:
        return
    for row in session.scalars(select(model).where(condition)):
        for column in tagged(model, Kind.PERSONAL, Kind.SENSITIVE, Kind.KEY):
            setattr(row, _attribute(model, column), _erased(column, row, person))
        for column in model.__table__.columns:
            link = link_of(column)
            if link is not None and link.then is Then.UNLINK and getattr(row, column.name) == person.id:
                setattr(row, _attribute(model, column), None)
    session.flush()


def _attribute(model: type[Any], column: Column[Any]) -> str:
    return str(model.__mapper__.get_property_by_column(column).key)


def _erased(column: Column[Any], row: Any, person: Person) -> Any:
    """What is left in a tagged column: what its tag says, else nothing."""
    told = tag_of(column)
    if told is not None and told.erased:
        return told.erased.format(id=person.id)
    if column.nullable:
        return None
    present = getattr(row, _attribute(type(row), column))
    return [] if isinstance(present, list) else python_type(column)()


def _sweep(person: Person) -> None:
    """Take the address out of every text of every table, whoever wrote it there, and the phone out of long ones."""
    _take_out(person.email, lambda column: True)
    if person.phone:
        _take_out(person.phone, lambda column: not isinstance(column.type, Str))


def _take_out(word: str, wanted: Callable[[Column[Any]], bool]) -> None:
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
    for table in Base.metadata.sorted_tables:
        if table.name in APPEND_ONLY:
            continue
        key = next(iter(table.primary_key.columns))
        for column in filter(wanted, _texts(table.columns)):
            holds = func.lower(cast(column, Text)).contains(word.lower(), autoescape=True)
            for row_key, value in session.execute(select(key, column).where(holds)).all():
                new = _without(value, pattern, f"[{row_key}]" if column.unique else MARK)
                session.execute(update(table).where(key == row_key).values({column.name: new}))


def _texts(columns: Any) -> Iterator[Column[Any]]:
    for column in columns:
        kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
        if isinstance(kind, String | Text | JSON) and not isinstance(kind, Enum):
            yield column


def _without(value: Any, pattern: re.Pattern[str], mark: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(mark, value)
    return json.loads(pattern.sub(mark, json.dumps(value)))
