"""The screen "what needs me now"."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import attention, clock, outbox
from core.access import NOBODY
from core.attention import Entry, Urgency
from core.db import session, write
from core.outbox import MailState
from core.tasks import Task, TaskState
from events.enums import EventState
from tests.portal.test_pages import make_event

TODAY = date(2026, 11, 22)


@pytest.fixture
def kind(monkeypatch):
    """A kind of attention of the test's own, alone; `kind(entry, ...)` says what it finds."""
    monkeypatch.setattr(attention, "_kinds", {})
    found = []
    attention.register("test", "Thử", to=lambda reader: reader.has("officer"))(lambda reader, at: list(found))
    return found


def entry(name="test:1", **values):
    return Entry(name, f"Việc {name}", "portal.about", **values)


@pytest.mark.parametrize(
    "due, urgency",
    [
        (None, Urgency.LATER),
        (TODAY - timedelta(days=9), Urgency.NOW),
        (TODAY, Urgency.NOW),
        (TODAY + timedelta(days=7), Urgency.SOON),
        (TODAY + timedelta(days=8), Urgency.LATER),
    ],
)
def test_urgency_follows_from_the_day_by_which_it_should_be_done(due, urgency):
    assert attention.urgency_of(due, on=TODAY) is urgency


def test_the_most_urgent_comes_first_and_then_the_nearest_day(browse, cast, kind):
    kind += [
        entry("test:later"),
        entry("test:soon", due=TODAY + timedelta(days=3)),
        entry("test:overdue", due=TODAY - timedelta(days=3)),
        entry("test:sooner", due=TODAY + timedelta(days=2)),
        entry("test:now", urgency=Urgency.NOW),
    ]
    page = browse(cast.officer).get("/desk").text
    order = ["test:overdue", "test:now", "test:sooner", "test:soon", "test:later"]
    places = [page.index(f"Việc {name}</a>") for name in order]
    assert places == sorted(places)


def test_a_kind_is_shown_to_those_whose_business_it_is(browse, cast, kind):
    kind.append(entry())
    assert "Việc test:1" in browse(cast.officer).get("/desk").text
    assert "Việc test:1" not in browse(cast.administrator).get("/desk").text
    assert list(attention.kinds_for(NOBODY)) == []


def test_what_is_put_off_comes_back_on_its_day_or_when_there_is_more_of_it(browse, cast, kind):
    kind.append(entry(count=2))
    officer = browse(cast.officer)
    said = officer.post("/desk/mark", data={"key": "test:1", "until": "7", "assignee": ""})
    assert said.status_code == 302
    assert "Việc test:1" not in officer.get("/desk").text
    assert "Việc test:1" in officer.get("/desk?view=put_off").text
    kind[:] = [entry(count=3)]
    assert "Việc test:1" in officer.get("/desk").text
    kind[:] = [entry(count=1)]
    assert "Việc test:1" not in officer.get("/desk").text
    with clock.frozen(clock.now() + timedelta(days=7)):
        assert "Việc test:1" in browse(cast.officer).get("/desk").text


def test_a_thing_is_handed_to_a_colleague_who_finds_it_among_his(browse, cast, kind):
    kind.append(entry())
    colleague = cast.administrator
    kind_to_both = attention._kinds["test"]
    attention._kinds["test"] = type(kind_to_both)("test", "Thử", lambda reader: True, kind_to_both.read)
    browse(cast.officer).post("/desk/mark", data={"key": "test:1", "until": "", "assignee": str(colleague.id)})
    assert "Việc test:1" in browse(colleague).get("/desk?view=mine").text
    assert "Việc test:1" not in browse(cast.officer).get("/desk?view=mine").text


def test_nobody_marks_what_is_not_his_business_or_gives_it_to_an_outsider(browse, cast, kind):
    kind.append(entry())
    data = {"key": "test:1", "until": "7", "assignee": ""}
    assert browse(cast.administrator).post("/desk/mark", data=data).status_code == 404
    browse(cast.officer).post("/desk/mark", data={**data, "assignee": str(cast.firm_owner.id)})
    assert session.query(attention.AttentionMark).count() == 0


def test_failed_mail_and_failed_work_are_on_the_desk_of_those_who_can_mend_them(browse, cast):
    at = clock.now()
    with write():
        outbox.enqueue("test", "a@cast.example", "Thư", "Nội dung", at=at).state = MailState.FAILED
        for key, states in {"a": (TaskState.FAILED,), "b": (TaskState.FAILED, TaskState.DONE)}.items():
            for state in states:
                session.add(
                    Task(kind="timetable", key=key, state=state, created_at=at, finished_at=at, error=f"hỏng {key}")
                )
    administrator, officer = (browse(p).get("/desk").text for p in (cast.administrator, cast.officer))
    assert "/admin/mail?state=failed" in administrator and "/admin/mail?state=failed" not in officer
    assert "hỏng a" in officer and "hỏng b" not in officer  # b was done since


def test_drafts_waiting_lists_and_incomplete_profiles_are_on_the_desk(browse, cast):
    make_event("Lớp còn dự thảo", EventState.DRAFT)
    assert cast.firm
    page = browse(cast.officer).get("/desk").text
    assert "Lớp còn dự thảo" in page
    assert "/organisations/review?lacking=needs_offers" in page
    assert "/organisations/review?lacking=identifier" not in page  # every organisation has a tax code


def test_the_desk_asks_the_database_as_often_for_one_thing_as_for_many(browse, cast, queries):
    officer = browse(cast.officer)
    counts = []
    for number in (1, 4):
        for n in range(number):
            make_event(f"Dự thảo {number} {n}", EventState.DRAFT)
        officer.get("/desk")
        queries.clear()
        officer.get("/desk")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_desk_says_so(browse, cast, kind):
    assert "Nothing waits for you" in browse(cast.officer, language="en").get("/desk").text
