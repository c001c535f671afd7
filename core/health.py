"""Whether the site lives (`/healthz`) and whether it can work (`/readyz`). No versions, no secrets.

For the proxy and the monitoring; `/readyz` is red (503) when an officer should be woken. Anybody may ask it as often
as he likes: the checks only read, and a process makes them at most every few seconds, one at a time.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Lock

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, text

from core import audit_seal, clock, files, lease, outbox
from core.access import public
from core.db import db, session
from core.logs import log
from core.web import Blueprint

bp = Blueprint("health", __name__)

LEASE = "timers"
LEASE_OLD, MAIL_OLD, SEAL_OLD = timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=3)
DISK_NEEDED = 200 * 2**20
HOLDS = 5.0  # seconds that an answer of `/readyz` is given again
MAY_WRITE = text("SELECT NOT (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean)")
_CHECKING = Lock()


class NotReady(Exception):
    """What is wrong, in a word for the monitoring."""


def init_app(app: Flask) -> None:
    """Register the two addresses."""
    app.register_blueprint(bp)


@bp.get("/healthz", access=public())
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz", access=public())
def readyz() -> ResponseReturnValue:
    found = _states()
    ready = all(state == "ok" for state in found.values())
    return jsonify(status="ok" if ready else "not ready", checks=found), 200 if ready else 503


def _states() -> dict[str, str]:
    """What each check says, or said a moment ago; who asks while another checks gets the answer before."""
    known: dict[str, tuple[float, dict[str, str]]] = current_app.extensions.setdefault("readiness", {})
    if not _CHECKING.acquire(blocking="last" not in known):
        return known["last"][1]
    try:
        if "last" not in known or time.monotonic() - known["last"][0] > HOLDS:
            found = {name: _state_of(name, check) for name, check in CHECKS.items()}
            known["last"] = (time.monotonic(), found)
        return known["last"][1]
    finally:
        _CHECKING.release()


def _state_of(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as err:
        return str(err)
    except Exception:
        log.exception("a readiness check failed", extra={"detail": name})
        return "failed"
    finally:
        session.rollback()
    return "ok"


def _database() -> None:
    """It answers, and is not one that can only be read. That writing works shows by the lease of the jobs, a row that
    they write every few seconds."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("SELECT 1 FROM lease"))
            writable = os.access(db.engine.url.database or "", os.W_OK)
        else:
            writable = bool(connection.scalar(MAY_WRITE))
    if not writable:
        raise NotReady("read-only")


def _migrations() -> None:
    if not inspect(db.engine).has_table("alembic_version"):
        return  # made without migrations, as in tests
    folder = Path(current_app.root_path) / "migrations"
    heads = set(ScriptDirectory(str(folder)).get_heads())
    with db.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    if present != heads:
        raise NotReady("behind")


def _disk() -> None:
    if shutil.disk_usage(files.folder()).free < DISK_NEEDED:
        raise NotReady("nearly full")


def _jobs() -> None:
    age = lease.age(LEASE, at=clock.now())
    if age is None or age > LEASE_OLD:
        raise NotReady("not running")


def _outbox() -> None:
    since = outbox.waiting_since()
    if since is not None and clock.now() - since > MAIL_OLD:
        raise NotReady("waiting for long")


def _audit() -> None:
    since = audit_seal.unsealed_since()
    if since is not None and clock.now() - since > SEAL_OLD:
        raise NotReady("not sealed")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "disk": _disk,
    "jobs": _jobs,
    "outbox": _outbox,
    "audit": _audit,
}
