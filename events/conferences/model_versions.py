"""Versions of what was learnt from answers, and which of them counts for a kind of partner.

Going back is naming another version: nothing is ever changed or deleted. The latest choice of a kind counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from companies.enums import Kind
from core import audit
from core.db import JSON, LongStr, Model, Str, session
from core.db import state as states
from core.errors import Invalid
from core.i18n import _, _l
from core.logs import log
from core.personal import PART_OF_THE_RECORD, Entry, Then, plain, refers
from matching import store
from matching.learning import Learnt
from matching.weights import weights_of

JOB = "job:learning"


class ModelVersion(Model):
    """A learnt model of one kind of partner: numbers as NPZ without pickle, the rest as JSON; named by its content.

    `about`: scorers in order, weights by hand, what it was learnt from, how it was judged, what each scorer moves.
    """

    __register__ = Entry(_l("Weights learnt from answers"), PART_OF_THE_RECORD)
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(states(Kind))
    name: Mapped[str] = mapped_column(Str(16))
    made_at: Mapped[datetime]
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ModelChoice(Model):
    """That from then on a version counts for a kind, or the weights set by hand (None), and why.

    `held`: a person chose; what is learnt later is kept but does not count until a person says so.
    """

    __register__ = Entry(_l("Choices of learnt weights"), PART_OF_THE_RECORD, why=_l("To know who said what"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(states(Kind), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("model_version.id"))
    held: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info=refers(Then.KEEP))
    reason: Mapped[str] = mapped_column(LongStr, default="", info=plain(_l("Reason")))
    chosen: Mapped[ModelVersion | None] = relationship()


@dataclass(frozen=True)
class Adopted:
    """The version that counts for a kind, ready to predict. `calibrated`: its numbers may be called a probability."""

    name: str
    model: Learnt
    calibrated: bool


def current() -> dict[Kind, ModelChoice]:
    """The choice that counts for each kind that has any."""
    latest = select(func.max(ModelChoice.id)).group_by(ModelChoice.kind)
    rows = session.scalars(
        select(ModelChoice).where(ModelChoice.id.in_(latest)).options(joinedload(ModelChoice.chosen))
    )
    return {row.kind: row for row in rows}


def names() -> dict[str, str]:
    """kind -> name of the version that counts, for the kinds where one does."""
    latest = select(func.max(ModelChoice.id)).group_by(ModelChoice.kind)
    rows = session.execute(
        select(ModelChoice.kind, ModelVersion.name)
        .join(ModelVersion, ModelVersion.id == ModelChoice.version_id)
        .where(ModelChoice.id.in_(latest))
    )
    return {kind.value: name for kind, name in rows}


def adopted() -> dict[str, Adopted]:
    """kind -> the version that counts. One that cannot be read or fits no more gives way to the hand weights."""
    found = {}
    for kind, row in current().items():
        version = row.chosen
        if version is None:
            continue
        try:
            model = store.unpack(store.Packed(version.name, version.about, version.data))
        except ValueError:
            log.error("a learnt model cannot be read", extra={"detail": version.name})
            continue
        if version.about["scorers"] == list(weights_of(kind.value)):
            found[kind.value] = Adopted(version.name, model, bool(version.about["verdict"]["calibrated"]))
    return found


def keep(kind: Kind, packed: store.Packed, *, by: Any, at: datetime) -> ModelVersion:
    """Keep a version; the same content is kept once."""
    row = session.scalars(
        select(ModelVersion).where(ModelVersion.kind == kind, ModelVersion.name == packed.name)
    ).one_or_none()
    if row is None:
        row = ModelVersion(kind=kind, name=packed.name, made_at=at, about=packed.about, data=packed.data)
        session.add(row)
        session.flush()
        audit.record("model.learn", row, by=by, at=at, name=row.name, kind=kind.value, **_inputs(packed.about))
    return row


def _inputs(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: about[name] for name in ("engine", "estimator", "scorers", "inputs", "verdict")}


def choose(
    kind: Kind, version: ModelVersion | None, *, held: bool, reason: str, by: Any, at: datetime
) -> ModelChoice:
    """From now on this version counts for the kind, or the weights set by hand. Raise Invalid without a reason."""
    if not reason.strip():
        raise Invalid(_("Say why: the next officer will want to know."), field="reason")
    if version is not None and version.kind is not kind:
        raise Invalid(_("This version belongs to another kind of partner."), field="choice")
    row = ModelChoice(
        kind=kind,
        version_id=version.id if version else None,
        held=held,
        at=at,
        by_id=getattr(by, "id", None),
        reason=reason.strip(),
    )
    session.add(row)
    session.flush()
    audit.record("model.choose", row, by=by, at=at, kind=kind.value, name=version.name if version else "", held=held)
    return row


def versions() -> dict[Kind, list[ModelVersion]]:
    """All versions of each kind, the newest first, without their numbers."""
    found: dict[Kind, list[ModelVersion]] = {}
    for row in session.scalars(select(ModelVersion).order_by(ModelVersion.id.desc())):
        found.setdefault(row.kind, []).append(row)
    return found


def choices() -> dict[Kind, list[ModelChoice]]:
    """All choices of each kind, the latest first."""
    rows = select(ModelChoice).options(joinedload(ModelChoice.chosen)).order_by(ModelChoice.id.desc())
    found: dict[Kind, list[ModelChoice]] = {}
    for row in session.scalars(rows):
        found.setdefault(row.kind, []).append(row)
    return found
