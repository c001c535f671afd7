"""Every table says what it keeps about people and for how long: a forgotten column fails here, not before a court."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Enum, LargeBinary, String, Text, select, type_coerce
from sqlalchemy.types import JSON, TypeDecorator

from core import erasure, personal, subject
from core.db import Base, db, write
from core.i18n import force_locale
from core.personal import By, Kind, Then
from tests.conftest import NOON

TELLING = (String, Text, JSON, LargeBinary)  # types of columns that can hold what people write
OWN_ROWS = (By.USER, By.SELF, By.PARENT)


def models(app: Flask) -> list[tuple[type[Any], personal.Entry | None]]:
    return list(personal.tables(Base))


def leads_to_user(column: Column[Any]) -> bool:
    return any(key.target_fullname == "user.id" for key in column.foreign_keys)


def can_tell(column: Column[Any]) -> bool:
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return isinstance(kind, TELLING) and not isinstance(kind, Enum)


def about_people(model: type[Any]) -> bool:
    return any(link.then is not Then.KEEP and link.by in OWN_ROWS for _column, link in personal.links(model))


@pytest.mark.one_database
def test_every_table_has_an_entry_in_the_register_with_a_name_and_a_rule_of_retention(app: Flask) -> None:
    without = {m.__name__ for m, entry in models(app) if entry is None}
    assert without == set(), "state `__register__ = Entry(...)`, see core/personal.py"
    for model, entry in models(app):
        assert entry is not None
        rule = entry.retention
        assert str(entry.label), model
        assert rule.after or str(rule.reason), f"{model.__name__}: a period, or kept for a reason"
        assert (rule.since is not None) or rule.own or rule.after is None, model
        if rule.since:
            assert rule.since in model.__table__.c, model
        assert (model in personal.purgers) == rule.own, f"{model.__name__}: `purged` goes with `@purges`"


@pytest.mark.one_database
def test_every_column_that_leads_to_a_user_says_what_deletion_does_with_its_row(app: Flask) -> None:
    unknown = {
        f"{m.__tablename__}.{c.name}"
        for m, _entry in models(app)
        for c in m.__table__.columns
        if leads_to_user(c) and personal.link_of(c) is None
    }
    assert unknown == set(), "state `info=refers(Then....)`"
    for model, _entry in models(app):
        for column, link in personal.links(model):
            assert not (link.then is Then.UNLINK and not column.nullable), column


@pytest.mark.one_database
def test_every_text_in_a_row_about_a_person_is_tagged_or_stated_to_be_plain(app: Flask) -> None:
    unstated = {
        f"{m.__tablename__}.{c.name}"
        for m, _entry in models(app)
        if about_people(m)
        for c in m.__table__.columns
        if can_tell(c) and c.name not in ("search_key", "sort_key") and not {"tag", "plain"} & set(c.info)
    }
    assert unstated == set(), "state `info=tag(...)` or `info=plain(...)`"


@pytest.mark.one_database
def test_tables_about_people_say_what_for(app: Flask) -> None:
    concerned = [(m, e) for m, e in models(app) if personal.links(m) or personal.tagged(m, Kind.SENSITIVE)]
    assert {m.__name__ for m, e in concerned if about_people(m) and not (e and str(e.why))} == set()


@pytest.mark.one_database
def test_a_tagged_personal_column_lies_in_a_table_whose_rows_deletion_changes(app: Flask) -> None:
    lost = {
        f"{m.__tablename__}.{c.name}"
        for m, _entry in models(app)
        if all(link.then is Then.KEEP for _column, link in personal.links(m))
        for c in personal.tagged(m, Kind.PERSONAL, Kind.SENSITIVE)
    }
    assert lost == set(), "say which column leads to the person, or that it is `plain`"


# --- what the tags do: a row in every table, filled without regard to what it means ---------------------------

CANARY = "zqxcanary"
ADDRESS = f"{CANARY}@cast.example"
PERSON = personal.Person(id=7, email=ADDRESS, name=f"Người {CANARY}")


def concerned(*kinds: Kind) -> set[str]:
    """Tagged columns of rows that deletion changes."""
    return {
        f"{m.__tablename__}.{c.name}"
        for m, _entry in personal.tables(Base)
        if any(link.then is not Then.KEEP for _c, link in personal.links(m))
        for c in personal.tagged(m, *kinds)
    }


@pytest.fixture
def one_row_in_each_table(app: Flask) -> None:
    """Every row has the person's number, so that all keys fit. Checks are off: the tags are tested, not the rows."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for table in Base.metadata.sorted_tables:
            connection.execute(table.insert().values({c.name: some_value(c) for c in table.columns}))


