"""A draft of a form is named saved by the page that follows its saving, once, and by no other."""

from __future__ import annotations

import re

NAME = "draft:7:/organisations/7/products/new#0"


def saved(page):
    return re.findall(r'<meta name="saved-form" content="([^"]*)">', page)


def test_the_page_after_a_save_names_the_draft_once(cast, browse):
    client, path = browse(cast.firm_owner), f"/organisations/{cast.firm.id}/products/new"
    assert "data-draft=" in client.get(path).text
    refused = client.post(path, data={"name_vi": "", "_draft": NAME})
    assert refused.status_code == 422 and saved(refused.text) == [] == saved(client.get(path).text)
    answer = client.post(path, data={"name_vi": "Khuôn dập", "_draft": NAME})
    assert answer.status_code == 302
    assert saved(client.get(answer.location).text) == [NAME]
    assert saved(client.get(answer.location).text) == []


def test_being_sent_to_sign_in_saves_nothing(client):
    answer = client.post("/organisations/1/products/new", data={"_draft": NAME})
    assert answer.location.startswith("/sign-in") and saved(client.get("/sign-in").text) == []


def test_forms_of_strangers_keep_no_draft(client):
    assert "data-draft=" not in client.get("/join/ask").text
