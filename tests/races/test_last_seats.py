"""The last seats of a host that a delegation visits, taken by two officers at once in different processes."""

from __future__ import annotations

import secrets
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from accounts.models import User
from companies.models import Organisation
from core import clock
from core.db import session, write
from events import operations as events
from events.conferences.delegations import operations
from events.conferences.delegations.models import HostVisit, VisitPlan
from events.conferences.delegations.operations import Destination, Hours, Reception
from events.details import Details, Schedule
from events.enums import EventKind
from tests.races.site import Post

pytestmark = pytest.mark.live
DELEGATIONS, GROUP = 6, 10


def draft_with_two_groups(site, number):
    """(event, draft, host) of a delegation with two groups, each as large as the one host receives at once."""
    at, firms = clock.now(), site.firms[3 * number : 3 * number + 3]
    begins = at.replace(hour=1, minute=0) + timedelta(days=20)
    with site.app.app_context(), write():
        event = events.create(
            EventKind.DELEGATION,
            Details(title_vi="Đoàn công tác"),
            Schedule(begins_at=begins, ends_at=begins + timedelta(hours=9)),
            by=None,
            at=at,
        )
        events.publish(event, by=None, at=at)
        where = Destination(destination_vi="Hải Phòng", group_size=GROUP)
        operations.set_up(event, where, [Hours(event.days[0], time(8), time(17))], by=None, at=at)
        host = operations.add_host(
            event,
            session.get_one(Organisation, firms[0].organisation_id),
            Reception(opens=time(8), closes=time(9), seats=GROUP, minutes=60),
            by=None,
            at=at,
        )
        groups = [
            [
                events.register(
                    event, session.get_one(Organisation, firm.organisation_id),
                    by=session.get_one(User, firm.user_id), at=at, key=secrets.token_urlsafe(16), seats=GROUP,
                    by_staff=True,
                ).id
            ]
            for firm in firms[1:]
        ]  # fmt: skip
        plan = VisitPlan(event_id=event.id, made_at=at, edited_at=at, proven=False, groups=groups)
        session.add(plan)
        session.flush()
        return event.id, plan.id, host.id, int(begins.timestamp()) // 60


def test_the_last_seats_of_a_host_go_to_one_of_two_groups(site, server):
    made = [draft_with_two_groups(site, n) for n in range(DELEGATIONS)]
    answers = server.storm(
        [
            Post(site.officer, f"/events/{event}/delegation/plans/{plan}/place",
                 {"group": group, "host": host, "begins": begins})
            for event, plan, host, begins in made
            for group in (1, 2)
        ]
    )  # fmt: skip
    assert {answer.status for answer in answers} == {302}
    placed = [answer.location.endswith("/programme") for answer in answers]  # who is refused stays on the choice
    assert [sum(pair) for pair in zip(placed[::2], placed[1::2], strict=True)] == [1] * DELEGATIONS
    with site.app.app_context():
        for _event, plan, _host, _begins in made:
            [visit] = session.scalars(select(HostVisit).where(HostVisit.plan_id == plan))
            assert [v.registration.seats for v in visit.visitors] == [GROUP]
