"""Verbs of past meetings. Run inside a write block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from companies.enums import PARTNER_KINDS, Kind
from core import audit, files
from core.db import lock, session
from core.errors import Conflict
from core.i18n import _
from events.conferences.past import queries
from events.conferences.past.importing import MeetingList
from events.conferences.past.models import PastList, PastMeeting


def keep(received: files.Received, *, by: Any, at: datetime) -> PastList:
    """Remember an upload."""
    stored = files.keep(received, by=by, at=at)
    row = PastList(name=stored.name, file_id=stored.id, by_id=by.id, at=at)
    session.add(row)
    session.flush()
    audit.record("past.upload", row, by=by, at=at)
    return row


def take_over(key: int, found: MeetingList, kinds: Mapping[int, Sequence[Kind]], *, by: Any, at: datetime) -> int:
    """Store the meetings of a list without faults; how many were new. `kinds`: of the partners.

    What is stored already, by this or another list, stays as it is.
    """
    row = lock(PastList, key)
    if row is None or row.applied_at is not None:
        raise Conflict(_("This list was taken over or deleted already."))
    if found.faults:
        raise Conflict(_("The list has faults now. Mend them and upload it again."))
    known = queries.known(met.on for met in found.meetings)
    new = [met for met in found.meetings if (met.firm_id, met.partner_id, met.on) not in known]
    session.add_all(
        PastMeeting(
            list_id=row.id, firm_id=met.firm_id, partner_id=met.partner_id, on=met.on, title=met.title,
            label=met.label, kind=came_as(kinds.get(met.partner_id, ())),
        )
        for met in new
    )  # fmt: skip
    row.applied_at = at
    session.flush()
    audit.record("past.take_over", row, by=by, at=at, meetings=len(new))
    return len(new)


def came_as(kinds: Sequence[Kind]) -> Kind:
    """As what a partner came: the first of its kinds that comes to meet firms, else a firm among firms."""
    return next((kind for kind in Kind if kind in kinds and kind in PARTNER_KINDS), Kind.FIRM)


def delete(row: PastList, *, by: Any, at: datetime) -> None:
    """Throw a list away, with the meetings that were taken over from it."""
    audit.record("past.delete", row, by=by, at=at)
    session.delete(row)
    session.flush()
