"""What people answered to suggestions, as the engine learns from it.

The rows are what they are elsewhere: wishes, reports on meetings, positions shown with what each scorer said by then.
Only conferences that are over are read, so that no answer ever moves a list of its own conference: somebody's no
would show there. Of a later conference it is one answer among many, and it knows scorers, not names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from companies.enums import Kind
from core.db import session
from events.conferences import rules
from events.conferences.enums import Report, Side, Wish
from events.conferences.models import Conference, Participant, PositionShown, Suggestion, WishRow
from events.enums import EventState
from events.models import Event
from matching.judging import Answers
from matching.weights import NEUTRAL, weights_of

Pair = tuple[int, int]  # participants: firm, partner
Reports = Callable[[Collection[int]], Mapping[tuple[int, int], Report]]
_reports: list[Reports] = []


def register_reports(read: Reports) -> Reports:
    """Plug in what is known of meetings: `read(conferences)` gives (who says, of whom) -> report."""
    if read not in _reports:
        _reports.append(read)
    return read


class _Row(NamedTuple):
    """A row that one participant has about another."""

    pair: Pair
    by: int
    row: Any
    organisation: int  # of the firm
    conference: int


@dataclass
class _Pair:
    """What is known of one pair."""

    firm: int  # its organisation
    conference: int
    values: Mapping[str, float | None] = field(default_factory=dict)
    rank: int | None = None
    said: dict[int, Wish] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)


@dataclass(frozen=True)
class Evidence:
    """The answers of a kind of partner, with what they are from. `digest` changes whenever they do."""

    answers: Answers
    firms: int
    conferences: int
    digest: str

    @property
    def inputs(self) -> dict[str, Any]:
        """What the record keeps of them."""
        given = self.answers.given
        return {
            "pairs": len(given),
            "answered": int(given.sum()),
            "firms": self.firms,
            "conferences": self.conferences,
            "agreed": round(float(self.answers.target.mean()), 4) if len(given) else 0.0,
            "digest": self.digest,
        }


def evidence(kind: Kind, *, at: datetime) -> Evidence:
    """All pairs of firms and partners of a kind of which something can be told, at conferences that are over."""
    over = list(session.scalars(_over(at)))
    pairs, active = _pairs(kind, over), _active(over)
    scorers = list(weights_of(kind.value))
    rows, firms, conferences = [], [], set()
    for (firm, partner), pair in sorted(pairs.items()):
        if pair.values.keys() != set(scorers):
            continue
        target = rules.outcome(
            (pair.said.get(firm), pair.said.get(partner)),
            answers=(firm in active, partner in active),
            reports=pair.reports,
        )
        if target is not None:
            values = [NEUTRAL if (v := pair.values[s]) is None else v for s in scorers]
            rows.append((values, target, pair.rank or 1, bool(pair.said or pair.reports)))
            firms.append(pair.firm)
            conferences.add(pair.conference)
    answers = Answers(
        np.array([r[0] for r in rows], dtype=np.float64).reshape(len(rows), len(scorers)),
        np.array([r[1] for r in rows], dtype=np.float64),
        np.array(firms, dtype=np.intp),
        np.array([r[2] for r in rows], dtype=np.intp),
        np.array([r[3] for r in rows], dtype=bool),
    )
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in answers)).hexdigest()[:16]
    return Evidence(answers, len(set(firms)), len(conferences), digest)


def _over(at: datetime) -> Select[Any]:
    return (
        select(Conference.id)
        .join(Event)
        .where(Event.ends_at < at, Event.state.in_((EventState.PUBLISHED, EventState.DONE)))
    )


def _active(conferences: Collection[int]) -> set[int]:
    """Participants that answered about anybody."""
    return set(
        session.scalars(select(WishRow.participant_id).where(WishRow.conference_id.in_(conferences)).distinct())
    )


def _pairs(kind: Kind, conferences: Collection[int]) -> dict[Pair, _Pair]:
    """Pairs that were shown, or of which somebody said something, with the values shown last at their best rank."""
    pairs: dict[Pair, _Pair] = {}
    for found in _rows(kind, conferences, PositionShown, PositionShown.day):
        known = pairs.setdefault(found.pair, _Pair(found.organisation, found.conference))
        known.values = found.row.scorer_values or known.values
        known.rank = min(found.row.rank, known.rank or found.row.rank)
    for found in _rows(kind, conferences, WishRow, WishRow.id):
        known = pairs.setdefault(found.pair, _Pair(found.organisation, found.conference))
        known.said[found.by] = found.row.wish
    for read in _reports:
        for (mine, other), report in read(conferences).items():
            for pair in ((mine, other), (other, mine)):
                if pair in pairs:
                    pairs[pair].reports.append(report)
    if any(not p.values for p in pairs.values()):  # answered without being shown: by telephone, or found by search
        for found in _rows(kind, conferences, Suggestion, Suggestion.id):
            if found.pair in pairs and not pairs[found.pair].values:
                pairs[found.pair].values = found.row.scorer_values
    return pairs


def _rows(kind: Kind, conferences: Collection[int], model: Any, order: Any) -> Iterator[_Row]:
    """Rows of a table in which one participant has something about another, where the partner is of the kind."""
    mine, other = aliased(Participant), aliased(Participant)
    firm_says = and_(mine.side == Side.FIRM, other.kind == kind)
    partner_says = and_(other.side == Side.FIRM, mine.kind == kind)
    rows = session.execute(
        select(
            model,
            mine.side,
            mine.organisation_id,
            other.organisation_id,
            mine.conference_id,
        )
        .join(mine, mine.id == model.participant_id)
        .join(other, other.id == model.other_id)
        .where(mine.conference_id.in_(conferences), or_(firm_says, partner_says))
        .order_by(order)
    )
    for row, side, own, others, conference in rows:
        ids = row.participant_id, row.other_id
        firm = side is Side.FIRM
        yield _Row(ids if firm else ids[::-1], row.participant_id, row, own if firm else others, conference)
