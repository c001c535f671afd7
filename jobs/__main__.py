"""`python -m jobs`: the job process. It runs beside the web processes, one or several times, until SIGTERM."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from app import create_app
from core.memory import keep_loaded
from jobs.process import JobProcess


def main() -> int:
    """Run until told to end; return the exit code."""
    process = JobProcess(create_app())
    keep_loaded()

    def end(_signal: int, _frame: FrameType | None) -> None:
        process.stop()

    signal.signal(signal.SIGTERM, end)  # the scheduler has no handler of its own
    signal.signal(signal.SIGINT, end)
    return process.run()


if __name__ == "__main__":
    sys.exit(main())
