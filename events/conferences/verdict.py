"""What the engine says of its answer, with ids in place of its indices: kept with the timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from events.conferences import hindrances
from events.conferences.encoding import Encoded, WishMap
from matching.timetable.explain import Reason, explain
from matching.timetable.problem import Timetable
from matching.timetable.shortage import Shortage


def quality(encoded: Encoded, answer: Timetable) -> dict[str, Any]:
    """What the engine says of its answer, for the page and the record. Units: 1/10,000 of fit."""
    problem = encoded.problem
    held = [0] * len(problem.participants)
    for m in answer.meetings:
        for v in problem.ends(m.pair):
            held[v] += 1
    missing = {
        encoded.participants[v]: p.minimum - held[v]
        for v, p in enumerate(problem.participants)
        if held[v] < p.minimum
    }
    return {
        "objective": answer.objective,
        "bound": answer.bound,
        "share": round(answer.objective / answer.bound, 6) if answer.bound and answer.objective > 0 else None,
        "proven": answer.proven,
        "proven_idle": answer.proven_idle,
        "idle_runs": answer.idle_runs,
        "under_minimum": {str(key): number for key, number in missing.items()},
        "seconds": round(answer.seconds.get("total", 0.0), 3),
        "meetings": len(answer.meetings),
    }


def unmet(
    encoded: Encoded, answer: Timetable, wishes: WishMap, closed: Mapping[tuple[int, int], str]
) -> list[dict[str, Any]]:
    """Wishes that became no meeting, with the engine's reason: ids in place of its indices.

    `closed`: what keeps pairs from meeting, see `barriers`.
    """
    met = {encoded.pairs[m.pair] for m in answer.meetings}
    wanted = sorted(_wanted(encoded, wishes) - met)
    numbers = [encoded.pair_number[pair] for pair in wanted if pair in encoded.pair_number]
    told = {r.pair: r for r in explain(encoded.problem, answer.meetings, numbers, answer.prices)}
    return [
        {
            "firm": firm,
            "partner": partner,
            "firm_wish": _value(wishes.get((firm, partner))),
            "partner_wish": _value(wishes.get((partner, firm))),
            **_reason(encoded, told.get(encoded.pair_number.get((firm, partner), -1)), closed.get((firm, partner))),
        }
        for firm, partner in wanted
    ]


def _reason(encoded: Encoded, reason: Reason | None, barrier: str | None) -> dict[str, Any]:
    if reason is None:
        return {"kind": "gate", "barrier": barrier, "who": [], "instead": [], "nearest": None}
    return {
        "kind": reason.kind,
        "who": [encoded.participants[v] for v in reason.participants],
        "instead": [list(encoded.pairs[e]) for e in reason.instead],
        "nearest": None if reason.nearest is None else list(encoded.pairs[reason.nearest]),
    }


def _wanted(encoded: Encoded, wishes: WishMap) -> set[tuple[int, int]]:
    """(firm, partner) of every pair that somebody wished for and nobody vetoed."""
    firms = {v for v, p in zip(encoded.participants, encoded.problem.participants, strict=True) if p.side == "firm"}
    pairs = {(a, b) if a in firms else (b, a) for (a, b), said in wishes.items() if said.value in ("yes", "must")}
    vetoed = {(a, b) if a in firms else (b, a) for (a, b), said in wishes.items() if said.value == "no"}
    return pairs - vetoed


def _value(wish: Any) -> str | None:
    return wish.value if wish is not None else None


def shortages(encoded: Encoded, short: Sequence[Shortage]) -> dict[str, Any]:
    """Participant's id as text -> why it is below its minimum."""
    return {str(encoded.participants[s.participant]): hindrances.stored(encoded, s) for s in short}
