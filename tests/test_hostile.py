"""What strangers and readers send on purpose, beside the rows that have tests of their own: never a crash, no act."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from accounts.enums import Role
from accounts.operations import create_user, hash_password
from app import create_app
from core import clock
from core.access import Access
from core.db import db, row_key, write
from tests.conftest import make_settings
from tests.people import PASSWORD

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("text", "key"),
    [("7", 7), (None, 0), ("", 0), ("0", 0), ("-1", 0), ("١", 0), ("1e3", 0), (" 1", 0), ("2147483647", 2147483647),
     ("2147483648", 0), ("9" * 5_000, 0)],
)  # fmt: skip
def test_what_is_no_id_of_a_row_is_zero(text, key):
    assert row_key(text) == key


def test_a_row_in_an_address_belongs_to_the_one_before_it(app):
    """`/conferences/1/tables/2`: the guard compares them where the second has a column for the first."""
    free = {"firm", "other", "organisation"}  # these have none: they are public, and the rule asks for the rest
    for endpoint, access in app.extensions["access"].items():
        rows = dict(access.rows) if isinstance(access, Access) else {}
        for place, (name, model) in enumerate(rows.items()):
            tied = [f"{before}_id" in model.__table__.c for before in list(rows)[:place]]
            assert not tied or any(tied) or name in free, endpoint


def test_a_forms_mark_is_good_in_one_browser_alone(app):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        mine, other = app.test_client(), app.test_client()
        mark = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', mine.get("/sign-in").text)[1]
        other.get("/sign-in")
        form = {"language": "en", "csrf_token": mark}
        assert other.post("/language", data=form).status_code == 400
        assert mine.post("/language", data=form).status_code == 302
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("how", ["parts", "field", "body"])
def test_a_request_too_large_is_refused_early(client, how):
    form = {
        "parts": {f"f{n}": (io.BytesIO(b"x"), "x.txt") for n in range(5_001)},
        "field": {"email": (io.BytesIO(b"x"), "x"), "password": "x" * (2 * 2**20 + 1)},
        "body": {"file": (io.BytesIO(b"x" * (20 * 2**20 + 1)), "x.csv")},
    }[how]
    answer = client.post("/sign-in", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413 and "<h1" in answer.text


def test_a_method_is_what_it_is_whatever_the_request_says(browse, cast):
    officer = browse(cast.officer)
    says = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    assert officer.get("/sign-out", headers=says).status_code == 405
    assert officer.get("/sign-out?_method=POST").status_code == 405
    assert officer.head("/sign-out").status_code == 405
    head = officer.head("/account")
    assert (head.status_code, head.data) == (200, b"") and head.headers["Cache-Control"] == "no-store"
    assert officer.options("/account").headers["Allow"].count("POST") == 0


@pytest.mark.one_database
def test_behind_https_cookies_are_bound_to_it_and_the_browser_stays_with_it(app, tmp_path):
    secure = create_app(
        make_settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", PUBLIC_BASE_URL="https://localhost")
    )
    secure.config["WTF_CSRF_ENABLED"] = False
    with secure.app_context():
        db.create_all()
        with write():
            create_user(email="a@cast.example", name="A", password_hash=hash_password(PASSWORD),
                        roles=[Role.OFFICER], at=clock.now(), by=None)  # fmt: skip
        client = secure.test_client()
        answers = [client.post("/sign-in", data={"email": "a@cast.example", "password": PASSWORD})]
        answers.append(client.post("/language", data={"language": "en"}))
        cookies = {c.split("=")[0]: c for answer in answers for c in answer.headers.getlist("Set-Cookie")}
        db.session.remove()
        db.engine.dispose()
    assert {"__Host-session", "__Host-device", "lang"} <= set(cookies)
    for cookie in cookies.values():
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
    assert "max-age=31536000" in answers[0].headers["Strict-Transport-Security"]


def test_the_page_behind_a_mails_link_is_not_kept(client, cast):
    answer = client.get("/password/new/" + "x" * 43)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_no_template_lets_markup_of_users_through():
    """And none is made of a text: what people type is never template source."""
    loose = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    pages = list((ROOT / "templates").rglob("*.html"))
    assert len(pages) > 100
    assert [path.name for path in pages if loose.search(path.read_text(encoding="utf-8"))] == []
    ours = [p for name in ("core", "accounts", "companies", "events", "portal", "api", "jobs")
            for p in (ROOT / name).rglob("*.py")]  # fmt: skip
    made = re.compile(
        r"render_template_string|from_string\(|import pickle|pickle\.load|yaml\.load\(|allow_pickle=True"
    )
    assert [path.name for path in ours if made.search(path.read_text(encoding="utf-8"))] == []
