"""Every row that refers to a person, found by the tags of `personal.py` and labelled in the reader's language."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, false, func, or_, select

from core import dates, personal
from core.db import JSON, Base, LongStr, Str, session
from core.documents import xlsx
from core.documents.tables import Cell, Table
from core.i18n import _, _l
from core.personal import By, Kind, Link, Person, Then, exports, links, python_type, tables, tag_of

COMMON = {  # names of columns that mean the same in every table
    "id": _l("Number"),
    "at": _l("When"),
    "kind": _l("Kind"),
    "role": _l("Role"),
    "state": _l("State"),
    "since": _l("Since"),
    "left_at": _l("Left"),
    "seats": _l("Seats"),
    "number": _l("Registration number"),
    "size": _l("Size"),
    "due_at": _l("Due"),
    "used_at": _l("Used"),
    "seen_at": _l("Last seen"),
    "sent_at": _l("Sent"),
    "ended_at": _l("Ended"),
    "made_at": _l("Made"),
    "created_at": _l("Created"),
    "started_at": _l("Begun"),
    "expires_at": _l("Valid until"),
    "applied_at": _l("Applied"),
    "finished_at": _l("Finished"),
    "heartbeat_at": _l("Last sign of life"),
    "disabled_at": _l("Locked since"),
    "confirmed_at": _l("Confirmed"),
    "cancelled_at": _l("Cancelled"),
    "withdrawn_at": _l("Withdrawn"),
}
NAMES = ("name_vi", "name_en", "name_original", "title_vi", "title_en")  # of what a foreign key leads to
ACTED = Link(Then.KEEP)  # where he entered or decided something; but a row that has to stay may also be about him:
OF_THE_SUBJECT = ("user_id",)
ABOUT = "row is about him"
NEVER = (Kind.KEY, Kind.CONFIDENTIAL)  # keys are of no use to anybody; figures belong to the organisation


@dataclass(frozen=True)
class Part:
    """The rows of one table that refer to the person. `columns`: name to label; rows hold plain JSON values."""

    name: str
    label: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


def refers_to(model: type[Any], person: Person, *then: Then) -> ColumnElement[bool] | None:
    """A condition: the row leads to the person by a column with one of these outcomes (or by any); None: never."""
    found = [_leads(model, column, person, then) for column, link in links(model) if not then or link.then in then]
    present = [condition for condition in found if condition is not None]
    return or_(*present) if present else None


def _leads(
    model: type[Any], column: Column[Any], person: Person, then: tuple[Then, ...]
) -> ColumnElement[bool] | None:
    match personal.link_of(column):
        case personal.Link(by=By.ADDRESS):
            return func.lower(column) == person.email
        case personal.Link(by=By.ADDRESS_HASH):
            return column == hashlib.sha256(person.email.encode()).hexdigest()
        case personal.Link(by=By.PSEUDONYM):
            return column == person.pseudonym
        case personal.Link(by=By.PARENT):
            parent = next(iter(column.foreign_keys)).column
            above = refers_to(
                _model_of(parent.table.name), person, *(t for t in Then if not then or t is not Then.KEEP)
            )
            return None if above is None else column.in_(select(parent).where(above))
    return column == person.id


@cache
def _model_of(table: str) -> type[Any]:
    return next(model for model, _entry in tables(Base) if model.__tablename__ == table)


def collect(person: Person) -> list[Part]:
    """All that is kept about the person, table by table; tables without a row of his are left out."""
    found = sorted(tables(Base), key=lambda pair: _nearness(pair[0]))
    parts = [part for model, entry in found if (part := _part(model, entry, person)) is not None]
    for key, (label, read) in exports.items():
        if rows := list(read(person)):
            parts.append(Part(key, str(label), {name: name for name in rows[0]}, rows))
    return parts


def _nearness(model: type[Any]) -> int:
    """The account first, then rows about the person, rows that only name who acted last."""
    leading = [link for _column, link in links(model)]
    if any(link.by is By.SELF for link in leading):
        return 0
    return 1 if any(link.then is not Then.KEEP for link in leading) else 2


def shown_columns(model: type[Any]) -> dict[str, str]:
    """The columns of a table that an export shows, with their labels."""
    return {column.name: label for column in model.__table__.columns if (label := _label(column))}


def _label(column: Column[Any]) -> str:
    told = tag_of(column)
    if told is not None:
        return "" if told.kind in NEVER else str(told.label)
    label = column.info.get("plain", COMMON.get(column.name, ""))
    if not label and column.foreign_keys:
        table = next(iter(column.foreign_keys)).target_fullname.partition(".")[0]
        label = _("Account") if table == "user" else _model_of(table).__register__.label
    return str(label)


def _part(model: type[Any], entry: personal.Entry | None, person: Person) -> Part | None:
    condition = refers_to(model, person)
    if condition is None:
        return None
    labels = shown_columns(model)
    columns = [model.__table__.c[name] for name in labels]
    read = [func.length(c).label(c.name) if isinstance(c.type, LargeBinary) else c for c in columns]
    first = next(iter(model.__table__.primary_key.columns))
    about = select(first).where(_about(model, person), condition)
    found = session.execute(select(*read, first.in_(about).label(ABOUT)).where(condition).order_by(first)).mappings()
    words = {c.name for c in columns if _tells(c)}
    rows = [
        {name: as_json(row[name]) if row[ABOUT] or name not in words else None for name in labels} for row in found
    ]
    return Part(model.__tablename__, str(entry.label if entry else ""), labels, rows) if rows else None


def _about(model: type[Any], person: Person) -> ColumnElement[bool]:
    """A condition: the row is about the person, who did not only enter or decide it."""
    found = [
        _leads(model, column, person, ())
        for column, link in links(model)
        if link != ACTED or column.name in OF_THE_SUBJECT
    ]
    return or_(false(), *(condition for condition in found if condition is not None))


def _tells(column: Column[Any]) -> bool:
    """Whether a column holds words: of a row that the person only acted on, they are of other people."""
    return tag_of(column) is not None or isinstance(column.type, Str | LongStr | JSON)


def as_json(value: Any) -> Any:
    """A value of a column as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


