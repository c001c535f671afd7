"""What changed in a profile: who, when, from what to what, field by field. It can be taken back, see `reverting`.

The audit holds no values; this table does, for the organisation's own people and officers, and forgets them in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Select, insert, inspect, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from accounts.models import User
from companies.models import Organisation
from core.db import JSON, Model, Str, session, state
from core.i18n import _l
from core.personal import Entry, Then, dropped, plain, refers

KEPT = timedelta(days=5 * 365)
LABEL_LENGTH = 250
UNTOLD = frozenset({
    "id", "version", "search_key", "sort_key", "organisation_id", "created_at", "updated_at", "stated_by_id",
    "stated_at", "scan_id", "file_id", "small_id", "reminded_for", "position",
})  # fmt: skip


class Act(StrEnum):
    """What was done to a row."""

    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"


class ProfileChange(Model):
    """One field that changed, or one row that came or went; `old` of a row that went holds all of its columns.

    The values are the organisation's; its contacts among them are forgotten by `forget_contacts`.
    `subject`, `row_id`: table and row. `label`: what the row was called then. `reverts_id`: the change it took back.
    """

    __register__ = Entry(
        _l("Changes of profiles"), dropped(KEPT, since="at"), why=_l("To see who changed what, and back")
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    act: Mapped[Act] = mapped_column(state(Act))
    subject: Mapped[str] = mapped_column(Str(40), info=plain(_l("Table")))
    row_id: Mapped[int | None]
    label: Mapped[str] = mapped_column(Str(LABEL_LENGTH), default="", info=plain(_l("Name")))
    field: Mapped[str | None] = mapped_column(Str(60), info=plain(_l("Field")))
    old: Mapped[Any | None] = mapped_column(JSON, info=plain(_l("Before")))
    new: Mapped[Any | None] = mapped_column(JSON, info=plain(_l("After")))
    reverts_id: Mapped[int | None] = mapped_column(ForeignKey("profile_change.id", ondelete="SET NULL"), index=True)
    by: Mapped[User | None] = relationship()


def changed(row: Any) -> dict[str, tuple[Any, Any]]:
    """column -> (before, after) of what differs from the database, as it is kept; `kinds` of an organisation too."""
    about, found = inspect(row), {}
    for attribute in about.mapper.column_attrs:
        key = attribute.key
        seen = about.attrs[key].history
        if key in row.__table__.c and key not in UNTOLD and seen.has_changes():
            before = seen.deleted[0] if seen.deleted else None
            found[key] = (kept(before), kept(seen.added[0] if seen.added else None))
    if isinstance(row, Organisation) and about.attrs.kind_rows.history.has_changes():
        seen = about.attrs.kind_rows.history
        stays = [r.kind for r in seen.unchanged or ()]
        before, after = ([*stays, *(r.kind for r in some or ())] for some in (seen.deleted, seen.added))
        found["kinds"] = (sorted(before), sorted(after))
    return {key: pair for key, pair in found.items() if pair[0] != pair[1]}


def note_edit(row: Any, *, by: Any, at: datetime) -> None:
    """Keep what changed in a row, before it is flushed."""
    note_edits([row], by=by, at=at)


def note_edits(rows: Iterable[Any], *, by: Any, at: datetime) -> None:
    """The same for many rows: one statement."""
    lines = [
        _line(row, Act.EDITED, by, at, field=field, old=old, new=new)
        for row in rows
        for field, (old, new) in changed(row).items()
    ]
    if lines:
        with session.no_autoflush:
            session.execute(insert(ProfileChange), lines)


def note_added(row: Any, *, by: Any, at: datetime) -> None:
    """Keep that a row came."""
    _note(row, Act.ADDED, by, at)


def note_removed(row: Any, *, by: Any, at: datetime) -> None:
    """Keep all of a row that goes, so that it can come back."""
    _note(row, Act.REMOVED, by, at, old=snapshot(row))


def snapshot(row: Any) -> dict[str, Any]:
    """The columns of a row as they are kept."""
    return {c.key: kept(getattr(row, c.key)) for c in row.__table__.columns if c.key not in UNTOLD}


def _note(row: Any, act: Act, by: Any, at: datetime, **values: Any) -> None:
    with session.no_autoflush:
        session.add(ProfileChange(**_line(row, act, by, at, **values)))


def _line(row: Any, act: Act, by: Any, at: datetime, **values: Any) -> dict[str, Any]:
    own = isinstance(row, Organisation)
    return {
        "organisation_id": row.id if own else row.organisation_id,
        "at": at,
        "by_id": getattr(by, "id", None),
        "act": act,
        "subject": row.__tablename__,
        "row_id": row.id,
        "label": "" if own else named(row),
        **values,
    }


def named(row: Any) -> str:
    """What a part of a profile is called."""
    texts = ("name", "year", "name_vi", "name_en", "name_original", "text_vi", "text_en", "text_original", "alt_vi")
    found = next((str(text) for name in texts if (text := getattr(row, name, None))), "")
    return found[:LABEL_LENGTH]


def kept(value: Any) -> Any:
    """A value as JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date | datetime) else value


def restored(model: type[Any], field: str, value: Any) -> Any:
    """The value of a column from JSON."""
    if value is None or field == "kinds":
        return value
    kind = model.__table__.c[field].type
    if isinstance(kind, JSON):
        return value
    wanted = getattr(kind, "enum_class", None) or getattr(kind, "impl_instance", kind).python_type
    if wanted is Decimal:
        return Decimal(value)
    return date.fromisoformat(value) if wanted is date else wanted(value)


# --- reads ----------------------------------------------------------------------------------------------------


def of(organisation: Organisation, hidden: Iterable[str]) -> Select[ProfileChange]:
    """The changes of an organisation, the newest first, without those of fields that the reader does not see."""
    return (
        select(ProfileChange)
        .where(
            ProfileChange.organisation_id == organisation.id,
            ProfileChange.field.is_(None) | ProfileChange.field.not_in(list(hidden)),
        )
        .options(joinedload(ProfileChange.by))
        .order_by(ProfileChange.id.desc())
    )


def taken_back(ids: Iterable[int]) -> Mapping[int, int]:
    """change -> the change that took it back, of these."""
    query = select(ProfileChange.reverts_id, ProfileChange.id).where(ProfileChange.reverts_id.in_(list(ids)))
    return {reverted: key for reverted, key in session.execute(query) if reverted is not None}


def forget_contacts(organisations: Iterable[int]) -> None:
    """Empty the addresses and phones that were kept of these organisations."""
    session.execute(
        update(ProfileChange)
        .where(ProfileChange.organisation_id.in_(list(organisations)), ProfileChange.field.in_(("email", "phone")))
        .values(old=None, new=None)
        .execution_options(synchronize_session=False)
    )
