"""A timetable as it is written down: worked out before the write block opens, put in as plain rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from core import audit
from core.db import get, session
from core.errors import Conflict
from core.i18n import _
from events.conferences import agenda, barriers, ranked_lists, verdict, wishing
from events.conferences.agenda import Line
from events.conferences.encoding import Encoded, Scores
from events.conferences.enums import Origin, VersionState
from events.conferences.models import Conference, Meeting, TimetableVersion
from matching.timetable.problem import Timetable
from matching.timetable.shortage import Shortage


@dataclass(frozen=True)
class Draft:
    """The meetings of a timetable as rows without a version, and what the engine says of them."""

    rows: list[dict[str, Any]]
    quality: dict[str, Any]
    unmet: list[dict[str, Any]]
    shortages: dict[str, Any]

    def beside(self, history: Sequence[Line]) -> Draft:
        """The same with meetings that the engine knows nothing of."""
        return replace(self, rows=[*self.rows, *map(row_of, history)])


def drafted(
    conference: Conference,
    encoded: Encoded,
    answer: Timetable,
    locked: Collection[tuple[int, int, int]],
    short: Sequence[Shortage] = (),
) -> Draft:
    """What the engine's answer will look like in the database."""
    places = encoded.rows(answer)
    scores = ranked_lists.scores(conference)
    fit = Scores.of(scores).fits((firm, partner) for firm, partner, _s, _t in places) if scores is not None else {}
    rows = [
        {
            "firm_id": firm,
            "partner_id": partner,
            "slot_id": slot,
            "table_id": table,
            "fit": fit.get((firm, partner), 0.0),
            "locked": (firm, partner, slot) in locked,
            "origin": Origin.SOLVER,
        }
        for firm, partner, slot, table in places
    ]
    return Draft(
        rows,
        verdict.quality(encoded, answer),
        verdict.unmet(encoded, answer, wishing.wishes(conference), barriers.of(conference)),
        verdict.shortages(encoded, short),
    )


def row_of(line: Line) -> dict[str, Any]:
    """The same meeting, for another version."""
    return {name: value for name, value in line._asdict().items() if name != "id"}


def store(conference_id: int, draft: Draft, *, by: Any, at: datetime) -> TimetableVersion:
    """Put it in place of the present draft."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    return fill(new_draft(conference, by=by, at=at), draft, by=by, at=at)


def fill(version: TimetableVersion, draft: Draft, *, by: Any, at: datetime) -> TimetableVersion:
    """Write it into a version without meetings."""
    write_rows(version, draft.rows)
    version.quality = draft.quality | {"shortages": draft.shortages}
    version.unmet = draft.unmet
    session.flush()
    audit.record("timetable.generate", version, by=by, at=at, meetings=len(draft.rows), quality=draft.quality)
    return version


def write_rows(version: TimetableVersion, rows: Sequence[dict[str, Any]]) -> None:
    """Add meetings to a version in one statement: a large conference has thousands."""
    if rows:
        session.execute(insert(Meeting), [row | {"version_id": version.id} for row in rows])
    session.expire(version, ["meetings"])


def new_draft(conference: Conference, *, by: Any, at: datetime) -> TimetableVersion:
    """An empty draft in place of the present one."""
    old = agenda.version_in(conference, VersionState.DRAFT)
    number = None
    if old is not None:
        number = old.number
        session.delete(old)
        session.flush()
    return new_version(conference, number, by=by, at=at)


def new_version(
    conference: Conference,
    number: int | None = None,
    *,
    state: VersionState = VersionState.DRAFT,
    by: Any,
    at: datetime,
) -> TimetableVersion:
    """An empty version; the next number unless one is given."""
    made_by = by if isinstance(by, int) else getattr(by, "id", None)
    version = TimetableVersion(
        conference=conference,
        number=number or _next_number(conference),
        state=state,
        made_at=at,
        made_by_id=made_by,
        meetings=[],
    )
    session.add(version)
    session.flush()
    return version


def _next_number(conference: Conference) -> int:
    last = session.scalar(
        select(func.max(TimetableVersion.number)).where(TimetableVersion.conference_id == conference.id)
    )
    return (last or 0) + 1
