"""The browsers that an account is known by are shown, and forgotten at a press."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts import queries
from accounts.models import SignIn
from core import clock
from core.db import session
from tests.people import PASSWORD

pytestmark = pytest.mark.one_database


@pytest.fixture
def browsers(app, cast):
    """Two browsers that the officer signed in with, the first one twice, and one of a colleague."""
    first, second, other = (app.test_client() for _ in range(3))
    for client, user in ((first, cast.officer), (first, cast.officer), (second, cast.officer), (other, cast.bank)):
        client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    return first, second, other


def known(user):
    session.rollback()
    return queries.known_browsers(user, at=clock.now())


def test_each_browser_is_listed_once_and_the_present_one_is_marked(cast, browsers):
    first, _second, _other = browsers
    page = first.get("/account").text
    assert len(known(cast.officer)) == page.count("/forget") == 2
    assert page.count("trình duyệt này") == 2  # in the words above the list, and beside the present one


def test_a_forgotten_browser_is_unknown_and_signed_out(cast, browsers):
    first, second, _other = browsers
    key = second.get_cookie("device").value
    row = next(row for row in known(cast.officer) if row.device_hash == queries.digest(key))
    assert queries.device_known(key, cast.officer.id, at=clock.now())
    assert first.post(f"/account/browsers/{row.id}/forget").status_code == 302
    assert not queries.device_known(key, cast.officer.id, at=clock.now())
    assert second.get("/account").status_code == 302 and first.get("/account").status_code == 200
    assert len(known(cast.officer)) == 1


def test_forgetting_the_present_one_takes_its_cookie_and_leaves_the_session(cast, browsers):
    first, _second, _other = browsers
    row = next(r for r in known(cast.officer) if r.device_hash == queries.digest(first.get_cookie("device").value))
    first.post(f"/account/browsers/{row.id}/forget")
    assert first.get_cookie("device") is None and first.get("/account").status_code == 200
    ended = session.scalars(select(SignIn).where(SignIn.user_id == cast.officer.id, SignIn.ended_at.is_not(None)))
    assert len(ended.all()) == 1  # the earlier session of the same browser


def test_nobody_forgets_the_browser_of_another(cast, browsers):
    first, _second, _other = browsers
    (row,) = known(cast.bank)
    assert first.post(f"/account/browsers/{row.id}/forget").status_code == 404
    assert len(known(cast.bank)) == 1
