"""What differs between two timetables of a conference: for the organiser to weigh, and for who must be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.i18n import _l
from events.conferences.models import Meeting


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


def changes(before: Iterable[Meeting], after: Iterable[Meeting]) -> list[Change]:
    """The differences, in the order of the times that they touch."""
    old = {(m.firm_id, m.partner_id): m for m in before}
    new = {(m.firm_id, m.partner_id): m for m in after}
    found = []
    for pair in old.keys() | new.keys():
        was, now = old.get(pair), new.get(pair)
        if was is None or now is None:
            found.append(Change(ChangeKind.ADDED if was is None else ChangeKind.DROPPED, was, now))
        elif was.slot_id != now.slot_id:
            found.append(Change(ChangeKind.MOVED, was, now))
        elif was.table_id != now.table_id:
            found.append(Change(ChangeKind.TABLE, was, now))
    return sorted(found, key=lambda c: (_first(c), c.pair))


def _first(change: Change) -> float:
    return min(m.slot.begins_at.timestamp() for m in (change.before, change.after) if m is not None)


def concerned(found: Sequence[Change]) -> set[int]:
    """The participants who have to be told."""
    return {key for change in found for key in change.pair}
