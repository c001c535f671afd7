"""Two records made one: what would happen, doing it, and undoing it. Run inside a write block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from companies import duplicates, moving, stamp
from companies.enums import MembershipRole
from companies.merges import NotDuplicate, OrganisationMerge, gone_ids
from companies.models import Grant, Membership, Organisation, OrganisationKind
from core import audit
from core.db import lock, session
from core.errors import Conflict, Invalid
from core.i18n import _

# Columns that a person chooses between. Markets and languages are joined; kinds, certificates and figures are rows.
CHOSEN = (
    "tax_code", "country", "foreign_id", "name_vi", "name_en", "name_original", "short_name_vi", "short_name_en",
    "original_language", "sector", "vsic_version", "vsic", "province", "commune", "zone", "address", "website",
    "email", "phone", "founded", "intro_vi", "intro_en", "intro_original", "group_name", "source",
)  # fmt: skip
JOINED = ("markets", "languages")
KEYS = ("tax_code", "foreign_id")  # of which only one record may hold each


@dataclass(frozen=True)
class Field:
    """A column in which the two differ. `chosen`: "kept" or "gone", what would stay without a word."""

    name: str
    kept: Any
    gone: Any
    chosen: str


def found() -> list[duplicates.Pair]:
    """The pairs that may be duplicates; compared anew only after a change."""
    apart = tuple(session.execute(select(NotDuplicate.first_id, NotDuplicate.second_id)))
    key = (stamp.present(), apart)
    kept = current_app.extensions.get("duplicates")
    if kept is None or key[0] is None or kept[0] != key:
        kept = current_app.extensions["duplicates"] = (key, duplicates.candidates(_records(), apart))
    return list(kept[1])


def _records() -> list[duplicates.Record]:
    columns = (
        Organisation.id, Organisation.name_vi, Organisation.name_en, Organisation.name_original,
        Organisation.tax_code, Organisation.foreign_id, Organisation.website, Organisation.email, Organisation.phone,
        Organisation.address,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Organisation.id.not_in(gone_ids())).order_by(Organisation.id))
    return [
        duplicates.record(
            row.id, names=(row.name_vi, row.name_en, row.name_original), tax_code=row.tax_code,
            foreign_id=row.foreign_id, website=row.website, email=row.email, phone=row.phone, address=row.address,
        )
        for row in rows
    ]  # fmt: skip


def organisations(pairs: Sequence[duplicates.Pair]) -> dict[int, Organisation]:
    """The organisations of these pairs."""
    ids = {key for pair in pairs for key in (pair.first, pair.second)}
    return {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def differing(kept: Organisation, gone: Organisation) -> list[Field]:
    """The columns in which the two differ; what is empty on one side is taken from the other without asking."""
    fields = []
    for name in CHOSEN:
        mine, other = getattr(kept, name), getattr(gone, name)
        if other not in (None, "") and mine != other:
            fields.append(Field(name, mine, other, "gone" if mine in (None, "") else "kept"))
    return fields


def merge(
    kept_id: int, gone_id: int, from_gone: Iterable[str], *, version: int | None = None, by: Any, at: datetime
) -> OrganisationMerge:
    """Make `gone` a part of `kept`; the columns `from_gone` take its values. Raise Conflict if one is merged."""
    if kept_id == gone_id:
        raise Invalid(_("An organisation cannot be merged with itself."))
    locked = {key: lock(Organisation, key) for key in sorted((kept_id, gone_id))}  # always in the same order
    kept, gone = locked[kept_id], locked[gone_id]
    if kept is None or gone is None or _standing((kept_id, gone_id)):
        raise Conflict(_("One of the two was merged meanwhile."))
    kept.expect(version)
    mover = moving.Mover(at)
    _take_values(mover, kept, gone, set(from_gone))
    mover.move(gone_id, kept_id)
    row = OrganisationMerge(
        kept_id=kept_id, gone_id=gone_id, at=at, by_id=getattr(by, "id", None), moved=mover.record()
    )
    session.add(row)
    session.flush()
    session.expire_all()
    audit.record("organisation.merge", row, by=by, at=at, kept=kept_id, gone=gone_id, rows=len(mover.changes))
    _refresh(kept_id, gone_id, at)
    return row


def undo(row: OrganisationMerge, *, by: Any, at: datetime) -> None:
    """Make two of it again. Raise Conflict, in words, if what was moved has been changed since."""
    if row.undone_at is not None or not row.moved:
        raise Conflict(_("This merge was undone already, or it is too long ago."))
    if _standing((row.kept_id,)):
        raise Conflict(_("The record that was kept is itself part of another one now: undo that merge first."))
    kept_id, gone_id, moved = row.kept_id, row.gone_id, row.moved
    row.undone_at, row.moved = at, {}
    session.flush()
    moving.undo(moved)
    session.expire_all()
    audit.record("organisation.unmerge", row, by=by, at=at, kept=kept_id, gone=gone_id)
    _refresh(kept_id, gone_id, at)


def keep_apart(first: Organisation, second: Organisation, *, by: Any, at: datetime) -> None:
    """Remember that these are two; saying it twice is saying it once."""
    a, b = sorted((first.id, second.id))
    query = select(NotDuplicate).where(NotDuplicate.first_id == a, NotDuplicate.second_id == b)
    if a == b or session.scalars(query).one_or_none() is not None:
        return
    row = NotDuplicate(first_id=a, second_id=b, at=at, by_id=getattr(by, "id", None))
    session.add(row)
    session.flush()
    audit.record("organisation.keep_apart", row, by=by, at=at, first=a, second=b)


def merges() -> Any:
    """All merges, the newest first."""
    return (
        select(OrganisationMerge)
        .options(joinedload(OrganisationMerge.kept), joinedload(OrganisationMerge.gone))
        .order_by(OrganisationMerge.id.desc())
    )


def _standing(keys: Sequence[int]) -> bool:
    query = select(OrganisationMerge.id).where(
        OrganisationMerge.undone_at.is_(None), OrganisationMerge.gone_id.in_(keys)
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def _take_values(mover: moving.Mover, kept: Organisation, gone: Organisation, from_gone: set[str]) -> None:
    """Write the values that stay: what was chosen, lists joined, the keys only once; kinds move like other rows."""
    table = Organisation.__table__
    values: dict[str, Any] = {}
    for field in differing(kept, gone):
        if field.name in from_gone or field.chosen == "gone":
            values[field.name] = field.gone
    if values.get("vsic") and not values.get("vsic_version"):
        values["vsic_version"] = gone.vsic_version
    for name in JOINED:
        joined = list(dict.fromkeys([*getattr(kept, name), *getattr(gone, name)]))
        if joined != getattr(kept, name):
            values[name] = joined
    mover.set(table, gone.id, **dict.fromkeys(KEYS))
    if values and not mover.set(table, kept.id, **values):
        raise Conflict(_("These values do not fit together."))


def _refresh(kept_id: int, gone_id: int, at: datetime) -> None:
    """Search keys and versions follow, and the directory is read anew."""
    for key in (kept_id, gone_id):
        row = session.get_one(Organisation, key)
        row.updated_at = at
    session.flush()


# --- what cannot simply be moved ------------------------------------------------------------------------------


@moving.on_clash(Membership.organisation_id)
def _same_person(mover: moving.Mover, row: Any, new: int) -> None:
    """A member of both is a member once, with the stronger role; the other membership ends and is history."""
    table = Membership.__table__
    present = session.execute(
        select(table).where(table.c.organisation_id == new, table.c.user_id == row.user_id, table.c.left_at.is_(None))
    ).one()
    stronger = min(row.role, present.role, key=list(MembershipRole).index)
    if stronger is not present.role:
        mover.set(table, present.id, role=stronger)
    mover.set(table, row.id, left_at=mover.at)
    mover.set(table, row.id, organisation_id=new)


@moving.on_clash(OrganisationKind.organisation_id)
def _same_kind(mover: moving.Mover, row: Any, new: int) -> None:
    mover.delete(OrganisationKind.__table__, row.id)


def _same_grant(mover: moving.Mover, row: Any, new: int) -> None:
    """A grant that exists already, or that would go to the firm itself, ends."""
    if row.withdrawn_at is None:
        mover.set(Grant.__table__, row.id, withdrawn_at=mover.at)


moving.on_clash(Grant.firm_id)(_same_grant)
moving.on_clash(Grant.partner_id)(_same_grant)


def shown(names: Mapping[str, int]) -> list[tuple[str, int]]:
    """What moves, for people: the names of the register with numbers."""
    return [(moving.label_of(name), number) for name, number in names.items()]
