"""The timetable is made, moved, published, and answered for."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conference.people import REASON, Story, hanoi
from tests.browser.conference.walking import confirm, done, english, fits, in_english, press
from tests.browser.conftest import LONG, Reader


def plan_and_publish(s: Story) -> None:
    """Wishes are closed; the officer looks at the quality, locks, moves a meeting by keyboard, undoes, publishes."""
    s.time.set_to(hanoi(12, 9, 9))
    s.come_back(*s.users)
    s.post.new()
    s.firm.open(f"{s.page_of('firm')}/suggestions")
    expect(s.firm.page.locator(".match")).to_have_count(2)
    expect(s.firm.page.locator(".wish")).to_have_count(0)
    page = s.officer.page
    s.officer.open(s.base)
    press(page, f"{s.base}/timetables")
    page.wait_for_url("**/timetables/*", timeout=LONG)
    board = page.url.removeprefix(s.officer.url)
    expect(page.locator(".meeting")).to_have_count(4)
    expect(page.locator(".stats")).to_contain_text("100")
    expect(page.locator("#unmet tbody tr")).to_have_count(1)  # the bank has no time for the one who phoned
    expect(page.locator("#unmet")).to_contain_text("Điện Thoại")
    meeting_on(page, s, "firm", "bank").click()
    press(page, "/lock")
    done(page)
    expect(meeting_on(page, s, "firm", "bank")).to_have_class("meeting meeting-locked")
    moved = meeting_on(page, s, "phoner", "supplier")
    before = moved.locator("xpath=..").get_attribute("data-slot")
    moved.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/*")
    page.locator(".moves button").first.focus()
    page.keyboard.press("Enter")
    done(page)
    assert meeting_on(page, s, "phoner", "supplier").locator("xpath=..").get_attribute("data-slot") != before
    press(page, f"{board}/undo")
    done(page)
    assert meeting_on(page, s, "phoner", "supplier").locator("xpath=..").get_attribute("data-slot") == before
    confirm(page, f"{board}/publish")
    done(page)
    s.letters = {letter.to: letter for letter in s.post.new()}
    assert set(s.letters) == {s.users[name].email for name in ("firm", "rival", "bank", "supplier")}
    english(s.letters[s.users["supplier"].email])


def meeting_on(page: Page, s: Story, firm: str, partner: str) -> Locator:
    """A meeting on the board."""
    keys = s.participants[firm], s.participants[partner]
    return page.locator(f".meeting[data-firm='{keys[0]}'][data-partner='{keys[1]}']")


def confirm_and_decline(s: Story) -> None:
    """Three come, one cannot: why is for the officer; the freed time goes to the one who phoned, two are told."""
    for name in ("firm", "bank", "supplier", "rival"):
        reader: Reader = getattr(s, name)
        reader.open(s.letters[s.users[name].email].link)
        expect(reader.page.locator(".agenda-row").first).to_be_visible()
        fits(reader)
        if name == "rival":
            confirm(reader.page, f"{s.page_of(name)}/confirm", REASON, comes="no", other=s.participants["bank"])
        else:
            press(reader.page, f"{s.page_of(name)}/confirm", comes="yes")
        done(reader.page)
    in_english(s.supplier)
    told = s.post.to(s.users["bank"].email)
    assert REASON not in told.text and "Đối Thủ 02" in told.text
    assert REASON not in s.text("bank", f"{s.page_of('bank')}/schedule")
    page = s.officer.page
    s.officer.open(f"{s.page_of('phoner')}/schedule")
    press(page, f"{s.page_of('phoner')}/confirm", comes="yes")
    done(page)
    s.officer.open(s.base)
    press(page, f"{s.base}/day/replan")
    page.wait_for_url("**/changes", timeout=LONG)
    affected = page.locator("main .items > .item")
    expect(affected).to_have_count(3)
    expect(affected.filter(has_text="Điện Thoại").locator(".chip-warning")).to_be_visible()  # tell them by phone
    confirm(page, "/changes/publish")
    done(page)
    assert {letter.to for letter in s.post.new()} == {s.users[name].email for name in ("bank", "rival")}
    assert "Điện Thoại" in s.text("bank", f"{s.page_of('bank')}/schedule")
    s.rival.open(f"{s.page_of('rival')}/schedule")
    expect(s.rival.page.locator(".agenda-row")).to_have_count(0)
    for name in ("rival", "bank", "supplier"):
        s.may_not(name, *s.own_pages("firm"), *s.own_pages("phoner"))
