"""The rules of delegations as tables of cases."""

from __future__ import annotations

from datetime import time

import pytest

from events.conferences.delegations import rules


@pytest.mark.parametrize(
    ("begins", "ends", "break_from", "break_until", "fault"),
    [
        (8, 17, None, None, None),
        (8, 17, 11, 13, None),
        (8, 17, 8, 17, None),
        (17, 8, None, None, "ends"),
        (8, 8, None, None, "ends"),
        (8, 17, 11, None, "break_until"),
        (8, 17, None, 13, "break_from"),
        (8, 17, 13, 11, "break_until"),
        (8, 17, 7, 9, "break_until"),
        (8, 17, 16, 18, "break_until"),
    ],
)
def test_a_day_ends_after_it_begins_and_its_break_lies_within(begins, ends, break_from, break_until, fault):
    def clock_time(hour):
        return None if hour is None else time(hour)

    hours = {"break_from": clock_time(break_from), "break_until": clock_time(break_until)}
    found = rules.fault_of_day(begins=time(begins), ends=time(ends), **hours)
    assert (found and found[0]) == fault


@pytest.mark.parametrize(("closes", "lasts", "fault"), [(9, 60, None), (9, 61, "closes"), (7, 15, "closes")])
def test_a_whole_visit_fits_between_opening_and_closing(closes, lasts, fault):
    found = rules.fault_of_host(opens=time(8), closes=time(closes), lasts=lasts)
    assert (found and found[0]) == fault
