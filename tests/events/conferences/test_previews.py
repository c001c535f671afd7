"""What a timetable would look like before it is made."""

from __future__ import annotations

from core import clock
from core.db import write
from events.conferences import agenda, operations, previews, suggestions
from events.conferences.enums import VersionState


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
