"""The second factor: codes good once, recovery codes on paper, required of staff outside the demo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import factors, rules
from accounts.models import RecoveryCode, SecondFactor
from core import clock, config, sealing
from core.audit import AuditLine
from core.db import session
from core.outbox import Mail
from tests.people import PASSWORD

HALF_MINUTE = timedelta(seconds=30)


def sign_in(client, user):
    return client.post("/sign-in", data={"email": user.email, "password": PASSWORD})


def code(client, text):
    return client.post("/sign-in/code", data={"code": text}).status_code


def inside(client):
    return client.get("/account").status_code == 200


def test_the_password_alone_opens_nothing_once_a_factor_is_set_up(app, cast, browse, set_up):
    phone, _codes = set_up(browse(cast.firm_owner))
    with clock.frozen(clock.now() + HALF_MINUTE):
        client = app.test_client()
        assert sign_in(client, cast.firm_owner).location == "/sign-in/code"
        assert not inside(client)
        assert code(client, "000000") == 422 and not inside(client)
        assert code(client, phone.at(clock.now())) == 302 and inside(client)


def test_a_code_is_good_once_even_within_its_half_minute(app, cast, browse, set_up):
    phone, _codes = set_up(browse(cast.firm_owner))
    first, second = app.test_client(), app.test_client()
    sign_in(first, cast.firm_owner)
    assert code(first, phone.at(clock.now())) == 422  # it confirmed the set-up
    with clock.frozen(clock.now() + HALF_MINUTE):
        assert code(first, phone.at(clock.now())) == 302
        sign_in(second, cast.firm_owner)
        assert code(second, phone.at(clock.now())) == 422
        assert code(second, phone.at(clock.now() - HALF_MINUTE)) == 422  # nor an older one that was never used


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-29, True), (0, True), (29, True), (61, False)])
def test_the_clock_of_the_telephone_may_be_half_a_minute_off(app, cast, browse, set_up, seconds, right):
    phone, _codes = set_up(browse(cast.firm_owner))
    client = app.test_client()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        sign_in(client, cast.firm_owner)
        assert (code(client, phone.at(clock.now() + timedelta(seconds=seconds))) == 302) == right


def test_a_recovery_code_stands_in_once_however_it_is_typed(app, cast, browse, set_up):
    _phone, codes = set_up(browse(cast.firm_owner))
    for typed, status in ((codes[3].upper().replace("-", " "), 302), (codes[3], 422), (codes[4], 302)):
        client = app.test_client()
        sign_in(client, cast.firm_owner)
        assert code(client, typed) == status
    assert "8 mã dự phòng" in client.get("/account/second-factor").text


def test_renewed_recovery_codes_make_the_old_ones_worth_nothing(app, cast, browse, set_up):
    browser = browse(cast.firm_owner)
    _phone, codes = set_up(browser)
    assert browser.post("/account/second-factor/codes", data={"current": "wrong"}).status_code == 422
    assert browser.post("/account/second-factor/codes", data={"current": PASSWORD}).status_code == 200
    client = app.test_client()
    sign_in(client, cast.firm_owner)
    assert code(client, codes[0]) == 422


def test_tries_of_codes_are_limited_also_over_new_sign_ins(app, cast, browse, set_up):
    set_up(browse(cast.firm_owner))
    answers = []
    for _ in range(rules.FREE_FAILURES + 2):
        client = app.test_client()
        sign_in(client, cast.firm_owner)
        answers.append(code(client, "000000"))
    assert answers == [422] * rules.FREE_FAILURES + [429] * 2


def test_the_second_step_is_open_for_ten_minutes_in_the_browser_that_had_the_password(app, cast, browse, set_up):
    phone, _codes = set_up(browse(cast.firm_owner))
    client = app.test_client()
    assert app.test_client().get("/sign-in/code").location == "/sign-in"
    sign_in(client, cast.firm_owner)
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert client.post("/sign-in/code", data={"code": phone.at(clock.now())}).location == "/sign-in"
        assert not inside(client)


def test_a_dump_of_the_database_tells_neither_secret_nor_code(app, cast, browse, set_up):
    phone, codes = set_up(browse(cast.firm_owner))
    row = session.scalars(select(SecondFactor)).one()
    assert phone.secret not in row.sealed_secret and sealing.unseal(row.sealed_secret, factors.SEAL) == phone.secret
    assert sealing.unseal(row.sealed_secret, "another purpose") is None
    assert sealing.unseal(row.sealed_secret[:-4] + "AAAA", factors.SEAL) is None
    kept = {r.code_hash for r in session.scalars(select(RecoveryCode))}
    assert len(kept) == 10 and not kept & {c.replace("-", "") for c in codes}
    written = {c for line in session.scalars(select(AuditLine)) for c in codes if c in str(line.detail)}
    assert written == set()


@pytest.mark.parametrize("who", ["administrator", "officer", "council_secretary", "council_member"])
def test_staff_are_led_to_set_up_a_factor_and_do_nothing_else_until_then(strict, cast, browse, set_up, who):
    browser = browse(getattr(cast, who))
    for path in ("/", "/account", "/organisations", "/no/such/page", "/conferences"):
        assert browser.get(path).location == "/account/second-factor"
    assert browser.post("/account/password").status_code == 403
    assert browser.get("/account", headers={"X-Requested-With": "fetch"}).status_code == 403
    set_up(browser)
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("who", ["introducer", "door_staff", "firm_owner", "bank"])
def test_everybody_else_may_do_without(strict, cast, browse, who):
    assert browse(getattr(cast, who)).get("/account").status_code == 200


@pytest.mark.parametrize(("mode", "asked"), [("demo", False), ("test", False), ("production", True)])
def test_only_the_demo_and_the_tests_do_without(tmp_path, mode, asked):
    given = {
        "MODE": mode,
        "DATA_DIR": str(tmp_path),
        "PUBLIC_BASE_URL": "https://site.example",
        "MAIL_TO_FOLDER": "1",
    }
    assert config.read(given | {"SECRET_KEY": "abcdefghij" * 4}).second_factor is asked


def test_an_administrator_removes_a_lost_factor_and_its_owner_is_told(cast, browse, set_up):
    owner = browse(cast.bank)
    set_up(owner)
    path = f"/admin/users/{cast.bank.id}/second-factor/remove"
    assert browse(cast.officer).post(path).status_code == 404
    assert browse(cast.administrator).post(path).status_code == 302
    assert not inside(owner) and session.scalars(select(SecondFactor)).all() == []
    line = session.scalars(select(AuditLine).where(AuditLine.act == "account.factor_remove")).one()
    assert (line.actor, line.subject) == (f"user:{cast.administrator.id}", f"user:{cast.bank.id}")
    assert session.scalars(select(Mail)).one().recipient == cast.bank.email


def test_setting_up_a_factor_ends_the_sessions_that_were_begun_without(cast, browse, set_up):
    here, elsewhere = browse(cast.firm_owner), browse(cast.firm_owner)
    set_up(here)
    assert inside(here) and not inside(elsewhere)


def test_a_telephone_shows_letters_for_a_recovery_code_and_digits_for_the_apps(app, cast, browse, set_up):
    set_up(browse(cast.firm_owner))
    client = app.test_client()
    sign_in(client, cast.firm_owner)
    assert 'inputmode="numeric"' in client.get("/sign-in/code").text
    on_paper = client.get("/sign-in/code?paper=1").text
    assert "numeric" not in on_paper and "paper=1" in on_paper  # a wrong one comes back to the same page
