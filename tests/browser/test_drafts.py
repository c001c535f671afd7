"""What was typed into a long form and not saved is offered again, and is gone for good once it was saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_draft_outlives_its_tab_and_ends_with_the_save(cast, read):
    path = f"/organisations/{cast.firm.id}/products/new"
    owner = read(cast.firm_owner, width=390)
    owner.open(path)
    note, words = owner.page.locator(".draft-note"), owner.page.locator("[name=description_vi]")
    expect(note).to_have_count(0)
    owner.page.fill("[name=name_vi]", "Khuôn dập")
    words.fill("Gõ dở")
    words.blur()
    owner.page.goto("about:blank")  # the tab is closed: nothing was saved
    owner.open(path)
    expect(note).to_contain_text("chưa được lưu")
    note.get_by_role("button").first.click()
    expect(words).to_have_value("Gõ dở")
    owner.page.locator("main form button[type=submit], main form .form-buttons button").first.click()
    owner.page.wait_for_url(lambda url: not url.endswith("/new"))
    owner.open(path)
    expect(words).to_have_value("")
    expect(note).to_have_count(0)
    assert owner.faults == []
