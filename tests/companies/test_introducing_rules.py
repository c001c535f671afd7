"""The conditions of the guide and the last day of introductions, as tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from companies.introducing import rules
from companies.introducing.enums import Condition, Ground, IntroductionState, Progress, Verdict

BN = 10**9
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


@pytest.mark.parametrize(
    "ground, in_hanoi, revenue, export, verdicts, whole",
    [
        (Ground.HIGH_TECH, True, 10 * BN, None, [MET, MET], MET),
        (Ground.HIGH_TECH, True, 10 * BN - 1, None, [MET, NOT_MET], NOT_MET),
        (Ground.OTHER, True, 99 * BN, 9_000_000, [MET, NOT_MET], NOT_MET),
        (Ground.OTHER, True, 100 * BN, None, [MET, MET], MET),
        (Ground.OTHER, None, 100 * BN, None, [UNKNOWN, MET], UNKNOWN),
        (Ground.OTHER, False, 100 * BN, None, [NOT_MET, MET], NOT_MET),
        (Ground.HANDICRAFT, True, None, 1_000_000, [MET, MET], MET),
        (Ground.HANDICRAFT, True, 200 * BN, None, [MET, UNKNOWN], UNKNOWN),
        (Ground.START_UP, True, None, None, [MET, UNKNOWN], UNKNOWN),
        (None, True, 500 * BN, 5_000_000, [MET], MET),
    ],
)
def test_a_firm_meets_the_conditions_of_its_ground(ground, in_hanoi, revenue, export, verdicts, whole):
    found = rules.eligibility(
        year=2027, ground=ground, in_hanoi=in_hanoi,
        revenue_vnd=None if revenue is None else Decimal(revenue),
        export_usd=None if export is None else Decimal(export),
    )  # fmt: skip
    assert [f.verdict for f in found] == verdicts
    assert rules.overall(found) is whole


@pytest.mark.parametrize("year, asked", [(2018, 10), (2019, 10), (2029, 10), (2030, 25), (2031, 25)])
def test_each_year_is_judged_by_the_guide_that_holds_then(year, asked):
    later = rules.Edition(2030, {Ground.HIGH_TECH: Decimal(25 * BN)}, {})
    found = rules.eligibility(
        year=year, ground=Ground.HIGH_TECH, in_hanoi=True, revenue_vnd=None, export_usd=None,
        editions=(*rules.EDITIONS, later),
    )  # fmt: skip
    assert found[-1] == rules.Finding(Condition.REVENUE, UNKNOWN, Decimal(asked * BN))


@pytest.mark.parametrize(
    "day, closings, year",
    [
        (date(2027, 3, 31), {}, 2027),
        (date(2027, 4, 1), {}, 2028),
        (date(2026, 11, 22), {}, 2027),
        (date(2027, 4, 1), {2027: date(2027, 4, 15)}, 2027),
        (date(2027, 3, 31), {2027: date(2027, 3, 15)}, 2028),
    ],
)
def test_firms_are_introduced_for_the_next_selection_whose_last_day_is_not_over(day, closings, year):
    assert rules.current_year(closings, on=day) == year


@pytest.mark.parametrize(
    "state, invited, joined, recognised, progress",
    [
        (IntroductionState.RECEIVED, True, True, True, Progress.RECEIVED),
        (IntroductionState.DECLINED, True, True, True, Progress.DECLINED),
        (IntroductionState.WITHDRAWN, False, False, False, Progress.WITHDRAWN),
        (IntroductionState.ACCEPTED, False, False, False, Progress.ACCEPTED),
        (IntroductionState.ACCEPTED, True, False, False, Progress.INVITED),
        (IntroductionState.ACCEPTED, True, True, False, Progress.REGISTERED),
        (IntroductionState.ACCEPTED, False, True, False, Progress.REGISTERED),
        (IntroductionState.ACCEPTED, True, True, True, Progress.RECOGNISED),
    ],
)
def test_a_body_sees_how_far_its_introduction_came(state, invited, joined, recognised, progress):
    assert rules.progress(state, invited=invited, joined=joined, recognised=recognised) is progress
