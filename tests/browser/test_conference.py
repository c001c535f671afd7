"""A conference from the invitation to the answer after six months, as its people live it.

An officer at a desk, a firm on a phone, its rival, a bank, and a supplier who reads English; a door clerk, and a firm
without anybody on the site that phones. At every step rivals are asked what they see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from accounts.models import User
from companies.enums import Kind, NeedClass, NeedRole, Sector
from companies.models import NeedOffer
from companies.operations import state_figures
from core import clock
from core.clock import HANOI
from core.db import session, write
from events.conferences.choosing.models import Candidate
from events.conferences.models import Conference, Participant, Slot
from tests.browser.conftest import Reader
from tests.browser.test_story import LONG, worker  # noqa: F401 - a fixture
from tests.browser.walking import Post, Time, confirm, done, fits, in_english, mail_of, press, story_time
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
REVENUE = 98_765_432_100
SHOWN = ("98,8 tỷ", "98.765.432.100", "98.8 billion", "98,765,432,100")
TITLES = ("Hội nghị kết nối ngân hàng và công nghệ", "Meeting of firms with banks and technology")


def hanoi(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HANOI)


@dataclass
class Story:
    """The people at their browsers, the clock and the post; ids of rows as they come to be."""

    browse: Callable[..., Any]
    officer: Reader
    firm: Reader
    rival: Reader
    bank: Reader
    supplier: Reader
    time: Time
    post: Post
    users: dict[str, User]
    organisations: dict[str, int]
    conference: int = 0
    participants: dict[str, int] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/conferences/{self.conference}"

    def page_of(self, name: str) -> str:
        """The pages of a participant."""
        return f"{self.base}/participants/{self.participants[name]}"

    def come_back(self, *names: str) -> None:
        """Another day: they sign in again."""
        for name in names:
            reader: Reader = getattr(self, name)
            key = self.browse(self.users[name]).get_cookie("session").value
            reader.context.add_cookies([{"name": "session", "value": key, "url": reader.url}])

    def wish(self, name: str, other: str, said: str) -> None:
        """On its ranked list, press one of the three answers; it is pressed then."""
        reader: Reader = getattr(self, name)
        button = reader.page.locator(f"#p{self.participants[other]} .wish-{said}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    def may_not(self, name: str, *paths: str) -> None:
        """These pages do not exist for somebody."""
        reader: Reader = getattr(self, name)
        found = {path: reader.context.request.get(reader.url + path, max_redirects=0).status for path in paths}
        assert found == dict.fromkeys(paths, 404)

    def own_pages(self, name: str) -> list[str]:
        """All that a participant reads of itself."""
        parts = ("", "/suggestions", "/search", "/wishes", "/schedule", "/schedule.pdf", "/outcomes")
        return [self.page_of(name) + part for part in parts]

    def text(self, name: str, path: str) -> str:
        """What somebody reads at an address."""
        reader: Reader = getattr(self, name)
        reader.open(path)
        return reader.page.locator("body").inner_text()


@pytest.fixture
def story(app, cast, read, browse, worker, monkeypatch) -> Iterator[Story]:  # noqa: F811
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with story_time(monkeypatch) as time:
        time.set_to(hanoi(11, 22, 9))
        users = {"officer": cast.officer, "firm": cast.firm_owner, "rival": cast.rival_owner, "bank": cast.bank,
                 "supplier": cast.supplier}  # fmt: skip
        organisations = _organisations(cast, users)
        readers = {name: read(None, width=390 if name == "firm" else 1280) for name in users}
        for name in ("firm", "rival", "bank", "supplier"):
            readers[name].context.clear_cookies()  # browsers that never were here
        yield Story(browse, **readers, time=time, post=mail_of(app), users=users, organisations=organisations)
        for reader in readers.values():
            assert reader.faults == []


def _organisations(cast: Any, users: dict[str, User]) -> dict[str, int]:
    """Who there is in the directory, with what each needs and offers, all in both languages."""
    rows = {"firm": cast.firm, "rival": cast.rival, "bank": cast.bank_organisation,
            "supplier": cast.supplier_organisation}  # fmt: skip
    rows["phoner"] = cast._organisation("Công ty TNHH Đúc Điện Thoại 03", "0090000040", "firm")
    rows["other"] = cast._organisation("Công ty CP May Ngoài Ngành 04", "0090000057", "firm")
    english = {"firm": "Minh Hoa Mechanical JSC 01", "rival": "Doi Thu Mechanical JSC 02", "bank": "Thi Du Bank",
               "phoner": "Dien Thoai Foundry 03", "other": "Ngoai Nganh Garments 04"}  # fmt: skip
    offers = {"bank": (NeedClass.LOAN, "Cho vay vốn lưu động, mua máy", "Loans for working capital and machines"),
              "supplier": (NeedClass.EQUIPMENT, "Máy phay CNC 5 trục", "5-axis CNC milling machines")}  # fmt: skip
    needs = {"loan": ("Vay vốn lưu động để mua thép", "Working capital loan to buy steel", NeedClass.LOAN),
             "machine": ("Máy phay CNC 5 trục", "5-axis CNC milling machine", NeedClass.EQUIPMENT)}  # fmt: skip
    at = clock.now()
    with write():
        session.get(User, users["supplier"].id).language = "en"
        session.get(User, users["supplier"].id).name = "Hans Beispiel"
        for name, row in rows.items():
            row.name_en = english.get(name, row.name_vi)
            stated = [offers[name]] if name in offers else [(k, vi, en) for vi, en, k in needs.values()]
            role = NeedRole.OFFER if name in offers else NeedRole.NEED
            for kind, vi, en in stated:
                session.add(
                    NeedOffer(organisation_id=row.id, role=role, kind=kind, text_vi=vi, text_en=en, created_at=at)
                )
            if name not in offers:
                row.sector = Sector.TEXTILE if name == "other" else Sector.MECHANICAL
        state_figures(rows["firm"], 2025, {"employees": 120, "revenue_vnd": REVENUE}, by=users["firm"], at=at)
    return {name: row.id for name, row in rows.items()}


def test_a_conference_from_the_invitation_to_the_answer_after_six_months(story):
    set_up(story)
    choose_and_invite(story)
    answer_from_the_mail(story)
    one_who_phones(story)
    say_whom_to_meet(story)
    lend_the_figures_and_take_them_back(story)


def set_up(s: Story) -> None:
    """The officer makes the conference in one sitting, beginning with the line of the plan."""
    s.come_back("officer")
    page = s.officer.page
    s.officer.open("/conferences")
    page.locator("main a[href='/conferences/new']").first.click()
    page.locator("main a[href='/conferences/new?plan=I.1']").click()
    page.locator("input[value='credit_fund']").uncheck()
    page.locator("input[value='technology_supplier']").check()
    typed = {
        "title_vi": TITLES[0], "title_en": TITLES[1], "place_vi": "Nhà văn hóa Mẫu", "place_en": "Sample Centre",
        "first_day": "2026-12-15", "morning_from": "08:30", "morning_to": "10:30", "afternoon_from": "",
        "afternoon_to": "", "firm_minimum": "1", "firm_maximum": "2", "partner_minimum": "1", "partner_maximum": "2",
        "wishes_open_at": "2026-11-25T08:00", "wishes_close_at": "2026-12-08T17:00",
        "timetable_due_at": "2026-12-10T17:00", "confirm_until": "2026-12-13T17:00",
        "criteria_vi": "Sản phẩm được công nhận; chưa được hỗ trợ trong năm.",
        "criteria_en": "Recognised product; no support yet this year.",
    }  # fmt: skip
    for name, value in typed.items():
        page.locator(f"main [name='{name}']").fill(value)
    page.locator("main .form-buttons .btn-primary").click()
    done(page)
    s.conference = stored(select(Conference.id))[0]
    event = stored(select(Conference.event_id))[0]
    assert len(stored(select(Slot.id))) == 4
    press(page, f"/events/{event}/publish")
    done(page)
    expect(page).to_have_url(s.officer.url + s.base)


def stored(query: Any) -> Any:
    """What the database holds now."""
    session.rollback()
    return session.scalars(query).all()


def choose_and_invite(s: Story) -> None:
    """Firms by the criteria, one declined for a reason; partners from the directory; everybody in his language."""
    page = s.officer.page
    page.locator(f"main .steps a[href='{s.base}/candidates']").click()
    press(page, f"{s.base}/candidates/rank")
    page.wait_for_url(f"**{s.base}/candidates", timeout=LONG)
    page.locator("#sectors input[value='mechanical']").check()
    page.locator("form[action$='/criteria'] .btn-primary").click()
    done(page)
    found = {row.organisation_id: row.id for row in stored(select(Candidate))}
    for name in ("firm", "rival", "phoner"):
        page.locator(f"#c{found[s.organisations[name]]}").check()
    page.locator(".decide [value='chosen']").click()
    done(page)
    page.locator(f"#c{found[s.organisations['other']]}").check()
    page.locator(".decide [value='declined']").click()
    expect(page.locator(".note-danger")).to_be_visible()  # for no reason nobody is declined; the tick is kept
    s.officer.faults.clear()
    page.locator("#reason").fill("Không đúng ngành")
    page.locator(".decide [value='declined']").click()
    done(page)
    confirm(page, f"{s.base}/candidates/invite")
    expect(page.locator(".note-warning").first).to_contain_text("Đúc Điện Thoại 03")  # nobody to write to: phone them
    page.locator(f"main a[href='{s.base}/partners']").first.click()
    page.locator(f"#o{s.organisations['bank']}").check()
    page.locator("form[action$='/partners/invite'] .btn-primary").click()
    done(page)
    page.locator("#kind").select_option("technology_supplier")
    page.locator(f"#o{s.organisations['supplier']}").check()
    page.locator("form[action$='/partners/invite'] .btn-primary").click()
    done(page)


def answer_from_the_mail(s: Story) -> None:
    """Each opens the link of his own mail in a browser that never was here, accepts, signs in, names who comes."""
    letters = {letter.to: letter for letter in s.post.new()}
    assert set(letters) == {s.users[name].email for name in ("firm", "rival", "bank", "supplier")}
    for name in ("firm", "rival", "bank", "supplier"):
        reader: Reader = getattr(s, name)
        letter = letters[s.users[name].email]
        reader.open(letter.link)
        if name == "supplier":
            in_english(reader)
        reader.page.locator("[value='accept']").click()
        if name == "supplier":
            in_english(reader)
        reader.page.locator("main a.btn-primary").click()
        reader.page.locator("[name='email']").fill(s.users[name].email)
        reader.page.locator("[name='password']").fill(PASSWORD)
        reader.page.locator("main .btn-primary").click()
        expect(reader.page.locator("#named")).to_be_visible()
        reader.page.locator("#named [name='name']").fill(f"Delegate of {name}")
        reader.page.locator("#named .form-buttons button").click()
        expect(reader.page.locator("#named li")).to_contain_text(f"Delegate of {name}")
        fits(reader)
    in_english(s.supplier)
    rows = stored(select(Participant))
    names = {key: name for name, key in s.organisations.items()}
    s.participants = {names[p.organisation_id]: p.id for p in rows}
    assert {p.kind for p in rows} == {Kind.FIRM, Kind.BANK, Kind.TECHNOLOGY_SUPPLIER}


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
    words = s.text("firm", f"{profile}/grants")
    assert "Thí Dụ" in words
    s.firm.open(f"{s.page_of('firm')}/wishes")
    press(s.firm.page, shared, other=s.participants["bank"])
    done(s.firm.page)
    assert not any(sees(name) for name in ("rival", "bank", "supplier"))
