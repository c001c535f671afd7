"""Signing in and out: sessions are rows that end at once (H9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import operations, queries, rules
from accounts.enums import Role
from accounts.models import FailedSignIn, SignIn
from core import clock
from core.db import session, write
from tests.people import PASSWORD


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post("/sign-in", data={"email": user.email, "password": password} | extra)


def test_a_person_signs_in_and_sees_the_account(client, cast):
    assert sign_in(client, cast.officer).status_code == 302
    assert client.get("/account").status_code == 200


def test_the_address_may_be_typed_in_any_case(client, cast):
    data = {"email": " OFFICER@Cast.example ", "password": PASSWORD}
    assert cast.officer and client.post("/sign-in", data=data).status_code == 302


@pytest.mark.parametrize("who", ["officer", "disabled", "unknown"])
def test_a_wrong_password_a_locked_and_an_unknown_account_read_the_same(client, cast, who):
    email = f"{who}@cast.example" if who == "unknown" else getattr(cast, who).email
    answer = client.post("/sign-in", data={"email": email, "password": "wrong password"})
    assert answer.status_code == 422
    assert email.encode() in answer.data  # what was typed is kept
    assert len(session.scalars(select(FailedSignIn)).all()) == 1


def test_a_cookie_is_worth_nothing_after_sign_out(app, cast):
    client = app.test_client()
    sign_in(client, cast.officer)
    kept = client.get_cookie("session").value
    client.post("/sign-out")
    client.set_cookie("session", kept)
    assert client.get("/account").status_code == 302


def test_a_password_change_ends_every_session_and_the_browser_at_hand_gets_a_new_key(app, cast, browse):
    here, elsewhere = browse(cast.officer), browse(cast.officer)
    new = "another long password"
    stolen = here.get_cookie("session").value
    answer = here.post("/account/password", data={"current": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200 and here.get_cookie("session").value != stolen
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/account").status_code == 302
    assert sign_in(app.test_client(), cast.officer, new).status_code == 302


def test_an_administrators_lock_works_at_once(cast, browse):
    officer, administrator = browse(cast.officer), browse(cast.administrator)
    assert officer.get("/account").status_code == 200
    administrator.post(f"/admin/users/{cast.officer.id}/lock")
    assert officer.get("/account").status_code == 302


def test_nobody_ends_the_session_of_another(cast, browse):
    browse(cast.officer)
    row = session.scalars(select(SignIn)).one()
    assert browse(cast.administrator).post(f"/account/sessions/{row.id}/end").status_code == 404


@pytest.mark.parametrize(
    ("created", "seen", "alive"),
    [(0, 0, True), (6, 0, True), (7, 0, False), (1, 12, False), (1, 11, True), (0, -1, False)],
)
def test_a_session_lives_while_it_is_used_and_young(created, seen, alive):
    at = clock.now()
    assert alive == rules.session_alive(
        created=at - timedelta(days=created),
        seen=at - timedelta(hours=seen),
        idle=timedelta(hours=12),
        absolute=timedelta(days=7),
        at=at,
    )


def test_an_idle_session_ends(cast, browse):
    browser = browse(cast.officer)
    with clock.frozen(clock.now() + timedelta(hours=13)):
        assert browser.get("/account").status_code == 302


def test_the_cookie_does_not_hold_what_the_database_holds(app, cast):
    officer = cast.officer
    with write():
        key, _row = operations.sign_in(officer, device="x", at=clock.now())
    row = queries.sign_in_by_key(key)
    assert row is not None and key not in row.key_hash and len(key) >= 40
    assert queries.sign_in_by_key(row.key_hash) is None


def test_all_other_sessions_end_at_one_press(cast, browse):
    here, elsewhere, rival = browse(cast.firm_owner), browse(cast.firm_owner), browse(cast.rival_owner)
    assert here.get("/account").text.count('/end"') == 1
    here.post("/account/sessions/end-others")
    assert [b.get("/account").status_code for b in (here, elsewhere, rival)] == [200, 302, 200]


def test_a_change_of_roles_ends_the_sessions_begun_with_the_old_ones(cast, browse):
    officer, administrator = browse(cast.officer), cast.administrator
    with write():
        operations.set_roles(cast.officer, [Role.DOOR_STAFF], by=administrator, at=clock.now())
    assert officer.get("/account").status_code == 302


@pytest.mark.parametrize("kept", ["x" * 8_000, "truncated", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"])
def test_a_cookie_that_we_did_not_sign_is_nobodys(app, cast, kept):
    """H10."""
    client = app.test_client()
    sign_in(client, cast.officer)
    client.set_cookie("session", client.get_cookie("session").value[:-5] if kept == "truncated" else kept)
    assert client.get("/account").status_code == 302
