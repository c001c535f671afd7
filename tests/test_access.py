"""The access table: every endpoint x every person of the cast, compared with a table that people can read.

`tests/access.csv` is signed off by reading it. A new route makes this test fail until its line is written.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from core.access import Access
from flask import Flask

TABLE = Path(__file__).with_name("access.csv")


def declared(app: Flask) -> dict[str, tuple[str, str, str]]:
    """endpoint -> methods, path, the declared access."""
    found = {}
    for rule in app.url_map.iter_rules():
        access = app.extensions["access"].get(rule.endpoint, "MISSING")
        methods = " ".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        name = access.name if isinstance(access, Access) else str(access)
        found[rule.endpoint] = (methods, rule.rule, name)
    return found


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as f:
        return {row["endpoint"]: row for row in csv.DictReader(f)}


def test_every_endpoint_stands_in_the_table_and_the_table_names_no_other(app):
    assert {e: v for e, v in declared(app).items()} == {
        e: (row["methods"], row["path"], row["access"]) for e, row in table().items()
    }


def test_every_endpoint_declares_its_access(app):
    assert [e for e, (_, _, access) in declared(app).items() if access == "MISSING"] == []


def test_no_endpoint_mixes_reading_and_writing(app):
    assert [e for e, (methods, _, _) in declared(app).items() if methods not in ("GET", "POST")] == []


def test_every_row_of_a_url_is_read_by_the_guard(app):
    """`<int:x_id>` without a row declared for it would be an object that nobody checks."""
    for rule in app.url_map.iter_rules():
        access = app.extensions["access"].get(rule.endpoint)
        if isinstance(access, Access):
            ids = {a.removesuffix("_id") for a in rule.arguments if a.endswith("_id")}
            assert ids == set(access.rows), rule.endpoint


def test_an_endpoint_that_dodged_the_guard_is_refused(app):
    if "dodged" not in app.view_functions:
        app._got_first_request = False
        app.add_url_rule("/dodged-the-guard", "dodged", lambda: "open")
    try:
        assert app.test_client().get("/dodged-the-guard").status_code == 500
    finally:
        app.view_functions.pop("dodged")
        rules = app.url_map._rules_by_endpoint.pop("dodged")
        app.url_map._rules[:] = [r for r in app.url_map._rules if r not in rules]


def test_a_blueprint_refuses_a_route_without_access():
    from core.web import Blueprint

    with pytest.raises(TypeError, match="access"):
        Blueprint("x", __name__).get("/x")