def some_value(column: Column[Any]) -> Any:
    link, kind = personal.link_of(column), column.type
    if column.primary_key or column.foreign_keys:
        return PERSON.id
    match link.by if link else None:
        case By.ADDRESS:
            return ADDRESS
        case By.ADDRESS_HASH:
            return hashlib.sha256(ADDRESS.encode()).hexdigest()
        case By.PSEUDONYM:
            return PERSON.pseudonym
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or kind.enums))
    python_type = personal.python_type(column)
    if personal.tag_of(column) and can_tell(column):
        text = ADDRESS if (column.table.name, column.name) == ("user", "email") else f"{CANARY} {column.name}"
        return {dict: {"a": text}, list: [text], bytes: text.encode()}.get(python_type, text)
    examples = {
        str: "x", bool: False, int: 1, float: 0.5, datetime: NOON, date: NOON.date(), time: NOON.time(), bytes: b"x",
        dict: {},
    }  # fmt: skip
    return examples.get(python_type, Decimal(1))


@pytest.mark.one_database
def test_the_export_holds_every_tagged_column_but_keys(one_row_in_each_table: None) -> None:
    found = {
        f"{part.name}.{name}"
        for part in subject.collect(PERSON)
        for row in part.rows
        for name, value in row.items()
        if value not in (None, "", [], {})
    }
    assert concerned(Kind.PERSONAL, Kind.SENSITIVE) - found == set()
    assert {f"{m.__tablename__}.id" for m, _entry in personal.tables(Base) if personal.links(m)} - found == set()
    assert found & concerned(Kind.KEY, Kind.CONFIDENTIAL) == set()


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_column_of_a_row_about_a_person_has_a_name_for_the_reader(app: Flask, language: str) -> None:
    with force_locale(language):
        nameless = {
            f"{m.__tablename__}.{c.name}"
            for m, _entry in personal.tables(Base)
            if about_people(m)
            for c in m.__table__.columns
            if (c.foreign_keys or personal.python_type(c) not in (int, float, bool)) and not hidden(c)
            if c.name not in subject.shown_columns(m)
        }
    assert nameless == set(), "give it a tag, or a name in core.subject.COMMON"


def hidden(column: Column[Any]) -> bool:
    told = personal.tag_of(column)
    return column.name in ("search_key", "sort_key") or (told is not None and told.kind in subject.NEVER)


@pytest.mark.one_database
def test_after_a_deletion_no_tagged_column_of_any_table_tells_anything(one_row_in_each_table: None) -> None:
    assert CANARY in everything_stored()
    prepared = erasure.Prepared(PERSON, [])
    with write():
        erasure.carry_out(prepared, by=None, at=NOON)
    assert [line for line in everything_stored().splitlines() if CANARY in line] == []
    kept = {t.name for t in Base.metadata.sorted_tables if db.session.execute(select(t)).first()}
    dropped = {
        m.__tablename__
        for m, _entry in personal.tables(Base)
        if any(link.then is Then.DROP for _c, link in personal.links(m))
    }
    assert dropped & kept == set()
    assert {t.name for t in Base.metadata.sorted_tables} - kept == dropped


def everything_stored() -> str:
    """Every row of every table, as the database has it."""
    with db.engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {tuple(row)!r}"
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(*(cast_raw(c) for c in table.columns)))
        )


def cast_raw(column: Column[Any]) -> Any:
    return column if isinstance(column.type, LargeBinary) else type_coerce(column, String)
