"""A timetable is written as plain rows: as many statements for a large conference as for a small one."""

from __future__ import annotations

import pytest

from core import clock
from core.db import session, write
from events.conferences import agenda, comparing, moves, ranked_lists, suggestions, timetable
from events.conferences.encoding import Scores, _values
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Meeting
from events.conferences.rules import pair_value


def test_a_draft_is_made_and_replaced_without_a_statement_for_each_meeting(small, cast, queries):
    suggestions.refresh(small.conference_id)
    counts = []
    for _turn in range(3):  # the first has nothing to replace
        queries.clear()
        version = timetable.generate(small.conference_id, by=cast.officer)
        counts.append([x for x in queries if "meeting" in x.split("WHERE")[0] and not x.startswith("SELECT")])
    assert len(version.meetings) > 5 and all(len(found) == 1 for found in counts)
    assert session.query(Meeting).count() == len(version.meetings)


def test_a_copy_of_the_published_timetable_holds_the_same_and_what_differs_is_found(small, cast):
    suggestions.refresh(small.conference_id)
    key = timetable.generate(small.conference_id, by=cast.officer).id
    with write():
        version = agenda.version_in(small.conference, VersionState.DRAFT)
        moves.set_lock(version.meetings[0], True, by=cast.officer, at=clock.now())
        timetable.publish(version, by=cast.officer, at=clock.now())
    with write():
        copy = moves.edit_copy(version, by=cast.officer, at=clock.now())
    assert [m[1:] for m in agenda.lines(copy)] == [m[1:] for m in agenda.lines(version)] and copy.id != key
    assert comparing.between(version, copy) == []
    with write():
        gone = agenda.version_in(small.conference, VersionState.DRAFT).meetings[0]
        pair = gone.pair
        moves.remove(gone, by=cast.officer, at=clock.now())
    found = comparing.between(version, agenda.version_in(small.conference, VersionState.DRAFT))
    assert [(c.kind.value, c.pair, c.after) for c in found] == [("dropped", pair, None)]


@pytest.mark.one_database
def test_a_wish_is_counted_once_whoever_says_it(small):
    suggestions.refresh(small.conference_id)
    scores = Scores.of(ranked_lists.scores(small.conference))
    fit = scores.fit_of({*small.firms, *small.partners})
    (a, b), (c, d), (e, f), *rest = fit
    said = {(a, b): Wish.YES, (b, a): Wish.MUST, (d, c): Wish.NO, (f, e): Wish.YES}
    worth = _values(scores, dict.fromkeys((*small.firms, *small.partners), 0), said, {(c, d)})
    assert worth[a, b] == pair_value(fit[a, b], (Wish.YES, Wish.MUST))
    assert worth[e, f] == pair_value(fit[e, f], (None, Wish.YES))
    assert worth[c, d] == 0.0 and [worth[pair] for pair in rest] == [fit[pair] for pair in rest]
