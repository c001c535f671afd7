"""Named reads of what was made for printing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import session
from events.conferences.models import Conference
from events.conferences.printing.models import PrintPack


def pack_of(conference: Conference, language: str, *, at: datetime) -> PrintPack | None:
    """The archive in that language with its file, while it is kept."""
    return session.scalars(
        select(PrintPack)
        .where(PrintPack.conference_id == conference.id, PrintPack.language == language, PrintPack.kept_until > at)
        .options(joinedload(PrintPack.file), joinedload(PrintPack.version))
    ).one_or_none()
