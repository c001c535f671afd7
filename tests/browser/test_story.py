"""The line from the list to the firm's own timetable in a real browser: an officer at a desk, a firm on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from core.db import session
from events.conferences.models import Meeting, TimetableVersion
from tests.browser.conftest import LONG
from tests.events.conferences.conftest import make_conference

pytestmark = pytest.mark.browser


def stored(query):
    """What the database holds now; the test's own transaction would show the past."""
    session.rollback()
    return session.scalars(query).all()


def act(page: Page, path: str) -> None:
    """Press the button that posts to this address."""
    page.locator(f"form[action='{path}'] button").first.click()


def drag(page: Page, what: Locator, where: Locator) -> None:
    """Take hold with the mouse, move over in steps as a hand does, let go."""
    page.locator(".board").first.evaluate(
        "board => board.scrollIntoView({behavior: 'instant'})"
    )  # both ends of the way are in view
    for box, then in ((what.bounding_box(), page.mouse.down), (where.bounding_box(), page.mouse.up)):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=12)
        then()


def test_an_officer_plans_and_publishes_and_a_firm_reads_it_on_a_phone(app, cast, read: Callable, worker):
    small = make_conference(cast.officer, cast.firm)
    firm, base = small.firms[0], f"/conferences/{small.conference_id}"
    desk = read(cast.officer, language="en")
    page = desk.page

    desk.open("/")
    page.locator(".site-nav a[href='/conferences']").first.click()
    page.get_by_role("link", name="Matching conference").first.click()
    expect(page).to_have_url(desk.url + base)
    act(page, f"{base}/suggestions")
    expect(page.get_by_role("button", name="Compute again")).to_be_visible(timeout=LONG)  # it led back by itself

    phone = read(cast.firm_owner, language="vi", width=390)
    phone.open(f"{base}/participants/{firm}/suggestions")
    first = phone.page.locator(".match").first
    name = first.locator(".item-title a").inner_text()
    first.locator(".wish-yes").click()
    expect(phone.page.locator(".match").first.locator(".wish-yes")).to_have_attribute("aria-pressed", "true")

    act(page, f"{base}/timetables")
    page.wait_for_url("**/timetables/*", timeout=LONG)
    (version,) = stored(select(TimetableVersion.id))
    board = f"{base}/timetables/{version}"
    expect(page).to_have_url(desk.url + board)

    meeting = page.locator(".meeting").first
    partner, own_firm = meeting.get_attribute("data-partner"), meeting.get_attribute("data-firm")
    busy = {m.slot_id for m in stored(select(Meeting).where(Meeting.partner_id == int(partner)))}
    busy |= {m.slot_id for m in stored(select(Meeting).where(Meeting.firm_id == int(own_firm)))}
    cells = page.locator(f"td[data-owner='{partner}']")
    slots = [int(cells.nth(n).get_attribute("data-slot")) for n in range(cells.count())]
    free = next(slot for slot in slots if slot not in busy)
    drag(page, meeting, page.locator(f"td[data-owner='{partner}'][data-slot='{free}']"))
    expect(page.locator(".note-success")).to_be_visible()
    moved = page.locator(f"td[data-owner='{partner}'][data-slot='{free}'] .meeting-locked")
    expect(moved).to_have_attribute("data-firm", own_firm)

    page.locator(".confirm > summary").first.click()
    act(page, f"{board}/publish")
    expect(page.locator(".note-success")).to_contain_text("published")

    phone.open(f"{base}/participants/{firm}/schedule")
    expect(phone.page.locator(".agenda-row").first).to_be_visible()
    expect(phone.page.locator(".agenda-list").first).to_contain_text(name)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (desk.faults, phone.faults) == ([], [])
