"""The rest of a draft improved: what is locked stays, the draft waits beside it, and taking is undone by a button."""

from __future__ import annotations

import re

import pytest

from core import clock
from core.db import session, write
from core.errors import Conflict
from core.tasks import Task
from events.conferences import agenda, improving, moves, setting_aside, suggestions, timetable
from events.conferences.enums import VersionState


def draft(small):
    session.rollback()
    return agenda.version_in(small.conference, VersionState.DRAFT)


def board(version):
    return {(m.firm_id, m.partner_id, m.slot_id) for m in version.meetings}


@pytest.fixture
def worse(small, cast):
    """A draft of which the officer locked one meeting and took half of the others off."""
    suggestions.refresh(small.conference_id)
    timetable.generate(small.conference_id, by=cast.officer)
    with write():
        first, *rest = sorted(draft(small).meetings, key=lambda m: m.id)
        moves.set_lock(first, True, by=cast.officer, at=clock.now())
        for m in rest[::2]:
            moves.remove(m, by=cast.officer, at=clock.now())
    return small


def test_an_improvement_keeps_locks_waits_beside_the_draft_and_is_not_offered_where_nothing_is_better(worse, cast):
    before = board(draft(worse))
    locked = {(m.firm_id, m.partner_id, m.slot_id) for m in draft(worse).meetings if m.locked}
    _draft, better = improving.improve(worse.conference_id, by=cast.officer)
    assert better is not None and better.set_aside
    assert len(locked) == 1 and locked <= board(better)
    assert len(board(better)) > len(before) and board(draft(worse)) == before
    with write():
        setting_aside.take(better, by=cast.officer, at=clock.now())
    found, none = improving.improve(worse.conference_id, by=cast.officer)
    assert none is None and found.id == better.id
    assert sum(v.set_aside for v in agenda.versions(worse.conference)) == 1
    with write():
        timetable.publish(found, by=cast.officer, at=clock.now())
    for refused in (improving.ask, setting_aside.take):
        with pytest.raises(Conflict), write():
            refused(found, by=cast.officer, at=clock.now())


def test_the_page_shows_what_would_change_and_the_button_after_taking_brings_the_draft_back(worse, cast, browse):
    browser, first = browse(cast.officer), draft(worse)
    was, path = board(first), f"/conferences/{worse.conference_id}/timetables"
    assert "Cải thiện phần chưa khóa" in browser.get(f"{path}/{first.id}").get_data(as_text=True)
    assert browser.post(f"{path}/{first.id}/improve").status_code == 302
    session.rollback()
    assert session.query(Task).filter_by(kind="improve").count() == 1
    _first, better = improving.improve(worse.conference_id, by=cast.officer)
    number = better.id
    page = browser.get(f"{path}/{number}/changes").get_data(as_text=True)
    assert "Chưa có thay đổi nào" in page and "Các cuộc gặp đã khóa sẽ bị thay đổi" not in page
    with write():  # locked after the improvement, which does not hold it
        late = next(m for m in draft(worse).meetings if not m.locked)
        moves.set_lock(late, True, by=cast.officer, at=clock.now())
        held = [m for m in better.meetings if (m.firm_id, m.partner_id) != (late.firm_id, late.partner_id)]
        better.meetings[:] = held
    page = browser.get(f"{path}/{number}/changes").get_data(as_text=True)
    assert "Các cuộc gặp đã khóa sẽ bị thay đổi" in page
    board_page = browser.post(f"{path}/{number}/take", follow_redirects=True).get_data(as_text=True)
    assert draft(worse).id == number
    undo = re.search(r'class="undo".*?action="([^"]+)"', board_page, re.DOTALL)
    assert undo is not None
    browser.post(undo[1])
    assert draft(worse).id == first.id and board(draft(worse)) == was
