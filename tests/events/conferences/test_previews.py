"""What a timetable would look like, and what one more table, time or interpreter would bring."""

from __future__ import annotations

from flask_babel import force_locale

from core import clock
from core.db import write
from events.conferences import agenda, operations, previews, suggestions
from events.conferences.enums import VersionState
from matching.timetable.whatif import Gain


def slots(small):
    return [s.id for s in sorted(small.conference.slots, key=lambda s: s.begins_at)]


def away(small, cast, participant, gone):
    with write():
        presence = operations.Presence(None, None, 1, list(gone))
        operations.set_presence(small.participant(participant), presence, by=cast.officer, at=clock.now())


def test_a_preview_changes_nothing_and_says_who_stays_below_the_minimum_and_why(small, cast):
    suggestions.refresh(small.conference_id)
    for partner in small.partners:
        away(small, cast, partner, slots(small)[1:])
    with write():
        presence = operations.Presence(3, 5, 1, [])
        operations.set_presence(small.participant(small.firms[0]), presence, by=cast.officer, at=clock.now())
    found = previews.preview(small.conference)
    assert agenda.version_in(small.conference, VersionState.DRAFT) is None
    assert found.quality["meetings"] == 3
    assert found.short[small.firms[0]]
    assert set(found.short) >= {key for key in small.firms if str(key) in found.quality["under_minimum"]}


def test_one_more_time_helps_where_the_partners_are_there_for_one_only(small, cast):
    suggestions.refresh(small.conference_id)
    order = slots(small)
    for partner in small.partners:
        away(small, cast, partner, [key for key in order if key != order[3]])
    best = previews.additions(small.conference)[0]
    assert (best.kind, best.slots, best.gain.meetings) == ("slot", tuple(order[:4]), 3)
    assert "3" in previews.sentence(best, small.conference)


def test_an_addition_is_told_in_both_languages(small, app):
    keys = tuple(slots(small)[:4])
    for kind, language in (("table", None), ("slot", None), ("interpreter", "ko")):
        addition = previews.Addition(kind, keys, Gain(7, 50_000), language)
        said = set()
        for locale in ("vi", "en"):
            with app.test_request_context(), force_locale(locale):
                said.add(previews.sentence(addition, small.conference))
        assert len(said) == 2 and all("7" in x for x in said)


def test_the_page_of_what_would_help_says_it_in_the_readers_words(small, browse, cast):
    suggestions.refresh(small.conference_id)
    order = slots(small)
    for partner in small.partners:
        away(small, cast, partner, [key for key in order if key != order[3]])
    path = f"/conferences/{small.conference_id}/what-helps"
    assert "would allow 3 more meetings" in browse(cast.officer, "en").get(path).get_data(as_text=True)
    assert browse(cast.firm_owner).get(path).status_code == 403
