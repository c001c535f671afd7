"""Suggestions: who should meet whom, computed by the engine in a task and stored with their reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert

import vietnamese
from companies.enums import Kind, Visibility
from companies.models import Organisation
from companies.queries import for_matching
from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l
from core.timers import timer
from events.conferences import encoding, lift, queries, ranking
from events.conferences.enums import Side
from events.conferences.models import Conference, PairScores, Participant, Suggestion
from events.conferences.reasons import telling, term_key
from matching.explaining import Explainer
from matching.fairness import Lift, lifted
from matching.profiles import Profile
from matching.reasons import Explanation
from matching.suggestions import Ranker

LIST_LENGTH = 30  # lines stored of each ranked list; pages show the first and page through the rest
READABLE = (Visibility.PUBLIC, Visibility.PARTNER)


@dataclass(frozen=True)
class Computed:
    """The engine's answer for one conference, still without database rows."""

    firm_ids: list[int]
    partner_ids: list[int]
    fit: np.ndarray[Any, np.dtype[np.float32]]
    gate: np.ndarray[Any, np.dtype[np.int8]]
    engine: dict[str, Any]
    lift_points: int
    rows: list[dict[str, Any]]


def ask(conference: Conference, *, by: Any, at: datetime) -> tasks.Task:
    """Have the suggestions computed in the background."""
    counts = queries.side_counts(conference)
    if not counts.get(Side.FIRM) or not counts.get(Side.PARTNER):
        raise Conflict(_("Suggestions need at least one firm and one partner. Register participants first."))
    return tasks.start("suggestions", by=by, at=at, key=f"conference:{conference.id}", conference_id=conference.id)


@tasks.handler("suggestions")
def run(context: tasks.Context, *, conference_id: int) -> dict[str, Any]:
    """Compute and store the suggestions of a conference."""
    found = refresh(conference_id, context=context)
    return {"url": f"/conferences/{conference_id}", "message": _("%(count)d suggestions are ready.", count=found)}


@timer("stale suggestions", seconds=20)
def refresh_stale(at: datetime) -> None:
    """Recompute the suggestions of coming conferences whose participants or profiles changed."""
    for conference in queries.to_come(at):
        counts = queries.side_counts(conference)
        if counts.get(Side.FIRM) and counts.get(Side.PARTNER) and queries.is_stale(conference):
            refresh(conference.id)


def refresh(conference_id: int, context: tasks.Context | None = None) -> int:
    """Compute and store; return the number of lines stored. Nothing slow happens inside the write block."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    participants = queries.all_participants(conference)
    started = clock.now()
    computed = compute(conference, participants, context)
    session.rollback()
    with write():
        if context is not None:
            context.hold()
        store(conference_id, computed, at=started)
    return len(computed.rows)


def compute(
    conference: Conference, participants: Sequence[Participant], context: tasks.Context | None = None
) -> Computed:
    """Score all pairs, kind by kind, and rank each participant's list."""
    profiles, organisations = _profiles(participants)
    firms = [p for p in participants if p.side is Side.FIRM]
    partners = [p for p in participants if p.side is Side.PARTNER]
    fit = np.zeros((len(firms), len(partners)), np.float64)
    gate = np.zeros((len(firms), len(partners)), np.int8)
    left, right = [profiles[p.id] for p in firms], [profiles[p.id] for p in partners]
    fitted = Ranker(kind="general").fit(left, right)
    explainers: dict[Kind, _Explained] = {}
    kinds = sorted({p.kind for p in partners})
    for n, kind in enumerate(kinds):
        if context is not None:
            context.progress(n, len(kinds) + 1, _l("Comparing needs with offers"))
        columns = [j for j, p in enumerate(partners) if p.kind is kind]
        ranker, of_kind = fitted.for_kind(kind.value), [right[j] for j in columns]
        scores = ranker.score(left, of_kind)
        fit[:, columns], gate[:, columns] = scores.fit, scores.gate
        places = {partners[j].id: n for n, j in enumerate(columns)}
        explainers[kind] = _Explained(ranker, Explainer(ranker, left, of_kind), places)
    gate[_same_organisation(firms, partners)] = 1
    fit[gate != 0] = 0.0
    points = conference.lift_points
    rows = _rank(conference.id, firms, partners, fit, gate, _lifts(conference, firms))
    _explain(rows, {p.id: p for p in participants}, {p.id: n for n, p in enumerate(firms)}, organisations, explainers)
    return Computed(
        [p.id for p in firms],
        [p.id for p in partners],
        fit.astype(np.float32),
        gate,
        {kind.value: explained.ranker.describe() for kind, explained in explainers.items()},
        points,
        rows,
    )


