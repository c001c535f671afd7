"""The job process: fixed timers wake it, tables say what is due, a ledger says what was done.

Several may run: tasks are shared out by their rows, and the timers turn only in the one that holds the lease.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from core import clock, lease
from core.clock import HANOI
from core.db import write
from core.health import LEASE
from core.logs import log
from core.task_runner import new_holder, run_next
from core.timers import Timer, period_key, stopping, timers
from jobs import upkeep

if TYPE_CHECKING:
    from flask import Flask

LEASE_SECONDS, RENEWED_EVERY = 30.0, 8.0
TASKS_LOOKED_AT_EVERY = 0.3
WORKERS, THREADS = 2, 12
GRACE = 20.0  # seconds that running work has to lay itself down


class Leadership:
    """Whether this process may turn the timers. By the monotonic clock, which goes on while a process is stopped."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        self.fencing: int | None = None
        self._until = 0.0

    @property
    def held(self) -> bool:
        return self.fencing is not None and time.monotonic() < self._until

    def renew(self) -> None:
        """Take or renew the lease."""
        begun = time.monotonic()
        with write():
            fencing = lease.take(LEASE, self.holder, at=clock.now(), seconds=LEASE_SECONDS)
        if fencing != self.fencing:
            log.info("lease", extra={"job": "timers", "detail": "taken" if fencing else "held by another"})
        self.fencing, self._until = fencing, begun + LEASE_SECONDS

    def give_back(self) -> None:
        """Let the next process lead at once."""
        if self.held:
            with write():
                lease.give_back(LEASE, self.holder, at=clock.now())


class JobProcess:
    """Timers by APScheduler (memory store: the timers are code, the state is in tables), tasks by threads."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.holder = new_holder()
        self.leadership = Leadership(self.holder)
        self.stopping = stopping
        self.turning: set[str] = set()
        self.scheduler = BlockingScheduler(
            timezone=HANOI,
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self.workers = [
            threading.Thread(target=self._work, args=(f"{self.holder}:{i}",), name=f"tasks-{i}", daemon=True)
            for i in range(WORKERS)
        ]

    def run(self) -> int:
        """Work until `stop`; return the exit code."""
        logging.getLogger("apscheduler").setLevel(
            logging.ERROR
        )  # a turn skipped because the last one goes on is no news
        upkeep.register()
        self._renew()
        self.scheduler.add_job(self._renew, "interval", seconds=RENEWED_EVERY)
        for timer in timers.values():
            self.scheduler.add_job(self.turn, "interval", args=[timer], seconds=timer.seconds, id=timer.name)
        for worker in self.workers:
            worker.start()
        log.info("the job process works", extra={"detail": f"{len(timers)} timers"})
        if not self.stopping.is_set():
            self.scheduler.start()
        return self._end()

    def stop(self) -> None:
        """End soon: no new turn, tasks lay themselves down at their next step. Safe in a signal handler."""
        self.stopping.set()
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    def turn(self, timer: Timer) -> None:
        """One turn of a timer, if this process leads. A failure is logged and tried again at the next turn."""
        fencing = self.leadership.fencing
        if fencing is None or not self.leadership.held or self.stopping.is_set():
            return
        self.turning.add(timer.name)
        try:
            with self.app.app_context(), lease.holding(LEASE, fencing):
                self._do(timer)
        except lease.Lost:
            log.warning("a turn came too late", extra={"job": timer.name})
        except Exception:
            log.exception("a timer failed", extra={"job": timer.name})
        finally:
            self.turning.discard(timer.name)

    def _do(self, timer: Timer) -> None:
        at = clock.now()
        if timer.period is None:
            timer.work(at)
            return
        with lease.once(timer.name, period_key(timer.period, at), holder=self.holder) as run:
            if run is not None:
                timer.work(at)

    def _renew(self) -> None:
        if self.stopping.is_set():  # told to end before the scheduler ran
            self.stop()
            return
        try:
            with self.app.app_context():
                self.leadership.renew()
        except Exception:
            log.exception("the lease could not be renewed", extra={"job": "timers"})

    def _work(self, holder: str) -> None:
        # Workers look in turn, not at the same moments: what is asked for waits half as long.
        self.stopping.wait(TASKS_LOOKED_AT_EVERY * int(holder.rpartition(":")[2]) / WORKERS)
        while not self.stopping.is_set():
            found = False
            try:
                with self.app.app_context():
                    found = run_next(holder, self.stopping.is_set)
            except Exception:
                log.exception("tasks could not be looked at", extra={"job": "tasks"})
                self.stopping.wait(5)
            if not found:
                self.stopping.wait(TASKS_LOOKED_AT_EVERY)

    def _end(self) -> int:
        deadline = time.monotonic() + GRACE
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            with self.app.app_context():
                self.leadership.give_back()
        except Exception:
            log.exception("the lease could not be given back", extra={"job": "timers"})
        log.info("the job process ends")
        if self._busy:
            os._exit(0)  # a solver or a server that cannot be interrupted: the rows tell another process what to do
        return 0

    @property
    def _busy(self) -> bool:
        return bool(self.turning) or any(worker.is_alive() for worker in self.workers)
