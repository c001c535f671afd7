"""The ranked lists of a conference from the engine's fits: order, marks and reasons, as plain data for rows.

What was computed is held whole by the job process, so that one edited profile costs one row of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from companies.enums import Visibility
from events.conferences import exploration, ranking
from events.conferences.enums import Side
from events.conferences.model_versions import Adopted
from events.conferences.reasons import telling, term_key
from matching.explaining import Explainer
from matching.fairness import Lift, lifted
from matching.learning import Matrix
from matching.meeting_terms import Word
from matching.parts import Side as EngineSide
from matching.profiles import Profile
from matching.reasons import Explanation
from matching.scale import Scale
from matching.suggestions import Ranker
from matching.text.space import Text

LIST_LENGTH = 30  # lines stored of each ranked list; pages show the first and page through the rest
READABLE = (Visibility.PUBLIC, Visibility.PARTNER)


@dataclass(frozen=True)
class Who:
    """A participant as computing knows it: ids, and what the other side may read of its profile as a search key."""

    id: int
    organisation_id: int
    side: Side
    kind: str
    profile: Profile
    words: str


@dataclass(frozen=True)
class Rules:
    """What the organiser states about lists: the lift with the organisations it is for, and the exploration."""

    lift_points: int = 0
    lifted: frozenset[int] = frozenset()
    exploration_percent: int = 0
    met: Mapping[tuple[int, int], float] = field(default_factory=dict)  # (whose list, of whom) -> moved by


@dataclass(frozen=True)
class OfKind:
    """One kind of partner: ranker with model, scale, its partners as arrays, and their columns."""

    ranker: Ranker
    adopted: Adopted | None
    scale: Scale
    side: EngineSide
    columns: NDArray[np.intp]

    @property
    def chance(self) -> bool:
        return self.adopted is not None and self.adopted.calibrated


@dataclass(frozen=True)
class Computed:
    """The engine's answer for one conference: `common` (n, m) on one scale, `shown` as pages show it, and the lists.

    Kept as a whole by the job process, to compute single lists anew.
    """

    conference_id: int
    at: datetime
    firms: Sequence[Who]
    partners: Sequence[Who]
    left: EngineSide
    kinds: Mapping[str, OfKind]
    common: Matrix
    shown: Matrix
    gate: NDArray[np.int8]
    rules: Rules
    rows: list[dict[str, Any]]

    @property
    def engine(self) -> dict[str, Any]:
        """What the record keeps of each kind."""
        return {
            kind: {
                **of.ranker.describe(),
                "model": of.adopted.name if of.adopted else "",
                "calibrated": of.chance,
            }
            for kind, of in self.kinds.items()
        }


# --- lists -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class List:
    """One participant's list: positions of the others, best first; which were drawn from further down or lifted."""

    order: NDArray[np.intp]
    explored: frozenset[int]
    lifted: frozenset[int]


def all_rows(c: Computed) -> list[dict[str, Any]]:
    """Firms' lists vary by the kind of partner. Partners' do not by sector: who buys castings looks for foundries."""
    words: dict[Text, list[Word]] = {}
    explainers = {kind: Explainer(of.ranker, c.left, of.side, words) for kind, of in c.kinds.items()}
    known: dict[tuple[int, int], Explanation] = {}

    def explain(i: int, j: int) -> Explanation:
        if (i, j) not in known:
            of = c.kinds[c.partners[j].kind]
            known[i, j] = explainers[c.partners[j].kind].explain(i, int(np.searchsorted(of.columns, j)))
        return known[i, j]

    def of_firm(i: int, j: int) -> tuple[Who, float, Explanation]:
        return c.partners[j], float(c.shown[i, j]), explain(i, j)

    def of_partner(j: int, i: int) -> tuple[Who, float, Explanation]:
        return c.firms[i], float(c.shown[i, j]), explain(i, j)

    rows: list[dict[str, Any]] = []
    for i, found in enumerate(firm_lists(c, c.common, c.gate, c.firms)):
        rows += lines(c, c.firms[i], found, partial(of_firm, i))
    for j, found in enumerate(partner_lists(c, c.common, c.gate, c.partners)):
        rows += lines(c, c.partners[j], found, partial(of_partner, j))
    return rows


