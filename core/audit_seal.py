"""Sealing the audit: batches of lines under a chain of SHA-256, so that a line changed or removed later shows.

The newest hash also goes to the log, which lives elsewhere: whoever rewrites lines and seals alike is caught there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import AuditLine
from core.db import Model, Str, session
from core.i18n import _l
from core.logs import log
from core.personal import TECHNICAL, Entry

SETTLED_AFTER = timedelta(minutes=5)  # no write block lasts as long: lines with lower ids are there by then
BATCH = 1_000
FIRST = "0" * 64


class AuditSeal(Model):
    """The lines `first_line` to `last_line`, hashed together with the seal before."""

    __register__ = Entry(_l("Seals of the record of acts"), TECHNICAL)
    id: Mapped[int] = mapped_column(primary_key=True)
    first_line: Mapped[int] = mapped_column(unique=True)
    last_line: Mapped[int] = mapped_column(unique=True)
    lines: Mapped[int]
    digest: Mapped[str] = mapped_column(Str(64), unique=True)
    sealed_at: Mapped[datetime]


@dataclass(frozen=True)
class Broken:
    """A batch that is not as it was when it was sealed; `seal_id` is None for a line slipped in between."""

    seal_id: int | None
    first_line: int
    last_line: int


def seal(*, at: datetime) -> AuditSeal | None:
    """Seal the next batch of settled lines; None when there is none. Run in a write block, by one process."""
    newest = _newest()
    after = newest.last_line if newest else 0
    settled = select(func.max(AuditLine.id)).where(AuditLine.at <= at - SETTLED_AFTER)
    lines = session.scalars(
        select(AuditLine)
        .where(AuditLine.id > after, AuditLine.id <= settled.scalar_subquery())
        .order_by(AuditLine.id)
        .limit(BATCH)
    ).all()
    if not lines:
        return None
    made = AuditSeal(
        first_line=lines[0].id,
        last_line=lines[-1].id,
        lines=len(lines),
        digest=_digest(newest.digest if newest else FIRST, lines),
        sealed_at=at,
    )
    session.add(made)
    session.flush()
    log.info("audit sealed", extra={"detail": f"{made.last_line} {made.digest}"})
    return made


def unsealed_since() -> datetime | None:
    """When the oldest line that no seal covers was written; None if all are sealed."""
    newest = _newest()
    return session.scalar(select(func.min(AuditLine.at)).where(AuditLine.id > (newest.last_line if newest else 0)))


def verify() -> list[Broken]:
    """Every batch that does not fit its seal any more, the oldest first. Reads the sealed lines batch by batch."""
    broken, before, end = [], FIRST, 0
    for sealed in session.scalars(select(AuditSeal).order_by(AuditSeal.first_line)):
        if _exists_between(end, sealed.first_line):
            broken.append(Broken(None, end + 1, sealed.first_line - 1))
        lines = session.scalars(
            select(AuditLine)
            .where(AuditLine.id >= sealed.first_line, AuditLine.id <= sealed.last_line)
            .order_by(AuditLine.id)
            .execution_options(populate_existing=True)
        ).all()
        if len(lines) != sealed.lines or _digest(before, lines) != sealed.digest:
            broken.append(Broken(sealed.id, sealed.first_line, sealed.last_line))
        before, end = sealed.digest, sealed.last_line
    return broken


def _newest() -> AuditSeal | None:
    return session.scalars(select(AuditSeal).order_by(AuditSeal.last_line.desc()).limit(1)).one_or_none()


def _exists_between(after: int, before: int) -> bool:
    found = select(AuditLine.id).where(AuditLine.id > after, AuditLine.id < before).limit(1)
    return session.scalar(found) is not None


def _digest(before: str, lines: Iterable[AuditLine]) -> str:
    total = hashlib.sha256(before.encode())
    for line in lines:
        values = [
            line.id,
            line.at.isoformat(),
            line.actor,
            line.on_behalf_of,
            line.act,
            line.subject,
            line.detail,
        ]
        total.update(json.dumps(values, sort_keys=True, ensure_ascii=True).encode() + b"\n")
    return total.hexdigest()