# --- for people -----------------------------------------------------------------------------------------------


def shown(part: Part) -> Iterator[list[Cell]]:
    """The rows as people read them: states in words, instants in Hanoi time, names beside numbers of other rows."""
    table = _model_of(part.name).__table__ if part.name not in exports else None
    names = {} if table is None else {c.name: _names(c, part) for c in table.columns if c.name in part.columns}
    for row in part.rows:
        yield [_cell(None if table is None else table.c[k], row[k], names.get(k, {})) for k in part.columns]


def _cell(column: Column[Any] | None, value: Any, names: Mapping[int, str]) -> Cell:
    if isinstance(value, int) and value in names:
        return f"{value} · {names[value]}"
    if column is not None and isinstance(value, str):
        kind = getattr(column.type, "enum_class", None)
        if kind is not None:
            return str(_labels_of(kind).get(kind(value), value))
        if python_type(column) is datetime:
            return dates.moment(datetime.fromisoformat(value))
        if python_type(column) is date:
            return dates.day(date.fromisoformat(value))
    match value:
        case bool():
            return str(_("yes") if value else _("no"))
        case dict():
            return "; ".join(f"{k}: {v}" for k, v in value.items())
        case list():
            return "; ".join(map(str, value))
        case int() | float() | None:
            return value
    return str(value)


def _labels_of(kind: type[Enum]) -> Mapping[Any, Any]:
    """The dictionary of labels that stands beside the enum: `ROLE_LABELS` for `Role`."""
    for name, value in vars(sys.modules[kind.__module__]).items():
        if name.endswith("_LABELS") and isinstance(value, Mapping) and isinstance(next(iter(value), None), kind):
            return value
    return {}


def _names(column: Column[Any], part: Part) -> dict[int, str]:
    """What the rows are called that a foreign key leads to; other people are not named."""
    if not column.foreign_keys or column.name == "id":
        return {}
    model = _model_of(next(iter(column.foreign_keys)).column.table.name)
    named = [
        c for name in ("name_vi", "name_en", "title_vi", "title_en") if (c := model.__table__.c.get(name)) is not None
    ]
    keys = {row[column.name] for row in part.rows if row[column.name] is not None}
    if not named or not keys:
        return {}
    found = session.execute(
        select(model.__table__.c.id, func.coalesce(*named, "")).where(model.__table__.c.id.in_(keys))
    )
    return {key: name for key, name in found if name}


def as_document(parts: Sequence[Part], person: Person, *, at: datetime) -> dict[str, Any]:
    """The export for programs."""
    return {
        "person": person.id,
        "made_at": at.isoformat(),
        "tables": [
            {"table": p.name, "label": p.label, "columns": dict(p.columns), "rows": list(p.rows)} for p in parts
        ],
    }


def as_workbook(parts: Sequence[Part]) -> bytes:
    """The export for people: a sheet for each table."""
    return xlsx.write([Table(part.label, list(part.columns.values()), shown(part)) for part in parts])
