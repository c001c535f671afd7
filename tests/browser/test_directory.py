"""The search of the directory: a combobox for the keyboard with scripts, a plain search without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_suggestions_are_chosen_with_the_arrow_keys_and_a_plain_search_works_without_scripts(read, cast, scripts):
    firm = cast.firm
    reader = read(scripts=scripts)
    reader.open("/organisations")
    box = reader.page.locator("#q")
    box.press_sequentially("co khi minh")
    if scripts:
        expect(box).to_have_attribute("aria-expanded", "true")
        box.press("ArrowDown")
        chosen = reader.page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_contain_text("Cơ khí Minh Hoạ 01")
        expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
        box.press("Escape")
        expect(reader.page.locator("[role=listbox]")).not_to_be_visible()
        box.press_sequentially(" hoa")
        expect(reader.page.locator("[role=listbox]")).to_be_visible()
        box.press("ArrowDown")
    box.press("Enter")
    target = f"/organisations/{firm.id}" if scripts else "/organisations?q=co+khi+minh"
    expect(reader.page).to_have_url(reader.url + target)
    assert reader.faults == []
