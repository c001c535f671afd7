"""The rules of registration, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from events import rules
from events.enums import EventState

DAY = datetime(2027, 3, 1, tzinfo=UTC)
H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "opens", "at", "by_staff", "sentence"),
    [
        (EventState.PUBLISHED, None, DAY, False, None),
        (EventState.PUBLISHED, DAY, DAY, False, None),
        (EventState.PUBLISHED, DAY + H, DAY, False, rules.NOT_OPEN_YET),
        (EventState.PUBLISHED, DAY + H, DAY, True, None),
        (EventState.PUBLISHED, None, DAY + 5 * H, False, rules.CLOSED),
        (EventState.PUBLISHED, None, DAY + 5 * H, True, None),
        (EventState.PUBLISHED, None, DAY + 9 * H, True, rules.OVER),
        (EventState.DRAFT, None, DAY, True, rules.NOT_PUBLISHED),
        (EventState.CANCELLED, None, DAY, True, rules.CANCELLED),
        (EventState.DONE, None, DAY, True, rules.OVER),
    ],
)
def test_a_registration_is_refused_with_the_sentence_that_fits(state, opens, at, by_staff, sentence):
    found = rules.refusal(
        state=state, opens_at=opens, closes_at=DAY + 5 * H, ends_at=DAY + 9 * H, at=at, by_staff=by_staff
    )
    assert found is sentence


@pytest.mark.parametrize(
    ("kinds", "open_to", "admitted"),
    [((), (), True), (("firm",), (), True), (("firm", "fdi"), ("fdi",), True), (("firm",), ("fdi",), False)],
)
def test_an_event_takes_the_kinds_that_it_is_open_to(kinds, open_to, admitted):
    assert rules.admits(kinds=kinds, open_to=open_to) is admitted


@pytest.mark.parametrize(
    ("seats", "taken", "capacity", "fits"),
    [(1, 29, 30, True), (1, 30, 30, False), (2, 29, 30, False), (1, 40, 30, False), (9, 9, None, True)],
)
def test_seats_fit_while_they_last(seats, taken, capacity, fits):
    assert rules.fits(seats=seats, taken=taken, capacity=capacity) is fits
