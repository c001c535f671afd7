"""The database: one transaction layer for the web, the jobs and the tests.

`write()` is the only place that commits. On SQLite it opens `BEGIN IMMEDIATE` before its first query, on
PostgreSQL rows that decide are taken with `lock`. Reads use a plain transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, Engine, MetaData, Select, and_, event, func, select, true
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, declared_attr, mapped_column, registry
from sqlalchemy.orm.exc import StaleDataError

import vietnamese
from core.config import Settings
from core.errors import Conflict
from core.i18n import _l
from core.types import LongStr, Str, UTCDateTime, state

CHANGED_MEANWHILE = _l(
    "Somebody else saved this in the meantime. What you typed is kept below: compare and save again."
)
MAX_ID = 2**31 - 1  # of a row; a larger number from outside cannot even be asked for
BUSY_TIMEOUT_MS = 10_000  # gunicorn's own timeout is 60 s: a waiter must never outlive its worker


class Base(DeclarativeBase):
    """The ground of every model; naming makes constraints changeable by migrations."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            str: Str(200),
            datetime: UTCDateTime(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
        },
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model

Row = TypeVar("Row", bound=Base)

__all__ = [
    "JSON", "MAX_ID", "LongStr", "Model", "Searchable", "Str", "UTCDateTime", "Versioned", "contains", "count", "db",
    "get", "init_app", "lock", "row_key", "session", "state", "write",
]  # fmt: skip

session = db.session


class Versioned:
    """A row that several people edit: the second of two saves from the same page is told so."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    def expect(self, version: int | None) -> None:
        """Raise Conflict unless the row is still as it was when its form was shown."""
        if version is not None and version != self.version:
            raise Conflict(CHANGED_MEANWHILE)


class Searchable:
    """Stored keys, computed in Python: neither database folds "Đ" nor sorts Vietnamese."""

    search_key: Mapped[str] = mapped_column(LongStr, default="", index=False)
    sort_key: Mapped[str] = mapped_column(LongStr, default="", index=True)

    def search_text(self) -> str:
        """All that a search should find the row by."""
        raise NotImplementedError

    def sort_text(self) -> str:
        """What the row is sorted by."""
        raise NotImplementedError


@event.listens_for(Searchable, "before_insert", propagate=True)
@event.listens_for(Searchable, "before_update", propagate=True)
def _store_keys(mapper: Mapper[Any], connection: Connection, row: Searchable) -> None:
    row.search_key = vietnamese.search_key(row.search_text())
    row.sort_key = vietnamese.sort_key(row.sort_text())


@event.listens_for(Mapper, "instrument_class")
def _demand_entry(mapper: Mapper[Any], model: type[Any]) -> None:
    """Without its entry in the register of what is kept about people, a model does not import."""
    if "__register__" not in model.__dict__:
        raise TypeError(f"{model.__name__} needs `__register__ = Entry(label, retention)`: see core/personal.py")


def init_app(app: Flask, settings: Settings) -> None:
    """Connect the app to the database of `settings`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    app.extensions["skip_locking"] = settings.skip_locking
    db.init_app(app)
    with app.app_context():
        if settings.sqlite:
            _prepare_sqlite(db.engine, settings.skip_locking)


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.sqlite:
        # Without locking, for the control run of the race tests: sqlite3's own late BEGIN, which oversells.
        isolation = "DEFERRED" if settings.skip_locking else None
        return {
            "connect_args": {"isolation_level": isolation, "timeout": BUSY_TIMEOUT_MS / 1000},
            "hide_parameters": True,  # values of rows do not go into the log with an error
        }
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


def _prepare_sqlite(engine: Engine, skip_locking: bool) -> None:
    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, record: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not skip_locking:
            immediate = connection.get_execution_options().get("write")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def write() -> Iterator[None]:
    """Open the write transaction; commit when the block ends well, roll back when it raises.

    Rows read before are expired: inside, they are read again. Not to be nested, and nothing may be
    pending before it. Raise Conflict when another person's save came first (see `Versioned`).
    """
    if db.session.info.get("writing"):
        raise RuntimeError("a write block is open already")
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("rows were changed outside a write block")
    db.session.rollback()
    db.session.info["writing"] = True
    try:
        db.session.connection(execution_options={"write": True})
        yield
        db.session.commit()
    except StaleDataError as err:
        db.session.rollback()
        raise Conflict(CHANGED_MEANWHILE) from err
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.info.pop("writing", None)


def get(model: type[Row], key: int) -> Row | None:
    """The row, or None."""
    return db.session.get(model, key) if 0 < key <= MAX_ID else None


def row_key(text: str | None) -> int:
    """The id of a row, or a row's version, as somebody sent it; 0, which no row has, for what is none."""
    good = text is not None and text.isascii() and text.isdigit() and len(text) <= 10
    return number if good and (number := int(text or "")) <= MAX_ID else 0


def lock(model: type[Row], key: int) -> Row | None:
    """The row, taken for this write block: others who want it wait until the block ends."""
    query = select(model).where(model.__table__.c.id == key)
    if not current_app.extensions["skip_locking"]:
        query = query.with_for_update(of=model)  # not of what it is joined with
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def count(query: Select[Any]) -> int:
    """How many rows `query` has."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def contains(column: Any, text: str) -> Any:
    """A condition: the stored search key holds every word of `text`, whatever its marks and case."""
    words: Sequence[str] = vietnamese.search_key(text).split()
    return and_(true(), *(column.contains(word, autoescape=True) for word in words))
