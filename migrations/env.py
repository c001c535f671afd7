"""Runs migrations inside the app, on the database of its settings.

On SQLite foreign keys are switched off before the transaction begins and checked after it: batch mode copies tables,
and with foreign keys on it would delete the cascade children of every table that it alters.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Boolean, Connection

from core.db import db
from core.types import LongStr, Str, UTCDateTime


def run() -> None:
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            _migrate(connection)
            if sqlite:
                broken = connection.connection.dbapi_connection.execute("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration left rows that point nowhere: {broken[:5]}")
        finally:
            if sqlite:
                connection.rollback()
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection.execution_options(write=True),
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()


def _render(kind: str, item: Any, autogen: Any) -> str | bool:
    """Migrations name database types, not our Python ones, so that they keep running when those change."""
    if kind != "type":
        return False
    if isinstance(item, Str):
        return f"sa.String(length={item.length})"
    if isinstance(item, LongStr):
        return "sa.Text()"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Boolean):
        return "sa.Boolean()"
    return False


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database, not into a file.")
assert current_app is not None
run()
