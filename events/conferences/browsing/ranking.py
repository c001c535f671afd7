"""Ranking the firms for partners, by a task or by the timer; what is stored says no more than a partner may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from companies.enums import Kind
from companies.models import Organisation
from companies.queries import for_matching, ids_of_kinds
from core import audit, clock, tasks
from core.db import session, write
from core.i18n import _l, ngettext
from core.timers import timer
from events.conferences import computing, engine_profiles, listing
from events.conferences.browsing import operations, queries, rules
from matching.explaining import Explainer
from matching.meeting_terms import Word
from matching.profiles import Profile
from matching.scale import Scale
from matching.suggestions import Ranker
from matching.text.space import Text

Lines = list[dict[str, Any]]


def ask(organisation: Organisation, *, by: Any, at: datetime) -> tasks.Task:
    """Have the firms ranked for one partner in the background."""
    return tasks.start(
        "matches", by=by, at=at, key=f"organisation:{organisation.id}", organisation_id=organisation.id
    )


@tasks.handler("matches")
def run(context: tasks.Context, *, organisation_id: int) -> dict[str, Any]:
    """Rank every firm of the directory for one partner."""
    context.progress(0, 2, _l("Comparing firms with your profile"))
    number = rank([organisation_id], by=context.by, hold=context.hold)
    return {
        "url": f"/organisations/{organisation_id}/matches",
        "message": ngettext("%(num)d firm is ranked.", "%(num)d firms are ranked.", number),
    }


@timer("matches", seconds=600)
def rank_anew(at: datetime) -> None:
    """Rank for all partners with people whose list is missing or old."""
    if keys := queries.due(at):
        rank(keys, by=None)


@timer("first matches", seconds=10)
def rank_first(at: datetime) -> None:
    """Rank for partners who have no list at all yet, so that they find one when they look for the first time."""
    if keys := queries.without_list():
        rank(keys, by=None)


def rank(partners: Sequence[int], *, by: Any, hold: Any = None) -> int:
    """Rank the firms for these partners; how many lines were stored. Comparing is done outside the write block."""
    found = _lists(partners)
    session.rollback()
    number = 0
    for key, lines in found.items():
        with write():
            if hold is not None:
                hold()
            operations.store(key, lines, at=clock.now())
            audit.record("matches.rank", f"organisation:{key}", by=by, at=clock.now(), firms=len(lines))
        number += len(lines)
    return number


def _lists(partners: Sequence[int]) -> dict[int, Lines]:
    """partner -> the lines of its list."""
    kinds, day = queries.partner_kinds(partners), engine_profiles.matching_day()
    right = [row for row in for_matching(partners) if row.id in kinds]
    firms = for_matching(ids_of_kinds([Kind.FIRM])) if right else ()
    if not firms:
        return {row.id: [] for row in right}
    left = [as_partners_read(row, day) for row in firms]
    offered = {row.id: engine_profiles.profile_of(row.id, row, on=day) for row in right}
    fitted = Ranker(kind="general").fit(left, list(offered.values()))
    words: dict[Text, list[Word]] = {}
    found: dict[int, Lines] = {}
    for kind in sorted({kinds[row.id] for row in right}):
        these = [row for row in right if kinds[row.id] is kind]
        ranker = fitted.for_kind(kind.value)
        for row, lines in zip(
            these, _of_kind(ranker, firms, left, [offered[r.id] for r in these], words), strict=True
        ):
            found[row.id] = [line for line in lines if line["firm_id"] != row.id][: rules.LONGEST]
    return found


def as_partners_read(firm: Organisation, day: date) -> Profile:
    """A firm as every partner may read it: neither its revenue nor what it keeps for matched partners counts, so that
    a place on a list tells nothing of them."""
    return replace(engine_profiles.profile_of(firm.id, firm, on=day, readers=listing.READABLE), revenue=None)


def _of_kind(
    ranker: Ranker, firms: Sequence[Organisation], left: Sequence[Profile], right: Sequence[Profile],
    words: dict[Text, list[Word]],
) -> list[Lines]:  # fmt: skip
    """The lines of each partner of one kind, the best first."""
    a, b = ranker.side(left), ranker.side(right)
    scores = ranker.score_sides(a, b)
    ranker.scale = Scale(ranker.kind).fit(scores.fit, scores.gate != 0)
    fit = np.where(scores.gate == 0, ranker.scale.transform(scores.fit), 0.0)
    explainer = Explainer(ranker, a, b, words)
    readable = [computing.readable_words(firm) for firm in firms]
    lists = []
    for j in range(len(right)):
        best = [int(i) for i in np.argsort(-fit[:, j], kind="stable") if fit[i, j] > 0][: rules.LONGEST + 1]
        lists.append([
            {
                "firm_id": firms[i].id,
                "fit": round(float(min(fit[i, j], 1.0)), 6),
                "reasons": listing.reasons(explainer.explain(i, j), False, readable[i]),
            }
            for i in best
        ])  # fmt: skip
    return lists
