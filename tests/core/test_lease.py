"""Who leads, and what was done: rows that bear sleeping processes and clocks that jump."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, lease
from core.db import session, write
from core.lease import JobRun
from core.timers import period_key
from tests.conftest import NOON


def take(holder, at=NOON, seconds=30):
    with write():
        return lease.take("timers", holder, at=at, seconds=seconds)


def after(**span):
    return NOON + timedelta(**span)


def test_one_leads_and_the_other_waits_for_the_end_of_the_lease(app):
    assert take("a") == 1
    assert take("b", after(seconds=29)) is None
    assert take("a", after(seconds=20)) == 1
    assert take("b", after(seconds=49)) is None
    assert take("b", after(seconds=50)) == 2
    assert take("a", after(seconds=51)) is None


def test_a_lease_given_back_is_free_at_once(app):
    take("a")
    with write():
        lease.give_back("timers", "a", at=after(seconds=1))
    assert take("b", after(seconds=1)) == 2


def test_who_slept_for_three_hours_is_fenced_off(app):
    """F8: stopped, the lease lost, resumed."""
    number = take("a")
    take("b", after(hours=3))
    with lease.holding("timers", number), pytest.raises(lease.Lost), write():
        lease.guard()
    with lease.holding("timers", 2), write():
        lease.guard()
    with write():
        lease.guard()  # no turn of a timer: nothing to check


def test_who_comes_back_to_his_own_expired_lease_gets_a_new_number(app):
    assert take("a") == 1
    assert take("a", after(hours=3)) == 2


def test_a_clock_set_back_by_an_hour_does_not_stop_the_work_for_an_hour(app):
    take("dead", after(hours=1))
    assert take("b", NOON) == 2


def test_the_age_of_a_lease_is_known(app):
    assert lease.age("timers", at=NOON) is None
    take("a")
    session.rollback()
    assert lease.age("timers", at=after(minutes=2)) == timedelta(minutes=2)


def turn(key="2026-11-22", holder="a", fail=None):
    with lease.once("sealing", key, holder=holder) as run:
        if run is None:
            return False
        if fail:
            raise fail
        run.result = "3 lines"
        return True


def test_the_work_of_a_period_is_done_once_by_whomever(app):
    assert [turn(), turn(), turn(holder="b"), turn("2026-11-23")] == [True, False, False, True]
    rows = session.scalars(select(JobRun).order_by(JobRun.id)).all()
    assert [(r.period_key, r.result, r.finished_at) for r in rows] == [
        ("2026-11-22", "3 lines", NOON),
        ("2026-11-23", "3 lines", NOON),
    ]


def test_work_that_runs_elsewhere_is_not_begun_a_second_time(app):
    with lease.once("sealing", "2026-11-22", holder="a") as run:
        assert run is not None
        assert turn(holder="b") is False


def test_work_that_failed_is_tried_three_times_in_all(app):
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            turn(fail=ZeroDivisionError("x"))
    assert turn() is False
    row = session.scalars(select(JobRun)).one()
    assert (row.tries, row.result) == (3, "ZeroDivisionError: x") and row.finished_at


def test_work_whose_process_died_is_begun_again_after_an_hour_and_the_dead_one_changes_nothing(app):
    with lease.once("sealing", "2026-11-22", holder="a") as first:
        assert first is not None
        first.result = "from the dead"
        with clock.frozen(after(minutes=59)):
            assert turn(holder="b") is False
        with clock.frozen(after(minutes=60)):
            assert turn(holder="b") is True
    assert session.scalars(select(JobRun)).one().result == "3 lines"


def test_a_clock_that_jumps_a_day_and_back_repeats_no_period(app):
    done = []
    for jump in (0, 24, 0, -1, 24):
        with clock.frozen(after(hours=jump)):
            if turn(period_key("day", clock.now())):
                done.append(jump)
    assert done == [0, 24]


def test_periods_follow_the_clock_of_hanoi():
    assert period_key("day", NOON.replace(hour=17)) == "2026-11-23"
    assert period_key("hour", NOON) == "2026-11-22T09"
