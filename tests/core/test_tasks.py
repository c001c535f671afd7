"""Long work as rows: queued once, followed by its owner, taken over once, its failure told in a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, task_runner, tasks
from core.db import session, write
from core.errors import Invalid
from core.i18n import _, _l
from core.tasks import Task, TaskState
from tests.conftest import NOON

WORKING = _l("Working")


@pytest.fixture(autouse=True)
def work(monkeypatch):
    """The handlers of this test; `work["x"] = function` registers one."""
    monkeypatch.setattr(tasks, "_handlers", {"double": lambda context, *, number: {"doubled": 2 * number}})
    return tasks._handlers


def start(kind="double", by=None, key=None, **arguments):
    if kind == "double":
        arguments = {"number": 4}
    with write():
        return tasks.start(kind, by=by, at=clock.now(), key=key, **arguments).id


def task(task_id):
    session.rollback()
    return session.get(Task, task_id, populate_existing=True)


def test_work_is_done_and_its_result_kept(app):
    task_id = start()
    assert task(task_id).state is TaskState.WAITING
    assert task_runner.run_waiting() == 1
    row = task(task_id)
    assert (row.state, row.result, row.percent, row.finished_at) == (TaskState.DONE, {"doubled": 8}, 100, NOON)
    assert task_runner.run_waiting() == 0


def test_the_oldest_comes_first(app, work):
    seen = []
    work["note"] = lambda context, *, n: seen.append(n)
    for n in range(4):
        start("note", n=n)
    task_runner.run_waiting()
    assert seen == [0, 1, 2, 3]


def test_the_same_work_is_not_queued_twice_while_it_waits(app):
    first = start(key="event:1")
    assert start(key="event:1") == first
    assert start(key="event:2") != first
    task_runner.run_waiting()
    assert start(key="event:1") != first


def test_work_of_an_unknown_kind_cannot_be_started(app):
    with pytest.raises(LookupError), write():
        tasks.start("unknown", by=None, at=clock.now())


def test_a_handler_can_be_registered_once_only(work):
    tasks.handler("double")(work["double"])
    with pytest.raises(RuntimeError):
        tasks.handler("double")(lambda context: None)


def test_a_mistake_of_the_person_is_told_in_its_own_words(app, work):
    def refuse(context):
        raise Invalid("Row 7 has no tax code.")

    work["refuse"] = refuse
    task_id = start("refuse")
    task_runner.run_waiting()
    assert (task(task_id).state, task(task_id).error, task(task_id).reference) == (
        TaskState.FAILED,
        "Row 7 has no tax code.",
        None,
    )


def test_a_fault_of_ours_is_told_with_a_reference_that_the_log_has_too(app, work, monkeypatch):
    def crash(context):
        raise ZeroDivisionError("secret figure 4711")

    logged = []
    monkeypatch.setattr(task_runner.log, "exception", lambda message, extra: logged.append(extra["detail"]))
    work["crash"] = crash
    task_id = start("crash")
    task_runner.run_waiting()
    row = task(task_id)
    assert row.state is TaskState.FAILED and "4711" not in row.error
    assert logged == [row.reference] and row.reference in row.error


def test_what_a_failed_handler_left_unfinished_in_the_session_is_not_stored(app, work):
    def half(context):
        with write():
            session.add(Task(kind="half", created_at=clock.now()))
            session.flush()
            raise Invalid("no")

    work["half"] = half
    start("half")
    task_runner.run_waiting()
    assert len(session.scalars(select(Task)).all()) == 1


def test_progress_is_written_at_most_twice_a_second_but_each_stage_and_the_end(app, work, monkeypatch):
    written = []
    original = tasks.Context.hold

    def hold(self):
        row = original(self)
        written.append(row.id)
        return row

    monkeypatch.setattr(tasks.Context, "hold", hold)

    def steps(context):
        for i in range(100):
            context.progress(i, 100, WORKING)
        context.progress(100, 100)

    work["steps"] = steps
    task_id = start("steps")
    task_runner.run_waiting()
    row = task(task_id)
    assert len(written) == 3  # the first step, the last, the outcome
    assert (row.done, row.total, row.stage) == (100, 100, "Working")


def test_a_task_that_waits_is_cancelled_at_once_one_that_runs_at_its_next_step(app, work):
    def steps(context):
        with write():
            tasks.cancel(session.get(Task, context.task_id), by=None, at=clock.now())
        assert context.cancelled
        context.progress(1, 2, "")
        raise AssertionError("went on")

    work["steps"] = steps
    waiting, running = start(), start("steps")
    with write():
        tasks.cancel(task_of(waiting), by=None, at=clock.now())
    assert task(waiting).state is TaskState.CANCELLED
    task_runner.run_waiting()
    assert (task(waiting).result, task(running).state) == (None, TaskState.CANCELLED)


def task_of(task_id):
    return session.get(Task, task_id)


class Killed(BaseException):
    """Stands for kill -9."""


def test_the_task_of_a_dead_process_is_taken_over_once_then_told_as_failed(app, work):
    def die(context):
        raise Killed

    work["die"] = die
    task_id, at = start("die"), NOON
    for _turn in range(2):
        with clock.frozen(at), pytest.raises(Killed):
            task_runner.run_waiting()
        session.rollback()
        with clock.frozen(at + timedelta(seconds=50)):
            assert task_runner.run_waiting() == 0
        at += timedelta(seconds=70)
    with clock.frozen(at):
        assert task_runner.run_waiting() == 0
    row = task(task_id)
    assert (row.state, row.takeovers) == (TaskState.FAILED, 1) and row.error


def test_a_process_that_slept_through_the_takeover_stores_nothing(app, work):
    calls = []

    def sleepy(context):
        calls.append(context.holder)
        if len(calls) == 1:
            with clock.frozen(NOON + timedelta(hours=3)):
                assert task_runner.run_waiting() == 1  # the other process does it
            with write():
                context.hold()
                session.add(Task(kind="double", created_at=clock.now()))
        return {"by": len(calls)}

    work["sleepy"] = sleepy
    task_id = start("sleepy")
    task_runner.run_waiting()
    assert task(task_id).result == {"by": 2}
    assert len(session.scalars(select(Task)).all()) == 1


def test_a_stopping_process_lays_its_work_down_and_the_next_begins_it_at_once(app, work):
    stop = [True]

    def steps(context):
        context.progress(1, 2, "")
        return {"finished": True}

    work["steps"] = steps
    task_id = start("steps")
    assert task_runner.run_next("first", lambda: stop[0])
    assert task(task_id).state is TaskState.RUNNING and task(task_id).holder is None
    assert task_runner.run_next("second")
    row = task(task_id)
    assert (row.state, row.result, row.takeovers) == (TaskState.DONE, {"finished": True}, 0)


def test_work_speaks_the_language_of_who_started_it(app, work):
    work["speak"] = lambda context: {"words": str(_("Sign in"))}
    with app.test_request_context("/?lang=en"), write():
        task_id = tasks.start("speak", by=None, at=clock.now()).id
    task_runner.run_waiting()
    assert task(task_id).language == "en" and task(task_id).result == {"words": "Sign in"}


def test_ended_tasks_are_dropped_after_a_month(app):
    old = start()
    task_runner.run_waiting()
    waiting = start()
    with write():
        tasks.purge(at=NOON + timedelta(days=31))
    assert [t.id for t in session.scalars(select(Task))] == [waiting] != [old]


def test_everybody_follows_his_own_task_staff_all_and_a_rival_knows_of_none(app, cast, browse):
    task_id = start(by=cast.firm_owner)
    path = f"/tasks/{task_id}/status"
    answers = {
        name: browse(getattr(cast, name)).get(path).status_code
        for name in ("firm_owner", "rival_owner", "officer", "administrator", "council_member", "door_staff")
    }
    assert answers == {
        "firm_owner": 200,
        "officer": 200,
        "administrator": 200,
        "rival_owner": 404,
        "council_member": 404,
        "door_staff": 404,
    }
    assert browse().get(f"/tasks/{task_id}").status_code == 302
    assert browse(cast.rival_owner).post(f"/tasks/{task_id}/cancel").status_code == 404


def test_the_status_says_how_far_it_is_and_where_the_result_is(app, cast, browse, work):
    work["place"] = lambda context: {"url": "/account", "message": "Done"}
    task_id = start("place", by=cast.firm_owner)
    client = browse(cast.firm_owner)
    assert client.get(f"/tasks/{task_id}/status").json["state"] == "waiting"
    task_runner.run_waiting()
    got = client.get(f"/tasks/{task_id}", headers={"Accept": "application/json"}).json
    assert (got["state"], got["percent"], got["url"], got["message"]) == ("done", 100, "/account", "Done")


def test_a_result_never_leads_off_the_site(app, cast, browse, work):
    work["place"] = lambda context: {"url": "//evil.example"}
    task_id = start("place", by=cast.firm_owner)
    task_runner.run_waiting()
    assert browse(cast.firm_owner).get(f"/tasks/{task_id}/status").json["url"] == "/"


def test_the_page_refreshes_itself_while_the_work_goes_on_and_links_to_the_result(app, cast, browse, work):
    work["place"] = lambda context: {"url": "/account"}
    task_id = start("place", by=cast.firm_owner)
    client = browse(cast.firm_owner)
    page = client.get(f"/tasks/{task_id}").text
    assert 'http-equiv="refresh"' in page and "<progress" in page
    task_runner.run_waiting()
    page = client.get(f"/tasks/{task_id}").text
    assert 'http-equiv="refresh"' not in page and 'href="/account"' in page


def test_the_owner_cancels_by_a_button(app, cast, browse):
    task_id = start(by=cast.firm_owner)
    assert browse(cast.firm_owner).post(f"/tasks/{task_id}/cancel").status_code == 302
    assert task(task_id).state is TaskState.CANCELLED
