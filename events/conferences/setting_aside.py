"""A draft that waits beside the present one: an improvement to compare with, or what was discarded.

There is one at most. It was never published; a published timetable is part of the record and stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import audit
from core.db import lock, session
from core.errors import Conflict
from core.i18n import _
from events.conferences import agenda
from events.conferences.enums import VersionState
from events.conferences.models import Conference, TimetableVersion


def take(version: TimetableVersion, *, by: Any, at: datetime) -> TimetableVersion | None:
    """Make a version that was set aside the draft; return the draft before, which is set aside now (None: there was
    none)."""
    conference = lock(Conference, version.conference_id)
    session.refresh(version)
    if conference is None or not version.set_aside:
        raise Conflict(_("Only a version that was set aside can be taken."))
    before = agenda.version_in(conference, VersionState.DRAFT)
    if before is not None:
        before.state = VersionState.SUPERSEDED
        session.flush()  # one draft at most, at every moment
    version.state = VersionState.DRAFT
    session.flush()
    audit.record("timetable.take", version, by=by, at=at, instead_of=before and before.number)
    return before


def discard(version: TimetableVersion, *, by: Any, at: datetime) -> bool:
    """Put a draft aside, in place of what was set aside before; delete one that is set aside already.

    Return whether it can still be taken. Raise Conflict for one that was published.
    """
    conference = lock(Conference, version.conference_id)
    session.refresh(version)
    if conference is None or version.published_at is not None:
        raise Conflict(_("A timetable that was published stays: it is part of the record."))
    audit.record("timetable.discard", version, by=by, at=at, number=version.number)
    kept = version.state is VersionState.DRAFT
    if kept:
        clear(conference)
        version.state = VersionState.SUPERSEDED
    else:
        session.delete(version)
    session.flush()
    return kept


def clear(conference: Conference) -> None:
    """Delete what is set aside."""
    for old in agenda.versions(conference):
        if old.set_aside:
            session.delete(old)
    session.flush()
