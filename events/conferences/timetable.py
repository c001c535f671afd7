"""The timetable of a conference: solved in a task, moved by hand under the engine's rules, published as a version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext
from events.conferences import (
    agenda,
    barriers,
    confirmations,
    encoding,
    notices,
    overruns,
    queries,
    ranked_lists,
    verdict,
    wishing,
    wording,
)
from events.conferences.encoding import Encoded, Keys, LocksClash, Scores
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Conference, Meeting, TimetableVersion
from matching.timetable.constraints import violations
from matching.timetable.limits import Constraint
from matching.timetable.problem import InfeasiblePins, ProblemError, Timetable
from matching.timetable.shortage import Shortage, shortages
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
        "message": ngettext("%(num)d meeting is planned.", "%(num)d meetings are planned.", len(version.meetings)),
    }


def generate(
    conference_id: int,
    *,
    by: Any,
    progress: Callable[[str, int | None, int | None], None] | None = None,
    hold: Callable[[], object] | None = None,
) -> TimetableVersion:
    """Solve outside, store inside a short write block. Raise Conflict with a sentence where it cannot be done."""
    encoded, locked = _read(conference_id)
    try:
        answer = solve(encoded.problem, time_limit=TIME_LIMIT, progress=progress)
        short = shortages(encoded.problem, answer.meetings, time_limit=EXPLAINING)
    except InfeasiblePins as err:
        raise locks_clash(encoded, err.constraints) from err
    session.rollback()
    with write():
        if hold is not None:
            hold()
        return store(conference_id, encoded, answer, locked, short, by=by, at=clock.now())


def _read(conference_id: int) -> tuple[Encoded, set[tuple[int, int, int]]]:
    conference = get(Conference, conference_id)
    row = ranked_lists.scores(conference) if conference is not None else None
    if conference is None or row is None:
        raise Conflict(_("Compute the suggestions first: the timetable is made from them."))
    draft = agenda.version_in(conference, VersionState.DRAFT)
    locked = {(m.firm_id, m.partner_id, m.slot_id) for m in draft.meetings if m.locked} if draft else set()
    return encode(conference, locked), locked


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


def store(
    conference_id: int,
    encoded: Encoded,
    answer: Timetable,
    locked: set[tuple[int, int, int]],
    short: Sequence[Shortage] = (),
    *,
    by: Any,
    at: datetime,
) -> TimetableVersion:
    """Put the answer in place of the present draft."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    return fill(new_draft(conference, by=by, at=at), encoded, answer, locked, short, by=by, at=at)


def fill(
    version: TimetableVersion,
    encoded: Encoded,
    answer: Timetable,
    locked: set[tuple[int, int, int]],
    short: Sequence[Shortage] = (),
    *,
    by: Any,
    at: datetime,
) -> TimetableVersion:
    """Put the answer into a version without meetings, with what the engine says of it."""
    row = ranked_lists.scores(version.conference)
    fit = Scores.of(row).fit_of() if row is not None else {}
    for firm, partner, slot, table in encoded.rows(answer):
        version.meetings.append(
            Meeting(
                firm_id=firm,
                partner_id=partner,
                slot_id=slot,
                table_id=table,
                fit=fit.get((firm, partner), 0.0),
                locked=(firm, partner, slot) in locked,
            )
        )
    version.quality = verdict.quality(encoded, answer)
    version.unmet = verdict.unmet(
        encoded, answer, wishing.wishes(version.conference), barriers.of(version.conference)
    )
    session.flush()
    audit.record("timetable.generate", version, by=by, at=at, meetings=len(version.meetings), quality=version.quality)
    version.quality = version.quality | {"shortages": verdict.shortages(encoded, short)}
    return version


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


def copy_of(m: Meeting) -> Meeting:
    """The same meeting, for another version."""
    return Meeting(
        firm_id=m.firm_id,
        partner_id=m.partner_id,
        slot_id=m.slot_id,
        table_id=m.table_id,
        fit=m.fit,
        locked=m.locked,
        origin=m.origin,
    )


def _next_number(conference: Conference) -> int:
    last = session.scalar(
        select(func.max(TimetableVersion.number)).where(TimetableVersion.conference_id == conference.id)
    )
    return (last or 0) + 1


# --- publishing ------------------------------------------------------------------------------------------------


def publish(version: TimetableVersion, *, by: Any, at: datetime, tell: bool = True) -> int:
    """Make a draft the timetable that counts, and tell everybody whose meetings are new or changed (unless the
    caller tells them itself).

    Return how many people were told. Raise Conflict where the draft breaks a rule (participants may have left, or
    changed when they are there, since it was made).
    """
    must_be_draft(version)
    if not version.meetings:
        raise Conflict(_("This timetable has no meetings."))
    before = agenda.version_in(version.conference, VersionState.PUBLISHED)
    if version.frozen_until and before is not None and before.published_at and before.published_at > version.made_at:
        raise Conflict(_("Another timetable was published since this one was planned. Plan the rest anew."))
    _must_keep_the_rules(version)
    was = {_place(m): m for m in before.meetings} if before is not None else {}
    if before is not None:
        before.state = VersionState.SUPERSEDED
        session.flush()
    version.state, version.published_at = VersionState.PUBLISHED, at
    session.flush()
    audit.record("timetable.publish", version, by=by, at=at, meetings=len(version.meetings))
    changed = {_place(m) for m in version.meetings} ^ set(was)
    concerned = {key for place_ in changed for key in place_[:2]}
    if not tell:
        return 0
    return notices.tell_published(version, concerned, first=before is None, at=at)


def _must_keep_the_rules(version: TimetableVersion) -> None:
    """Raise Conflict for meetings ahead that break a rule, or of somebody who withdrew; the past is not judged."""
    encoded, board = board_of(version)
    past = encoded.first_slot_after(version.frozen_until, version.conference.slots)
    left = [m for m in version.meetings if encoded.slots.index(m.slot_id) >= past and encoded.placed(m) is None]
    broken = violations(encoded.problem, [m for m in board if m.slot >= past])
    if left or broken:
        raise Conflict("\n".join([*wording.withdrawn(left), *wording.violations(encoded, broken[:5])]))


def _place(m: Meeting) -> tuple[int, int, int, int]:
    return m.firm_id, m.partner_id, m.slot_id, m.table_id


def board_of(version: TimetableVersion) -> tuple[Encoded, list[Any]]:
    """The problem of today and the meetings of a timetable on it. Who withdrew since is not part of the problem, so
    its meetings are not on the board."""
    encoded = encode(version.conference, admitted={m.pair for m in version.meetings})
    return encoded, [place for m in version.meetings if (place := encoded.placed(m)) is not None]


def must_be_draft(version: TimetableVersion) -> None:
    if version.state is not VersionState.DRAFT:
        raise Conflict(_("Only a draft can be changed. Make a new draft from this timetable."))
