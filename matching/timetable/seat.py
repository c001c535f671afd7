"""Where: a table for every meeting of a board, so that people walk little and change tables rarely."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.timetable.board import Board
from matching.timetable.problem import Meeting
from matching.timetable.rulebook import AT_FREE

CHANGE = 3.0  # metres that a change of table is worth
EXACT = 120  # free tables up to which a slot is seated exactly


def seat(board: Board, kept: Mapping[int, int] | None = None) -> tuple[Meeting, ...]:
    """A table for every placed meeting, in time order.  `kept`: pair -> table that it has to keep (in its slot)."""
    problem, rules = board.rules.problem, board.rules
    by_slot: defaultdict[int, list[int]] = defaultdict(list)
    for e, t in board.slot.items():
        by_slot[t].append(e)
    last: dict[int, int] = {}  # participant -> table of its latest meeting
    meetings: list[Meeting] = []
    fixed = kept or {}
    place = {e: int(rules.place[e]) for e in board.slot}
    for t in sorted(by_slot):
        room = {k: table.seats for k, table in enumerate(problem.tables) if t not in table.closed}
        seated: dict[int, int] = {}
        for e in sorted(by_slot[t]):
            if room.get(fixed.get(e, -1), 0) > 0:
                seated[e] = fixed[e]
                room[fixed[e]] -= 1
        homeless: list[int] = []
        for e in sorted(by_slot[t], key=lambda e: (place[e], e)):
            if e in seated:
                continue
            if place[e] == AT_FREE:
                homeless.append(e)
                continue
            home = board.home(e)
            options = [
                k
                for k in rules.tables_for(e)
                if room.get(k, 0) > 0 and (home is None or problem.tables[k].owner == home)
            ]
            seated[e] = min(options, key=lambda k: (_distance(board, e, k, last), k))
            room[seated[e]] -= 1
        seated.update(_free(board, homeless, room, last))
        for e, k in seated.items():
            meetings.append(Meeting(e, t, k))
            for v in board.ends[e]:
                last[v] = k
    return tuple(sorted(meetings, key=lambda m: (m.slot, m.table, m.pair)))


def _distance(board: Board, e: int, table: int, last: Mapping[int, int]) -> float:
    """Metres to this table for the two of a pair, with a change of table as CHANGE more."""
    tables, cost = board.rules.problem.tables, 0.0
    for v in board.ends[e]:
        k = last.get(v)
        if k is not None and k != table:
            cost += math.hypot(tables[k].x - tables[table].x, tables[k].y - tables[table].y) + CHANGE
    return cost


def _free(board: Board, pairs: list[int], room: Mapping[int, int], last: Mapping[int, int]) -> dict[int, int]:
    """Seats at free tables for meetings of one slot: exact for halls of common size, by habit for huge ones."""
    tables = board.rules.problem.tables
    seats = [k for k, left in sorted(room.items()) if tables[k].owner is None for _ in range(left)]
    if not pairs:
        return {}
    if len(seats) <= EXACT or len(pairs) <= EXACT // 4:
        x, y = np.array([tables[k].x for k in seats]), np.array([tables[k].y for k in seats])
        number = np.array(seats)
        cost = np.zeros((len(pairs), len(seats)))
        for row, e in enumerate(pairs):
            for v in board.ends[e]:
                k = last.get(v)
                if k is not None:
                    cost[row] += np.hypot(x - tables[k].x, y - tables[k].y) + CHANGE * (number != k)
        rows, columns = linear_sum_assignment(cost)
        return {pairs[row]: seats[column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True)}
    seated: dict[int, int] = {}
    left = {k: room[k] for k in seats}
    for e in pairs:
        wanted = [last[v] for v in board.ends[e] if left.get(last.get(v, -1), 0) > 0]
        if wanted:
            seated[e] = wanted[0]
            left[wanted[0]] -= 1
    spare = [k for k, n in left.items() for _ in range(n)]
    for e in pairs:
        if e not in seated:
            seated[e] = spare.pop()
    return seated
