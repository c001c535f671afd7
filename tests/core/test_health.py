"""`/readyz` is red for each thing that is broken, and tells nothing else."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from core import audit, clock, health, lease, outbox
from core.db import db, session, write
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def nobody_asked_yet(app):
    app.extensions.pop("readiness", None)


@pytest.fixture
def working(app):
    with write():
        lease.take(health.LEASE, "a", at=clock.now(), seconds=30)


def checks(client, status):
    answer = client.get("/readyz")
    assert answer.status_code == status
    return {name for name, found in answer.json["checks"].items() if found != "ok"}


def test_health_asks_nothing_of_the_database(client, queries):
    assert client.get("/healthz").json == {"status": "ok"}
    assert [q for q in queries if "BEGIN" not in q] == []


def test_ready_when_everything_works(client, working):
    assert checks(client, 200) == set()


def test_a_silent_job_process_shows(client, working):
    with clock.frozen(NOON + timedelta(minutes=3)):
        assert checks(client, 503) == {"jobs"}


def test_without_a_job_process_it_is_not_ready(client):
    assert checks(client, 503) == {"jobs"}


def test_mail_that_waits_for_long_shows(client, working):
    with write():
        outbox.enqueue("test", "a@example.vn", "x", "y", at=NOON - timedelta(minutes=31))
    assert checks(client, 503) == {"outbox"}


def test_an_audit_that_is_not_sealed_shows(client, working):
    with write():
        audit.record("x", "y:1", by=None, at=NOON - timedelta(hours=4))
    assert checks(client, 503) == {"audit"}


def test_a_full_disk_shows(client, working, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _p: SimpleNamespace(free=2**20))
    assert checks(client, 503) == {"disk"}


def test_a_database_that_is_behind_its_migrations_shows(client, working, app):
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('nothing')"))
    try:
        assert "migrations" in checks(client, 503)
    finally:
        session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))


def test_a_database_that_cannot_be_written_shows(client, working, monkeypatch):
    def fail():
        raise OSError("read-only secret path /srv")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json["checks"]["database"] == "failed"
    assert "secret" not in answer.text


@pytest.mark.one_database
def test_a_file_of_the_database_that_can_only_be_read_shows(client, working, monkeypatch):
    monkeypatch.setattr(health.os, "access", lambda _path, _mode: False)
    assert checks(client, 503) == {"database"}


def test_asked_again_and_again_it_reads_once_and_writes_nothing(client, working, queries, monkeypatch):
    at = [1000.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: at[0])
    checks(client, 200)
    assert queries and not any(word in query for query in queries for word in ("UPDATE", "INSERT", "IMMEDIATE"))
    queries.clear()
    with write():
        session.execute(text("DELETE FROM lease"))
    queries.clear()
    checks(client, 200)
    assert [query for query in queries if "BEGIN" not in query] == []
    at[0] += health.HOLDS + 1
    assert checks(client, 503) == {"jobs"}


def test_who_asks_while_another_checks_gets_the_answer_before(client, working):
    checks(client, 200)
    client.application.extensions["readiness"]["last"] = (-1e9, {"database": "slow"})
    with health._CHECKING:
        assert checks(client, 503) == {"database"}
    assert checks(client, 200) == set()
