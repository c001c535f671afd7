"""Where a sign-in may lead: only to a page of ours."""

from __future__ import annotations

import pytest

from tests.people import PASSWORD

HOSTILE = [
    "//evil.com", "/\\evil.com", "\\/evil.com", "https:evil.com", "https:///evil.com", "javascript:alert(1)",
    "\t//evil", "\x0b//evil", "/\t/evil.com",
    "https://localhost@evil.com", "http://localhost.evil.com/account", "///evil.com",
    "/account\r\nSet-Cookie: a=b", "/no/such/page", "/sign-out", "account", "",
]  # fmt: skip


@pytest.mark.parametrize("target", HOSTILE)
def test_a_hostile_next_leads_home(client, cast, target):
    data = {"email": cast.officer.email, "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": target}, data=data)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_a_page_of_ours_is_kept_with_its_query(client, cast):
    data = {"email": cast.administrator.email, "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": "/admin/users?q=a&page=2"}, data=data)
    assert answer.headers["Location"] == "/admin/users?q=a&page=2"
