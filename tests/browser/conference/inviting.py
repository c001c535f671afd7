"""The conference is made, firms are chosen, everybody is invited and answers."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from companies.enums import Kind
from events.conferences.choosing.models import Candidate
from events.conferences.models import Conference, Participant, Slot
from tests.browser.conference.people import TITLES, Story
from tests.browser.conference.walking import confirm, done, fits, in_english, press, stored
from tests.browser.conftest import LONG, Reader
from tests.people import PASSWORD


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
    invite_ticked(page)
    page.locator("#kind").select_option("technology_supplier")
    page.locator(f"#o{s.organisations['supplier']}").check()
    invite_ticked(page)


def invite_ticked(page: Page) -> None:
    """The letters go out only after a second look."""
    page.locator("form[action$='/partners/invite'] summary").click()
    page.locator("form[action$='/partners/invite'] .confirm-panel .btn-primary").click()
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
