"""What happened on the day, as a changed problem; re-planning then is `solve` with the previous timetable.

Late is absent from the earlier slots, left early is absent from the later ones; a walk-in is a problem with one more
participant and its pairs at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from matching.timetable.problem import Meeting, Participant, Problem


def absent(problem: Problem, participant: int, slots: Iterable[int]) -> Problem:
    """Somebody is not there in these slots."""
    gone = set(slots)
    row = tuple(0 if t in gone else n for t, n in enumerate(problem.participants[participant].capacity))
    people = list(problem.participants)
    people[participant] = replace(people[participant], capacity=row)
    return released(problem, tuple(people))


def table_lost(problem: Problem, table: int, slots: Iterable[int]) -> Problem:
    """A table cannot be used in these slots."""
    tables = list(problem.tables)
    tables[table] = replace(tables[table], closed=tables[table].closed | set(slots))
    return replace(problem, tables=tuple(tables))


def cancelled(problem: Problem, pair: int, from_slot: int = 0) -> Problem:
    """A meeting does not take place, in no slot from `from_slot` on."""
    allowed = list(problem.pairs.slots)
    allowed[pair] = tuple(range(from_slot))
    return replace(
        problem,
        pairs=replace(problem.pairs, slots=tuple(allowed)),
        must=tuple(e for e in problem.must if e != pair),
        fixed=tuple(x for x in problem.fixed if x[0] != pair),
    )


def overrun(problem: Problem, meeting: Meeting) -> Problem:
    """A meeting also takes the slot after its own: its people have one meeting less there, its table one seat less
    (a table of one seat is closed)."""
    following = meeting.slot + 1
    if following >= problem.slots:
        return problem
    people = list(problem.participants)
    for v in problem.ends(meeting.pair):
        row = list(people[v].capacity)
        row[following] = max(0, row[following] - 1)
        people[v] = replace(people[v], capacity=tuple(row))
    changed = released(problem, tuple(people))
    if problem.tables[meeting.table].seats > 1:
        return changed  # the seats of the others stay in use
    return table_lost(changed, meeting.table, [following])


def released(problem: Problem, people: tuple[Participant, ...]) -> Problem:
    """The problem with these participants; pins that nobody could keep any more are lifted."""
    capacity = [p.capacity for p in people]
    open_ = {
        e: {t for t in range(problem.slots) if all(capacity[v][t] for v in problem.ends(e))}
        for e in {*problem.must, *(e for e, _ in problem.fixed)}
    }
    return replace(
        problem,
        participants=people,
        must=tuple(e for e in problem.must if open_[e]),
        fixed=tuple((e, t) for e, t in problem.fixed if t in open_[e]),
    )
