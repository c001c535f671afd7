"""What differs between two timetables of a conference: for the organiser to weigh, and for who must be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.i18n import _l
from events.conferences import agenda
from events.conferences.agenda import Line
from events.conferences.models import Meeting, TimetableVersion


class ChangeKind(StrEnum):
    """How a meeting differs."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"
    TABLE = "table"


CHANGE_LABELS = {
    ChangeKind.ADDED: _l("New"),
    ChangeKind.DROPPED: _l("Does not take place"),
    ChangeKind.MOVED: _l("At another time"),
    ChangeKind.TABLE: _l("At another table"),
}


@dataclass(frozen=True)
class Change:
    """A meeting in two timetables: `before` or `after` is None where it is only in the other."""

    kind: ChangeKind
    before: Meeting | None
    after: Meeting | None

    @property
    def meeting(self) -> Meeting:
        """The meeting as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def pair(self) -> tuple[int, int]:
        return self.meeting.firm_id, self.meeting.partner_id


def between(before: TimetableVersion | None, after: TimetableVersion) -> list[Change]:
    """What differs between two timetables, in the order of the times; only meetings that differ are read whole."""
    old = {m.pair: m for m in agenda.lines(before)} if before is not None else {}
    new = {m.pair: m for m in agenda.lines(after)}
    found = [(pair, kind) for pair in old.keys() | new.keys() if (kind := _kind(old.get(pair), new.get(pair)))]
    keys = [m.id for pair, _kind_ in found for m in (old.get(pair), new.get(pair)) if m is not None]
    whole = {m.id: m for m in agenda.in_order(keys)}

    def meeting(line: Line | None) -> Meeting | None:
        return whole[line.id] if line is not None else None

    listed = [Change(kind, meeting(old.get(pair)), meeting(new.get(pair))) for pair, kind in found]
    return sorted(listed, key=lambda c: (_first(c), c.pair))


def _kind(was: Line | None, now: Line | None) -> ChangeKind | None:
    if was is None or now is None:
        return ChangeKind.ADDED if was is None else ChangeKind.DROPPED
    if was.slot_id != now.slot_id:
        return ChangeKind.MOVED
    return ChangeKind.TABLE if was.table_id != now.table_id else None


def _first(change: Change) -> float:
    return min(m.slot.begins_at.timestamp() for m in (change.before, change.after) if m is not None)


def concerned(found: Sequence[Change]) -> set[int]:
    """The participants who have to be told."""
    return {key for change in found for key in change.pair}
