"""Links in mail: random, hashed at rest, good once, for one purpose, one person and a while (H18, H60)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import tokens
from accounts.models import Token
from core import clock
from core.db import session, write
from core.errors import Gone

HOUR = timedelta(hours=1)


@pytest.fixture
def secret(cast):
    owner = cast.firm_owner
    with write():
        return tokens.issue("reset", user=owner, address="A@B.example", about="user:1", lasts=HOUR, at=clock.now())


def use(secret, purpose="reset", **given):
    with write():
        return tokens.use(purpose, secret, at=clock.now(), **given).user_id


def test_a_token_is_good_once_and_its_page_changes_nothing(cast, secret):
    for _ in range(2):
        assert tokens.find("reset", secret, at=clock.now()).address == "a@b.example"
    assert use(secret, user=cast.firm_owner) == cast.firm_owner.id
    with pytest.raises(Gone):
        use(secret)
    with pytest.raises(Gone):
        tokens.find("reset", secret, at=clock.now())


def test_what_came_of_a_used_token_is_told_for_a_day(secret):
    with pytest.raises(Gone):
        tokens.used("reset", secret, at=clock.now())
    use(secret)
    assert tokens.used("reset", secret, at=clock.now() + 23 * HOUR).address == "a@b.example"
    for purpose, hours in (("reset", 24), ("invite", 1)):
        with pytest.raises(Gone):
            tokens.used(purpose, secret, at=clock.now() + hours * HOUR)


def test_the_table_does_not_hold_what_the_mail_holds(secret):
    row = session.scalars(select(Token)).one()
    assert len(secret) >= 43 and secret not in row.key_hash  # 43 letters of 64 are 256 bits
    with pytest.raises(Gone):
        use(row.key_hash)


@pytest.mark.parametrize("minutes", [59, 60, 61])
def test_a_token_expires_to_the_second(secret, minutes):
    with clock.frozen(clock.now() + timedelta(minutes=minutes)):
        if minutes < 60:
            use(secret)
        else:
            with pytest.raises(Gone):
                use(secret)


def test_another_purpose_another_person_and_a_made_up_secret_are_all_the_same(cast, secret):
    for tried in (
        {"secret": secret, "purpose": "invitation"},
        {"secret": secret, "user": cast.rival_owner},
        {"secret": secret[:-1]},
        {"secret": ""},
        {"secret": "x" * 10_000},
    ):
        with pytest.raises(Gone):
            use(**tried)
    use(secret)  # none of the tries took it


@pytest.mark.parametrize("named", ["user", "address", "about"])
def test_a_withdrawn_token_is_worth_nothing_and_those_of_others_stay(cast, secret, named):
    given, rival = {"user": cast.firm_owner, "address": "a@b.example", "about": "user:1"}, cast.rival_owner
    with write():
        other = tokens.issue("reset", user=rival, lasts=HOUR, at=clock.now())
        tokens.withdraw("reset", at=clock.now(), **{named: given[named]})
    with pytest.raises(Gone):
        use(secret)
    use(other)


def test_of_two_who_use_a_token_at_the_same_time_one_gets_it(app, secret):
    start = threading.Barrier(4)

    def race(_):
        with app.app_context():
            start.wait()
            try:
                return use(secret)
            except Gone:
                return None

    with ThreadPoolExecutor(4) as pool:
        assert len([won for won in pool.map(race, range(4)) if won]) == 1
