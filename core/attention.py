"""What needs somebody of the Department now: each package registers what it knows of, one screen asks them all.

    @attention.register("mail.failed", _l("Mail that failed"), to=may_look_after)
    def failed(reader: Actor, at: datetime) -> Iterator[Entry]: ...

A reading asks the database a constant number of times, however many rows there are, and names things, never
people's data. An entry that is put off comes back on its day, or earlier when there is more of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock, personal
from core.access import Actor
from core.db import Model, Str, session
from core.i18n import _l

SOON = timedelta(days=7)
MARK_KEPT = timedelta(days=90)


class Urgency(IntEnum):
    """When it should be done; the first comes first."""

    NOW = 0
    SOON = 1
    LATER = 2


@dataclass(frozen=True)
class Entry:
    """One thing to do, or `count` of them behind one link. `key` names it for good: "events.draft:12".

    `label` is a sentence in the reader's language, the count in it; `due` the day by which it should be done.
    Without an `urgency` of its own it follows from `due`.
    """

    key: str
    label: str
    endpoint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    due: date | None = None
    urgency: Urgency | None = None
    detail: str = ""


Read = Callable[[Actor, datetime], Iterable[Entry]]


@dataclass(frozen=True)
class Kind:
    """A registered kind: `label` is its heading, `to` says whose business it is."""

    name: str
    label: Any
    to: Callable[[Actor], bool]
    read: Read


class AttentionMark(Model):
    """What an officer said about an entry: put off until a day, taken over by somebody. `count`: of it by then."""

    __register__ = personal.Entry(
        _l("What officers put off or took over"),
        personal.purged(MARK_KEPT, _l("Deleted 90 days after it was last set")),
        why=_l("To share the work among officers"),
    )
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Str(120), unique=True, info=personal.plain(_l("Key")))
    put_off_until: Mapped[date | None] = mapped_column(info=personal.plain(_l("Put off until")))
    count: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=personal.refers(personal.Then.UNLINK)
    )
    at: Mapped[datetime]


@dataclass(frozen=True)
class Shown:
    """An entry as the screen shows it."""

    entry: Entry
    kind: Kind
    urgency: Urgency
    assignee_id: int | None = None
    put_off_until: date | None = None


_kinds: dict[str, Kind] = {}


def register(name: str, label: Any, *, to: Callable[[Actor], bool]) -> Callable[[Read], Read]:
    """Register how to read the entries of a kind; keys of its entries begin with its name."""

    def keep(read: Read) -> Read:
        if name in _kinds and _kinds[name].read is not read:
            raise RuntimeError(f"two kinds of attention are called {name!r}")
        _kinds[name] = Kind(name, label, to, read)
        return read

    return keep


def kinds_for(reader: Actor) -> Sequence[Kind]:
    """The kinds that are this reader's business."""
    return [kind for kind in _kinds.values() if kind.to(reader)]


def for_reader(reader: Actor, *, at: datetime) -> list[Shown]:
    """All that is this reader's business, also what is put off; the most urgent first."""
    found = [(kind, entry) for kind in kinds_for(reader) for entry in kind.read(reader, at)]
    marks = _marks([entry.key for _kind, entry in found])
    today = clock.local(at).date()
    shown = []
    for kind, entry in found:
        mark = marks.get(entry.key)
        off = put_off(mark, entry, on=today) if mark else None
        urgency = entry.urgency if entry.urgency is not None else urgency_of(entry.due, on=today)
        shown.append(Shown(entry, kind, urgency, mark.assignee_id if mark else None, off))
    return sorted(shown, key=lambda s: (s.urgency, s.entry.due or date.max, s.kind.name, s.entry.key))


def find(reader: Actor, key: str, *, at: datetime) -> Shown | None:
    """The entry of that key, if it is there and this reader's business."""
    return next((s for s in for_reader(reader, at=at) if s.entry.key == key), None)


def urgency_of(due: date | None, *, on: date) -> Urgency:
    """What a day to be done by means today."""
    if due is None:
        return Urgency.LATER
    if due <= on:
        return Urgency.NOW
    return Urgency.SOON if due - on <= SOON else Urgency.LATER


def put_off(mark: AttentionMark, entry: Entry, *, on: date) -> date | None:
    """Until when the entry is put off; None when its day has come, or when there is more of it by now."""
    until = mark.put_off_until
    return until if until is not None and until > on and entry.count <= mark.count else None


def mark(
    entry: Entry, *, by: Any, at: datetime, until: date | None = None, assignee_id: int | None = None
) -> AttentionMark:
    """Say anew of an entry until when it is put off and whose it is; nothing of both takes the words back."""
    row = _marks([entry.key]).get(entry.key)
    if row is None:
        row = AttentionMark(key=entry.key, at=at)
        session.add(row)
    row.put_off_until, row.count, row.assignee_id, row.at = until, entry.count, assignee_id, at
    session.flush()
    audit.record("attention.mark", row, by=by, at=at, key=entry.key, assignee=assignee_id)
    return row


@personal.purges(AttentionMark)
def purge(at: datetime) -> None:
    """Drop marks that nobody touched for a season. Run in a write block."""
    session.execute(
        delete(AttentionMark).where(AttentionMark.at < at - MARK_KEPT).execution_options(synchronize_session=False)
    )


def _marks(keys: Sequence[str]) -> dict[str, AttentionMark]:
    if not keys:
        return {}
    return {m.key: m for m in session.scalars(select(AttentionMark).where(AttentionMark.key.in_(keys)))}
