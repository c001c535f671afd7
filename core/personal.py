"""What each table keeps about people: stated beside its columns, read by export, deletion, purge and the register.

    class Visit(Model):
        __register__ = Entry(_l("Visits"), dropped(timedelta(days=400), since="at"), why=_l("To count visitors"))
        user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), info=refers(Then.BLANK))
        phone: Mapped[str] = mapped_column(Str(20), info=tag(_l("Phone")))

Every table has an entry; every column that leads to a user says what deletion does with its row; every column that
tells something of that person, or of an organisation in confidence, is tagged; other text beside them is `plain`.
`tests/test_personal.py` walks all models. What tags cannot say (a seat that becomes free, a file on the disk) is a
function: `@on_erasure`, `@on_export`, `@purges`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import JSON, Column
from sqlalchemy.types import TypeDecorator

from core.i18n import _l


class Kind(StrEnum):
    """What a column tells. An organisation's figures are no personal data, but reads of them leave a line too."""

    PERSONAL = "personal"
    SENSITIVE = "sensitive"  # by the law's list, or worth as much: reads by others leave a line
    CONFIDENTIAL = "confidential"  # of an organisation
    KEY = "key"  # a hash or a random key: erased, but never shown or exported


KIND_LABELS = {
    Kind.PERSONAL: _l("Personal"),
    Kind.SENSITIVE: _l("Sensitive"),
    Kind.CONFIDENTIAL: _l("An organisation's figures"),
    Kind.KEY: _l("Key"),
}


class By(StrEnum):
    """How a column leads to a person."""

    USER = "user"  # it holds the user's id
    SELF = "self"  # it is the user's own row
    ADDRESS = "address"  # it holds his e-mail address
    ADDRESS_HASH = "address hash"  # it holds the SHA-256 of that
    PSEUDONYM = "pseudonym"  # it holds "user:7"
    PARENT = "parent"  # it leads to a row that leads to him


class Then(StrEnum):
    """What deletion does to the row. Where a reference stays, it leads to an account without a name."""

    DROP = "drop"
    BLANK = "blank"  # its tagged columns are emptied
    UNLINK = "unlink"  # the same, and the reference too
    KEEP = "keep"  # an act that has to stay checkable: only the pseudonymous number is left


THEN_LABELS = {
    Then.DROP: _l("the row is deleted"),
    Then.BLANK: _l("personal columns are emptied"),
    Then.UNLINK: _l("personal columns and the reference are emptied"),
    Then.KEEP: _l("kept under a pseudonym"),
}


@dataclass(frozen=True)
class Tag:
    """A column that tells something. `erased`: what deletion writes, with `{id}` for the user's number."""

    label: Any
    kind: Kind = Kind.PERSONAL
    erased: str = ""


@dataclass(frozen=True)
class Link:
    """A column that leads to a person."""

    then: Then
    by: By = By.USER


@dataclass(frozen=True)
class Retention:
    """How long rows stay. With `since`, they are deleted that long `after` it; `own`: a `purges` function does it."""

    reason: Any = ""
    after: timedelta | None = None
    since: str | None = None
    own: bool = False


@dataclass(frozen=True)
class Entry:
    """A table's line in the register of processing. `why`: the purpose, where people are concerned."""

    label: Any
    retention: Retention
    why: Any = ""


def tag(label: Any, kind: Kind = Kind.PERSONAL, *, erased: str = "") -> dict[str, Any]:
    """For a column's `info`: it tells something of a person (or, confidentially, of an organisation)."""
    return {"tag": Tag(label, kind, erased)}


def plain(label: Any) -> dict[str, Any]:
    """For a column's `info`: text that tells nothing of a person; `label` is its name in an export."""
    return {"plain": label}


def refers(then: Then, by: By = By.USER) -> dict[str, Any]:
    """For a column's `info`: it leads to a person, and deletion does this to its row."""
    return {"link": Link(then, by)}


