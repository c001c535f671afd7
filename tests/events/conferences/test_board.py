"""The board by hand: moves, removals, their undoing, and who acts for whom."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from core import audit, clock
from core.db import get, session, write
from core.errors import Conflict
from events import operations as events
from events.conferences import (
    agenda,
    exports,
    moves,
    operations,
    reasons,
    rules,
    setting_aside,
    suggestions,
    timetable,
    wording,
)
from events.conferences.enums import Origin, VersionState
from events.conferences.models import Meeting


@pytest.fixture
def ready(small, cast):
    """The small conference with suggestions and a draft."""
    suggestions.refresh(small.conference_id)
    timetable.generate(small.conference_id, by=cast.officer)
    return small


def draft(small):
    return agenda.version_in(small.conference, VersionState.DRAFT)


def board_of(small):
    return {
        (m.firm_id, m.partner_id): (m.slot_id, m.table_id, m.locked, m.origin, round(m.fit, 6))
        for m in session.scalars(select(Meeting).where(Meeting.version_id == draft(small).id))
    }


def path(small, rest=""):
    return f"/conferences/{small.conference_id}/timetables/{draft(small).id}{rest}"


def undo_fields(page):
    """What the undo button of a page would send."""
    form = re.search(r'<form[^>]*action="[^"]*/undo".*?</form>', page, re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group()))
    del fields["csrf_token"]
    return fields


def movable(small):
    """A meeting and a slot to which it can go."""
    for meeting in draft(small).meetings:
        for option in moves.options(draft(small), meeting):
            if option.table_id and option.slot_id != meeting.slot_id:
                return meeting, option
    raise AssertionError("no meeting can move")


def test_a_move_is_locked_and_its_undo_puts_everything_back(ready, cast, browse):
    browser, before = browse(cast.officer), board_of(ready)
    meeting, option = movable(ready)
    pair, place, undo = (meeting.firm_id, meeting.partner_id), path(ready, "/place"), path(ready, "/undo")
    data = {"firm": pair[0], "partner": pair[1], "slot": option.slot_id, "table": option.table_id}
    assert browser.post(place, data=data).status_code == 302
    moved = board_of(ready)
    assert moved[pair][:4] == (option.slot_id, option.table_id, True, Origin.HAND)
    fields = undo_fields(browser.get(path(ready)).text)
    assert browser.post(undo, data=fields).status_code == 302
    assert board_of(ready) == before
    assert "/undo" not in browser.get(path(ready)).text


def test_a_removal_is_undone_with_the_fit_that_the_pair_had(ready, cast, browse):
    browser, before = browse(cast.officer), board_of(ready)
    meeting = draft(ready).meetings[0]
    pair = meeting.firm_id, meeting.partner_id
    browser.post(path(ready, f"/meetings/{meeting.id}/remove"))
    assert pair not in board_of(ready)
    browser.post(path(ready, "/undo"), data=undo_fields(browser.get(path(ready)).text))
    assert board_of(ready) == before


def test_the_undo_of_an_added_meeting_takes_it_off(ready, cast, browse):
    browser = browse(cast.officer)
    meeting = draft(ready).meetings[0]
    data = {"firm": meeting.firm_id, "partner": meeting.partner_id, "slot": meeting.slot_id, "table": ""}
    browser.post(path(ready, f"/meetings/{meeting.id}/remove"))
    without = board_of(ready)
    browser.get(path(ready))
    browser.post(path(ready, "/place"), data=data)
    browser.post(path(ready, "/undo"), data=undo_fields(browser.get(path(ready)).text))
    assert board_of(ready) == without


def test_an_undo_that_came_too_late_is_refused_in_words(ready, cast, browse):
    browser = browse(cast.officer)
    meeting = draft(ready).meetings[0]
    fields = {"firm": meeting.firm_id, "partner": meeting.partner_id, "slot": "", "origin": "hand"}
    browser.post(path(ready, f"/meetings/{meeting.id}/remove"))
    browser.get(path(ready))
    answer = browser.post(path(ready, "/undo"), data=fields, follow_redirects=True)
    assert answer.status_code == 200 and "note-warning" in answer.text


def test_a_refused_move_is_said_at_the_top_before_the_board(ready, cast, browse):
    one = draft(ready).meetings[0]
    other = next(m for m in draft(ready).meetings if m.partner_id == one.partner_id and m.id != one.id)
    data = {"firm": one.firm_id, "partner": one.partner_id, "slot": other.slot_id, "table": ""}
    page = browse(cast.officer).post(path(ready, "/place"), data=data)
    assert page.status_code == 409
    assert page.text.index('role="alert"') < page.text.index('class="board"')


def test_the_board_shows_the_meetings_of_one_participant(ready, cast, browse):
    firm = draft(ready).meetings[0].firm_id
    mine = [m for m in draft(ready).meetings if m.firm_id == firm]
    page = browse(cast.officer).get(path(ready, f"?who={firm}")).text
    assert page.count("agenda-row") == len(mine) and page.count("meeting-own") == len(mine)


def test_who_has_too_few_meetings_follows_the_board_and_not_the_solver(ready, cast, browse):
    browser = browse(cast.officer)
    firm = draft(ready).meetings[0].firm_id
    for meeting in [m for m in draft(ready).meetings if m.firm_id == firm]:
        browser.post(path(ready, f"/meetings/{meeting.id}/remove"))
    page = browser.get(path(ready)).text
    assert f"/participants/{firm}" in page


def test_a_copy_keeps_the_wishes_that_became_no_meeting(ready, cast):
    with write():
        draft(ready).unmet = [{"firm": 1, "partner": 2, "firm_wish": "yes", "partner_wish": None, "kind": "value",
                               "who": [], "instead": []}]  # fmt: skip
    version = draft(ready)
    with write():
        timetable.publish(version, by=cast.officer, at=clock.now())
    with write():
        copy = moves.edit_copy(version, by=cast.officer, at=clock.now())
    assert copy.unmet == version.unmet


def test_an_officer_who_acts_for_a_participant_is_told_so_and_recorded(ready, cast, browse):
    firm, bank = ready.firms[0], ready.partners[0]
    base = f"/conferences/{ready.conference_id}/participants/{firm}"
    browser = browse(cast.officer, "en")
    for page in ("", "/suggestions", "/search", "/wishes", "/schedule"):
        assert "You act for this participant" in browser.get(f"{base}{page}").text, page
    slots = [s.id for s in ready.conference.slots]
    browser.post(base, data={"present_slots": slots[1:], "delegates": "1"})
    browser.post(f"{base}/wishes", data={"other": bank, "wish": "yes"})
    lines = session.scalars(select(audit.AuditLine).where(audit.AuditLine.subject == f"participant:{firm}")).all()
    told = {line.act: (line.actor, line.on_behalf_of) for line in lines}
    whom = f"user:{cast.officer.id}", f"participant:{firm}"
    assert told == {"participant.join": whom, "participant.presence": whom, "wish": whom}


def test_own_people_act_for_nobody_else(cast, browse):
    from tests.events.conferences.conftest import make_conference

    small = make_conference(cast.officer, cast.firm)
    base = f"/conferences/{small.conference_id}/participants/{small.firms[0]}"
    browser = browse(cast.firm_owner, "en")
    assert "You act for this participant" not in browser.get(base).text
    browser.post(base, data={"present_slots": [s.id for s in small.conference.slots][1:], "delegates": "1"})
    line = session.scalars(select(audit.AuditLine).where(audit.AuditLine.act == "participant.presence")).one()
    assert line.on_behalf_of is None


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        ([("4", "4"), ("12", "12")], []),
        ([("thực tập", "thực tập"), ("thực", "thực")], [("thực tập", "thực tập")]),
        ([("food", "thực"), ("two", "two")], []),
        ([("CNC", "CNC"), ("water", "nước thải")], [("CNC", "CNC"), ("water", "nước thải")]),
        ([(f"word{'s' * n}", f"term{'s' * n}") for n in range(9)], 4),
    ],
)
def test_only_terms_that_say_something_are_shown(terms, shown):
    told = reasons.telling(terms)
    assert len(told) == shown if isinstance(shown, int) else told == shown


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Công ty CP Cơ khí Minh Hoạ 01", "Cơ khí Minh Hoạ 01"),
        ("Công ty TNHH MTV Gốm Mẫu 01", "Gốm Mẫu 01"),
        ("Công ty Cổ phần Nhựa Hà Nội", "Nhựa Hà Nội"),
        ("Minh Hoa Mechanical 01 JSC", "Minh Hoa Mechanical 01"),
        ("Thi Du Die Casting 04 Co., Ltd", "Thi Du Die Casting 04"),
        ("Ngân hàng TMCP Thí Dụ 01", "Ngân hàng TMCP Thí Dụ 01"),
    ],
)
def test_names_on_the_board_leave_out_the_legal_words(name, short):
    assert wording.short_name(name) == short


def test_a_break_lies_before_the_first_meeting_of_a_later_block(ready):
    slots = sorted(ready.conference.slots, key=lambda s: s.begins_at)
    assert [s.begins_block for s in slots] == [True] + [False] * 3 + [True] + [False] * 3
    for key in ready.firms:
        participant = ready.participant(key)
        rows = exports.appointments(participant, agenda.meetings(draft(ready)))
        for before, row in pairwise(rows):
            assert row.after_break == (before.begins_at < slots[4].begins_at <= row.begins_at)


def test_a_minimum_is_no_more_than_the_times_at_which_somebody_is_there(ready, cast):
    from events.conferences.demands import reachable_minimum

    slots = [s.id for s in ready.conference.slots]
    participant = ready.participant(ready.firms[0])
    with write():
        presence = operations.Presence(3, 5, 1, slots[2:])
        operations.set_presence(participant, presence, by=cast.officer, at=clock.now())
    assert reachable_minimum(ready.conference, get(type(participant), participant.id)) == 2


def test_meetings_of_somebody_who_withdrew_since_are_named_and_stand_in_nobodys_way(ready, cast, browse):
    """Withdrawing from the event leaves the published timetable as it is; a draft copied from it can be worked on."""
    with write():
        timetable.publish(draft(ready), by=cast.officer, at=clock.now())
    published = agenda.version_in(ready.conference, VersionState.PUBLISHED)
    key, gone = published.id, published.meetings[0].firm_id
    with write():
        events.cancel(ready.participant(gone).registration, by=cast.officer, at=clock.now())
    browser = browse(cast.officer, "en")
    assert browser.post(f"/conferences/{ready.conference_id}/timetables/{key}/copy").status_code == 302
    left = [m.id for m in draft(ready).meetings if m.firm_id == gone]
    meeting, option = movable(ready)
    assert left and meeting.firm_id != gone
    moved = {"firm": meeting.firm_id, "partner": meeting.partner_id, "slot": option.slot_id, "table": option.table_id}
    assert browser.post(path(ready, "/place"), data=moved).status_code == 302
    name = ready.participant(gone).organisation.name_vi
    held = session.get(Meeting, left[0])
    back = {"firm": gone, "partner": held.partner_id, "slot": option.slot_id, "table": ""}
    for page in (browser.post(path(ready, "/publish")), browser.post(path(ready, "/place"), data=back)):
        assert page.status_code == 409
        assert f"{name} has withdrawn" in page.text and 'class="board"' in page.text
    for m in left:
        assert browser.get(path(ready, f"/meetings/{m}")).status_code == 200
        browser.post(path(ready, f"/meetings/{m}/remove"))
    assert browser.post(path(ready, "/publish")).status_code == 302


def test_a_discarded_draft_comes_back_by_one_button_and_is_deleted_for_good_by_another(ready, cast, browse):
    browser, before, key = browse(cast.officer, "en"), board_of(ready), draft(ready).id
    here = f"/conferences/{ready.conference_id}/timetables/{key}"
    page = browser.post(f"{here}/discard", follow_redirects=True).get_data(as_text=True)
    assert draft(ready) is None
    undo = re.search(r'class="undo".*?action="([^"]+)"', page, re.DOTALL)
    assert undo is not None and browser.post(undo[1]).status_code == 302
    assert draft(ready).id == key and board_of(ready) == before
    browser.post(f"{here}/discard")
    assert "Delete for good" in browser.get(here).get_data(as_text=True)
    browser.post(f"{here}/discard")
    assert browser.get(here).status_code == 404
    assert list(agenda.versions(ready.conference)) == []


def test_a_published_timetable_cannot_be_discarded(ready, cast, browse):
    browser, here = browse(cast.officer, "en"), path(ready)
    with write():
        timetable.publish(draft(ready), by=cast.officer, at=clock.now())
    assert "Discard this draft" not in browser.get(here).get_data(as_text=True)
    assert browser.post(f"{here}/discard").status_code == 409
    assert agenda.version_in(ready.conference, VersionState.PUBLISHED) is not None


def test_what_is_set_aside_does_not_keep_the_times_from_being_changed(ready, cast):
    conference, first = ready.conference, ready.conference.slots[0].id
    begins = conference.event.begins_at
    setup = operations.Setup(conference.partner_kinds, [rules.Session(begins, begins + timedelta(hours=1))])
    with pytest.raises(Conflict), write():
        operations.change(ready.conference, setup, by=cast.officer, at=clock.now())
    with write():
        setting_aside.discard(draft(ready), by=cast.officer, at=clock.now())
    with write():
        operations.change(ready.conference, setup, by=cast.officer, at=clock.now())
    assert list(agenda.versions(ready.conference)) == []
    assert len(ready.conference.slots) == 2 and ready.conference.slots[0].id == first  # the same time, the same row
