"""Pins that cannot all be kept: a slot for each by SAT, or the smallest set of them and of limits that clash."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pysat.card import CardEnc, EncType
from pysat.solvers import Solver

from matching.timetable.board import Board, bits
from matching.timetable.limits import Constraint
from matching.timetable.problem import InfeasiblePins, Problem

STRETCH = 1000  # conflicts between two looks at the clock
Part = tuple[str, int]  # ("pair", e), ("supply", r) or ("row", v)


def slots_for_pins(board: Board, pins: Sequence[int]) -> dict[int, int]:
    """A slot for every pinned pair on an empty board; raises `InfeasiblePins` with a smallest set that clashes."""
    slots, clash = fit(board, pins)
    if slots is None:
        raise InfeasiblePins(in_words(board.rules.problem, clash), [_named(board, part) for part in clash])
    return slots


def fit(
    board: Board, pairs: Sequence[int], conflicts: int | None = None, deadline: float = float("inf")
) -> tuple[dict[int, int] | None, list[Part]]:
    """(a slot for each of these pairs, []), or (None, a smallest set of them and of limits that clash).

    (None, []) if neither is found within so many conflicts of the solver (None: any number) and by the deadline
    (time.monotonic); a set that clashes may then be larger than needed.
    """
    selector: dict[Part, int] = {("pair", e): n for n, e in enumerate(pairs, 1)}
    top = len(pairs)
    at: dict[tuple[int, int], int] = {}
    users: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    clauses: list[list[int]] = []
    for e in pairs:
        for t in bits(board.allowed[e]):
            top += 1
            at[e, t] = top
            for r in board.uses[e]:
                users[r, t].append(top)
            homes = board.homes.get(e, ())
            for n, r in enumerate(homes, top + 1):
                users[r, t].append(n)
            if homes:
                clauses.append([-top, *range(top + 1, top + 1 + len(homes))])
                top += len(homes)
        clauses.append([-selector["pair", e], *(at[e, t] for t in bits(board.allowed[e]))])
    for (r, t), literals in users.items():
        if len(literals) > board.limit[r][t]:
            if ("supply", r) not in selector:
                top += 1
                selector["supply", r] = top
            code = CardEnc.atmost(literals, board.limit[r][t], top_id=top, encoding=EncType.seqcounter)
            top = max(top, code.nv)
            clauses += [[-selector["supply", r], *clause] for clause in code.clauses]
    clauses += _rows(board, users, selector, top)
    with Solver(name="glucose4", bootstrap_with=clauses) as solver:

        def possible(assumed: Iterable[int]) -> bool | None:
            listed, spent = sorted(assumed), 0
            answer: bool | None = None
            while answer is None and time.monotonic() < deadline and (conflicts is None or spent < conflicts):
                solver.conf_budget(STRETCH)
                answer = solver.solve_limited(assumptions=listed)
                spent += STRETCH
            return answer

        answer = possible(selector.values())
        if answer:
            model = set(solver.get_model() or ())
            return {e: next(t for t in bits(board.allowed[e]) if at[e, t] in model) for e in pairs}, []
        if answer is None:
            return None, []
        core = set(solver.get_core() or ())
        # What can be left out without losing the contradiction is no part of the explanation.
        for one in sorted(core, reverse=True):
            if one in core and possible(core - {one}) is False:
                core = set(solver.get_core() or ())
    return None, [part for part, number in selector.items() if number in core]


def _rows(
    board: Board, users: dict[tuple[int, int], list[int]], selector: dict[Part, int], top: int
) -> list[list[int]]:
    """Clauses that forbid too many meetings in a row."""
    clauses: list[list[int]] = []
    busy: dict[tuple[int, int], int] = {}
    runs = board.rows()
    for (r, t), literals in users.items() if runs else ():
        if r < board.people:
            top += 1
            busy[r, t] = top
            clauses += [[-x, top] for x in literals]
    for v in sorted({r for r, _ in busy}):
        for run in runs:
            if all((v, t) in busy for t in run):
                if ("row", v) not in selector:
                    top += 1
                    selector["row", v] = top
                clauses.append([-selector["row", v], *(-busy[v, t] for t in run)])
    return clauses


def _named(board: Board, part: Part) -> Constraint:
    """A part of a clash as a constraint."""
    (kind, r), people = part, board.people
    if kind == "pair":
        return Constraint("pin", pair=r)
    if kind == "row":
        return Constraint("row", r)
    if r < people:
        there = tuple(t for t, most in enumerate(board.limit[r]) if most)
        return Constraint("capacity", r, slots=there)
    if r <= 2 * people:
        return Constraint("tables", None if r == 2 * people else r - people)
    return Constraint("interpreter", language=board.rules.languages[r - 2 * people - 1])


def in_words(problem: Problem, clash: Sequence[Part]) -> list[str]:
    """One sentence for a set of pins and limits that cannot all hold."""
    people = problem.participants
    pairs = [e for kind, e in clash if kind == "pair"]
    names = [f"pair {e} ({people[a].id or a} with {people[b].id or b})" for e in pairs for a, b in [problem.ends(e)]]
    limits = []
    for kind, r in clash:
        if kind == "pair":
            continue
        if kind == "row":
            limits.append(f"the limit of {problem.row_limit} meetings in a row for {people[r].id or r}")
        elif r < len(people):
            limits.append(f"the capacity of {people[r].id or f'participant {r}'}")
        elif r < 2 * len(people):
            limits.append(f"the seats at the tables of {people[r - len(people)].id or r - len(people)}")
        elif r == 2 * len(people):
            limits.append("the seats at free tables")
        else:
            limits.append(f"the interpreters of {tuple(problem.interpreters)[r - 2 * len(people) - 1]}")
    if len(pairs) == 1 and not limits:
        return [
            f"The pinned {names[0]} has no slot in which both are present, it is allowed, a table is open and an "
            "interpreter it needs is on duty."
        ]
    because = " and ".join(limits) or "the slots left to them"
    return [f"The pinned meetings cannot all be held: {', '.join(names)} do not fit into {because}."]
