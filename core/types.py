"""Column types that keep what neither database enforces alike: NFC text with a length, aware UTC, named states."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Enum,
    String,
    Table,
    Text,
    event,
    func,
    literal_column,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

import vietnamese


class Str(TypeDecorator[str]):
    """NFC text of at most `length` characters; a CHECK holds it, because SQLite ignores lengths."""

    impl = String
    cache_ok = True

    def __init__(self, length: int = 200) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vietnamese.nfc(value)


class LongStr(TypeDecorator[str]):
    """NFC text without a limit of its own; the form or the import that takes it sets one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vietnamese.nfc(value)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused on the way in; aware UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored; use core.clock")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def state(of: type[enum.Enum], name: str = "") -> Enum:
    """A column type for a StrEnum: its values as short text, checked by the database.

    A second column of the same states in a table needs a `name` of its own, for its constraint.
    """
    return Enum(
        of,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or of.__name__.lower(),
        values_callable=lambda e: [m.value for m in e],
    )


@event.listens_for(Column, "after_parent_attach")
def _check_length(column: Column[Any], parent: Any) -> None:
    # A copy of the table (migrations make them) brings its constraints along.
    if isinstance(parent, Table) and isinstance(column.type, Str) and not column.info.get("length_checked"):
        column.info["length_checked"] = True
        rule = func.length(column) <= literal_column(str(column.type.length))
        parent.append_constraint(CheckConstraint(rule, name=f"{column.name}_length"))
