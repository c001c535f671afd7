"""Why a wish became no meeting, and why a pair cannot be put on the board: told as it is."""

from __future__ import annotations

import pytest

from core import clock
from core.db import write
from core.errors import Conflict
from events.conferences import agenda, barriers, confirming, drawing, moves, operations, suggestions, timetable
from events.conferences.enums import VersionState, Wish
from matching.weights import GATES


@pytest.fixture
def wished(small, cast):
    """A draft in which a firm and a bank meet, as both wished."""
    suggestions.refresh(small.conference_id)
    with write():
        firm, bank = small.participant(small.firms[1]), small.participant(small.partners[0])
        operations.wish(firm, bank, Wish.YES, by=cast.officer, at=clock.now())
        operations.wish(bank, firm, Wish.MUST, by=cast.officer, at=clock.now())
    timetable.generate(small.conference_id, by=cast.officer)
    return small


def draft(small):
    return agenda.version_in(small.conference, VersionState.DRAFT)


def unmet(small):
    """(firm, partner) -> why, as the board says it."""
    board = drawing.draw(small.conference, draft(small), part=1, all_unmet=True)
    return {(line["firm"], line["partner"]): why for line, why in board.unmet}


def meeting(small):
    return moves.meeting_of(draft(small), small.firms[1], small.partners[0])


def test_every_gate_of_the_engine_has_its_sentence(app):
    assert set(barriers.SENTENCES) == {*GATES, barriers.VETO, barriers.REFUSED} - {"open"}
    with app.test_request_context("/?lang=en"):
        assert all(say().endswith(".") for say in barriers.SENTENCES.values())


def test_a_wished_meeting_that_is_taken_off_by_hand_counts_as_a_wish_without_a_meeting(app, wished, cast):
    pair, before = (wished.firms[1], wished.partners[0]), moves.Place.of(meeting(wished))
    with app.test_request_context("/?lang=en"):
        for _twice in range(2):
            assert pair not in unmet(wished)
            with write():
                moves.remove(meeting(wished), by=cast.officer, at=clock.now())
            assert unmet(wished)[pair] == "The meeting was taken off the board by hand."
            with write():
                moves.place(draft(wished), *pair, before, by=cast.officer, at=clock.now())


def test_what_was_declined_and_a_no_are_named_as_such(app, wished, cast):
    pair, officer = (wished.firms[1], wished.partners[0]), cast.officer
    with write():
        timetable.publish(draft(wished), by=officer, at=clock.now())
        bank, firm = wished.participant(pair[1]), wished.participant(pair[0])
        confirming.answer(bank, firm, False, "Trùng lịch", by=officer, at=clock.now(), on_behalf=True)
        operations.wish(firm, wished.participant(wished.partners[1]), Wish.NO, by=officer, at=clock.now())
    timetable.generate(wished.conference_id, by=officer)
    with app.test_request_context("/?lang=en"):
        assert unmet(wished)[pair] == "One of them declined this meeting after it was announced."
        slot = wished.conference.slots[0].id
        with pytest.raises(Conflict, match=r"may not meet\. One of them declined"):
            moves.place(draft(wished), *pair, moves.Place(slot, None), by=officer, at=clock.now())
        with pytest.raises(Conflict, match=r"may not meet\. One of them said no"):
            moves.place(
                draft(wished), pair[0], wished.partners[1], moves.Place(slot, None), by=officer, at=clock.now()
            )
