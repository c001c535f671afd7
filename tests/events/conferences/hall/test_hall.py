"""Rooms, tables, interpreters, and a new conference furnished as an earlier one."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from core.errors import Conflict, Invalid
from events.conferences import operations, queries, rules, suggestions, timetable
from events.conferences.hall import operations as hall
from events.conferences.models import Conference, Interpreter, Room, Table
from events.conferences.operations import DATES
from events.conferences.setup_forms import setup_values
from tests.events.conferences.conftest import make_event


@pytest.mark.parametrize(
    ("firm", "partner", "offered", "needed"),
    [
        (("vi",), ("en",), ("en",), "en"),
        (("vi", "en"), ("en",), ("en",), None),
        (("vi",), ("ko", "en"), ("en", "ko"), "ko"),
        (("vi",), ("ja",), ("ko",), None),
        (("vi",), (), ("ko",), None),
        ((), ("ko",), ("ko",), None),
    ],
)
def test_a_pair_without_a_common_language_needs_an_interpreter_of_the_partners(firm, partner, offered, needed):
    assert rules.interpreted(firm, partner, offered) == needed


@pytest.mark.parametrize(
    ("hours", "late"),
    [
        ((1, 2, 3, 4), None),
        ((None, 2, None, 4), None),
        ((3, 2, 3, 4), "b"),
        ((1, 5, 3, None), "c"),
        ((None,) * 4, None),
    ],
)
def test_dates_come_one_after_the_other(hours, late):
    at = clock.now()
    moments = [(name, None if h is None else at + timedelta(hours=h)) for name, h in zip("abcd", hours, strict=True)]
    assert rules.dates_in_order(*moments) == late


def test_nobody_meets_without_the_interpreter_that_they_need(small, cast):
    with write():
        for key in small.partners[1:]:
            small.participant(key).organisation.languages = ["ko"]
            small.participant(key).organisation.country = "KR"
        slots = [s.id for s in small.conference.slots]
        hall.save_interpreter(small.conference, None, label="1", language="ko", away_slots=slots[2:], by=cast.officer,
                              at=clock.now())  # fmt: skip
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    korean = [m for m in version.meetings if m.partner_id in small.partners[1:]]
    assert korean and {m.slot_id for m in korean} <= set(slots[:2])
    assert len({m.slot_id for m in korean}) == len(korean)


def test_a_room_takes_the_tables_in_and_its_plan_shows_each(small, browse, cast):
    officer = browse(cast.officer)
    data = {"name": "Hội trường A", "width": "12", "depth": "9"}
    assert officer.post(f"/conferences/{small.conference_id}/rooms/new", data=data).status_code == 302
    session.rollback()
    room = session.scalars(select(Room)).one()
    tables = session.scalars(select(Table)).all()
    assert {t.room_id for t in tables} == {room.id}
    assert all(0 <= t.x <= 12 and 0 <= t.y <= 9 for t in tables) and len({(t.x, t.y) for t in tables}) == len(tables)
    page = officer.get(f"/conferences/{small.conference_id}/hall").get_data(as_text=True)
    assert len(re.findall(r'<rect class="plan-table', page)) == len(tables)


def test_a_table_outside_its_room_or_with_a_false_link_is_refused_beside_the_field(small, browse, cast):
    with write():
        room = hall.save_room(small.conference, None, name="A", width=10, depth=10, by=cast.officer, at=clock.now())
        key, table = room.id, small.conference.tables[0].id
    officer, path = browse(cast.officer, "en"), f"/conferences/{small.conference_id}/tables/{table}"
    data = {"label": "01", "room_id": key, "seats": "1", "x": "50", "y": "1", "open_slots": []}
    page = officer.post(path, data=data)
    assert page.status_code == 422 and "10 × 10 metres" in page.get_data(as_text=True)
    page = officer.post(path, data=data | {"x": "5", "link": "javascript:alert(1)"})
    assert page.status_code == 422 and 'value="javascript:alert(1)"' in page.get_data(as_text=True)
    assert officer.post(path, data=data | {"x": "5", "link": "https://meet.example/1"}).status_code == 302
    session.rollback()
    assert len(session.get(Table, table).closed_slots) == len(small.conference.slots)  # nothing ticked: never open


def test_a_table_with_meetings_or_an_owner_stays(small, cast):
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    owned, free = version.meetings[0].table_id, next(t.id for t in small.conference.tables if t.owner_id is None)
    with pytest.raises(Conflict), write():
        hall.remove_table(session.get(Table, owned), by=cast.officer, at=clock.now())
    with write():
        hall.remove_table(session.get(Table, free), by=cast.officer, at=clock.now())
    assert session.get(Table, free) is None


def test_a_new_conference_takes_over_everything_but_people(small, browse, cast):
    with write():
        hall.save_room(small.conference, None, name="A", width=20, depth=10, by=cast.officer, at=clock.now())
        hall.save_interpreter(small.conference, None, label="Phiên dịch 1", language="ko", away_slots=[],
                              by=cast.officer, at=clock.now())  # fmt: skip
        small.conference.criteria_vi = "Sản phẩm còn hiệu lực công nhận"
    officer = browse(cast.officer)
    page = officer.get(f"/conferences/new?earlier={small.conference_id}").get_data(as_text=True)
    assert "Sản phẩm còn hiệu lực công nhận" in page and "Hội nghị kết nối" in page
    form = {"title_vi": "Hội nghị kết nối 2027", "partner_kinds": ["bank"], "first_day": "01/03/2027", "days": "1",
            "morning_from": "08:30", "morning_to": "11:30", "meeting_minutes": "25", "change_minutes": "5",
            "firm_minimum": "1", "firm_maximum": "3", "partner_minimum": "1", "partner_maximum": "6",
            "free_tables": "0", "mode": "hall", "organiser": "department",
            "earlier": str(small.conference_id)}  # fmt: skip
    assert officer.post("/conferences/new", data=form).status_code == 302
    session.rollback()
    new = session.scalars(select(Conference).order_by(Conference.id.desc())).first()
    assert new.id != small.conference_id and queries.all_participants(new) == []
    assert [r.name for r in new.rooms] == ["A"] and [i.language for i in new.interpreters] == ["ko"]
    assert [(t.label, t.owner_id, t.room_id) for t in new.tables] == [("01", None, new.rooms[0].id)]


def test_a_task_of_the_plan_fills_the_form_in(browse, cast):
    page = browse(cast.officer).get("/conferences/new?plan=III.1").get_data(as_text=True)
    assert "cơ sở đào tạo, dạy nghề" in page
    [box] = re.findall(r'<input[^>]*value="vocational_school"[^>]*>', page)
    assert "checked" in box
    assert "50" in page and "Ưu tiên doanh nghiệp chưa được hỗ trợ trong năm" in page


def test_the_form_shows_its_meeting_times_and_suggests_dates_before_anything_is_saved(small, browse, cast):
    with write():
        small.conference.wishes_close_at = small.conference.slots[0].begins_at - timedelta(days=9)
    first = clock.today() + timedelta(days=31)
    typed = {"title_vi": "Đang gõ", "suggest": "1", "first_day": str(first), "earlier": str(small.conference_id),
             "morning_from": "08:30", "morning_to": "11:30", "morning_break_at": "09:30", "afternoon_from": "",
             "afternoon_to": "", "meeting_minutes": "25", "change_minutes": "5", "days": "1",
             "confirm_until": f"{first}T07:00"}  # fmt: skip
    answer = browse(cast.officer).post("/conferences/new", data=typed)
    assert (
        answer.status_code == 200
        and "Đang gõ" in answer.text
        and "08:30–08:55, 09:00–09:25, 09:45–10:10" in answer.text
    )
    boxes = re.findall(r'<input[^>]*type="datetime-local"[^>]*>', answer.text)
    filled = dict(re.search(r'name="(\w+)".*value="([^"]*)"', box).groups() for box in boxes)
    assert filled["confirm_until"] == f"{first}T07:00", "what was typed stays"
    assert filled["wishes_close_at"][:10] == (first - timedelta(days=9)).isoformat(), "as long before as last time"
    assert (
        len(filled) == 5 and all(filled.values()) and session.scalars(select(Conference)).all() == [small.conference]
    )
    assert (
        "Hãy chọn ngày đầu trong thời gian tới"
        in browse(cast.officer).post("/conferences/new", data={"suggest": "1"}).text
    )


def test_a_break_parts_the_meeting_times_and_comes_back_when_the_set_up_is_changed(small, browse, cast):
    path = f"/conferences/{small.conference_id}/edit"
    form = {"partner_kinds": ["bank", "technology_supplier"], "first_day": str(small.conference.slots[0].day),
            "days": "1",
            "morning_from": "08:30", "morning_to": "11:30", "afternoon_from": "", "afternoon_to": "",
            "morning_break_at": "09:35", "morning_break_minutes": "20", "meeting_minutes": "25",
            "change_minutes": "5",
            "firm_minimum": "1", "firm_maximum": "3", "partner_minimum": "1", "partner_maximum": "6",
            "free_tables": "1", "mode": "hall"}  # fmt: skip
    officer = browse(cast.officer)
    assert officer.post(path, data=form).status_code == 302
    before = [(s.begins_at, s.ends_at, s.begins_block) for s in small.conference.slots]
    assert [s[2] for s in before] == [True, False, True, False, False]
    values = setup_values(small.conference)
    again = form | {name: f"{values[name]:%H:%M}" for name in ("morning_break_at", "morning_to")}
    assert (
        officer.post(path, data=again | {"morning_break_minutes": values["morning_break_minutes"]}).status_code == 302
    )
    session.rollback()
    assert [(s.begins_at, s.ends_at, s.begins_block) for s in small.conference.slots] == before
    assert officer.post(path, data=form | {"morning_break_at": "12:00"}).status_code == 422


@pytest.mark.parametrize(
    ("first", "today", "known", "days"),  # of December 2026, before which 24 November is a public holiday
    [
        (15, -30, {}, [4, -7, 8, 11, 11]),
        (15, 9, {}, [11, 11]),
        (15, 9, {"confirm_until": (1, time(9))}, [11, 14]),
        (15, 15, {}, []),
    ],
)
def test_dates_are_suggested_on_working_days_to_come(first, today, known, days):
    before = date(2026, 11, 30)  # the day before the first
    found = rules.suggested_dates(before + timedelta(days=first), after=before + timedelta(days=today), known=known)
    assert [(day - before).days for day, _hour in found.values()] == days
    assert rules.dates_in_order(*((n, datetime.combine(*at)) for n, at in found.items() if n in DATES)) is None


def test_dates_out_of_order_are_refused_at_their_field(small, cast):
    event = make_event_in(cast)
    begins = event.begins_at
    sessions = [rules.Session(begins, begins + timedelta(hours=2))]
    from companies.enums import Kind

    setup = operations.Setup([Kind.BANK], sessions, wishes_open_at=begins - timedelta(days=1),
                             wishes_close_at=begins - timedelta(days=2))  # fmt: skip
    with pytest.raises(Invalid) as refused, write():
        operations.set_up(event, setup, by=cast.officer, at=clock.now())
    assert refused.value.field == "wishes_close_at"


def make_event_in(cast):
    officer = cast.officer
    with write():
        return make_event(officer, days=20)


def test_wishes_open_when_the_organiser_says(small, cast):
    suggestions.refresh(small.conference_id)
    with write():
        small.conference.wishes_open_at = clock.now() + timedelta(hours=1)
    a, b = small.participant(small.firms[0]), small.participant(small.partners[0])
    from events.conferences.enums import Wish

    owner = cast.firm_owner
    with pytest.raises(Conflict), write():
        operations.wish(a, b, Wish.YES, by=owner, at=clock.now())
    with write():
        operations.wish(a, b, Wish.YES, by=owner, at=clock.now() + timedelta(hours=2))


def test_the_overview_tells_what_is_missing(small, browse, cast):
    page = browse(cast.officer, "en").get(f"/conferences/{small.conference_id}").get_data(as_text=True)
    assert "things are still missing" in page and "Written criteria for choosing participants" in page
    with write():
        small.conference.criteria_vi = "Tiêu chí"
        for row in session.scalars(select(Interpreter)):
            session.delete(row)
    done = browse(cast.officer, "en").get(f"/conferences/{small.conference_id}").get_data(as_text=True)

    def state(text):
        return re.search(r'<li class="check([^"]*)">(?:(?!</li>).)*Written criteria', text, re.S).group(1)

    assert (state(page), state(done)) == ("", " check-done")


def test_the_list_of_what_is_missing_asks_no_more_for_more_participants(small, cast, queries):
    from events.conferences import checklist

    conference = small.conference
    session.expire_all()
    del queries[:]
    checklist.items(conference)
    few = len(queries)
    from companies.enums import Kind, NeedRole
    from events.conferences.enums import Side
    from tests.events.conferences.conftest import organisation

    officer = cast.officer
    with write():
        for n in range(5):
            o = organisation(f"Công ty CP Thêm {n}", Kind.FIRM, NeedRole.NEED, "Vay", "Loan", True)
            operations.join(small.conference, o, Side.FIRM, Kind.FIRM, by=officer, at=clock.now(), on_behalf=True)
    conference = small.conference
    session.expire_all()
    del queries[:]
    checklist.items(conference)
    assert len(queries) <= few


def test_an_online_participant_reads_its_own_time_and_the_link(small, browse, cast):
    from events.conferences.enums import Mode

    firm = cast.firm.id
    with write():
        small.conference.mode = Mode.ONLINE
        for table in small.conference.tables:
            table.link = f"https://meet.example/{table.label}"
        small.participant(small.firms[0]).organisation_id = firm
        small.participant(small.firms[0]).time_zone = "Asia/Tokyo"
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    with write():
        timetable.publish(session.get(type(version), version.id), by=cast.officer, at=clock.now())
    path = f"/conferences/{small.conference_id}/participants/{small.firms[0]}"
    page = browse(cast.firm_owner).get(f"{path}/schedule").get_data(as_text=True)
    assert "https://meet.example/" in page and re.search(r"\d\d:\d\d Tokyo", page)
    feed = browse().get(f"/calendar/{small.participant(small.firms[0]).feed_key}.ics").get_data(as_text=True)
    assert "https://meet.example/" in feed.replace("\r\n ", "")
