"""What every page does for its reader: menu, language, forms; with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.filled import fill

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_a_phone_opens_with_and_without_scripts(read, cast, scripts):
    reader = read(cast.administrator, width=390, scripts=scripts)
    reader.open("/")
    links = reader.page.locator(".menu .main-links a")
    expect(links.first).not_to_be_visible()
    reader.page.locator(".menu > summary").click()
    expect(links.first).to_be_visible()
    reader.page.locator(".menu a[href='/admin/users']").click()
    expect(reader.page).to_have_url(reader.url + "/admin/users")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_language_is_one_press_away_and_the_page_stays(read, scripts):
    reader = read(scripts=scripts)
    reader.open("/events?q=may+ti%E1%BB%87n&lang=vi")
    reader.page.locator(".site-tools [lang=en]").click()
    expect(reader.page.locator("html")).to_have_attribute("lang", "en")
    expect(reader.page).to_have_url(reader.url + "/events?q=may+ti%E1%BB%87n&lang=en")
    expect(reader.page.locator("#q")).to_have_value("may tiện")


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(read):
    reader = read()
    reader.open("/")
    reader.page.keyboard.press("Tab")
    expect(reader.page.locator(".skip")).to_be_focused()
    expect(reader.page.locator(".skip")).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#content")).to_be_focused()


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_errors(read):
    reader = read(language="en")
    reader.open("/sign-in")
    reader.page.fill("#email", "somebody@example.vn")
    reader.page.locator("main button").click()
    expect(reader.page.locator("[data-focus]")).to_be_focused()
    expect(reader.page.locator("#email")).to_have_value("somebody@example.vn")
    expect(reader.page.locator("#password")).to_have_attribute("aria-describedby", "password-error")
    reader.page.locator(".error-list a").click()
    expect(reader.page.locator("#password")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_cannot_be_taken_back_is_asked_first(read, cast, scripts):
    reader = read(cast.administrator, scripts=scripts, width=390)
    reader.open(f"/admin/users/{cast.officer.id}")
    sure = reader.page.locator(".confirm-panel button")
    expect(sure).not_to_be_visible()
    reader.page.locator(".confirm > summary").click()
    sure.click()
    expect(reader.page.locator(".note-success")).to_be_visible()
    expect(reader.page.locator(".chip-danger")).to_be_visible()


def test_escape_closes_a_question_and_gives_the_focus_back(read, cast):
    reader = read(cast.administrator)
    reader.open(f"/admin/users/{cast.officer.id}")
    reader.page.locator(".confirm > summary").click()
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Escape")
    expect(reader.page.locator(".confirm-panel")).not_to_be_visible()
    expect(reader.page.locator(".confirm > summary")).to_be_focused()


@pytest.mark.parametrize("changed", [True, False])
def test_a_page_with_unsaved_changes_asks_before_it_is_left(read, cast, changed):
    reader = read(cast.administrator)
    asked = []
    reader.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    reader.open("/admin/users/new")
    if changed:
        reader.page.locator("#name").press_sequentially("Một")
    reader.page.locator(".brand").click()
    expect(reader.page).to_have_url(reader.url + "/")
    assert asked == (["beforeunload"] if changed else [])


def test_a_filter_sends_itself_and_keeps_the_focus(read, cast):
    fill(cast)
    reader = read()
    reader.open("/events")
    reader.page.locator("#kind").focus()
    reader.page.locator("#kind").select_option(index=1)
    reader.page.wait_for_url("**/events?kind=*")
    expect(reader.page.locator("#kind")).to_be_focused()
    assert "q=" not in reader.page.url  # what is empty stays out of the address


def test_paper_shows_the_content_alone(read, cast):
    reader = read(cast.administrator)
    reader.open("/admin/users")
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("main table")).to_be_visible()
    for hidden in (".site-nav", ".site-tools", ".filters", ".site-foot"):
        expect(reader.page.locator(hidden)).not_to_be_visible()
