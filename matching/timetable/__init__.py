"""Timetables of one-to-one meetings: who meets whom, in which slot, at which table.

A `Problem` is data; `solve` answers with a `Timetable` whose value stands beside an upper bound; `violations` and
`judge` say which rule a timetable, or one move of a person at the board, breaks.
"""

from matching.timetable.constraints import Move, Violation, judge, violations, wishes
from matching.timetable.problem import (
    Meeting,
    Pairs,
    Participant,
    Problem,
    ProblemError,
    Table,
    Timetable,
)

__all__ = [
    "Meeting",
    "Move",
    "Pairs",
    "Participant",
    "Problem",
    "ProblemError",
    "Table",
    "Timetable",
    "Violation",
    "judge",
    "violations",
    "wishes",
]