def store(conference_id: int, computed: Computed, *, at: datetime) -> None:
    """Replace the stored scores and lists. Participants who left meanwhile are left out."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    present = {p.id for p in queries.all_participants(conference)}
    session.execute(delete(PairScores).where(PairScores.conference_id == conference_id))
    session.execute(delete(Suggestion).where(Suggestion.conference_id == conference_id))
    row = PairScores(
        conference_id=conference_id,
        computed_at=at,
        engine=computed.engine,
        lift_points=computed.lift_points,
        firm_ids=computed.firm_ids,
        partner_ids=computed.partner_ids,
        fit=computed.fit.tobytes(),
        gate=computed.gate.tobytes(),
    )
    session.add(row)
    kept = [r for r in computed.rows if r["participant_id"] in present and r["other_id"] in present]
    if kept:
        session.execute(insert(Suggestion), kept)
    session.flush()
    audit.record(
        "suggestions.compute",
        conference,
        by="job:suggestions",
        at=at,
        lines=len(kept),
        lift_points=computed.lift_points,
        engine=computed.engine,
    )


def _profiles(participants: Sequence[Participant]) -> tuple[dict[int, Profile], dict[int, Organisation]]:
    """Without anybody's no: a name that went from the other's list would tell of it. The timetable knows them."""
    loaded = {o.id: o for o in for_matching([p.organisation_id for p in participants])}
    day = encoding.matching_day()
    profiles = {p.id: encoding.profile_of(p, loaded[p.organisation_id], on=day) for p in participants}
    return profiles, {p.id: loaded[p.organisation_id] for p in participants}


def _same_organisation(firms: Sequence[Participant], partners: Sequence[Participant]) -> Any:
    left = np.array([p.organisation_id for p in firms]).reshape(-1, 1)
    right = np.array([p.organisation_id for p in partners]).reshape(1, -1)
    return left == right


def _lifts(conference: Conference, firms: Sequence[Participant]) -> list[Lift]:
    if not conference.lift_points:
        return []
    chosen = lift.without_support(conference, [p.organisation_id for p in firms], on=clock.today())
    rows = frozenset(n for n, p in enumerate(firms) if p.organisation_id in chosen)
    return [Lift(rows, conference.lift_points / 100, "recognised, no support this year")]


def _rank(
    conference_id: int,
    firms: Sequence[Participant],
    partners: Sequence[Participant],
    fit: Any,
    gate: Any,
    lifts: Sequence[Lift],
) -> list[dict[str, Any]]:
    """Firms' lists vary by the kind of partner. Partners' do not by sector: who buys castings looks for foundries."""
    rows: list[dict[str, Any]] = []
    of_firms = ranking.listed(ranking.order_values(fit), gate != 0, LIST_LENGTH, [p.kind.value for p in partners])
    values, raised = lifted(ranking.order_values(fit.T).T, gate, lifts)
    of_partners = ranking.listed(values.T, gate.T != 0, LIST_LENGTH)
    for mine, theirs, shown, orders, marked in (
        (firms, partners, fit, of_firms, {}),
        (partners, firms, fit.T, of_partners, raised),
    ):
        for i, order in enumerate(orders):
            rows += [
                {
                    "conference_id": conference_id,
                    "participant_id": mine[i].id,
                    "other_id": theirs[j].id,
                    "rank": rank,
                    "fit": round(float(shown[i, j]), 6),
                    "reasons": [],
                    "lifted": int(j) in marked,
                }
                for rank, j in enumerate((j for j in order if j >= 0), 1)
            ]
    return rows


@dataclass(frozen=True)
class _Explained:
    """A kind's ranker and explainer, and the place of each partner among those of its kind."""

    ranker: Ranker
    explainer: Explainer
    places: Mapping[int, int]


def _explain(
    rows: Sequence[dict[str, Any]],
    participants: Mapping[int, Participant],
    firm_places: Mapping[int, int],
    organisations: Mapping[int, Organisation],
    explainers: Mapping[Kind, _Explained],
) -> None:
    """Put the reasons beside each line; a pair on two lists is explained once."""
    known: dict[tuple[int, int], Explanation] = {}
    words = {key: _readable_words(organisation) for key, organisation in organisations.items()}
    for row in rows:
        mine, other = participants[row["participant_id"]], participants[row["other_id"]]
        firm, partner = (mine, other) if mine.side is Side.FIRM else (other, mine)
        pair = firm.id, partner.id
        if pair not in known:
            of_kind = explainers[partner.kind]
            known[pair] = of_kind.explainer.explain(firm_places[firm.id], of_kind.places[partner.id])
        weights = explainers[partner.kind].ranker.weights_
        row["reasons"] = reasons(known[pair], mine is firm, words[other.id], weights)


def reasons(
    explanation: Explanation, firm_reads: bool, readable: str, weights: Mapping[str, float]
) -> list[dict[str, Any]]:
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
                "share": round(c.value / weights[c.scorer], 3) if weights[c.scorer] else 0.0,
                "terms": [list(t) for t in telling([t for t in terms if term_key(t[1]) in readable])],
                "codes": list(c.codes)[:6],
                "known": c.known,
            }
        )
    return lines


def _readable_words(organisation: Organisation) -> str:
    texts: list[str | None] = []
    for row in organisation.needs_offers:
        if row.visibility in READABLE:
            texts += [row.text_vi, row.text_en, row.text_original]
    for product in organisation.products:
        texts += [product.name_vi, product.name_en, product.description_vi, product.description_en]
    texts += [organisation.intro_vi, organisation.intro_en]
    return vietnamese.search_key(" ".join(t for t in texts if t))
