"""Whom they would like to meet, and what a firm lets the bank see."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from events.conferences.models import Participant
from tests.browser.conference.people import SHOWN, Story, hanoi
from tests.browser.conference.walking import done, fits, in_english, press, stored
from tests.browser.conftest import LONG


def one_who_phones(s: Story) -> None:
    """A firm without anybody on the site phones: the officer registers it, says when it is there, and it says so."""
    s.time.set_to(hanoi(11, 26, 9))
    s.come_back(*s.users)
    page = s.officer.page
    s.officer.open(f"{s.base}/participants/add?kind=firm&q=thoai")
    page.locator(f"#o{s.organisations['phoner']}").check()
    page.locator("main .form-buttons .btn-primary").click()
    done(page)
    page.locator("main td a", has_text="Điện Thoại").click()
    expect(page.locator("main .note-warning")).to_be_visible()  # you act for this participant
    page.locator(".slot-tick input").first.uncheck()
    page.locator("main .form-buttons .btn-primary").click()
    done(page)
    (phoner,) = stored(select(Participant).where(Participant.organisation_id == s.organisations["phoner"]))
    s.participants["phoner"] = phoner.id
    assert len(phoner.away_slots) == 1
    s.officer.open(s.base)
    press(page, f"{s.base}/suggestions")
    expect(page.locator(f"form[action='{s.base}/timetables'] button")).to_be_visible(timeout=LONG)
    s.officer.open(f"{s.page_of('phoner')}/suggestions")
    s.wish("officer", "bank", "yes")
    s.wish("officer", "supplier", "yes")


def say_whom_to_meet(s: Story) -> None:
    """Must, yes and no; what both want stands out; a no leaves no trace on the other side."""
    for name in ("firm", "rival", "bank", "supplier"):
        getattr(s, name).open(f"{s.page_of(name)}/suggestions")
    s.wish("firm", "bank", "must")
    s.wish("firm", "supplier", "yes")
    fits(s.firm)
    s.wish("bank", "firm", "yes")
    s.wish("bank", "rival", "yes")
    s.wish("supplier", "firm", "must")
    s.wish("supplier", "rival", "yes")
    s.wish("supplier", "phoner", "yes")
    in_english(s.supplier)
    seen = {path: s.text("supplier", path) for path in s.own_pages("supplier")[1:5]}
    s.wish("rival", "bank", "must")
    s.wish("rival", "supplier", "no")
    for path, before in seen.items():
        assert s.text("supplier", path) == before
    in_english(s.supplier)
    s.firm.open(f"{s.page_of('firm')}/wishes")
    both = s.firm.page.locator("section", has=s.firm.page.locator("h2.wishes-title")).first
    expect(both.locator(".match")).to_have_count(2)
    expect(both.locator(".chip-success")).to_have_count(2)
    fits(s.firm)
    s.rival.open(f"{s.page_of('rival')}/wishes")
    expect(s.rival.page.locator(".match-refused")).to_have_count(1)
    for name in ("rival", "bank", "supplier"):
        s.may_not(name, *s.own_pages("firm"))
    for name in ("firm", "bank", "supplier"):
        s.may_not(name, *s.own_pages("rival"))


def lend_the_figures_and_take_them_back(s: Story) -> None:
    """The firm lets the bank see its figures in one click, reads who looked, and takes them back in one."""
    profile = f"/organisations/{s.organisations['firm']}"

    def sees(name: str) -> bool:
        words = s.text(name, profile)
        return any(figure in words for figure in SHOWN)

    assert not any(sees(name) for name in ("rival", "bank", "supplier"))
    shared = f"{s.page_of('firm')}/sharing"
    s.firm.open(f"{s.page_of('firm')}/wishes")
    press(s.firm.page, shared, other=s.participants["bank"])
    done(s.firm.page)
    assert [name for name in ("rival", "bank", "supplier") if sees(name)] == ["bank"]
    words = s.text("firm", f"{profile}/sight")
    assert "Thí Dụ" in words
    s.firm.open(f"{s.page_of('firm')}/wishes")
    press(s.firm.page, shared, other=s.participants["bank"])
    done(s.firm.page)
    assert not any(sees(name) for name in ("rival", "bank", "supplier"))
