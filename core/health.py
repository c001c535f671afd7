"""Whether the site lives (`/healthz`) and whether it can work (`/readyz`). No versions, no secrets.

For the proxy and the monitoring; `/readyz` is red (503) when an officer should be woken.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, update

from core import audit_seal, clock, files, lease, outbox
from core.access import public
from core.db import db, session
from core.lease import Lease
from core.logs import log
from core.web import Blueprint

bp = Blueprint("health", __name__)

LEASE = "timers"
LEASE_OLD, MAIL_OLD, SEAL_OLD = timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=3)
DISK_NEEDED = 200 * 2**20


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
    found = {name: _state_of(name, check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in found.values())
    return jsonify(status="ok" if ready else "not ready", checks=found), 200 if ready else 503


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
    """A write that is taken back, so that a read-only disk or a database in recovery shows."""
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(update(Lease).where(Lease.name == "").values(fencing=0))
        connection.rollback()


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
