"""Tries are limited by account and by place, and no stranger locks an owner out (H21)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import operations, queries, rules
from accounts.models import FailedSignIn
from accounts.rules import Failures
from core import clock
from core.db import session, write
from tests.people import PASSWORD


def sign_in(client, user, password=PASSWORD, place="10.0.0.1"):
    data = {"email": getattr(user, "email", user), "password": password}
    return client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": place}).status_code


def fail(account, place, number):
    with write():
        for _ in range(number):
            operations.note_failure(account, place, at=clock.now())


def test_many_failures_from_one_place_make_that_place_wait_but_not_the_owner_elsewhere(app, cast):
    stranger, owner = app.test_client(), app.test_client()
    for _ in range(rules.FREE_FAILURES):
        assert sign_in(stranger, cast.officer, "wrong") == 422
    assert sign_in(stranger, cast.officer) == 429
    assert sign_in(owner, cast.officer, place="10.0.0.9") == 302


def test_tries_spread_over_many_places_are_slowed_and_the_owners_own_browser_is_not(app, cast):
    desk, stranger = app.test_client(), app.test_client()
    assert sign_in(desk, cast.officer) == 302
    desk.post("/sign-out")
    for n in range(rules.FREE_ELSEWHERE - 2):
        fail(cast.officer.email, f"10.1.0.{n}", 1)
    assert [sign_in(stranger, cast.officer, "wrong", f"10.2.0.{n}") for n in range(4)] == [422, 422, 429, 429]
    assert sign_in(desk, cast.officer, place="10.0.0.77") == 302  # the same browser at another address


def test_one_place_that_tries_many_accounts_is_slowed_and_a_known_browser_there_is_not(app, cast):
    desk, stranger = app.test_client(), app.test_client()
    assert sign_in(desk, cast.officer) == 302
    for n in range(rules.FREE_OF_PLACE):
        fail(f"person{n}@cast.example", "10.0.0.1", 1)
    assert sign_in(stranger, cast.bank) == 429
    assert sign_in(stranger, cast.bank, place="10.0.0.2") == 302
    assert sign_in(desk, cast.officer) == 302


def test_a_known_browser_is_known_for_its_own_account_only_and_counts_its_own_failures(app, cast):
    desk = app.test_client()
    assert sign_in(desk, cast.rival_owner) == 302
    fail(cast.officer.email, "10.9.9.9", rules.FREE_ELSEWHERE)
    assert sign_in(desk, cast.officer, place="10.0.0.3") == 429
    for _ in range(rules.FREE_FAILURES):
        assert sign_in(desk, cast.rival_owner, "wrong") == 422
    assert sign_in(desk, cast.rival_owner) == 429


def test_an_owner_at_a_new_browser_gets_in_by_mail_while_his_account_is_under_attack(app, cast, mailed):
    fail(cast.officer.email, "10.9.9.9", rules.FREE_ELSEWHERE)
    client = app.test_client()
    assert sign_in(client, cast.officer) == 429
    client.post("/password/forgotten", data={"email": cast.officer.email})
    new = "giếng làng vẫn trong veo"
    answer = client.post(mailed(cast.officer.email), data={"password": new, "again": new})
    assert answer.status_code == 302 and client.get("/account").status_code == 200


def test_failures_are_forgotten_after_an_hour_and_purged_with_the_next(app, cast):
    fail(cast.officer.email, "10.0.0.1", rules.FREE_FAILURES)
    with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)):
        assert sign_in(app.test_client(), cast.officer, "wrong") == 422
        assert session.scalar(select(func.count()).select_from(FailedSignIn)) == 1


def test_the_limits_ask_the_database_once_however_many_tries_there_were(app, queries_of_limits):
    assert queries_of_limits(0) == queries_of_limits(50) == 1


@pytest.fixture
def queries_of_limits(app, request):
    seen = request.getfixturevalue("queries")

    def count(tries):
        fail("a@b.example", "10.0.0.1", tries)
        del seen[:]
        queries.failures("a@b.example", "10.0.0.1", at=clock.now())
        return sum("SELECT" in statement for statement in seen)

    return count


@pytest.mark.parametrize(("failed", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (8, 120), (30, 900)])
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failed, seconds):
    at = clock.now()
    assert rules.wait_before_next_try(Failures(failed, at), at=at) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("here", "elsewhere", "of_place", "known", "waits"),
    [
        (0, 0, 0, False, False),
        (5, 5, 5, False, True),
        (0, 30, 0, False, True),
        (0, 0, 60, False, True),
        (0, 30, 60, True, False),
        (5, 0, 0, True, True),
    ],
)
def test_a_known_browser_waits_for_its_own_failures_only(here, elsewhere, of_place, known, waits):
    at = clock.now()
    parts = {"here": here, "elsewhere": elsewhere, "of_place": of_place}
    assert waits == bool(rules.wait(**{n: Failures(c, at) for n, c in parts.items()}, known=known, at=at))
