"""The day: who comes, who does not, and how it was."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from events.conferences.day.models import Arrival
from tests.browser.conference.people import NOTE, Story, hanoi
from tests.browser.conference.walking import confirm, done, english, fits, in_english, press, stored
from tests.browser.conftest import LONG


def come_to_the_door(s: Story) -> None:
    """Checked in at the door; one while there was no connection, sent later with its true time."""
    at = hanoi(12, 15, 8, 10)
    s.time.set_to(at)
    s.come_back(*s.users)
    page = s.clerk.page
    page.clock.set_fixed_time(at)
    s.clerk.open("/door")
    fits(s.clerk)
    for name in ("firm", "bank"):
        page.locator(f"#p{s.participants[name]} .door-tap").click()
        expect(page.locator(f"#p{s.participants[name]}")).to_have_class(re.compile("guest-there"))
        expect(page.locator(f"#p{s.participants[name]} [data-word]")).to_have_text("Ra về")  # what a tap does now
    expect(page.locator("[data-there]")).to_have_text("2")
    s.clerk.context.set_offline(True)
    supplier = page.locator(f"#p{s.participants['supplier']}")
    supplier.locator(".door-tap").click()
    expect(supplier).to_contain_text("08:10")
    expect(page.locator("[data-door-state]")).to_contain_text("1")
    s.time.set_to(at + timedelta(minutes=9))
    page.clock.set_fixed_time(at + timedelta(minutes=9))
    s.clerk.context.set_offline(False)
    expect(supplier).to_have_class(re.compile("guest-there"))
    (arrival,) = stored(select(Arrival).where(Arrival.participant_id == s.participants["supplier"]))
    assert (arrival.at, arrival.sent_at) == (at, at + timedelta(minutes=9))
    s.may_not("clerk", s.page_of("firm"), f"{s.page_of('firm')}/schedule")
    s.clerk.faults[:] = [fault for fault in s.clerk.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def plan_the_rest_anew(s: Story) -> None:
    """The one who phoned does not come: the rest is planned anew, and only those are told whom it concerns."""
    s.time.set_to(hanoi(12, 15, 8, 35))
    page = s.officer.page
    s.officer.open(f"{s.base}/day")
    expect(page.locator(".stats")).to_contain_text("3")
    page.locator("#kind").select_option("absent")
    page.locator("#participant").select_option(str(s.participants["phoner"]))
    page.locator("form.trouble .form-buttons button").click()
    done(page)
    expect(page.locator("main .note-warning").first).to_be_visible()  # the plan does not know of it yet
    press(page, f"{s.base}/day/replan")
    page.wait_for_url("**/changes", timeout=LONG)
    expect(page.locator("main .items > .item")).to_have_count(3)
    confirm(page, "/changes/publish")
    done(page)
    letters = s.post.new()
    assert {letter.to for letter in letters} == {s.users[name].email for name in ("bank", "supplier")}
    english(next(letter for letter in letters if letter.to == s.users["supplier"].email))
    assert "Điện Thoại" not in s.text("bank", f"{s.page_of('bank')}/schedule")


def say_how_it_was(s: Story) -> None:
    """Held or not, useful or not, where it stands, a note, an outcome: each side for itself."""
    s.time.set_to(hanoi(12, 15, 11))
    bank, supplier = s.participants["bank"], s.participants["supplier"]
    page, outcomes = s.firm.page, f"{s.page_of('firm')}/outcomes"
    s.firm.open(f"{s.page_of('firm')}/schedule")
    page.locator(f"#p{bank} a.btn-primary").click()  # how was it?
    expect(page).to_have_url(f"{s.firm.url}{outcomes}#m{bank}")
    for name, value in (("held", "yes"), ("useful", "yes"), ("label", "negotiating")):
        tap(page, bank, name, value)
    tap(page, supplier, "held", "no")
    page.locator(f"#m{bank} .report-note summary").click()
    page.locator(f"#note{bank}").fill(NOTE)
    page.locator(f"#m{bank} .report-note button").click()
    expect(page.locator(f"#note{bank}")).to_have_value(NOTE)
    page.locator("details.add summary").click()
    page.locator("#outcomes [name='kind']").select_option("loan")
    page.locator("#outcomes [name='other']").select_option(str(bank))
    page.locator("#outcomes [name='on']").fill("2026-12-15")
    page.locator("#outcomes [name='amount']").fill("5.432.100.000")
    page.locator("#outcomes .form-buttons .btn-primary").click()
    done(page)
    fits(s.firm)
    s.bank.open(f"{s.page_of('bank')}/outcomes")
    tap(s.bank.page, s.participants["firm"], "held", "yes")
    tap(s.bank.page, s.participants["firm"], "useful", "no")
    s.supplier.open(f"{s.page_of('supplier')}/outcomes")
    tap(s.supplier.page, s.participants["firm"], "held", "no")
    in_english(s.supplier)
    for name in ("bank", "supplier", "rival"):
        for path in s.own_pages(name)[1:]:
            if not path.endswith(".pdf"):
                words = s.text(name, path)
                assert NOTE not in words and "5.432.100.000" not in words and "5,432,100,000" not in words
        s.may_not(name, outcomes)
    words = s.text("officer", f"{s.base}/outcomes")
    assert "5.432.100.000" in words and NOTE not in words


def tap(page: Page, other: int, name: str, value: str) -> None:
    """One tap on a meeting; it is pressed then."""
    page.locator(f"#m{other} [name='{name}'][value='{value}']").click()
    expect(page.locator(f"#m{other} [name='{name}'][aria-pressed='true']")).to_be_visible()
