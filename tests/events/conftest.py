"""Events as tests need them: published, open, with some seats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import write
from events import operations
from events.details import Details, Schedule
from events.enums import EventKind
from events.models import Event


@pytest.fixture
def make_event(app: Flask, cast: Any) -> Callable[..., Event]:
    """`make_event(capacity=2)`: a published class of 3 days in 30 days' time; `published=False` leaves the draft."""

    def make(*, kind: EventKind = EventKind.CLASS, published: bool = True, days: int = 30, **details: Any) -> Event:
        at, officer = clock.now(), cast.officer
        begins = at + timedelta(days=days)
        with write():
            event = operations.create(
                kind,
                Details(**{"title_vi": "Lớp quản trị sản xuất", "title_en": "Class on production", **details}),
                Schedule(
                    begins_at=begins,
                    ends_at=begins + timedelta(days=2, hours=8),
                    place_vi="Hội trường Sở Công Thương",
                    place_en="Hall of the Department",
                    address="331 Cầu Giấy, Hà Nội",
                ),
                by=officer,
                at=at,
            )
            if published:
                operations.publish(event, by=officer, at=at)
        return event

    return make


@pytest.fixture
def join(app: Flask) -> Callable[..., Any]:
    """`join(event, cast.firm, cast.firm_owner)`: registers, in a write block of its own."""
    counter = iter(range(10_000))

    def register(event: Event, organisation: Any, by: Any, **options: Any) -> Any:
        options = {"at": clock.now(), "key": f"key-{next(counter):012}", **options}
        with write():
            return operations.register(event, organisation, by=by, **options)

    return register
