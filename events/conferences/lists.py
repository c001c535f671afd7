"""The ranked list of a participant with its reasons, and the wishes given on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies.enums import KIND_LABELS, SECTOR_LABELS, Kind
from companies.queries import one_for_matching
from core import clock, paging
from core.access import may
from core.db import get, row_key, write
from core.i18n import _
from core.urls import safe_next
from core.web import Blueprint
from events.conferences import (
    advice,
    engine_profiles,
    freshness,
    history,
    operations,
    positions,
    queries,
    ranked_lists,
    ranking,
    reasons,
    rules,
    sharing,
    wishing,
)
from events.conferences.enums import Side, Wish
from events.conferences.models import Conference, Participant, Suggestion

bp = Blueprint("wishes", __name__)
TAKES_PART = may(rules.take_part, conference=Conference, participant=Participant)
PATH = "/conferences/<int:conference_id>/participants/<int:participant_id>"


@dataclass(frozen=True)
class Line:
    """One organisation on a list: with a rank where the engine suggests it, without one where it was searched."""

    other: Participant
    rank: int | None
    fit: float | None
    reasons: list[reasons.Reason]
    said: Wish | None
    wanted: bool
    lifted: bool = False
    explored: bool = False
    chance: bool = False  # the fit is the estimated chance of a mutual yes
    met: date | None = None  # the day of their latest meeting at an earlier conference
    again: bool = False  # and the reader's own side sees something coming of it

    @property
    def mutual(self) -> bool:
        return self.wanted and rules.wished(self.said)


@bp.get(f"{PATH}/suggestions", access=TAKES_PART)
def suggestions(conference: Conference, participant: Participant) -> ResponseReturnValue:
    text, kind = request.args.get("q", "")[:100], request.args.get("kind", "")
    page = paging.page_of(ranked_lists.suggestions(participant, text=text, kind=kind), request.args.get("page"), 12)
    known, stored = _known(participant), freshness.stored(conference)
    html = render_template(
        "conferences/suggestions.html",
        conference=conference,
        event=conference.event,
        participant=participant,
        page=page,
        lines=[_suggested(row, known) for row in page.rows],
        kinds=_kinds(conference, participant),
        put_back=(ranking.STEP, ranking.STEP * ranking.MOST_STEPS),
        lift_points=stored.lift_points if stored else 0,
        exploration_percent=stored.exploration_percent if stored else 0,
        stale=stored is not None and stored.differs(conference, own=participant),
        advice=_advice(conference, participant),
        **_common(conference, participant, text, kind),
    )
    _note_shown(participant, {row.other_id: row.rank for row in page.rows})
    return html


def _note_shown(participant: Participant, ranks: Mapping[int, int]) -> None:
    """Record what the participant's own people were shown: not what an officer looks at."""
    if rules.acts_for(actor(), participant) or not ranks:
        return
    today = clock.today()
    if positions.unrecorded(participant, ranks, on=today):
        with write():
            positions.record(participant, ranks, on=today)


@bp.get(f"{PATH}/search", access=TAKES_PART)
def search(conference: Conference, participant: Participant) -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    known = _known(participant)
    page = paging.page_of(ranked_lists.others(participant, text=text), request.args.get("page"), 25)
    return render_template(
        "conferences/search.html",
        conference=conference,
        event=conference.event,
        participant=participant,
        page=page,
        lines=[_found(row, known) for row in page.rows],
        **_common(conference, participant, text, ""),
    )


@bp.get(f"{PATH}/wishes", access=TAKES_PART)
def given(conference: Conference, participant: Participant) -> ResponseReturnValue:
    """What was wished, and who would like to meet: the two together."""
    known = _known(participant)
    people = queries.participants_by_id({*known.said, *known.wanted})
    ranked = {row.other_id: row for row in ranked_lists.suggestions_of(participant, [p.id for p in people])}
    lines = [_suggested(ranked[p.id], known) if p.id in ranked else _found(p, known) for p in people]
    return render_template(
        "conferences/wishes.html",
        conference=conference,
        event=conference.event,
        participant=participant,
        mutual=[line for line in lines if line.mutual],
        asked=[line for line in lines if line.wanted and not line.mutual and line.said is None],
        wished=[line for line in lines if rules.wished(line.said) and not line.wanted],
        refused=[line for line in lines if line.said is Wish.NO],
        **_common(conference, participant, "", ""),
    )


