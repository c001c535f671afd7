"""The fewest idle runs for given meetings, proven: incremental SAT, from below.

Is 0 possible?  1?  ...  The first "yes" is the optimum, since everything below was refuted.  A break's cost literal
is "no meeting now, one before, one next".  Implied, but making the search quick: everybody with n meetings is busy in
exactly n slots; a slot has at most twice as many busy participants as tables; who has no break fills a window.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from pysat.card import CardEnc, EncType, ITotalizer
from pysat.solvers import Solver

from matching.timetable.board import Board, bits

SOLVER = "cadical195"
OPTIONS = {"stabilizeonly": 1, "seed": 1}  # finding the answer takes longest: modes that search for models
CONFLICTS = 1_000_000  # of the solver: tens of seconds of a calm processor, and the same answer on a busy one
STRETCH, SHORT = 20_000, 1000  # conflicts between two looks at the clock; within NEAR seconds of the deadline
NEAR = 10.0


@dataclass(frozen=True, slots=True)
class Proof:
    """slots: pair -> slot of a better answer with `idle_runs`, or None if there is none; refuted: so many and fewer
    idle runs are impossible (-1: nothing refuted)."""

    slots: dict[int, int] | None
    idle_runs: int | None
    refuted: int

    @property
    def proven(self) -> bool:
        """No answer has fewer idle runs."""
        return self.idle_runs is not None and self.refuted == self.idle_runs - 1


class _Formula:
    """The clauses; variables are handed out by `fresh`."""

    def __init__(self, board: Board, pairs: Iterable[int]) -> None:
        self.board, self.clauses = board, list[list[int]]()
        self._next = count(1)
        self.at: dict[tuple[int, int], int] = {}
        self.costs: list[int] = []
        by_person: defaultdict[int, list[int]] = defaultdict(list)
        by_supply: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for e in sorted(pairs):
            mask = board.allowed[e]
            mine = [self.at.setdefault((e, t), self.fresh()) for t in bits(mask)]
            self.exactly(mine, 1)
            for v in board.ends[e]:
                by_person[v].append(e)
            for r in board.uses[e]:
                for t in bits(mask):
                    by_supply[r, t].append(self.at[e, t])
        busy: dict[tuple[int, int], int] = {}
        seats = [
            sum(table.seats for table in board.rules.problem.tables if t not in table.closed)
            for t in range(board.slots)
        ]
        crowded = self._counted_by_people(seats)
        for (r, t), literals in by_supply.items():
            limit = board.limit[r][t]
            if r < board.people:
                if limit == 1 and len(literals) == 1:
                    busy[r, t] = literals[0]
                else:
                    busy[r, t] = self.either(literals)
            if len(literals) > limit and not (r == 2 * board.people and t in crowded):
                self.at_most(literals, limit)
        for v, pairs in by_person.items():
            self._agenda(v, len(pairs), [busy.get((v, t)) for t in range(board.slots)])
        for t in range(board.slots):
            crowd = [x for (_, s), x in busy.items() if s == t]
            if len(crowd) > 2 * seats[t]:
                self.at_most(crowd, 2 * seats[t])

    def _counted_by_people(self, seats: Sequence[int]) -> set[int]:
        """Slots in which the limit of busy participants is the limit of free tables: nobody has two meetings at once,
        and there are no other tables."""
        board = self.board
        return {
            t
            for t in range(board.slots)
            if board.limit[2 * board.people][t] == seats[t]
            and all(board.limit[v][t] <= 1 for v in range(board.people))
        }

    def fresh(self) -> int:
        """A new variable."""
        return next(self._next)

    def _bump(self, top: int) -> None:
        self._next = count(max(top + 1, self.fresh()))

    def exactly(self, literals: list[int], number: int) -> None:
        """Exactly `number` of the literals hold."""
        if number == 1 and len(literals) <= 12:
            self.clauses.append(list(literals))
            self.clauses += [[-x, -y] for n, x in enumerate(literals) for y in literals[:n]]
            return
        code = CardEnc.equals(literals, number, top_id=self.fresh(), encoding=EncType.seqcounter)
        self.clauses += code.clauses
        self._bump(code.nv)

    def at_most(self, literals: list[int], number: int) -> None:
        """At most `number` of the literals hold."""
        if number == 0:
            self.clauses += [[-x] for x in literals]
        elif number == 1 and len(literals) <= 8:
            self.clauses += [[-x, -y] for n, x in enumerate(literals) for y in literals[:n]]
        else:
            code = CardEnc.atmost(literals, number, top_id=self.fresh(), encoding=EncType.totalizer)
            self.clauses += code.clauses
            self._bump(code.nv)

    def either(self, literals: list[int]) -> int:
        """A literal that holds exactly if one of these does."""
        x = self.fresh()
        self.clauses.append([-x, *literals])
        self.clauses += [[-y, x] for y in literals]
        return x

    def _agenda(self, v: int, meetings: int, busy: Sequence[int | None]) -> None:
        """The breaks of one participant, and what its number of meetings implies."""
        board = self.board
        if max(board.limit[v]) == 1:
            literals = [x for x in busy if x is not None]
            if meetings < len(literals):
                self.exactly(literals, meetings)
        for run in board.rows():
            if all(busy[t] is not None for t in run):
                self.clauses.append([-(busy[t] or 0) for t in run])
        edges = sorted({0, *board.rules.problem.blocks, board.slots})
        for start, end in pairwise(edges):
            costs = self._breaks(busy, start, end)
            if costs and max(board.limit[v]) == 1:
                self._windows(meetings, busy, range(start, end), costs, whole=len(edges) == 2)

    def _breaks(self, busy: Sequence[int | None], start: int, end: int) -> list[int]:
        """The cost literals of one participant in a block."""
        costs: list[int] = []
        before: int | None = None
        for t in range(start, end - 1):
            now, following = busy[t], busy[t + 1]
            if before is not None and following is not None:
                cost = self.fresh()
                self.clauses.append([cost, -before, -following] + ([now] if now is not None else []))
                costs.append(cost)
            if now is not None:
                earlier, before = before, self.fresh()
                self.clauses.append([-now, before])
                if earlier is not None:
                    self.clauses.append([-earlier, before])
        self.costs += costs
        return costs

    def _windows(
        self, meetings: int, busy: Sequence[int | None], block: range, costs: Sequence[int], whole: bool
    ) -> None:
        """What it means to have no break in a block: no two meetings further apart than their number, none with an
        absence between; and where the block is the whole event, all of them fill one window."""
        broken = self.fresh()
        self.clauses += [[-cost, broken] for cost in costs]
        self.clauses.append([-broken, *costs])
        for t in block:
            now = busy[t]
            if now is None:
                continue
            absent = False
            for u in range(t + 1, block.stop):
                later = busy[u]
                absent |= later is None
                if later is not None and (absent or u - t >= meetings):
                    self.clauses.append([broken, -now, -later])
        if not whole:
            return
        windows = []
        for start in range(block.start, block.stop - meetings + 1):
            mine = [x for x in busy[start : start + meetings] if x is not None]
            if len(mine) == meetings:
                windows.append(self.fresh())
                self.clauses += [[-windows[-1], x] for x in mine]
        self.clauses.append([broken, *windows])


def prove(
    board: Board, pairs: Iterable[int], most: int, deadline: float = math.inf, conflicts: int = CONFLICTS
) -> Proof:
    """The last word on the idle runs of these meetings by the deadline (time.monotonic), or after so many conflicts;
    `most` are known to suffice.  None of the pairs may have a choice of two owners' tables.

    Without a near deadline the answer depends on nothing but the question.
    """
    formula = _Formula(board, pairs)
    top = formula.fresh()
    refuted, spent = -1, 0
    with Solver(name=SOLVER) as solver:
        solver.configure(OPTIONS)
        outputs: list[int] = []
        if formula.costs:
            counter = ITotalizer(formula.costs, ubound=max(1, min(most, len(formula.costs))), top_id=top)
            outputs = counter.rhs
            formula.clauses += counter.cnf.clauses
        for clause in formula.clauses:
            solver.add_clause(clause)
        for runs in range(most):
            possible = None
            while possible is None:
                left = deadline - time.monotonic()
                if spent >= conflicts or left <= 0:
                    return Proof(None, None, refuted)
                stretch = STRETCH if left > NEAR else SHORT
                solver.conf_budget(stretch)
                possible = solver.solve_limited(assumptions=[-outputs[runs]] if runs < len(outputs) else [])
                spent += stretch if possible is None else 0
            if possible:
                model = set(solver.get_model() or ())
                return Proof({e: t for (e, t), x in formula.at.items() if x in model}, runs, refuted)
            refuted = runs
    return Proof(None, most, refuted)  # the known answer
