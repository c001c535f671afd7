"""The story that the canaries sit in."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import event

from core.db import db
from core.documents import pdf
from core.extensions import limiter
from tests.canary import story


@pytest.fixture
def written(app):
    """The tables that were written to from now on."""
    tables: set[str] = set()

    def note(_connection, _cursor, statement, *_rest):
        if found := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', statement):
            tables.add(found[1])

    event.listen(db.engine, "before_cursor_execute", note)
    yield tables
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def site(cast, monkeypatch):
    """Firm a matched with a supplier, firm b with nobody; a bank that takes part and is matched with neither."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(
        pdf, "render", lambda name, data, **_: b"%PDF-" + json.dumps(data, ensure_ascii=False).encode()
    )
    return story.build(cast)
