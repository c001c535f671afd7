"""Which groups may be shown, when the silent are reminded, and the picture's lines."""

from __future__ import annotations

from datetime import date

import pytest

from companies.enums import Sector
from portal.situation import rules
from portal.situation.enums import Step, Trend
from portal.situation.picture import trend_rows
from portal.situation.queries import Tally


@pytest.mark.parametrize(
    "sizes, shown",
    [
        ({}, set()),
        ({"a": 5, "b": 9}, {"a", "b"}),
        ({"a": 4, "b": 1, "c": 9}, {"c"}),  # five hidden together
        ({"a": 4, "b": 9, "c": 7}, {"b"}),  # four could be told from the total: the next smallest hides too
        ({"a": 1, "b": 5}, set()),
        ({"a": 4}, set()),
        ({"a": 0, "b": 6}, {"b"}),
    ],
)
def test_no_group_of_fewer_than_five_can_be_told(sizes, shown):
    found = rules.shown_groups(sizes)
    assert found == shown
    hidden = sum(size for key, size in sizes.items() if key not in found)
    assert hidden == 0 or hidden >= 5 or not found


@pytest.mark.parametrize(
    "day, due", [(1, False), (26, False), (27, True), (30, True), (31, False)]
)  # open from the 1st to the 30th
def test_the_silent_are_reminded_in_the_last_three_days(day, due):
    on = date(2026, 10, day)
    assert rules.reminder_due(opens_on=date(2026, 10, 1), closes_on=date(2026, 10, 30), on=on) is due


def test_a_round_of_one_day_reminds_nobody():
    day = date(2026, 10, 1)
    assert not rules.reminder_due(opens_on=day, closes_on=day, on=day)


def tally(up, same, down):
    said = {(Step.PRODUCTION, Trend.UP): up, (Step.PRODUCTION, Trend.SAME): same, (Step.PRODUCTION, Trend.DOWN): down}
    return Tally(up + same + down, said)


def test_the_line_of_a_sector_rises_above_the_middle_when_more_grew_than_shrank():
    lines = trend_rows({Sector.FOOD: [tally(0, 0, 4), Tally(), tally(4, 0, 0)], None: [tally(1, 1, 1)] * 3})
    assert [line.sector for line in lines] == [Sector.FOOD, None]
    assert lines[0].points == "5.0,35.0 155.0,5.0"  # the round without answers leaves no point
    assert lines[0].last == 1 and lines[1].last == 0