@bp.post(f"{PATH}/wishes", access=TAKES_PART)
def wish(conference: Conference, participant: Participant) -> ResponseReturnValue:
    key = row_key(request.form.get("other"))
    other = get(Participant, key)
    said = next((w for w in Wish if w.value == request.form.get("wish")), None)
    if other is None or other.conference_id != conference.id:
        flash(_("Choose an organisation of this conference."), "warning")
    else:
        on_behalf = rules.acts_for(actor(), participant)
        with write():
            operations.wish(participant, other, said, by=me(), at=clock.now(), on_behalf=on_behalf)
    back = request.form.get("back")
    listed = url_for("wishes.suggestions", conference_id=conference.id, participant_id=participant.id)
    target = safe_next(back) if back else listed
    return redirect(f"{target}#p{key}" if other is not None else target)


def _common(conference: Conference, participant: Participant, text: str, kind: str) -> dict[str, Any]:
    closes = conference.wishes_close_at or conference.event.begins_at
    return {
        "q": text,
        "kind": kind,
        "closes_at": closes,
        "opens_at": conference.wishes_open_at if _early(conference) else None,
        "open": operations.wishes_open(conference, at=clock.now()) or rules.organise(actor()),
        "kind_labels": KIND_LABELS,
        "sector_labels": SECTOR_LABELS,
        "shared": sharing.shared(participant),
    }


def _early(conference: Conference) -> bool:
    """Whether wishes are not open yet."""
    return conference.wishes_open_at is not None and clock.now() < conference.wishes_open_at


@dataclass(frozen=True)
class _Known:
    """What is known between a participant and all others: read at once for a whole list."""

    organisation_id: int
    said: Mapping[int, Wish]
    wanted: Collection[int]
    met: Mapping[tuple[int, int], date]
    again: Collection[tuple[int, int]]

    def again_with(self, other: Participant) -> bool:
        pair = self.organisation_id, other.organisation_id
        return pair in self.again and pair in self.met

    def met_with(self, other: Participant) -> date | None:
        return self.met.get((self.organisation_id, other.organisation_id))


def _known(participant: Participant) -> _Known:
    key = participant.organisation_id
    met = history.met_before(participant.conference, at=clock.now(), of=[key])
    again = history.wanted_again(participant.conference, organisation_id=key)
    return _Known(key, *wishing.both_ways(participant), met, again)


def _suggested(row: Suggestion, known: _Known) -> Line:
    said, wanted = known.said.get(row.other_id), row.other_id in known.wanted
    told, met = reasons.sentences(row.reasons), known.met_with(row.other)
    again = known.again_with(row.other)
    return Line(row.other, row.rank, row.fit, told, said, wanted, row.lifted, row.explored, row.chance, met, again)


def _found(row: Participant, known: _Known) -> Line:
    met = known.met_with(row)
    return Line(
        row, None, None, [], known.said.get(row.id), row.id in known.wanted, met=met, again=known.again_with(row)
    )


def _advice(conference: Conference, participant: Participant) -> list[advice.Advice]:
    """What the participant could add to its profile, as the profile is now."""
    organisation = one_for_matching(participant.organisation_id)
    profile = engine_profiles.profile_of(participant.id, organisation, on=engine_profiles.matching_day())
    kinds = conference.partner_kinds if participant.side is Side.FIRM else [participant.kind.value]
    return advice.advice(profile, participant.side, kinds)


def _kinds(conference: Conference, participant: Participant) -> list[tuple[str, Any]]:
    if participant.side is Side.PARTNER or len(conference.partner_kinds) < 2:
        return []
    return [(k, KIND_LABELS[Kind(k)]) for k in conference.partner_kinds]
