"""A small delegation: one day, two hosts, the first firm and its rival as members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest

from companies.enums import Kind, NeedRole
from companies.models import Organisation
from core import clock
from core.db import session, write
from events import operations as events
from events.conferences.delegations import operations
from events.conferences.delegations.operations import Destination, Hours, Reception
from events.details import Details, Schedule
from events.enums import EventKind
from events.models import Event, Registration
from tests.events.conferences.conftest import organisation


@dataclass
class Trip:
    """The delegation as ids that outlive a request."""

    event_id: int
    hosts: list[int]
    firm: int
    rival: int

    @property
    def event(self) -> Event:
        found = session.get(Event, self.event_id)
        assert found is not None
        return found

    @property
    def path(self) -> str:
        return f"/events/{self.event_id}/delegation"

    def registration(self, key: int) -> Registration:
        found = session.get(Registration, key)
        assert found is not None
        return found


def make_trip(cast: Any, *, seats: int = 20) -> Trip:
    at, officer = clock.now(), cast.officer
    begins = at.replace(hour=1, minute=0) + timedelta(days=5)
    firm, rival = cast.firm.id, cast.rival.id
    with write():
        event = events.create(
            EventKind.DELEGATION,
            Details(title_vi="Đoàn công tác Hải Phòng", title_en="Delegation to Hai Phong"),
            Schedule(begins_at=begins, ends_at=begins + timedelta(hours=9)),
            by=officer,
            at=at,
        )
        events.publish(event, by=officer, at=at)
        operations.set_up(
            event,
            Destination(destination_vi="Hải Phòng", destination_en="Hai Phong", group_size=10),
            [Hours(event.days[0], time(8), time(17), time(11, 30), time(13))],
            by=officer,
            at=at,
        )
        hosts = [
            operations.add_host(
                event,
                organisation(f"Nhà máy Thí Dụ {n}", Kind.FIRM, NeedRole.OFFER, "Gia công", "Machining", False),
                Reception(opens=time(8), closes=time(16), seats=seats, minutes=60),
                by=officer,
                at=at,
            ).id
            for n in range(2)
        ]
        joined = [
            events.register(
                event, session.get(Organisation, key), by=officer, at=at, key=f"key-{key}", seats=2, by_staff=True
            ).id
            for key in (firm, rival)
        ]
        return Trip(event.id, hosts, *joined)


@pytest.fixture
def trip(cast: Any) -> Trip:
    return make_trip(cast)
