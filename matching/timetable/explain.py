"""Why a wanted meeting is not in a timetable, and what would help, as data for the site to put into words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.timetable.board import Board, bits
from matching.timetable.pricing import Chosen
from matching.timetable.problem import Meeting, Problem
from matching.timetable.rulebook import AT_FREE, Rulebook

MOST = 200  # unmet pairs explained unless asked for


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair does not meet; the first kind that applies.

    forbidden; away (no slot in which both are present and that is allowed); maximum (of `participants`, filled by
    `instead`, best first); interpreter (`language`) or tables (sold out whenever both are free; one more is worth
    `worth` score units a slot); slot (both have room, but never at the same time: in `slot`, `instead` is in the way;
    `nearest` is the best pair of either that still fits); open (it would fit into `slot` as it is).
    """

    kind: str
    pair: int
    participants: tuple[int, ...] = ()
    language: str | None = None
    slot: int | None = None
    instead: tuple[int, ...] = ()
    worth: int | None = None
    nearest: int | None = None


def explain(
    problem: Problem,
    meetings: Sequence[Meeting],
    wanted: Iterable[int] | None = None,
    prices: Mapping[str, int] | None = None,
) -> tuple[Reason, ...]:
    """The reason for every pair of `wanted` that does not meet (None: those worth more than a meeting that one of
    their participants has instead, at most MOST).  `prices`: what one more of a supply is worth, from a timetable."""
    held = {m.pair: m.slot for m in meetings}
    board = Board(Rulebook(problem), held)
    for e, t in held.items():
        board.put(e, t)
    return explain_board(board, wanted, prices)


def explain_board(
    board: Board, wanted: Iterable[int] | None = None, prices: Mapping[str, int] | None = None
) -> tuple[Reason, ...]:
    """`explain` for meetings that stand on a board; unmet pairs are made known to it."""
    problem, held = board.rules.problem, board.slot
    agenda: defaultdict[int, list[int]] = defaultdict(list)
    for e in sorted(held, key=lambda e: (-int(problem.pairs.score[e]), e)):
        for v in problem.ends(e):
            agenda[v].append(e)
    unmet = [e for e in (_high(problem, agenda) if wanted is None else wanted) if e not in held]
    board.admit(unmet)
    return tuple(_reason(board, agenda, e, prices or {}) for e in unmet)


def _high(problem: Problem, agenda: Mapping[int, list[int]]) -> list[int]:
    """Pairs worth more than the least valuable meeting of one of the two, best first."""
    score, pairs = problem.pairs.score, problem.pairs
    least = np.array([int(score[agenda[v][-1]]) if agenda.get(v) else 0 for v in range(len(problem.participants))])
    high = np.flatnonzero(score > np.minimum(least[pairs.a], least[pairs.b]))
    held = {e for mine in agenda.values() for e in mine}
    ordered = high[np.argsort(-score[high], kind="stable")].tolist()
    return [e for e in ordered[: MOST + len(held)] if e not in held][:MOST]


def _reason(board: Board, agenda: Mapping[int, list[int]], e: int, prices: Mapping[str, int]) -> Reason:
    rules, problem = board.rules, board.rules.problem
    ends, pairs = problem.ends(e), problem.pairs
    if rules.banned[e]:
        return Reason("forbidden", e, ends)
    allowed = pairs.slots[e]
    together = [
        t
        for t in range(problem.slots)
        if all(rules.capacity[v, t] > 0 for v in ends) and (allowed is None or t in allowed)
    ]
    if not together:
        return Reason("away", e, ends)
    full = tuple(v for v in ends if len(agenda.get(v, ())) >= rules.maximum[v])
    if full:
        return Reason("maximum", e, full, instead=tuple(dict.fromkeys(f for v in full for f in agenda.get(v, ()))))
    now = bits(board.open(e))
    if now:
        return Reason("open", e, ends, slot=now[0])
    people = board.people
    free = [t for t in together if not any(board.full[v] >> t & 1 for v in ends)]
    language = pairs.language[e]
    if free and language is not None:
        r = 2 * people + 1 + int(rules.language[e])
        if all(board.full[r] >> t & 1 for t in free):
            return Reason("interpreter", e, ends, language, worth=prices.get(language, 0))
    if free and rules.place[e] == AT_FREE and all(board.full[2 * people] >> t & 1 for t in free):
        return Reason("tables", e, ends, worth=prices.get("free tables", 0))
    return _blocked(board, agenda, e)


def _blocked(board: Board, agenda: Mapping[int, list[int]], e: int) -> Reason:
    """No slot is open: where fewest meetings are in the way, and the best other pair that fits."""
    ends, score = board.ends[e], board.rules.problem.pairs.score
    ways = [
        (tuple(dict.fromkeys(f for r in board.blockers(e, t) for f in board.held[r][t])), t)
        for t in bits(board.allowed[e])
    ]
    others, slot = min(ways, key=lambda way: (len(way[0]), way[1])) if ways else ((), None)
    pairs = board.rules.problem.pairs
    near = [
        f
        for f in np.flatnonzero(np.isin(pairs.a, ends) | np.isin(pairs.b, ends)).tolist()
        if f not in board.slot and f != e
    ]
    board.admit(near)
    fitting = [
        f
        for f in near
        if board.open(f) and all(len(agenda.get(v, ())) < board.rules.maximum[v] for v in board.ends[f])
    ]
    return Reason(
        "slot", e, ends, slot=slot, instead=others, nearest=max(fitting, key=lambda f: int(score[f]), default=None)
    )


def group_prices(names: Sequence[str], chosen: Chosen) -> dict[str, int]:
    """Language, "free tables" or "all" -> what one more of it, in one slot, is worth in score units."""
    return {
        name: round(float(price)) for name, price in zip(names, chosen.prices.group, strict=False) if name != "cut"
    }
