"""What happens at the door and in the hall, with labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Trouble(StrEnum):
    """What changes the plan on the day."""

    ABSENT = "absent"
    LATE = "late"
    LEFT = "left"
    TABLE = "table"
    MEETING = "meeting"
    OVERRUN = "overrun"


TROUBLE_LABELS = {
    Trouble.ABSENT: _l("Absent"),
    Trouble.LATE: _l("Comes later"),
    Trouble.LEFT: _l("Left early"),
    Trouble.TABLE: _l("Table cannot be used"),
    Trouble.MEETING: _l("Meeting cancelled"),
    Trouble.OVERRUN: _l("Meeting takes longer"),
}


class FallsOut(StrEnum):
    """Why a meeting of the timetable cannot be held."""

    DECLINED = "declined"
    AWAY = "away"
    TABLE = "table"
    DISPLACED = "displaced"
    DROPPED = "dropped"


FALLS_OUT_LABELS = {
    FallsOut.DECLINED: _l("Declined or cancelled"),
    FallsOut.AWAY: _l("One of the two is not there"),
    FallsOut.TABLE: _l("The table cannot be used"),
    FallsOut.DISPLACED: _l("The meeting before takes longer"),
    FallsOut.DROPPED: _l("Taken off the timetable"),
}
