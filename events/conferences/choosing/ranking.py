"""Ranking the candidates of a conference by its stated criteria, in a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from companies import rules as company_rules
from companies import title_terms
from companies.directory import present_in
from companies.enums import Kind, Recognition
from companies.models import Organisation
from companies.queries import for_matching, ids_of_kinds
from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l, ngettext
from events.conferences import engine_profiles
from events.conferences import queries as conference_queries
from events.conferences.choosing import queries, rules
from events.conferences.choosing.enums import CandidateState, Criterion
from events.conferences.choosing.models import Candidate, Choice
from events.conferences.enums import Side
from events.conferences.models import Conference
from matching.suggestions import Ranker

MOST_PARTNERS = 400  # of the directory, where nobody has joined yet


def ask(conference: Conference, *, by: Any, at: datetime) -> tasks.Task:
    """Have the candidates ranked in the background."""
    return tasks.start("candidates", by=by, at=at, key=f"conference:{conference.id}", conference_id=conference.id)


@tasks.handler("candidates")
def run(context: tasks.Context, *, conference_id: int) -> dict[str, Any]:
    """Rank every firm of the directory for a conference."""
    context.progress(0, 2, _l("Comparing firms with the partners"))
    number = rank(conference_id, by=context.by, hold=context.hold)
    return {
        "url": f"/conferences/{conference_id}/candidates",
        "message": ngettext("%(num)d firm is ranked.", "%(num)d firms are ranked.", number),
    }


def rank(conference_id: int, *, by: Any, hold: Any = None) -> int:
    """Mark every firm by the criteria; what was decided stays. The comparing is done outside the write block."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    choice = queries.choice(conference)
    weights = weights_of(choice)
    firms = queries.firms()
    marks = _marks(conference, firms, set(choice.sectors) if choice else set())
    rows = {key: (found, rules.points(found, weights)) for key, found in marks.items()}
    session.rollback()
    with write():
        if hold is not None:
            hold()
        _store(conference_id, rows, by=by, at=clock.now())
    return len(rows)


def weights_of(choice: Choice | None) -> dict[str, int]:
    """How much each criterion of a conference counts."""
    stated = choice.weights if choice is not None else {}
    return {c.value: int(stated.get(c.value, rules.WEIGHTS[c])) for c in Criterion}


def _marks(conference: Conference, firms: Sequence[Organisation], sectors: set[str]) -> dict[int, dict[str, float]]:
    on, ids, terms = clock.today(), [o.id for o in firms], title_terms.present()
    present, supported = present_in(ids), queries.supported(ids, year=conference.event.days[0].year)
    fits = _fits(conference, firms)
    found = {}
    for n, o in enumerate(firms):
        held = company_rules.recognition(((a.year, a.valid_until) for a in o.awards), on=on, terms=terms)
        marks = rules.marks(
            recognised=held is Recognition.RECOGNISED,
            sector=o.sector.value if o.sector else None,
            sectors=sectors,
            supported=o.id in supported,
            complete=company_rules.complete_share(o.kinds, present.get(o.id, frozenset())),
            fits=fits[n],
        )
        found[o.id] = {name.value: round(mark, 4) for name, mark in marks.items()}
    return found


def _fits(conference: Conference, firms: Sequence[Organisation]) -> list[list[float]]:
    """For each firm its fit with each partner: with those who joined, else with all of the conference's kinds."""
    kinds = [Kind(k) for k in conference.partner_kinds]
    joined = [
        (p.organisation_id, p.kind) for p in conference_queries.all_participants(conference) if p.side is Side.PARTNER
    ]
    if not joined:
        joined = [(key, kind) for kind in kinds for key in ids_of_kinds([kind])][:MOST_PARTNERS]
    if not joined or not firms:
        return [[] for _firm in firms]
    loaded = {o.id: o for o in for_matching(key for key, _kind in joined)}
    day = engine_profiles.matching_day()
    left = [engine_profiles.profile_of(o.id, o, on=day) for o in firms]
    right = [engine_profiles.profile_of(key, loaded[key], on=day) for key, _kind in joined]
    fitted = Ranker(kind="general").fit(left, right)
    fit = np.zeros((len(left), len(right)))
    for kind in {kind for _key, kind in joined}:
        columns = [j for j, (_key, k) in enumerate(joined) if k is kind]
        scores = fitted.for_kind(kind.value).score(left, [right[j] for j in columns])
        fit[:, columns] = np.where(scores.gate == 0, scores.fit, 0.0)
    return [[float(value) for value in row] for row in fit]


def _store(conference_id: int, rows: dict[int, tuple[dict[str, float], float]], *, by: Any, at: datetime) -> None:
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    known = queries.by_organisation(conference)
    for key, row in known.items():
        if key not in rows and row.state is CandidateState.PROPOSED and row.registration_id is None:
            session.delete(row)  # no firm any more
    for key, (marks, points) in rows.items():
        row = known.get(key) or Candidate(conference_id=conference_id, organisation_id=key)
        row.marks, row.points = marks, points
        if key not in known:
            session.add(row)
    choice = queries.choice(conference) or Choice(conference_id=conference_id, weights={}, sectors=[])
    choice.ranked_at = at
    session.add(choice)
    session.flush()
    audit.record("candidates.rank", conference, by=by, at=at, firms=len(rows), weights=weights_of(choice))
