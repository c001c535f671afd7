"""A firm from its invitation to a complete profile, on a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from companies import rules
from companies.directory import present_in
from core.db import session
from core.outbox import Mail

pytestmark = pytest.mark.browser
NEW = "giếng làng vẫn trong veo"
SECTIONS = {
    "names": {"name_en": "Minh Hoa Mechanical JSC 01 (demo)"},
    "introduction": {"intro_vi": "Tiện, phay chính xác.", "intro_en": "Precision turning and milling."},
    "business": {
        "sector": "mechanical", "vsic_version": "2025", "vsic": "2592", "languages": "Tiếng Việt\nTiếng Anh",
    },
    "contact": {
        "commune": "Phường Hoàn Kiếm", "website": "minhhoa.example", "email": "info@minhhoa.example",
        "phone": "024 3825 4567",
    },
}  # fmt: skip


def fill(page: Page, values: Mapping[str, str]) -> None:
    """Type into the fields and save, as a thumb does; no page is wider than the phone."""
    for name, value in values.items():
        box = page.locator(f"main [name='{name}']").first
        if box.evaluate("element => element.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("main .form-buttons button.btn-primary").first.click()
    expect(page.locator("main .note-danger")).to_have_count(0)


def test_a_firm_comes_by_an_invitation_and_completes_its_profile_on_a_phone(cast, browse, read):
    firm = cast.firm.id
    data = {"email": "lan@minhhoa.example", "name": "Phạm Lan", "role": "owner", "language": "vi"}
    browse(cast.officer).post(f"/organisations/{firm}/invitations", data=data)
    body = session.scalars(select(Mail.body)).one()
    session.rollback()
    phone = read(None, width=390)
    page = phone.page
    phone.open(re.search(r"http://localhost(/invitation/\S+)", body).group(1))
    expect(page.locator("[name='name']")).to_have_value("Phạm Lan")
    fill(page, {"password": NEW, "again": NEW})
    page.wait_for_url(f"**/organisations/{firm}/edit")
    for section, values in SECTIONS.items():
        phone.open(f"/organisations/{firm}/edit/{section}")
        fill(page, values)
    phone.open(f"/organisations/{firm}/certificates/new")
    fill(page, {"name": "ISO 9001", "valid_until": "2028-05-31"})
    phone.open(f"/organisations/{firm}/figures/new")
    fill(page, {"year": "2025", "employees": "120", "revenue_vnd": "85 tỷ"})
    phone.open(f"/organisations/{firm}/products/new")
    fill(page, {"name_vi": "Trục chính xác", "name_en": "Precision shaft", "hs": "848310"})
    for role, kind in (("need", "loan"), ("offer", "part_supply")):
        phone.open(f"/organisations/{firm}/needs/new?role={role}&kind={kind}")
        fill(page, {"text_vi": "Vay đầu tư máy tiện" if role == "need" else "Gia công trục", "text_en": "In short"})
    phone.open(f"/organisations/{firm}/edit")
    session.rollback()
    assert rules.missing(cast.firm.kinds, present_in([firm])[firm]) == ()
    expect(page.locator("main")).to_contain_text("100%")
    assert phone.faults == []
