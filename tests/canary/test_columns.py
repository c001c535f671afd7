"""Every column of text of every model is sorted in, and each that is not public holds a word of both tenants."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from core.db import JSON, LongStr, Str, db, session
from events.conferences.models import TimetableVersion
from events.models import Event, Registration
from tests.canary.columns import MADE, NO_WORDS, PLANTED, PUBLIC

pytestmark = pytest.mark.one_database


def test_every_column_of_text_is_sorted_into_public_planted_or_wordless(app):
    text = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Str | LongStr | JSON)
    }
    sorted_in = {
        (table, name)
        for part in (PUBLIC, PLANTED, NO_WORDS)
        for table, names in part.items()
        for name in names.split()
    }
    assert text - sorted_in == set()
    assert sorted_in - text == set()


def test_every_column_that_is_not_public_holds_a_word_of_both_tenants(app, site):
    """A secret that is planted nowhere could leak unseen."""
    empty = set()
    for table, names in PLANTED.items():
        for name in set(names.split()) - {n for t, n in MADE if t == table}:
            stored = session.scalars(select(db.metadata.tables[table].c[name])).all()
            text = json.dumps(stored, ensure_ascii=False, default=str).casefold()
            words = {
                "a": ("kanaria", "+842437194000", "+84907771110"),
                "b": ("kanarib", "+842437194001", "+84907771111"),
            }
            empty |= {(letter, table, name) for letter, known in words.items() if not any(w in text for w in known)}
    assert empty == set(), "plant it in tests/canary/planting.py"


def test_the_story_has_what_it_needs(app, site):
    count = lambda model: session.scalar(select(func.count()).select_from(model))  # noqa: E731
    assert count(Registration) == 12 and count(Event) == 2
    meetings = session.get(TimetableVersion, site.version).meetings
    pairs = {(m.firm_id, m.partner_id) for m in meetings}
    assert (site.participants["a"], site.participants["supplier"]) in pairs
    assert site.participants["b"] not in {firm for firm, _ in pairs}
    assert (site.participants["a"], site.participants["bank"]) not in pairs
