"""By when a request has to be answered and done: tables of days, with Tết, 2 September and weekends."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.privacy import rules, texts
from accounts.privacy.enums import CaseKind, Purpose

KIND = CaseKind.ACCESS


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        (date(2026, 11, 16), date(2026, 11, 18)),  # Monday: Tuesday, Wednesday
        (date(2026, 11, 20), date(2026, 11, 25)),  # Friday: Monday; the 24th is a holiday; Wednesday
        (date(2026, 11, 21), date(2026, 11, 25)),  # Saturday
        (date(2026, 2, 13), date(2026, 2, 24)),  # the Friday before Tết, 16 to 20 February
        (date(2026, 8, 28), date(2026, 9, 4)),  # 31 August is taken in turn, 1 and 2 September are holidays
        (date(2026, 12, 31), date(2027, 1, 5)),  # over New Year
    ],
)
def test_an_answer_is_due_within_two_working_days(received: date, answer: date) -> None:
    assert rules.answer_due(KIND, received) == answer


@pytest.mark.parametrize(
    ("received", "third_parties", "extended", "due"),
    [
        (date(2026, 11, 16), False, False, date(2026, 12, 1)),
        (date(2026, 11, 20), False, False, date(2026, 12, 7)),  # the 5th is a Saturday
        (date(2026, 11, 16), True, False, date(2026, 12, 7)),  # 20 days: the 6th is a Sunday
        (date(2026, 11, 16), False, True, date(2026, 12, 16)),
        (date(2026, 11, 16), True, True, date(2026, 12, 22)),
        (date(2026, 2, 2), False, False, date(2026, 2, 23)),  # the 17th is the first of Tết
    ],
)
def test_a_request_is_done_within_15_days_20_with_others_and_15_more_once(
    received: date, third_parties: bool, extended: bool, due: date
) -> None:
    assert rules.done_due(KIND, received, third_parties=third_parties, extended=extended) == due


def test_every_kind_of_request_has_its_deadlines() -> None:
    assert set(rules.DEADLINES) == set(CaseKind)


def test_a_text_that_people_agreed_to_is_never_changed() -> None:
    """A new wording is a new version: add its hash here, and leave those before as they are."""
    assert {purpose: [text.sha256[:12] for text in texts.TEXTS[purpose]] for purpose in Purpose} == {
        Purpose.NEWS: ["f8c6fc6320d5"],
        Purpose.PHONE: ["2bd086670731"],
        Purpose.PHOTOS: ["461666eb106c"],
    }
