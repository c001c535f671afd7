"""The timetable of a conference: solved in a task, moved by hand under the engine's rules, published as a version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext
from events.conferences import (
    agenda,
    confirmations,
    drafts,
    encoding,
    notices,
    overruns,
    queries,
    ranked_lists,
    wishing,
    wording,
)
from events.conferences.agenda import Line
from events.conferences.encoding import Encoded, Keys, LocksClash, Scores
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Conference, TimetableVersion
from matching.timetable.constraints import violations
from matching.timetable.limits import Constraint
from matching.timetable.problem import InfeasiblePins, ProblemError
from matching.timetable.problem import Meeting as EngineMeeting
from matching.timetable.shortage import shortages
from matching.timetable.solve import solve

EXPLAINING = 5.0  # seconds for making the reasons of shortages small
TIME_LIMIT = 60.0  # seconds; at the size of a conference the answer is there within a few


# --- solving ---------------------------------------------------------------------------------------------------


def ask(conference: Conference, *, by: Any, at: datetime) -> tasks.Task:
    """Have a draft made in the background; locked meetings of the present draft are kept."""
    if ranked_lists.scores(conference) is None:
        raise Conflict(_("Compute the suggestions first: the timetable is made from them."))
    if not conference.tables:
        raise Conflict(_("There are no tables yet, so nobody can meet."))
    return tasks.start("timetable", by=by, at=at, key=f"conference:{conference.id}", conference_id=conference.id)


@tasks.handler("timetable")
def run(context: tasks.Context, *, conference_id: int) -> dict[str, Any]:
    """Make the draft, with progress."""

    def progress(stage: str, value: int | None, bound: int | None) -> None:
        share = round(100 * value / bound) if value and bound else 0
        context.progress(min(share, 99), 100, _l("Finding the best timetable"))

    version = generate(conference_id, by=context.by, progress=progress, hold=context.hold)
    return {
        "url": f"/conferences/{conference_id}/timetables/{version.id}",
        "message": ngettext(
            "%(num)d meeting is planned.", "%(num)d meetings are planned.", version.quality["meetings"]
        ),
    }


def generate(
    conference_id: int,
    *,
    by: Any,
    progress: Callable[[str, int | None, int | None], None] | None = None,
    hold: Callable[[], object] | None = None,
) -> TimetableVersion:
    """Solve outside, store inside a short write block. Raise Conflict with a sentence where it cannot be done."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    locked = locks(conference)
    encoded = encode(conference, locked)
    try:
        answer = solve(encoded.problem, time_limit=TIME_LIMIT, progress=progress)
        short = shortages(encoded.problem, answer.meetings, time_limit=EXPLAINING)
    except InfeasiblePins as err:
        raise locks_clash(encoded, err.constraints) from err
    draft = drafts.drafted(conference, encoded, answer, locked, short)
    session.rollback()
    with write():
        if hold is not None:
            hold()
        return drafts.store(conference_id, draft, by=by, at=clock.now())


def locks(conference: Conference) -> set[tuple[int, int, int]]:
    """(firm, partner, time) of what is locked in the present draft."""
    draft = agenda.version_in(conference, VersionState.DRAFT)
    lines = agenda.lines(draft) if draft is not None else ()
    return {(m.firm_id, m.partner_id, m.slot_id) for m in lines if m.locked}


def encode(
    conference: Conference,
    locked: Collection[tuple[int, int, int]] = (),
    admitted: Collection[tuple[int, int]] = (),
) -> Encoded:
    """The conference as a problem of the engine. Raise Conflict with a sentence where it cannot be one."""
    row = ranked_lists.scores(conference)
    if row is None:
        raise Conflict(_("Compute the suggestions first: the timetable is made from them."))
    people = queries.all_participants(conference)
    try:
        wishes = wishing.wishes(conference) | dict.fromkeys(confirmations.refusals(conference), Wish.NO)
        encoded = encoding.problem_of(conference, people, Scores.of(row), wishes, locked, admitted)
        return overruns.respected(encoded, conference)
    except LocksClash as err:
        raise locks_clash(err.keys, err.constraints) from err
    except ProblemError as err:
        raise Conflict(wording.problem(err, conference, people)) from err


def locks_clash(keys: Keys, constraints: Sequence[Constraint]) -> Conflict:
    """Which locks cannot all be kept, in words."""
    return Conflict(_("The locked meetings cannot all be held.") + " " + wording.clash(keys, constraints))


# --- publishing ------------------------------------------------------------------------------------------------


def publish(
    version: TimetableVersion,
    *,
    by: Any,
    at: datetime,
    tell: bool = True,
    unheld: Collection[tuple[int, int]] = (),
) -> int:
    """Make a draft the timetable that counts, and tell everybody whose meetings are new or changed (unless the
    caller tells them itself).

    Return how many people were told. Raise Conflict where the draft breaks a rule (participants may have left, or
    changed when they are there, since it was made). `unheld`: pairs whose meetings stay on paper though they cannot
    be held; they are not judged.
    """
    must_be_draft(version)
    meetings = agenda.lines(version)
    if not meetings:
        raise Conflict(_("This timetable has no meetings."))
    before = agenda.version_in(version.conference, VersionState.PUBLISHED)
    if version.frozen_until and before is not None and before.published_at and before.published_at > version.made_at:
        raise Conflict(_("Another timetable was published since this one was planned. Plan the rest anew."))
    _must_keep_the_rules(version, unheld)
    was = {_place(m) for m in agenda.lines(before)} if before is not None else set()
    if before is not None:
        before.state = VersionState.SUPERSEDED
        session.flush()
    version.state, version.published_at = VersionState.PUBLISHED, at
    session.flush()
    audit.record("timetable.publish", version, by=by, at=at, meetings=len(meetings))
    changed = {_place(m) for m in meetings} ^ was
    concerned = {key for place_ in changed for key in place_[:2]}
    if not tell:
        return 0
    return notices.tell_published(version, concerned, first=before is None, at=at)


def _must_keep_the_rules(version: TimetableVersion, unheld: Collection[tuple[int, int]]) -> None:
    """Raise Conflict for meetings ahead that break a rule, or of somebody who withdrew; the past is not judged."""
    encoded, board = board_of(version, unheld)
    past = encoded.first_slot_after(version.frozen_until, version.conference.slots)
    ahead = [m for m in agenda.lines(version) if encoded.slots.index(m.slot_id) >= past and m.pair not in unheld]
    left = [m for m in ahead if encoded.placed(m) is None]
    broken = violations(encoded.problem, [m for m in board if m.slot >= past])
    if left or broken:
        raise Conflict("\n".join([*wording.withdrawn(left), *wording.violations(encoded, broken[:5])]))


def _place(m: Line) -> tuple[int, int, int, int]:
    return m.firm_id, m.partner_id, m.slot_id, m.table_id


def board_of(
    version: TimetableVersion, without: Collection[tuple[int, int]] = ()
) -> tuple[Encoded, list[EngineMeeting]]:
    """The problem of today and the meetings of a timetable on it, those of some pairs left out. Who withdrew since is
    not part of the problem, so its meetings are not on the board."""
    meetings = agenda.lines(version)
    encoded = encode(version.conference, admitted={m.pair for m in meetings})
    places = (encoded.placed(m) for m in meetings if m.pair not in without)
    return encoded, [place for place in places if place is not None]


def must_be_draft(version: TimetableVersion) -> None:
    if version.state is not VersionState.DRAFT:
        raise Conflict(_("Only a draft can be changed. Make a new draft from this timetable."))
