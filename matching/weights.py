"""What counts how much in each kind of conference: the hand-set weights, in one table, and the gates of a kind.

A row sums to 1. `text` is the meeting of needs and offers; the others compare structured facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SCORERS = (
    "text", "sector", "hs", "certificates", "markets", "languages", "loan", "size", "capacity", "distance", "tags",
)  # fmt: skip

WEIGHTS: Mapping[str, Mapping[str, float]] = MappingProxyType({
    "university": {"text": 0.6, "sector": 0.2, "tags": 0.1, "distance": 0.05, "languages": 0.05},
    "institute": {"text": 0.6, "sector": 0.2, "tags": 0.1, "distance": 0.05, "languages": 0.05},
    "vocational_school": {"text": 0.35, "sector": 0.3, "capacity": 0.15, "distance": 0.15, "tags": 0.05},
    "bank": {"text": 0.15, "sector": 0.2, "size": 0.15, "loan": 0.4, "tags": 0.1},
    "credit_fund": {"text": 0.15, "sector": 0.2, "size": 0.15, "loan": 0.4, "tags": 0.1},
    "fdi": {"text": 0.4, "hs": 0.3, "certificates": 0.15, "capacity": 0.1, "sector": 0.05},
    "corporation": {"text": 0.4, "hs": 0.3, "certificates": 0.15, "capacity": 0.1, "sector": 0.05},
    "technology_supplier": {"text": 0.6, "sector": 0.25, "languages": 0.08, "markets": 0.07},
    "firm": {"text": 0.5, "sector": 0.15, "hs": 0.2, "certificates": 0.05, "markets": 0.05, "distance": 0.05},
    "general": {"text": 0.6, "sector": 0.2, "hs": 0.1, "markets": 0.05, "distance": 0.05},
    "text": {"text": 1.0},
})  # fmt: skip

GATES = ("open", "same_profile", "same_group", "declined", "loan_range", "certificate")
_ALWAYS = ("same_profile", "same_group", "declined")
GATES_OF_KIND: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "bank": (*_ALWAYS, "loan_range"),
    "credit_fund": (*_ALWAYS, "loan_range"),
    "fdi": (*_ALWAYS, "certificate"),
    "corporation": (*_ALWAYS, "certificate"),
})  # fmt: skip

# How much each direction of the text counts by itself, (the first side's needs, the second side's needs); the rest is
# the harmonic mean of both. First side: the firms; second side: partners of the kind. A buyer's need that a firm
# meets is worth a meeting even if the buyer sells nothing that the firm wants; a lender has no needs of its own.
ALONE: Mapping[str, tuple[float, float]] = MappingProxyType({
    "university": (0.3, 0.0),
    "institute": (0.3, 0.0),
    "vocational_school": (0.3, 0.0),
    "bank": (0.5, 0.0),
    "credit_fund": (0.5, 0.0),
    "fdi": (0.0, 0.8),
    "corporation": (0.0, 0.8),
    "technology_supplier": (0.15, 0.0),
})  # fmt: skip

NEUTRAL = 0.25  # the value of a scorer that one of the two says nothing about: below a good answer, above a bad one

# Kinds of part that speak of the same thing; any pair not named here counts at OTHER_KIND.
_FAMILIES = (
    {"technical_problem", "research", "service", "process"},
    {"trade", "programme"},
    {"part", "product", "process", "equipment"},
    {"equipment", "service", "process"},
    {"loan"},
)
OTHER_KIND = 0.6


def weights_of(kind: str, weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Weights of the scorers for a kind, summing to 1. An unknown kind counts as "general".

    Raises ValueError when `weights` names an unknown scorer, is negative, not finite, or sums to nothing.
    """
    chosen = dict(WEIGHTS.get(kind, WEIGHTS["general"]) if weights is None else weights)
    if unknown := set(chosen) - set(SCORERS):
        raise ValueError(f"no such scorer: {', '.join(sorted(unknown))}")
    total = sum(chosen.values())
    if not all(0 <= value < float("inf") for value in chosen.values()) or total <= 0:
        raise ValueError("weights are numbers of 0 or more, with a sum above 0")
    return {name: value / total for name, value in chosen.items() if value > 0}


def alone_of(kind: str) -> tuple[float, float]:
    """Shares of the two directions of the text that count by themselves in a kind of conference."""
    return ALONE.get(kind, (0.0, 0.0))


def gates_of(kind: str) -> tuple[str, ...]:
    """Names of the gates that close a pair in a kind of conference."""
    return GATES_OF_KIND.get(kind, _ALWAYS)


def kind_factor(one: str, other: str) -> float:
    """How far two kinds of part speak of the same thing, 1 for the same."""
    if one == other or "general" in (one, other):
        return 1.0
    return 1.0 if any(one in family and other in family for family in _FAMILIES) else OTHER_KIND
