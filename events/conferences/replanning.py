"""The published timetable planned anew from a moment on: what began before is history, the rest hardly changes.

Who is away, a table that is lost, a meeting that is declined are rows by then (see the pages of the day); the engine
keeps announced meetings unless that costs more than a fifth of a full score each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext
from events.conferences import agenda, confirmations, drafts, overruns, queries, timetable
from events.conferences.agenda import Line
from events.conferences.comparing import Change, between, concerned
from events.conferences.enums import VersionState
from events.conferences.models import Conference, TimetableVersion
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve

TIME_LIMIT = 10.0  # seconds; people stand in the hall


def ask(conference: Conference, *, by: Any, at: datetime, only_free: bool = False) -> tasks.Task:
    """Have the rest planned anew in the background; see `replan`."""
    if agenda.version_in(conference, VersionState.PUBLISHED) is None:
        raise Conflict(_("No timetable is published."))
    key = f"conference:{conference.id}:free" if only_free else f"conference:{conference.id}"
    return tasks.start("replan", by=by, at=at, key=key, conference_id=conference.id, only_free=only_free)


@tasks.handler("replan")
def run(context: tasks.Context, *, conference_id: int, only_free: bool = False) -> dict[str, Any]:
    """Plan the rest anew; the page that opens lists who is affected."""
    context.progress(0, 1, _l("Planning the rest anew"))
    version = replan(conference_id, by=context.by, at=clock.now(), hold=context.hold, only_free=only_free)
    affected = concerned(differences(version))
    return {
        "url": f"/conferences/{conference_id}/timetables/{version.id}/changes",
        "message": ngettext("%(num)d participant is affected.", "%(num)d participants are affected.", len(affected)),
    }


def replan(
    conference_id: int,
    *,
    by: Any,
    at: datetime,
    hold: Callable[[], object] | None = None,
    only_free: bool = False,
) -> TimetableVersion:
    """A draft that keeps what began before `at` and as much of the rest as can be. Solved outside the write block.

    Before the conference begins nothing is history: announced meetings stay, declined ones make room for others.
    `only_free`: whatever can still be held keeps its time, so that a newcomer gets free times and tables only.
    """
    conference = get(Conference, conference_id)
    published = agenda.version_in(conference, VersionState.PUBLISHED) if conference is not None else None
    if conference is None or published is None:
        raise Conflict(_("No timetable is published."))
    frozen = at if at > min(s.begins_at for s in conference.slots) else None
    begun = {s.id for s in conference.slots if frozen is not None and s.begins_at < frozen}
    declined, displaced = confirmations.declined(conference), overruns.displaced(conference)
    announced = agenda.lines(published)
    history = {m.pair for m in announced if m.slot_id in begun} - displaced
    held = [m for m in announced if m.pair in history or (m.slot_id not in begun and m.pair not in declined)]
    locks = {(m.firm_id, m.partner_id, m.slot_id) for m in held if m.locked and m.slot_id not in begun}
    away = {p.id: set(p.away_slots) for p in queries.all_participants(conference)}
    locks = {(f, p, s) for f, p, s in locks if s not in away.get(f, {s}) and s not in away.get(p, {s})}
    pins = locks | _still_held(conference, held, away, begun, displaced) if only_free else locks
    encoded = timetable.encode(conference, pins, admitted={m.pair for m in held} | displaced)
    previous = [place for m in held if (place := encoded.placed(m)) is not None]
    try:
        answer = solve(
            encoded.problem,
            previous=previous,
            from_slot=encoded.first_slot_after(frozen, conference.slots),
            time_limit=TIME_LIMIT,
        )
    except InfeasiblePins as err:
        raise timetable.locks_clash(encoded, err.constraints) from err
    found = drafts.drafted(conference, encoded, answer, locks)
    # Meetings of somebody who has withdrawn since are not the engine's any more, but they were held.
    gone = history - {encoded.pairs[m.pair] for m in answer.meetings}
    found = found.beside([m for m in announced if m.pair in gone])
    session.rollback()
    with write():
        if hold is not None:
            hold()
        draft = drafts.store(conference_id, found, by=by, at=at)
        draft.frozen_until = frozen
        audit.record("timetable.replan", draft, by=by, at=at, frozen_until=frozen and frozen.isoformat())
        return draft


def _still_held(
    conference: Conference,
    held: Collection[Line],
    away: Mapping[int, set[int]],
    begun: set[int],
    displaced: set[tuple[int, int]],
) -> set[tuple[int, int, int]]:
    """(firm, partner, time) of the meetings ahead that nothing stands in the way of."""
    closed = {t.id: set(t.closed_slots) for t in conference.tables}
    return {
        (m.firm_id, m.partner_id, m.slot_id)
        for m in held
        if m.slot_id not in begun
        and m.pair not in displaced
        and m.firm_id in away
        and m.partner_id in away
        and m.slot_id not in away[m.firm_id] | away[m.partner_id] | closed.get(m.table_id, {m.slot_id})
    }


def differences(version: TimetableVersion) -> list[Change]:
    """What differs between the published timetable and a draft."""
    return between(agenda.version_in(version.conference, VersionState.PUBLISHED), version)
