"""Filling in a profile on a phone: a section is saved a moment after each change, and also without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core.db import session

pytestmark = pytest.mark.browser


def again(row):
    session.expire_all()
    session.rollback()
    return session.get(type(row), row.id)


def test_a_section_saves_itself_on_a_phone_and_by_its_button_without_scripts(cast, read):
    firm, path = cast.firm, f"/organisations/{cast.firm.id}/edit/introduction"
    phone = read(cast.firm_owner, width=390)
    phone.open(path)
    for text in ("Một", "Hai"):  # twice: the second save goes with the version that the first one brought
        phone.page.fill("[name=intro_vi]", text)
        phone.page.locator("[name=intro_en]").focus()
        expect(phone.page.locator(".autosave")).to_contain_text("Đã lưu lúc")
        phone.page.wait_for_timeout(1200)
        assert again(firm).intro_vi == text
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth") and phone.faults == []
    plain = read(cast.firm_owner, width=390, scripts=False)
    plain.open(path)
    plain.page.fill("[name=intro_en]", "Three")
    plain.page.locator("button[name=onward]").click()
    assert plain.page.url.endswith("/edit/business") and again(firm).intro_en == "Three"
