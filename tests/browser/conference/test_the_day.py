"""The door and the hall on the day: a bad connection, one who comes unannounced, and a time that becomes free.

A clerk at the door with a phone, an officer with the hall now before him, a banker who looks at his timetable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from core import clock
from core.db import write
from core.task_runner import run_waiting
from events.conferences.day import operations as day
from events.conferences.day.models import Arrival
from events.conferences.models import Meeting, Participant
from events.conferences.walk_in.models import WalkIn
from tests.browser.conference.people import hanoi
from tests.browser.conference.walking import Time, done, fits, stored, story_time
from tests.browser.conftest import Reader
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
NEWCOMER = "Công ty TNHH Ghé Qua Thí Dụ"
LOOKS = 16_000  # milliseconds after which the hall now has asked again


@dataclass
class Morning:
    """A quarter of an hour before the bank's first meeting, with a firm that will not come."""

    time: Time
    at: datetime
    conference: int
    bank: int
    absent: int
    firm: int
    meeting: int
    clerk: Reader
    officer: Reader
    banker: Reader

    @property
    def base(self) -> str:
        return f"/conferences/{self.conference}"

    def guest(self, key: int) -> Locator:
        """A line of the clerk's list."""
        return self.clerk.page.locator(f"#p{key}")

    def later(self, minutes: int) -> None:
        """So many minutes pass, on the site and on the phone at the door."""
        self.at += timedelta(minutes=minutes)
        self.time.set_to(self.at)
        self.clerk.page.clock.set_fixed_time(self.at)


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    with story_time(monkeypatch) as time:
        time.set_to(hanoi(11, 22, 9).astimezone(UTC))
        yield time


@pytest.fixture
def morning(app, before, held, cast, read, monkeypatch) -> Iterator[Morning]:  # noqa: F811
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    ids = held.conference_id, held.partner, held.firm
    first = min(stored(select(Meeting).where(Meeting.partner_id == held.partner)), key=lambda m: m.slot.begins_at)
    at, absent, meeting = first.slot.begins_at - timedelta(minutes=15), first.firm_id, first.id
    firm = next(key for key in (held.firm, *held.firms) if key != absent)
    before.set_to(at)
    with write():
        held.conference.partner_maximum = 8
        for key in (*held.firms, *held.partners):
            if key not in (absent, firm, held.partner):
                day.check_in(held.participant(key), key=f"0123456789-{key:06d}", by=cast.officer, at=at)
    readers = [read(cast.door_staff, width=390), read(cast.officer), read(cast.bank, width=390)]
    yield Morning(before, at, ids[0], ids[1], absent, firm, meeting, *readers)
    for reader in readers:
        assert [fault for fault in reader.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []


def test_a_day_with_a_bad_connection_one_who_comes_unannounced_and_a_time_that_becomes_free(morning, cast):
    keep_the_door_without_a_connection(morning, cast.officer)
    admit_the_one_who_comes_unannounced(morning)
    see_in_the_hall_who_is_missing(morning)
    give_the_free_time_away(morning)


def keep_the_door_without_a_connection(m: Morning, officer: Any) -> None:
    """What could not be sent is kept with its time, and the page says what it did not check; later it tells."""
    page, state = m.clerk.page, m.clerk.page.locator("[data-door-state]")
    m.later(0)
    m.clerk.open("/door")
    fits(m.clerk)
    m.clerk.context.set_offline(True)
    came = m.at
    for key in (m.bank, m.firm):
        m.guest(key).locator(".door-tap").click()
        expect(m.guest(key)).to_contain_text(f"{clock.local(came):%H:%M}")
        expect(m.guest(key)).to_contain_text("chưa gửi")  # and it is not known whether the badge was used already
    expect(state).to_contain_text("2")
    page.locator("#q").fill("THI du")
    expect(page.locator(".guest:visible")).to_have_count(3)  # the list is searched on the phone
    page.locator("#q").press("Enter")
    page.locator(".page-acts a").click()  # nothing else could be opened, and this page not again
    expect(state).to_contain_text("Không có mạng")
    page.locator("#q").fill("")
    expect(page.locator(".guest:visible")).to_have_count(9)
    with write():  # at the other door the firm was seen earlier
        day.check_in(stored(select(Participant).where(Participant.id == m.firm))[0], key="another-door-0001",
                     by=officer, at=came - timedelta(minutes=1))  # fmt: skip
    m.later(4)
    m.clerk.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    for key in (m.bank, m.firm):
        expect(m.guest(key)).to_have_class(re.compile("guest-there"))
    expect(state).to_have_attribute("data-good", "")
    expect(m.guest(m.firm)).to_contain_text(f"{clock.local(came - timedelta(minutes=1)):%H:%M}")
    (arrival,) = stored(select(Arrival).where(Arrival.participant_id == m.bank))
    assert (arrival.at, arrival.sent_at) == (came, came + timedelta(minutes=4))


def admit_the_one_who_comes_unannounced(m: Morning) -> None:
    """Nobody knows it: its name, who comes, a sentence; a badge is there at once, and what fits is found."""
    page = m.clerk.page
    page.locator(".page-acts a[href$='/walk-in']").click()
    page.locator("#q").press_sequentially(NEWCOMER[:20])
    expect(page.locator(".suggest")).to_contain_text("Không có")
    page.locator("#name").fill(NEWCOMER)
    page.locator("#person").fill("Đinh Thị Ghé Qua")
    page.locator("#about").select_option("loan")
    page.locator("#words").fill("Vay vốn lưu động để mua thép tấm")
    page.locator(".walk-in .door-tap").click()
    done(page)
    fits(m.clerk)
    expect(page.locator("main a[href$='/badge.pdf']")).to_be_visible()
    assert len(stored(select(WalkIn.id))) == 1
    run_waiting()


def see_in_the_hall_who_is_missing(m: Morning) -> None:
    """The hall now changes by itself; one tap says that somebody does not come."""
    page = m.officer.page
    page.clock.install(time=m.at)
    m.officer.open(f"{m.base}/now")
    card = page.locator(f"#next-{m.meeting}")
    expect(card.locator(".hall-there")).to_have_count(1)
    expect(card.locator(".hall-expected")).to_have_count(1)
    m.clerk.open("/door")
    m.guest(m.bank).locator(".door-tap").click()  # the banker goes out
    expect(m.guest(m.bank)).not_to_have_class(re.compile("guest-there"))
    page.clock.run_for(LOOKS)
    expect(card.locator(".hall-expected")).to_have_count(2)
    card.locator(".hall-expected button", has_text="Có mặt").last.click()
    expect(card.locator(".hall-there")).to_have_count(1)
    card.locator(".hall-expected button", has_text="Vắng").click()
    expect(card).to_have_class(re.compile("hall-out"))
    expect(card.locator("a.btn-primary")).to_be_visible()


def give_the_free_time_away(m: Morning) -> None:
    """Who fits and is free stands there; one click, and the banker reads it on his phone."""
    page = m.officer.page
    page.locator(f"#next-{m.meeting} a.btn-primary").click()
    line = page.locator(f"#o{m.meeting} .standby .item", has_text=NEWCOMER)
    expect(line).to_be_visible()
    line.locator("button").click()
    done(page)
    expect(page.locator(f"#o{m.meeting}")).to_have_count(0)
    m.banker.open(f"{m.base}/participants/{m.bank}/schedule")
    row = m.banker.page.locator(".agenda-row").first
    expect(row).to_contain_text(NEWCOMER)
    fits(m.banker)
