"""Verbs of past meetings. Run inside a write block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from companies.enums import PARTNER_KINDS, Kind
from companies.models import OrganisationKind
from core import audit, files
from core.db import lock, session
from core.errors import Conflict, Unavailable
from core.i18n import _
from events.conferences.past import queries
from events.conferences.past.importing import Looked, MeetingList
from events.conferences.past.models import PastList, PastMeeting

SHORT = 20_000  # bytes of a list that is looked at within the request: about 300 meetings


def keep(received: files.Received, *, by: Any, at: datetime) -> PastList:
    """Remember an upload."""
    stored = files.keep(received, by=by, at=at)
    row = PastList(name=stored.name, file_id=stored.id, by_id=by.id, at=at)
    session.add(row)
    session.flush()
    audit.record("past.upload", row, by=by, at=at)
    return row


def short(row: PastList) -> bool:
    """Whether the list is looked at and taken over within the request."""
    return row.file is None or row.file.size <= SHORT


def data_of(row: PastList) -> bytes:
    """The uploaded content. Raise Unavailable where it is not kept any more."""
    if row.file is None:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    return files.read(row.file)


def note(row: PastList, found: Looked, *, by: Any, at: datetime) -> None:
    """Keep what was found in a list that was not taken over yet."""
    if row.applied_at is None:
        row.note(found.preview, found.reports, by=by, at=at)
        session.flush()


def kinds_of(found: MeetingList) -> Mapping[int, Sequence[Kind]]:
    """partner -> its kinds: one query."""
    keys = {met.partner_id for met in found.meetings}
    rows = session.execute(
        select(OrganisationKind.organisation_id, OrganisationKind.kind).where(
            OrganisationKind.organisation_id.in_(keys)
        )
    )
    kinds: dict[int, list[Kind]] = defaultdict(list)
    for key, kind in rows:
        kinds[key].append(kind)
    return kinds


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
