"""Every table says what it keeps about people and for how long: a forgotten column fails here, not before a court."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Enum, LargeBinary, String, Text
from sqlalchemy.types import JSON, TypeDecorator

from core import personal
from core.db import Base
from core.personal import By, Kind, Then

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
def test_no_tagged_personal_column_lies_in_a_table_that_leads_to_nobody(app: Flask) -> None:
    lost = {
        f"{m.__tablename__}.{c.name}"
        for m, _entry in models(app)
        if not personal.links(m)
        for c in personal.tagged(m, Kind.PERSONAL, Kind.SENSITIVE)
    }
    assert lost == set(), "say which column leads to the person: `refers(...)`"
