"""What every answer carries, error pages included; hosts, proxies, forgery, methods, odd parameters."""

from __future__ import annotations

import re

import pytest

from core.web import CONTENT_SECURITY_POLICY
from tests.people import PASSWORD

PAGES = [
    "/",
    "/sign-in",
    "/no-such-page",
    "/account",
    "/organisations",
    "/events",
    "/healthz",
    "/static/css/site.css",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_the_headers(client, page):
    headers = client.get(page).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert {"Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} <= set(headers.keys())


def test_pages_of_somebody_signed_in_are_not_stored(browse, cast):
    assert browse(cast.officer).get("/account").headers["Cache-Control"] == "no-store"


def test_a_foreign_host_is_refused(client):
    assert client.get("/sign-in", headers={"Host": "evil.com"}).status_code == 400


def test_what_a_client_says_of_proxies_is_ignored(client):
    headers = {"X-Forwarded-Host": "evil.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}
    answer = client.get("/account", headers=headers)
    assert "evil.com" not in answer.headers["Location"]


def test_a_request_id_comes_back_if_it_is_harmless(client):
    assert client.get("/", headers={"X-Request-ID": "abcdef-123456"}).headers["X-Request-ID"] == "abcdef-123456"
    assert client.get("/", headers={"X-Request-ID": 'x"} evil'}).headers["X-Request-ID"] != 'x"} evil'


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client, method):
    assert client.open("/sign-in", method=method).status_code == 405


@pytest.mark.parametrize("query", ["/organisations?q=%00", "/organisations?id=1&id=2"])
def test_nul_bytes_and_doubled_ids_are_refused(client, query):
    assert client.get(query).status_code == 400


@pytest.mark.parametrize("key", ["0", "-1", "9223372036854775808", "18446744073709551616", "1e3", "١", "1 OR 1=1"])
def test_odd_ids_are_no_page(client, key):
    assert client.get(f"/organisations/{key}").status_code == 404
    assert client.get(f"/events/{key}").status_code == 404


@pytest.mark.parametrize("page", ["-1", "0", "1000000000", "x", "1e3", ""])
def test_odd_page_numbers_show_a_page(client, page):
    assert client.get("/organisations", query_string={"page": page}).status_code == 200


def test_an_unknown_language_is_ignored(client):
    assert 'lang="vi"' in client.get("/sign-in?lang=../../x").text
    assert 'lang="en"' in client.get("/sign-in?lang=en").text


def test_a_form_without_a_token_is_refused_and_writes_nothing(app, cast):
    data = {"email": cast.officer.email, "password": PASSWORD}
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert app.test_client().post("/sign-in", data=data).status_code == 400
        assert app.test_client().post("/language", data={"language": "en"}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_signing_out_by_a_link_is_not_possible(browse, cast):
    browser = browse(cast.officer)
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/account").status_code == 200


def test_a_hidden_row_and_a_missing_one_look_the_same(browse, cast):
    rival, known = browse(cast.rival_owner), cast.officer.id
    hidden, missing = rival.get(f"/admin/users/{known}"), rival.get("/admin/users/999999")
    assert (hidden.status_code, missing.status_code) == (404, 404)

    def bare(answer, key):
        text = answer.text.replace(answer.headers["X-Request-ID"], "").replace(f"/admin/users/{key}", "")
        return re.sub(r'name="csrf_token" value="[^"]*"', "", text)  # it tells the second in which it was made

    assert bare(hidden, known) == bare(missing, 999999)


def test_programs_get_errors_as_json(client):
    answer = client.get("/account", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401 and answer.json["error"]["status"] == 401
