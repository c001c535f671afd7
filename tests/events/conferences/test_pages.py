"""The pages of a conference, through the browser's eyes: who may open them, and what they do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from companies.models import Organisation
from core import clock
from core.db import get, session, write
from core.task_runner import run_waiting
from events.conferences import agenda, queries, suggestions, timetable, wishing
from events.conferences.enums import Side, VersionState, Wish
from events.conferences.models import Conference, Meeting
from tests.events.conferences.conftest import make_conference


@pytest.fixture
def ready(small, cast):
    """The small conference with suggestions and a draft."""
    suggestions.refresh(small.conference_id)
    officer = cast.officer
    timetable.generate(small.conference_id, by=officer)
    return small


def draft(small):
    return agenda.version_in(small.conference, VersionState.DRAFT)


def office_pages(small):
    base = f"/conferences/{small.conference_id}"
    version = draft(small)
    firm = small.firms[0]
    return [
        "/conferences",
        "/conferences/new",
        base,
        f"{base}/edit",
        f"{base}/participants",
        f"{base}/participants?side=firm&q=minh",
        f"{base}/participants/add?kind=firm",
        f"{base}/participants/{firm}",
        f"{base}/participants/{firm}/suggestions",
        f"{base}/participants/{small.partners[0]}/suggestions",
        f"{base}/participants/{firm}/search?q=thi+du",
        f"{base}/participants/{firm}/wishes",
        f"{base}/participants/{firm}/schedule",
        f"{base}/timetables/{version.id}",
        f"{base}/timetables/{version.id}/meetings/{version.meetings[0].id}",
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_officer_opens_every_page(ready, cast, browse, language):
    browser = browse(cast.officer, language)
    for page in office_pages(ready):
        assert browser.get(page).status_code == 200, page


def test_nobody_else_opens_the_officers_pages(ready, cast, browse):
    rival, nobody = browse(cast.rival_owner), browse()
    for page in office_pages(ready)[1:]:
        if page != f"/conferences/{ready.conference_id}":
            assert rival.get(page).status_code in (403, 404), page
            assert nobody.get(page).status_code == 302, page


def test_a_conference_is_made_in_one_form(app, cast, browse):
    browser = browse(cast.officer)
    day = clock.today() + timedelta(days=10)
    data = {
        "title_vi": "Kết nối ngân hàng", "partner_kinds": ["bank", "credit_fund"], "first_day": day.isoformat(),
        "days": "2", "morning_from": "08:30", "morning_to": "11:30", "afternoon_from": "", "afternoon_to": "",
        "meeting_minutes": "25", "change_minutes": "5",
        "firm_minimum": "1",
        "firm_maximum": "4", "partner_minimum": "2", "partner_maximum": "12", "free_tables": "3",
        "organiser": "department",
    }  # fmt: skip
    answer = browser.post("/conferences/new", data=data)
    assert answer.status_code == 302, answer.text
    conference = session.scalars(select(Conference)).one()
    assert len(conference.slots) == 12 and len(conference.tables) == 3
    assert [s.begins_block for s in conference.slots] == [True] + [False] * 5 + [True] + [False] * 5


def test_a_form_with_faults_keeps_what_was_typed_and_writes_nothing(app, cast, browse):
    data = {"title_vi": "Kết nối <b>", "first_day": "2026-12-01", "days": "1", "morning_from": "11:00",
            "morning_to": "08:00"}  # fmt: skip
    answer = browse(cast.officer).post("/conferences/new", data=data)
    assert answer.status_code == 422
    assert "Kết nối &lt;b&gt;" in answer.text
    assert session.scalars(select(Conference)).all() == []


def test_wishes_are_given_changed_and_taken_back(cast, browse):
    small = make_conference(cast.officer, cast.firm)
    suggestions.refresh(small.conference_id)
    firm, mills = small.firms[0], small.partners[1]
    browser = browse(cast.firm_owner)
    path = f"/conferences/{small.conference_id}/participants/{firm}/wishes"
    for said in ("yes", "must", "no", ""):
        answer = browser.post(path, data={"other": mills, "wish": said})
        assert answer.status_code == 302 and answer.location.endswith(f"#p{mills}")
        assert wishing.wishes_of(small.participant(firm)) == ({mills: Wish(said)} if said else {})


def test_a_veto_is_never_shown_to_the_other_side(cast, browse):
    officer = cast.officer
    small = make_conference(officer, cast.firm)
    suggestions.refresh(small.conference_id)
    firm, mills = small.firms[0], small.partners[1]
    before = browse(officer).get(f"/conferences/{small.conference_id}/participants/{mills}/suggestions").text
    browse(cast.firm_owner).post(
        f"/conferences/{small.conference_id}/participants/{firm}/wishes", data={"other": mills, "wish": "no"}
    )
    for page in ("suggestions", "wishes", "search"):
        text = browse(officer).get(f"/conferences/{small.conference_id}/participants/{mills}/{page}").text
        assert "match-refused" not in text
    after = browse(officer).get(f"/conferences/{small.conference_id}/participants/{mills}/suggestions").text
    assert "wish-no" in before and after.count("item match") == before.count("item match")


def test_wishes_close(cast, browse):
    small = make_conference(cast.officer, cast.firm)
    with write():
        get(Conference, small.conference_id).wishes_close_at = clock.now()
    path = f"/conferences/{small.conference_id}/participants/{small.firms[0]}/wishes"
    answer = browse(cast.firm_owner).post(path, data={"other": small.partners[0], "wish": "yes"})
    assert answer.status_code == 409
    assert browse(cast.officer).post(path, data={"other": small.partners[0], "wish": "yes"}).status_code == 302


def test_the_timetable_is_made_in_the_background_and_shown_on_a_board(small, cast, browse):
    browser = browse(cast.officer)
    assert browser.post(f"/conferences/{small.conference_id}/suggestions").status_code == 302
    run_waiting()
    answer = browser.post(f"/conferences/{small.conference_id}/timetables")
    assert answer.status_code == 302 and "/tasks/" in answer.location
    run_waiting()
    version = draft(small)
    page = browser.get(f"/conferences/{small.conference_id}/timetables/{version.id}")
    assert page.text.count('class="meeting') >= len(version.meetings) > 0


def test_a_move_against_the_rules_is_refused_in_words_on_the_same_page(ready, cast, browse):
    version = draft(ready)
    one = version.meetings[0]
    other = next(m for m in version.meetings if m.partner_id == one.partner_id and m.id != one.id)
    data = {"firm": one.firm_id, "partner": one.partner_id, "slot": other.slot_id, "table": ""}
    kept = one.slot_id
    answer = browse(cast.officer).post(f"/conferences/{ready.conference_id}/timetables/{version.id}/place", data=data)
    assert answer.status_code == 409
    assert "note-danger" in answer.text
    assert get(Meeting, one.id).slot_id == kept


def test_a_participant_reads_prints_and_subscribes_only_to_its_own(cast, browse):
    officer, owner, rival = cast.officer, cast.firm_owner, cast.rival_owner
    small = make_conference(officer, cast.firm)
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=officer)
    with write():
        timetable.publish(version, by=officer, at=clock.now())
    base = f"/conferences/{small.conference_id}/participants/{small.firms[0]}"
    browser = browse(owner)
    page = browser.get(f"{base}/schedule")
    assert page.status_code == 200 and "agenda-row" in page.text
    assert browser.get(f"{base}/schedule.pdf").data.startswith(b"%PDF-")
    assert browse(rival).get(f"{base}/schedule").status_code == 404
    assert browse(rival).get(f"{base}/schedule.pdf").status_code == 404
    key = small.participant(small.firms[0]).feed_key
    feed = browse().get(f"/calendar/{key}.ics")
    assert feed.status_code == 200 and feed.text.count("BEGIN:VEVENT") == len(
        agenda.published_meetings(small.participant(small.firms[0]))
    )
    browser.post(f"{base}/feed")
    assert browse().get(f"/calendar/{key}.ics").status_code == 404


def test_a_calendar_is_sent_again_only_when_what_it_tells_has_changed(ready, cast, browse):
    version, key = draft(ready), ready.participant(ready.firms[0]).feed_key
    with write():
        timetable.publish(version, by=cast.officer, at=clock.now())
    program, path = browse(), f"/calendar/{key}.ics"

    def asked(tag):
        return program.get(path, headers={"If-None-Match": tag})

    first = program.get(path)
    same = asked(first.headers["ETag"])
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = agenda.published_meetings(ready.participant(ready.firms[0]))[0].partner.organisation_id
    with write():
        get(Organisation, other).name_vi = "Ngân hàng đã đổi tên"
    renamed = asked(first.headers["ETag"])
    assert renamed.status_code == 200 and renamed.headers["ETag"] != first.headers["ETag"]
    with write():
        agenda.published_meetings(ready.participant(ready.firms[0]))[0].table.label = "Z9"
    moved = asked(renamed.headers["ETag"])
    assert moved.status_code == 200 and "Z9" in moved.text
    assert asked(moved.headers["ETag"]).status_code == 304


def test_the_print_packs_hold_a_sheet_for_everybody_who_meets(ready, cast, browse):
    version = draft(ready)
    browser = browse(cast.officer)
    for name in ("participants.pdf", "tables.pdf"):
        answer = browser.get(f"/conferences/{ready.conference_id}/timetables/{version.id}/{name}")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")


def test_the_list_of_participants_costs_the_same_for_one_and_for_many(ready, cast, browse, queries):
    browser = browse(cast.officer)
    path = f"/conferences/{ready.conference_id}/participants"
    browser.get(path)
    del queries[:]
    browser.get(f"{path}?q=Minh+Ho%E1%BA%A1+10")
    one = len(queries)
    del queries[:]
    browser.get(path)
    assert len(queries) == one


def test_the_ranked_list_costs_the_same_for_one_and_for_three(ready, cast, browse, queries):
    browser = browse(cast.officer)
    path = f"/conferences/{ready.conference_id}/participants/{ready.firms[0]}/suggestions"
    browser.get(path)
    del queries[:]
    browser.get(f"{path}?kind=bank")
    one = len(queries)
    del queries[:]
    browser.get(path)
    assert len(queries) == one


def test_an_organisation_joins_by_itself_when_the_conference_is_open(cast, browse):
    small = make_conference(cast.officer)
    owner, firm = cast.firm_owner, cast.firm
    data = {"organisation": firm.id, "kind": "firm"}
    answer = browse(owner).post(f"/conferences/{small.conference_id}/join", data=data)
    assert answer.status_code == 302, answer.text
    assert queries.participant_of(small.conference, firm.id, Side.FIRM) is not None
    assert browse(owner).get(f"/conferences/{small.conference_id}").status_code == 200
