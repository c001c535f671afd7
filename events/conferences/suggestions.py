"""Suggestions: who should meet whom, computed by the engine in the background and stored with their reasons.

All lists of a conference are computed when participants, rules or models change; the list of one edited profile at
once, from what the job process holds in memory of the computation before.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, update

from companies.queries import for_matching
from core import audit, clock, tasks
from core.db import get, session, write
from core.errors import Conflict
from core.i18n import _, _l
from core.timers import timer
from events.conferences import (
    computing,
    engine_profiles,
    freshness,
    history,
    lift,
    model_versions,
    queries,
    ranked_lists,
    ranking,
)
from events.conferences.enums import Side
from events.conferences.listing import Computed, Rules, Who
from events.conferences.models import Conference, PairScores, Participant, Suggestion

HELD = 3  # computations kept in memory, the latest of each conference


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
        if counts.get(Side.FIRM) and counts.get(Side.PARTNER) and freshness.is_stale(conference):
            refresh(conference.id)


@timer("edited profiles", seconds=0.5)
def refresh_edited(at: datetime) -> None:
    """Compute the own lists of those who edited their profile since. The lists of the others follow in their turn."""
    for conference in [c for c in queries.to_come(at) if held.of(c.id) is not None]:
        for participant_id in freshness.edited(conference):
            refresh_own(participant_id)


class Held:
    """The latest computations of this process by conference: arrays and plain data, no rows."""

    def __init__(self) -> None:
        self._computed: dict[int, Computed] = {}
        self._lock = threading.Lock()

    def keep(self, computed: Computed) -> None:
        with self._lock:
            self._computed.pop(computed.conference_id, None)
            self._computed[computed.conference_id] = computed
            while len(self._computed) > HELD:
                self._computed.pop(next(iter(self._computed)))

    def of(self, conference_id: int) -> Computed | None:
        return self._computed.get(conference_id)


held = Held()


# --- all lists -------------------------------------------------------------------------------------------------


def refresh(conference_id: int, context: tasks.Context | None = None) -> int:
    """Compute and store; return the number of lines stored. Nothing slow happens inside the write block."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    participants, started = queries.all_participants(conference), clock.now()
    people, stated, models = read(participants), _rules(conference, participants), model_versions.adopted()
    session.rollback()

    def progress(done: int, total: int) -> None:
        if context is not None:
            context.progress(done, total, _l("Comparing needs with offers"))

    computed = computing.compute(conference_id, people, stated, models, at=started, progress=progress)
    with write():
        if context is not None:
            context.hold()
        store(computed)
    held.keep(computed)
    return len(computed.rows)


def store(computed: Computed) -> None:
    """Replace the stored scores and lists. Participants who left meanwhile are left out."""
    conference = get(Conference, computed.conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    present = {p.id for p in queries.all_participants(conference)}
    session.execute(delete(PairScores).where(PairScores.conference_id == conference.id))
    session.execute(delete(Suggestion).where(Suggestion.conference_id == conference.id))
    engine = computed.engine
    session.add(
        PairScores(
            conference_id=conference.id,
            computed_at=computed.at,
            engine=engine,
            lift_points=computed.rules.lift_points,
            exploration_percent=computed.rules.exploration_percent,
            firm_ids=[p.id for p in computed.firms],
            partner_ids=[p.id for p in computed.partners],
            fit=computed.common.astype(np.float32).tobytes(),
            gate=computed.gate.tobytes(),
        )
    )
    kept = [r for r in computed.rows if r["participant_id"] in present and r["other_id"] in present]
    if kept:
        session.execute(insert(Suggestion), kept)
    listed = update(Participant).where(Participant.conference_id == conference.id).values(listed_at=computed.at)
    session.execute(listed.execution_options(synchronize_session=False))
    session.flush()
    session.expire_all()
    audit.record(
        "suggestions.compute",
        conference,
        by="job:suggestions",
        at=computed.at,
        lines=len(kept),
        lift_points=computed.rules.lift_points,
        exploration_percent=computed.rules.exploration_percent,
        engine=engine,
    )


def read(participants: Sequence[Participant]) -> list[Who]:
    """Participants as plain data.

    Without anybody's no: a name that went from the other's list would tell of it. The timetable knows them.
    """
    loaded = {o.id: o for o in for_matching([p.organisation_id for p in participants])}
    day = engine_profiles.matching_day()
    return [
        computing.who(
            p, loaded[p.organisation_id], engine_profiles.profile_of(p.id, loaded[p.organisation_id], on=day)
        )
        for p in participants
    ]


def _rules(conference: Conference, participants: Sequence[Participant]) -> Rules:
    chosen: frozenset[int] = frozenset()
    if conference.lift_points:
        firms = [p.organisation_id for p in participants if p.side is Side.FIRM]
        chosen = lift.without_support(conference, firms, on=clock.today())
    again, met = history.wanted_again(conference), history.met_before(conference, at=clock.now())
    moved = {pair: ranking.CONTINUED if pair in again else ranking.MET_BEFORE for pair in met}
    return Rules(conference.lift_points, chosen, conference.exploration_percent, moved)


# --- one list --------------------------------------------------------------------------------------------------


def refresh_own(participant_id: int) -> int | None:
    """Compute the list of one edited profile against all others; return its length.

    None where that cannot be done from memory, or other lists were stored meanwhile: all are computed in their turn.
    """
    participant = get(Participant, participant_id)
    computed = held.of(participant.conference_id) if participant is not None else None
    if participant is None or computed is None or not _stored(computed):
        return None
    started = clock.now()
    (edited,) = read([participant])
    session.rollback()
    try:
        rows = computing.own_list(computed, edited)
    except KeyError:
        return None
    with write():
        if not _stored(computed):
            return None
        present = {p.id for p in queries.participants_by_id([r["other_id"] for r in rows])}
        session.execute(delete(Suggestion).where(Suggestion.participant_id == participant_id))
        if kept := [r for r in rows if r["other_id"] in present]:
            session.execute(insert(Suggestion), kept)
        session.execute(update(Participant).where(Participant.id == participant_id).values(listed_at=started))
        audit.record("suggestions.own", f"participant:{participant_id}", by="job:suggestions", at=started,
                     lines=len(kept), models=sorted({r["model"] for r in kept}))  # fmt: skip
    return len(kept)


def _stored(computed: Computed) -> bool:
    """Whether the lists in the database are those of this computation."""
    row = ranked_lists.scores_made_at(computed.conference_id)
    return row is not None and row == computed.at
