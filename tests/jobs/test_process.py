"""Real job processes: ended in order, killed, stopped and resumed, two at a time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from core import audit, audit_seal, clock, lease, outbox, tasks
from core.db import session, write
from core.health import LEASE
from core.outbox import Mail, MailState
from core.tasks import Task, TaskState
from jobs import upkeep
from tests.core.test_sending import Server

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(app):
    handler = Server()
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


@pytest.fixture
def traces(tmp_path):
    return tmp_path / "traces"


@pytest.fixture
def begin(app, database, traces):
    """`begin()` starts a job process; all that live at the end are killed."""
    started = []

    def begin(url=None, seconds=30):
        settings = app.extensions["settings"]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "MODE": "test",
            "DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": database,
            "PUBLIC_BASE_URL": "http://localhost",
        }
        command = [sys.executable, str(ROOT / "tests" / "jobs" / "worker.py"), str(traces), str(seconds)]
        started.append(
            subprocess.Popen(
                command, env=environment | ({"SMTP_URL": url} if url else {}), stderr=subprocess.DEVNULL, cwd=ROOT
            )
        )
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def work(monkeypatch):
    for kind in ("note", "slow"):
        monkeypatch.setitem(tasks._handlers, kind, lambda context: None)


def until(condition, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        session.rollback()
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def lines(traces):
    return traces.read_text().splitlines() if traces.exists() else []


def put(count=1):
    with write():
        return [outbox.enqueue("test", "a@example.vn", f"Thư {i}", "…", at=clock.now()).id for i in range(count)]


def state_of(mail_id):
    session.rollback()
    return session.get(Mail, mail_id, populate_existing=True).state


def test_two_processes_do_each_due_item_once(begin, server, traces, work):
    """L14: mails, tasks and the work of a period."""
    put(20)
    with write():
        for number in range(20):
            tasks.start("note", by=None, at=clock.now(), number=number)
    begin(server.url), begin(server.url)
    until(lambda: len(server.accepted) >= 20 and len([t for t in lines(traces) if "task" in t]) >= 20)
    until(lambda: "day" in lines(traces))
    time.sleep(1)
    assert Counter(m["Subject"] for m in server.accepted) == {f"Thư {i}": 1 for i in range(20)}
    assert Counter(t for t in lines(traces) if "task" in t) == {f"task {i}": 1 for i in range(20)}
    assert lines(traces).count("day") == 1
    assert len({t for t in lines(traces) if "tick" in t}) == 1  # one of the two leads


def test_sigterm_ends_the_process_in_order_and_the_next_leads_at_once(begin, traces, work):
    with write():
        task_id = tasks.start("slow", by=None, at=clock.now()).id
    first = begin()
    until(lambda: "ready to be ended" in lines(traces))
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 0
    session.rollback()
    row = session.get(Task, task_id, populate_existing=True)
    assert (row.state, row.holder) == (TaskState.RUNNING, None)
    second = begin()
    until(lambda: f"tick {second.pid}" in lines(traces) and "slow done" in lines(traces))
    until(lambda: session.get(Task, task_id, populate_existing=True).state is TaskState.DONE)
    assert lines(traces).count("slow begun") == 2 and lines(traces).count("day") == 1


def test_killed_after_the_server_accepted_one_duplicate_comes_with_the_same_id(begin, server):
    """F2: `kill -9` between the acceptance and the second commit."""
    (mail_id,) = put()
    first = begin(server.url)
    accept = server.handle_DATA

    async def accept_and_kill(*given):
        server.handle_DATA = accept
        first.kill()
        return await accept(*given)

    server.handle_DATA = accept_and_kill
    assert first.wait(90) == -signal.SIGKILL
    until(lambda: len(server.accepted) == 1)
    assert state_of(mail_id) is MailState.SENDING
    with write():  # five minutes later, and the dead leader's lease is over
        session.get(Mail, mail_id).locked_at -= timedelta(minutes=6)
        session.scalars(select(lease.Lease)).one().expires_at = clock.now()
    begin(server.url)
    until(lambda: state_of(mail_id) is MailState.SENT)
    assert len({m["Message-ID"] for m in server.accepted}) == 1 and len(server.accepted) == 2
    assert session.get(Mail, mail_id).flagged


def test_a_leader_that_was_stopped_and_resumed_leads_no_more(begin, traces):
    """F8, with a short lease."""
    first = begin(seconds=3)
    until(lambda: f"tick {first.pid}" in lines(traces))
    second = begin(seconds=3)
    with write():  # so that it holds no lock of the database while it is stopped
        session.scalars(select(lease.Lease).with_for_update()).all()
        first.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
    until(lambda: f"tick {second.pid}" in lines(traces))
    first.send_signal(signal.SIGCONT)
    before = lines(traces).count(f"tick {first.pid}")
    time.sleep(2)
    assert lines(traces).count(f"tick {first.pid}") - before <= 1  # a turn that was under way when it was stopped
    session.rollback()
    assert session.scalars(select(lease.Lease).where(lease.Lease.name == LEASE)).one().fencing == 2
    assert lines(traces).count("day") == 1


def test_the_upkeep_seals_and_purges(app):
    with write():
        audit.record("x", "y:1", by=None, at=clock.now() - timedelta(hours=1))
    upkeep.seal_audit(clock.now())
    session.rollback()
    assert audit_seal.unsealed_since() is None
    upkeep.purge(clock.now())
    upkeep.send_mail(clock.now())
