"""The rules of reporting, as tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from events.conferences.outcomes import rules
from events.conferences.outcomes.enums import Label, OutcomeKind
from events.conferences.outcomes.rules import Stated


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        (None, None, None),
        (True, None, True),
        (None, False, False),
        (True, True, True),
        (False, False, False),
        (True, False, None),
    ],
)
def test_a_meeting_was_held_if_one_says_so_and_nobody_denies_it(one, other, held):
    assert rules.was_held(one, other) is held


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 26), 3, date(2027, 2, 26)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, later):
    assert rules.after_months(day, months) == later


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        (date(2027, 2, 25), False),
        (date(2027, 2, 26), True),
        (date(2027, 4, 25), True),
        (date(2027, 4, 26), False),
    ],
)
def test_the_question_is_due_for_two_months(on, asked):
    assert rules.due(ended_on=date(2026, 11, 26), months=3, on=on) is asked


@pytest.mark.parametrize(
    ("held", "label", "worth"),
    [
        (None, None, True),
        (True, Label.FOLLOW_UP, True),
        (True, Label.AGREED, True),
        (True, Label.NO_INTEREST, False),
        (False, None, False),
    ],
)
def test_nobody_is_asked_about_what_came_to_nothing(held, label, worth):
    assert rules.worth_asking(held=held, label=label) is worth


def contract(amount: int | None, currency: str | None = "VND", on: date = date(2027, 1, 1)) -> Stated:
    return Stated((1, 2), OutcomeKind.CONTRACT, on, None if amount is None else Decimal(amount), currency)


@pytest.mark.parametrize(
    ("stated", "number", "amounts"),
    [
        ([], 0, {}),
        ([(1, contract(500))], 1, {"VND": 500}),
        ([(1, contract(500)), (2, contract(400))], 1, {"VND": 400}),
        ([(1, contract(500)), (2, contract(None, None))], 1, {"VND": 500}),
        ([(1, contract(500)), (1, contract(300, on=date(2027, 2, 1)))], 2, {"VND": 800}),
        ([(1, contract(500)), (1, contract(300, on=date(2027, 2, 1))), (2, contract(450))], 2, {"VND": 750}),
        ([(1, contract(500)), (2, contract(20, "USD"))], 1, {"VND": 500}),
    ],
)
def test_what_both_sides_state_counts_once_with_the_smaller_amount(stated, number, amounts):
    total = rules.totals(stated)[OutcomeKind.CONTRACT]
    assert (total.number, total.amounts) == (number, amounts)


def test_the_same_outcome_of_another_pair_is_another_one():
    other = Stated((1, 3), OutcomeKind.CONTRACT, date(2027, 1, 1), Decimal(5), "VND")
    assert rules.totals([(1, contract(500)), (1, other)])[OutcomeKind.CONTRACT].number == 2
