"""What one more table, time or interpreter would bring: found in the background, shown as it comes, in time."""

from __future__ import annotations

import math
import time

import pytest
from flask_babel import force_locale

from core import clock, task_runner, tasks
from core.db import session, write
from events.conferences import additions, operations, suggestions
from matching.timetable.whatif import Gain, Gains


def slots(small):
    return [s.id for s in sorted(small.conference.slots, key=lambda s: s.begins_at)]


def away(small, cast, participant, gone):
    with write():
        presence = operations.Presence(None, None, 1, list(gone))
        operations.set_presence(small.participant(participant), presence, by=cast.officer, at=clock.now())


@pytest.fixture
def tight(small, cast):
    """Partners are there at one time only, so that one more would help."""
    suggestions.refresh(small.conference_id)
    order = slots(small)
    for partner in small.partners:
        away(small, cast, partner, [key for key in order if key != order[3]])
    return small


def path(small):
    return f"/conferences/{small.conference_id}/what-helps"


def latest(small):
    session.rollback()
    return tasks.latest(additions.KIND, additions.key_of(small.conference))


def test_one_more_time_helps_where_the_partners_are_there_for_one_only(tight):
    found = [x for _n, _of, x in additions.look(tight.conference, until=math.inf) if x is not None]
    best = max(found, key=lambda x: x.gain.meetings)
    assert (best.kind, best.slots, best.gain.meetings) == ("slot", tuple(slots(tight)[:4]), 3)
    assert "3" in additions.sentence(best, tight.conference)


def test_an_addition_is_told_in_both_languages(small, app):
    keys = tuple(slots(small)[:4])
    for kind, language in (("table", None), ("slot", None), ("interpreter", "ko")):
        addition = additions.Addition(kind, keys, Gain(7, 50_000), language)
        said = set()
        for locale in ("vi", "en"):
            with app.test_request_context(), force_locale(locale):
                said.add(additions.sentence(addition, small.conference))
        assert len(said) == 2 and all("7" in x for x in said)


def test_looking_changes_nothing_a_button_has_it_worked_out_and_the_page_says_it_in_the_readers_words(
    tight, browse, cast
):
    officer = browse(cast.officer, "en")
    assert "What would one more allow?" in officer.get(path(tight)).text and latest(tight) is None
    for _again in range(2):  # pressed twice, it is one piece of work
        assert officer.post(path(tight)).headers["Location"].endswith(path(tight))
    assert session.query(tasks.Task).filter_by(kind=additions.KIND).count() == 1
    assert "data-follow" in officer.get(path(tight)).text
    task_runner.run_waiting()
    assert "would allow 3 more meetings" in officer.get(path(tight)).text
    assert latest(tight).result["looked"] == latest(tight).result["of"] == 4
    for refused in (browse(cast.firm_owner).get(path(tight)), browse(cast.firm_owner).post(path(tight))):
        assert refused.status_code == 403


def test_what_was_found_stays_when_the_work_is_stopped(tight, browse, cast, monkeypatch):
    officer = browse(cast.officer, "en")
    officer.post(path(tight))
    task, of, shown = latest(tight).id, Gains.of, []

    def slow(self, after, deadline):
        """The officer looks at the page after something was found, and stops the work."""
        gain = of(self, after, deadline)
        if latest(tight).result and not shown:
            shown.append(officer.get(path(tight)).text)
            stopped = officer.post(f"/tasks/{task}/cancel", data={"next": path(tight)})
            assert stopped.headers["Location"].endswith(path(tight))
        return gain

    monkeypatch.setattr(Gains, "of", slow)
    monkeypatch.setattr(tasks, "WRITTEN_EVERY", 0)
    task_runner.run_waiting()
    assert latest(tight).state is tasks.TaskState.CANCELLED
    page = officer.get(path(tight)).text
    assert all("would allow 3 more meetings" in x for x in (*shown, page)) and len(shown) == 1
    assert "The work was stopped" in page and "Compute again" in page


def test_what_the_time_did_not_suffice_for_is_said(tight, browse, cast, monkeypatch):
    monkeypatch.setattr(additions, "TIME_LIMIT", -1.0)
    officer = browse(cast.officer, "en")
    officer.post(path(tight))
    task_runner.run_waiting()
    assert "0 of 4 possibilities" in officer.get(path(tight)).text
    assert list(additions.look(tight.conference, until=time.monotonic() - 1)) == [(0, 4, None)]


def test_what_was_found_of_times_that_are_gone_is_not_told(tight, cast):
    with write():
        task = additions.ask(tight.conference, by=cast.officer, at=clock.now())
        task.result = {"found": [additions.Addition("slot", (10**6,), Gain(1, 1)).stored()]}
    assert additions.found_by(task, tight.conference) == []
