"""Why somebody is below a minimum, and why locks clash, told in the reader's language."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from core import clock
from core.db import write
from core.errors import Conflict
from events.conferences import agenda, moves, operations, suggestions, timetable, wording
from events.conferences.enums import VersionState
from events.conferences.hindrances import PHRASES, Words

NAMES = {1: "An", 2: "Bình", 3: "Chi", 4: "Dung", 5: "Em"}


def line(kind, who=None, pair=None, slots=(), language=None):
    return {"kind": kind, "who": who, "pair": pair, "slots": list(slots), "language": language}


def kept(*lines, possible=1, minimum=2, complete=True, pairs=3):
    return {"have": 0, "minimum": minimum, "possible": possible, "pairs": pairs, "complete": complete,
            "constraints": list(lines)}  # fmt: skip


CASES = (
    (kept(possible=0, pairs=0), "It may meet nobody: every pair is closed by a condition or by a no."),
    (kept(pairs=1), "Only 1 other may meet it."),
    (kept(possible=2), "Its minimum could be kept, but only at the cost of meetings that count more."),
    (kept(possible=2, complete=False), "No single reason was found: its minimum competes with everything else."),
    (
        kept(line("capacity", 1, slots=[7])),
        "No more than 1 meeting is possible because of: An is there only at 09:00. "
        "If any one of these were different, its minimum could be kept.",
    ),
    (
        kept(*(line("maximum", v) for v in (2, 3, 4, 5)), line("minimum", 3), line("tables"), complete=False),
        "No more than 1 meeting is possible because of: the maximum of Bình, Chi, Dung and 1 other; "
        "the minimum of Chi; the number of free tables. Perhaps not all of these are needed for it.",
    ),
)


@pytest.mark.parametrize(("found", "told"), CASES)
def test_a_shortage_is_told_in_a_sentence(app, found, told):
    with app.test_request_context(), force_locale("en"):
        assert Words(NAMES, {7: "09:00"}).shortage(1, found) == told
    with app.test_request_context(), force_locale("vi"):
        said = Words(NAMES, {7: "09:00"}).shortage(1, found)
        assert said != told
        assert "possible" not in said


def test_every_kind_of_constraint_has_words_in_both_languages(app):
    for kind in PHRASES:
        one = [line("capacity" if kind == "own" else kind, 1, [1, 2], [7], "ko")]
        phrases = set()
        for locale in ("vi", "en"):
            with app.test_request_context(), force_locale(locale):
                (told,) = Words(NAMES, {7: "09:00"}).parts(one, 1 if kind == "own" else None)
                phrases.add(told)
        assert len(phrases) == 2, kind


def lock_first(small, cast):
    """A draft whose first meeting is locked; returns it."""
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    with write():
        meeting = agenda.meetings(version)[0]
        moves.set_lock(meeting, True, by=cast.officer, at=clock.now())
    return meeting


def test_a_lock_at_a_time_at_which_somebody_is_now_away_is_told_in_the_readers_language(small, cast, app):
    meeting = lock_first(small, cast)
    firm, slot, name = meeting.firm_id, meeting.slot_id, meeting.firm.organisation.name_vi
    with write():
        others = [s.id for s in small.conference.slots if s.id != slot]
        gone = operations.Presence(None, None, 1, [slot, *others[1:]])
        operations.set_presence(small.participant(firm), gone, by=cast.officer, at=clock.now())
    for locale, words in (("en", ("locked meetings", "is there only at")), ("vi", ("Đã khóa", "chỉ có mặt"))):
        with app.test_request_context(), force_locale(locale), pytest.raises(Conflict) as refused:
            timetable.generate(small.conference_id, by=cast.officer)
        assert all(word in str(refused.value.message) for word in (*words, name)), str(refused.value.message)


def test_locks_that_clash_with_each_other_name_both_and_what_is_in_the_way(small, cast, app):
    """Two firms locked to one partner, of whom each is left one and the same time by being away otherwise."""
    meeting = lock_first(small, cast)
    partner, slot = meeting.partner_id, meeting.slot_id
    version = agenda.version_in(small.conference, VersionState.DRAFT)
    other = next(m for m in version.meetings if m.partner_id == partner and m.id != meeting.id)
    encoded = timetable.encode(small.conference, {(m.firm_id, partner, slot) for m in (meeting, other)})
    from matching.timetable.problem import InfeasiblePins
    from matching.timetable.solve import solve

    with pytest.raises(InfeasiblePins) as clash:
        solve(encoded.problem)
    with app.test_request_context(), force_locale("vi"):
        told = wording.clash(encoded, clash.value.constraints)
        names = [m.firm.organisation.name_vi for m in (meeting, other)]
    assert all(name in told for name in names)
    assert "pair" not in told and "capacity" not in told


def test_a_firm_below_its_minimum_is_told_why_on_the_board(small, cast, browse):
    suggestions.refresh(small.conference_id)
    firm = small.firms[0]
    with write():
        slots = [s.id for s in small.conference.slots]
        for partner in small.partners:
            away = operations.Presence(None, None, 1, slots[1:])
            operations.set_presence(small.participant(partner), away, by=cast.officer, at=clock.now())
        operations.set_presence(
            small.participant(firm), operations.Presence(3, 5, 1, []), by=cast.officer, at=clock.now()
        )
    version = timetable.generate(small.conference_id, by=cast.officer)
    assert str(firm) in version.quality["shortages"]
    page = browse(cast.officer, "en").get(f"/conferences/{small.conference_id}/timetables/{version.id}").text
    assert "No more than 1 meeting is possible because of" in page
