"""The rest of a draft improved: locks and moves by hand stay, the engine starts from the meetings as they are.

The answer is a version set aside, to be compared with the draft before it is taken. Taking it puts the draft aside in
its turn, so that taking that one again is the undo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from core import clock, tasks
from core.db import get, lock, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext
from events.conferences import agenda, drafts, setting_aside, timetable
from events.conferences.comparing import between
from events.conferences.encoding import SCALE, Encoded
from events.conferences.enums import VersionState
from events.conferences.models import Conference, TimetableVersion
from matching.timetable.constraints import objective, total_idle_runs
from matching.timetable.problem import InfeasiblePins, Meeting, Timetable
from matching.timetable.solve import solve

ANNOUNCED = SCALE // 50  # what keeping a meeting is worth once a timetable was announced; before that, nothing


def ask(version: TimetableVersion, *, by: Any, at: datetime) -> tasks.Task:
    """Have the rest of a draft improved in the background. Raise Conflict for one that was planned on the day."""
    timetable.must_be_draft(version)
    if version.frozen_until is not None:
        raise Conflict(_("On the day, plan the rest anew instead: it keeps what was announced."))
    key = f"conference:{version.conference_id}"
    return tasks.start("improve", by=by, at=at, key=key, conference_id=version.conference_id)


@tasks.handler("improve")
def run(context: tasks.Context, *, conference_id: int) -> dict[str, Any]:
    """Improve; the page that opens shows what would change, or the draft where nothing better was found."""
    context.progress(0, 1, _l("Looking for a better timetable"))
    draft, better = improve(conference_id, by=context.by, hold=context.hold)
    home = f"/conferences/{conference_id}/timetables"
    if better is None:
        message = _("Nothing better was found: the draft stays as it is.")
        return {"url": f"{home}/{draft.id}", "message": message}
    number = len(between(draft, better))
    return {
        "url": f"{home}/{better.id}/changes?with={draft.id}",
        "message": ngettext("%(num)d meeting would change.", "%(num)d meetings would change.", number),
    }


def improve(
    conference_id: int, *, by: Any, hold: Callable[[], object] | None = None
) -> tuple[TimetableVersion, TimetableVersion | None]:
    """The draft, and a better one set aside; None where none was found. Solved outside the write block."""
    conference = get(Conference, conference_id)
    draft = agenda.version_in(conference, VersionState.DRAFT) if conference is not None else None
    if conference is None or draft is None:
        raise Conflict(_("There is no draft to improve."))
    lines = agenda.lines(draft)
    locked = {(m.firm_id, m.partner_id, m.slot_id) for m in lines if m.locked}
    encoded = timetable.encode(conference, locked)
    board = [place for m in lines if (place := encoded.placed(m)) is not None]
    announced = agenda.version_in(conference, VersionState.PUBLISHED) is not None
    try:
        answer = solve(
            encoded.problem,
            previous=board,
            keep=ANNOUNCED if announced else 0,
            time_limit=timetable.TIME_LIMIT,
        )
    except InfeasiblePins as err:
        raise timetable.locks_clash(encoded, err.constraints) from err
    if len(board) == len(lines) and not _is_better(encoded, board, answer):
        return draft, None
    found = drafts.drafted(conference, encoded, answer, locked)
    session.rollback()
    with write():
        if hold is not None:
            hold()
        return draft, _set_aside(conference_id, found, by=by, at=clock.now())


def _is_better(encoded: Encoded, board: Sequence[Meeting], answer: Timetable) -> bool:
    """More value, or fewer waits at the same value."""
    was = objective(encoded.problem, board), -total_idle_runs(encoded.problem, board)
    return (answer.objective, -answer.idle_runs) > was


def _set_aside(conference_id: int, found: drafts.Draft, *, by: Any, at: datetime) -> TimetableVersion:
    """Store the answer beside the draft, in place of what was set aside before."""
    conference = lock(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    setting_aside.clear(conference)
    version = drafts.new_version(conference, state=VersionState.SUPERSEDED, by=by, at=at)
    return drafts.fill(version, found, by=by, at=at)
