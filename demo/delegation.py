"""A delegation of the demo with its hosts, what members wish, and a published programme: all of it invented."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import islice

from companies.enums import Kind
from core import clock
from core.db import session, write
from demo.events import demo_organisations
from demo.people import by_id
from events import operations as events
from events.conferences.delegations import operations, planning, publishing, queries, wishing
from events.conferences.delegations.operations import Destination, Hours, Reception
from events.conferences.enums import VersionState, Wish
from events.details import Details, Schedule
from events.enums import EventKind
from events.models import Event

DAYS_AHEAD = 24
MEMBERS, PEOPLE = 9, 3
HOSTS = ((12, 60), (18, 90), (10, 60), (24, 45), (10, 90))  # people at once, minutes
TALKS = (Wish.MUST, None, Wish.YES, None, Wish.YES, None, Wish.NO)  # of meeting one to one
WISHES = (Wish.YES, None, Wish.MUST, Wish.YES, None, Wish.NO, None)


def load(officer: int) -> None:
    """The delegation, from its hosts to the programme that members see."""
    at = clock.now()
    with write():
        key = _delegation(officer, at)
    planning.generate(key, by=officer)
    with write():
        event = session.get_one(Event, key)
        draft = queries.plan_in(event, VersionState.DRAFT)
        assert draft is not None
        publishing.publish(event, draft, by=by_id(officer), at=at)


def _delegation(officer: int, at: datetime) -> int:
    by = by_id(officer)
    begins = clock.local(at).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=DAYS_AHEAD)
    event = events.create(
        EventKind.DELEGATION,
        Details(
            title_vi="Đoàn công tác thăm nhà máy tại Hải Phòng (giả định)",
            title_en="Delegation to plants in Hai Phong (invented)",
            summary_vi="Một ngày thăm và làm việc với các doanh nghiệp tiếp đón; hành trình chỉ để minh họa.",
            summary_en="A day of visits at the firms that receive the delegation; the journey is an example.",
        ),
        Schedule(begins_at=begins, ends_at=begins + timedelta(hours=9), place_vi="Hải Phòng"),
        by=by,
        at=at,
    )
    events.publish(event, by=by, at=at)
    hours = [Hours(day, time(8), time(17), time(11, 30), time(13)) for day in event.days]
    where = Destination(destination_vi="Hải Phòng", destination_en="Hai Phong", group_size=10, travel=30)
    operations.set_up(event, where, hours, by=by, at=at)
    found = [organisation for _key, organisation in demo_organisations()]
    receiving = islice((o for o in found if Kind.FDI in o.kinds or Kind.CORPORATION in o.kinds), len(HOSTS))
    hosts = [
        operations.add_host(
            event, o, Reception(opens=time(8, 30), closes=time(16, 30), seats=seats, minutes=minutes), by=by, at=at
        )
        for o, (seats, minutes) in zip(receiving, HOSTS, strict=False)
    ]
    operations.set_way(event, hosts[0].id, hosts[-1].id, 75, by=by, at=at)
    members = islice((o for o in found if set(o.kinds) == {Kind.FIRM}), MEMBERS)
    for n, firm in enumerate(members):
        joined = events.register(
            event, firm, by=by, at=at, key=f"demo-delegation-{n:04}", seats=PEOPLE, by_staff=True
        )
        said = {host.id: WISHES[(n + 2 * m) % len(WISHES)] for m, host in enumerate(hosts)}
        talks = {host.id: TALKS[(n + m) % len(TALKS)] for m, host in enumerate(hosts)}
        wishing.wish(joined, said, talks, by=by, at=at, on_behalf=True)
    return event.id