def firm_lists(c: Computed, common: Matrix, gate: NDArray[np.int8], owners: Sequence[Who]) -> list[List]:
    """Lists of the firms whose rows these are."""
    values = common - ranking.above_mean(c.common)[None, :] + _met(c, owners, c.partners)
    order = ranking.listed(values, gate != 0, LIST_LENGTH, [p.kind for p in c.partners])
    return _explored(c, order, owners, frozenset())


def partner_lists(c: Computed, common: Matrix, gate: NDArray[np.int8], owners: Sequence[Who]) -> list[List]:
    """Lists of the partners whose columns these are."""
    values = common - ranking.above_mean(c.common.T)[:, None] + _met(c, owners, c.firms).T
    chosen = frozenset(i for i, p in enumerate(c.firms) if p.organisation_id in c.rules.lifted)
    lifts = [Lift(chosen, c.rules.lift_points / 100, "recognised, no support this year")] if chosen else []
    values, raised = lifted(values, gate, lifts)
    order = ranking.listed(values.T, gate.T != 0, LIST_LENGTH)
    return _explored(c, order, owners, frozenset(raised))


def _met(c: Computed, owners: Sequence[Who], others: Sequence[Who]) -> Matrix:
    """How far those who met before are moved on the lists of `owners`, (owners, others)."""
    moved = np.zeros((len(owners), len(others)))
    rows = {p.organisation_id: n for n, p in enumerate(owners)}
    columns = {p.organisation_id: n for n, p in enumerate(others)}
    for (mine, other), points in c.rules.met.items():
        if mine in rows and other in columns:
            moved[rows[mine], columns[other]] = points
    return moved


def _explored(c: Computed, order: NDArray[np.intp], owners: Sequence[Who], raised: frozenset[int]) -> list[List]:
    found = []
    for row, owner in zip(order, owners, strict=True):
        drawn, moved = exploration.drawn(row, c.rules.exploration_percent, seed=(c.conference_id, owner.id))
        found.append(List(drawn[drawn >= 0], moved, raised))
    return found


Read = Callable[[int], tuple[Who, float, Explanation]]


def lines(c: Computed, mine: Who, found: List, read: Read) -> list[dict[str, Any]]:
    """The rows of one list."""
    rows = []
    for rank, key in enumerate(map(int, found.order), 1):
        other, fit, explanation = read(key)
        of_kind = c.kinds[other.kind if mine.side is Side.FIRM else mine.kind]
        rows.append(
            {
                "conference_id": c.conference_id,
                "participant_id": mine.id,
                "other_id": other.id,
                "rank": rank,
                "fit": round(float(fit), 6),
                "reasons": reasons(explanation, mine.side is Side.FIRM, other.words),
                "lifted": key in found.lifted,
                "explored": key in found.explored,
                "chance": of_kind.chance,
                "scorer_values": values_of(explanation),
                "model": of_kind.adopted.name if of_kind.adopted else "",
            }
        )
    return rows


def values_of(explanation: Explanation) -> dict[str, float | None]:
    """What each scorer said of a pair, None where one of the two says nothing."""
    return {c.scorer: round(c.share, 4) if c.known else None for c in explanation.contributions}


def reasons(explanation: Explanation, firm_reads: bool, readable: str) -> list[dict[str, Any]]:
    """The explanation as stored for one reader: own words first, the other's only where he may read them.

    `readable`: search key of all that the reader may read of the other's needs, offers and products. `share`: how
    much of what a scorer could give it gave (0..1).
    """
    lines = []
    for c in explanation.contributions:
        terms = c.terms if firm_reads else tuple((other, own) for own, other in c.terms)
        lines.append(
            {
                "scorer": c.scorer,
                "value": round(c.value, 4),
                "share": round(c.share, 3),
                "terms": [list(t) for t in telling([t for t in terms if term_key(t[1]) in readable])],
                "codes": list(c.codes)[:6],
                "known": c.known,
            }
        )
    return lines
