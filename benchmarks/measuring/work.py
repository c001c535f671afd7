"""A piece of work: its seconds by the clock and of the processor, and its statements."""

from __future__ import annotations

import cProfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from core.db import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements issued inside."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def timed(profile: cProfile.Profile | None, work: Callable[..., Any], *given: Any) -> tuple[float, float, Any]:
    """Seconds of the clock, seconds of this processor, and what it gave."""
    began, cpu = time.perf_counter(), time.process_time()
    answer = profile.runcall(work, *given) if profile else work(*given)
    return time.perf_counter() - began, time.process_time() - cpu, answer
