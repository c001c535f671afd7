"""A timetable moved by hand: every move is judged by the engine's own constraints and refused in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit
from core.db import session
from core.errors import Conflict
from core.i18n import _
from events.conferences import agenda, drafts, ranked_lists, wishing, wording
from events.conferences.encoding import Scores
from events.conferences.enums import Origin, VersionState, Wish
from events.conferences.models import Conference, Meeting, Participant, TimetableVersion
from events.conferences.timetable import board_of, must_be_draft
from matching.timetable.constraints import Move, judge


def edit_copy(version: TimetableVersion, *, by: Any, at: datetime) -> TimetableVersion:
    """The draft to work on: this one, or a copy of a published one."""
    if version.state is VersionState.DRAFT:
        return version
    if agenda.version_in(version.conference, VersionState.DRAFT) is not None:
        raise Conflict(_("There is a draft already. Work on that one, or discard it first."))
    copy = drafts.new_draft(version.conference, by=by, at=at)
    drafts.write_rows(copy, [drafts.row_of(m) for m in agenda.lines(version)])
    copy.quality, copy.unmet = dict(version.quality), list(version.unmet)
    session.flush()
    audit.record("timetable.copy", copy, by=by, at=at, of=version.number)
    return copy


@dataclass(frozen=True)
class Place:
    """Where a meeting is or was: what an undo needs to put it back."""

    slot_id: int
    table_id: int | None
    locked: bool = True
    origin: Origin = Origin.HAND

    @classmethod
    def of(cls, meeting: Meeting) -> Place:
        return cls(meeting.slot_id, meeting.table_id, meeting.locked, meeting.origin)


def place(
    version: TimetableVersion,
    firm: int,
    partner: int,
    where: Place,
    *,
    without: Collection[tuple[int, int]] = (),
    by: Any,
    at: datetime,
) -> tuple[Meeting, Place | None]:
    """Put a pair into a slot: moves its meeting, or adds one. Raise Conflict naming every rule that it breaks.

    Without a table in `where`: any that is right and free. Judged by the engine's own constraints. What is moved by
    hand is locked, so that the next timetable keeps it. `without`: pairs whose meetings cannot be held and are in
    nobody's way. Return the meeting, and where it was before (None: nowhere).
    """
    must_be_draft(version)
    encoded, board = board_of(version, without)
    pair = encoded.pair_number.get((firm, partner))
    slot, table = where.slot_id, where.table_id
    if pair is None or slot not in encoded.slots or (table is not None and table not in encoded.tables):
        raise Conflict(wording.not_a_pair(version.conference, firm, partner))
    move = Move(pair, encoded.slots.index(slot), None if table is None else encoded.tables.index(table))
    broken, after = judge(encoded.problem, board, move)
    if broken:
        raise Conflict("\n".join(wording.violations(encoded, broken)))
    seated = next(m.table for m in after if m.pair == pair)
    meeting = agenda.meeting_of(version, firm, partner)
    before = None if meeting is None else Place.of(meeting)
    if meeting is None:
        fit = _fit(version.conference, firm, partner)
        meeting = Meeting(version_id=version.id, firm_id=firm, partner_id=partner, fit=fit)
        session.add(meeting)
        session.expire(version, ["meetings"])
    meeting.slot_id, meeting.table_id = slot, encoded.tables[seated]
    meeting.locked, meeting.origin = where.locked, where.origin
    session.flush()
    audit.record("meeting.place", meeting, by=by, at=at, slot=slot, table=meeting.table_id)
    return meeting, before


def _fit(conference: Conference, firm: int, partner: int) -> float:
    row = ranked_lists.scores(conference)
    return Scores.of(row).fits([(firm, partner)]).get((firm, partner), 0.0) if row is not None else 0.0


@dataclass(frozen=True)
class Option:
    """A slot to which a meeting could be moved, and at which table; or why it could not."""

    slot_id: int
    table_id: int | None
    refusals: tuple[str, ...]


def options(version: TimetableVersion, meeting: Meeting) -> list[Option]:
    """For every slot, whether the meeting could be held there: the engine's own verdict, in words where it is no."""
    encoded, board = board_of(version)
    pair = encoded.pair_number.get(meeting.pair)
    if pair is None:  # one of the two withdrew
        return []
    found = []
    for n, slot in enumerate(encoded.slots):
        broken, after = judge(encoded.problem, board, Move(pair, n, None))
        if broken:
            found.append(Option(slot, None, tuple(wording.violations(encoded, broken))))
        else:
            seated = next(m.table for m in after if m.pair == pair)
            found.append(Option(slot, encoded.tables[seated], ()))
    return found


def meeting_of(version: TimetableVersion, firm: int, partner: int) -> Meeting:
    """The meeting of a pair in a timetable. Raise Conflict where there is none."""
    meeting = agenda.meeting_of(version, firm, partner)
    if meeting is None:
        raise Conflict(_("This meeting is not on the board any more."))
    return meeting


def remove(meeting: Meeting, *, by: Any, at: datetime) -> None:
    """Take a meeting off a draft."""
    must_be_draft(meeting.timetable)
    audit.record("meeting.remove", meeting, by=by, at=at, firm=meeting.firm_id, partner=meeting.partner_id)
    version, said = meeting.timetable, [wishing.wish_of(*pair) for pair in _both_ways(meeting)]
    if any(wish in (Wish.YES, Wish.MUST) for wish in said):
        version.unmet = [*version.unmet, _taken_off(meeting, *said)]
    session.delete(meeting)
    session.flush()
    session.expire(version, ["meetings"])


def _both_ways(meeting: Meeting) -> tuple[tuple[Participant, Participant], ...]:
    return (meeting.firm, meeting.partner), (meeting.partner, meeting.firm)


def _taken_off(meeting: Meeting, firm_wish: Wish | None, partner_wish: Wish | None) -> dict[str, Any]:
    """A wish that became no meeting because of us, as those are kept that the engine left open."""
    return {
        "firm": meeting.firm_id, "partner": meeting.partner_id, "firm_wish": firm_wish, "partner_wish": partner_wish,
        "kind": "hand", "who": [], "instead": [], "nearest": None,
    }  # fmt: skip


def set_lock(meeting: Meeting, locked: bool, *, by: Any, at: datetime) -> None:
    """Lock or unlock: a locked meeting stays where it is when the rest is made anew."""
    must_be_draft(meeting.timetable)
    meeting.locked = locked
    session.flush()
    audit.record("meeting.lock", meeting, by=by, at=at, locked=locked)