def kept(reason: Any) -> Retention:
    """Rows stay, for this reason, until somebody deletes what they belong to."""
    return Retention(reason)


def dropped(after: timedelta, *, since: str, reason: Any = "") -> Retention:
    """Rows are deleted that long after the moment in their column `since`; an empty moment never ends."""
    return Retention(reason, after, since)


def purged(after: timedelta, reason: Any) -> Retention:
    """A function of the package purges the rows: see `purges`. `reason` says in words what it does."""
    return Retention(reason, after, own=True)


WITH_ITS_OWNER = kept(_l("As long as the row that it belongs to"))
PART_OF_THE_RECORD = kept(_l("Part of the record of the programme"))
TECHNICAL = kept(_l("Needed for the site to work; tells nothing of people"))


@dataclass(frozen=True)
class Person:
    """Whom an export or a deletion is about."""

    id: int
    email: str
    name: str
    phone: str | None = None

    @property
    def pseudonym(self) -> str:
        return f"user:{self.id}"


# --- reading the declarations ---------------------------------------------------------------------------------


def tables(base: Any) -> Iterator[tuple[type[Any], Entry | None]]:
    """Every mapped class with its entry, by the name of the table."""
    mappers = sorted(base.registry.mappers, key=lambda m: m.local_table.name)
    for mapper in mappers:
        yield mapper.class_, mapper.class_.__dict__.get("__register__")


def tag_of(column: Column[Any]) -> Tag | None:
    """What a column tells, or None."""
    return column.info.get("tag")


def link_of(column: Column[Any]) -> Link | None:
    """How a column leads to a person, or None."""
    return column.info.get("link")


def tagged(model: type[Any], *kinds: Kind) -> list[Column[Any]]:
    """The tagged columns of a table, of these kinds or of all."""
    found = ((c, tag_of(c)) for c in model.__table__.columns)
    return [c for c, t in found if t is not None and (not kinds or t.kind in kinds)]


def python_type(column: Column[Any]) -> type[Any]:
    """What a column's values are in Python, also where a type of ours stands before the database's."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    found: type[Any] = dict if isinstance(kind, JSON) else kind.python_type
    return found


def links(model: type[Any]) -> list[tuple[Column[Any], Link]]:
    """The columns of a table that lead to a person."""
    found = ((c, link_of(c)) for c in model.__table__.columns)
    return [(c, link) for c, link in found if link is not None]


# --- what tags cannot say -------------------------------------------------------------------------------------

Step = Callable[..., Iterable[Path] | None]  # step(by=..., at=...) in the write block; files to remove afterwards
Erase = Callable[["Person"], Step]  # looks outside the block for what there is to do
Export = Callable[[Person], Iterable[dict[str, Any]]]  # rows by the labels of their columns
Purge = Callable[[datetime], None]
AnyPurge = TypeVar("AnyPurge", bound=Purge)
erasures: list[Erase] = []
exports: dict[str, tuple[Any, Export]] = {}
purgers: dict[type[Any], Purge] = {}


def on_erasure(erase: Erase) -> Erase:
    """Register a package's part of a deletion, done before rows are emptied.

    `erase(person)` looks, outside the write block, for what there is to do, and returns the function that does it
    inside: `step(by=..., at=...)`, which may return files to be removed after the block.
    """
    if erase not in erasures:
        erasures.append(erase)
    return erase


def on_export(key: str, label: Any) -> Callable[[Export], Export]:
    """Register rows for "my data" that no column leads to."""

    def register(export: Export) -> Export:
        exports[key] = (label, export)
        return export

    return register


def purges(model: type[Any]) -> Callable[[AnyPurge], AnyPurge]:
    """Register the function that purges a table; it runs in a write block and computes from rows what is due."""

    def register(purge: AnyPurge) -> AnyPurge:
        purgers[model] = purge
        return purge

    return register
