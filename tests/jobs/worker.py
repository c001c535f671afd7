"""A job process with work that leaves traces in a file: run as a script by the tests.

Arguments: the file for the traces, and the lease's length in seconds.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from core import tasks
from core.timers import timer
from jobs import __main__ as jobs_main
from jobs import process

TRACES, SECONDS = Path(sys.argv[1]), float(sys.argv[2])


def trace(line: str) -> None:
    """One write call, so that lines of two processes do not mix."""
    handle = os.open(TRACES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


@tasks.handler("note")
def note(context, *, number):
    trace(f"task {number}")


@tasks.handler("slow")
def slow(context):
    trace("slow begun")
    for i in range(100):
        time.sleep(0.1)
        context.progress(i, 100, "")
        if i == 8 and not TRACES.with_suffix(".again").exists():
            TRACES.with_suffix(".again").touch()
            trace("ready to be ended")
        if i == 15:
            break
    trace("slow done")


@timer("each day", seconds=0.2, period="day")
def each_day(at):
    trace("day")


@timer("tick", seconds=0.2)
def tick(at):
    trace(f"tick {os.getpid()}")


if __name__ == "__main__":
    process.LEASE_SECONDS, process.RENEWED_EVERY = SECONDS, SECONDS / 4
    sys.exit(jobs_main.main())
