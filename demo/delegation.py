"""Two delegations of the demo, all of it invented: one to come with its programme, one over with its outcomes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from accounts.models import User
from companies.enums import Kind
from companies.models import Organisation
from core import clock
from core.db import session, write
from demo.events import demo_organisations
from demo.people import by_id
from events import operations as events
from events.conferences.delegations import operations, planning, publishing, queries, reporting, wishing
from events.conferences.delegations.operations import Destination, Hours, Reception
from events.conferences.delegations.rules import PLAN_CODE
from events.conferences.enums import VersionState, Wish
from events.conferences.outcomes.enums import Label, OutcomeKind
from events.conferences.outcomes.operations import Statement
from events.details import Details, Schedule
from events.enums import EventKind
from events.models import Event

MEMBERS, PEOPLE = 9, 3
WISHES = (Wish.YES, None, Wish.MUST, Wish.YES, None, Wish.NO, None)
TALKS = (Wish.MUST, None, Wish.YES, None, Wish.YES, None, Wish.NO)  # of meeting one to one


@dataclass(frozen=True)
class Trip:
    """Where a delegation goes and who receives it. Provinces as they are since 1 July 2025; hosts are invented."""

    title_vi: str
    title_en: str
    province: str
    place_vi: str
    place_en: str
    days: int
    hosts: tuple[tuple[int, int, int, str], ...]  # people at once, minutes, desks, address


SOUTH = Trip(
    "Đoàn công tác giao thương tại Thành phố Hồ Chí Minh (giả định)",
    "Trade delegation to Ho Chi Minh City (invented)",
    "79",
    "Thành phố Hồ Chí Minh",
    "Ho Chi Minh City",
    2,
    (
        (12, 75, 2, "Khu công nghiệp Thí Dụ 1, phường Bình Dương, Thành phố Hồ Chí Minh"),
        (18, 90, 3, "Khu công nghiệp Thí Dụ 2, phường Dĩ An, Thành phố Hồ Chí Minh"),
        (10, 60, 0, "Khu công nghệ Thí Dụ, phường Thủ Đức, Thành phố Hồ Chí Minh"),
        (24, 60, 2, "Khu công nghiệp Thí Dụ 3, phường Phú Mỹ, Thành phố Hồ Chí Minh"),
        (10, 90, 1, "Nhà máy Thí Dụ, phường Thủ Dầu Một, Thành phố Hồ Chí Minh"),
    ),
)
EAST = Trip(
    "Đoàn công tác giao thương tại tỉnh Đồng Nai (giả định)",
    "Trade delegation to Dong Nai province (invented)",
    "75",
    "Tỉnh Đồng Nai",
    "Dong Nai province",
    1,
    (
        (16, 75, 2, "Khu công nghiệp Thí Dụ 4, phường Biên Hòa, tỉnh Đồng Nai"),
        (12, 60, 1, "Khu công nghiệp Thí Dụ 5, xã Nhơn Trạch, tỉnh Đồng Nai"),
        (20, 60, 0, "Khu công nghiệp Thí Dụ 6, xã Long Thành, tỉnh Đồng Nai"),
    ),
)
LABELS = (Label.FOLLOW_UP, Label.NEGOTIATING, Label.FOLLOW_UP, Label.AGREED)


def load(officer: int) -> None:
    """Both delegations, from their hosts to what members see."""
    now = clock.now()
    _travel(SOUTH, officer, now + timedelta(days=24), now)
    planned = now - timedelta(days=120)
    with clock.frozen(planned):  # it was planned then: what has passed cannot be planned any more
        over = _travel(EAST, officer, planned + timedelta(days=20), planned)
    with write():
        _echo(session.get_one(Event, over), officer, now)


def _travel(trip: Trip, officer: int, begins: datetime, at: datetime) -> int:
    with write():
        key = _delegation(trip, officer, begins, at)
    planning.generate(key, by=officer)
    with write():
        event = session.get_one(Event, key)
        draft = queries.plan_in(event, VersionState.DRAFT)
        assert draft is not None
        publishing.publish(event, draft, by=by_id(officer), at=at)
    return key


def _delegation(trip: Trip, officer: int, begins: datetime, at: datetime) -> int:
    by = by_id(officer)
    morning = clock.local(begins).replace(hour=8, minute=0, second=0, microsecond=0)
    morning += timedelta(days=(1 - morning.weekday()) % 7)  # a Tuesday
    event = events.create(
        EventKind.DELEGATION,
        Details(
            title_vi=trip.title_vi,
            title_en=trip.title_en,
            summary_vi="Thăm và làm việc với các doanh nghiệp tiếp đón; hành trình chỉ để minh họa.",
            summary_en="Visits at the firms that receive the delegation; the journey is an example.",
            plan_code=PLAN_CODE,
        ),
        Schedule(
            begins_at=morning,
            ends_at=morning + timedelta(days=trip.days - 1, hours=9),
            place_vi=trip.place_vi,
            place_en=trip.place_en,
        ),
        by=by,
        at=at,
    )
    events.publish(event, by=by, at=at)
    hours = [Hours(day, time(8), time(17), time(11, 30), time(13)) for day in event.days]
    where = Destination(
        province=trip.province, group_size=10, travel=30,
        wishes_close_at=morning - timedelta(days=10),
    )  # fmt: skip
    operations.set_up(event, where, hours, by=by, at=at)
    found = [organisation for _key, organisation in demo_organisations()]
    _members(event, found, _hosts(event, trip, found, by, at), by, at)
    return event.id


def _hosts(event: Event, trip: Trip, found: list[Organisation], by: User, at: datetime) -> list[int]:
    """All of them have confirmed but the last."""
    receiving = islice((o for o in found if Kind.FDI in o.kinds or Kind.CORPORATION in o.kinds), len(trip.hosts))
    hosts = [
        operations.add_host(
            event,
            organisation,
            Reception(
                address=address, opens=time(8, 30), closes=time(16, 30), seats=seats, minutes=minutes, desks=desks,
                talk_minutes=30, slot_minutes=15,
            ),
            by=by,
            at=at,
        )
        for organisation, (seats, minutes, desks, address) in zip(receiving, trip.hosts, strict=False)
    ]  # fmt: skip
    for host in hosts[:-1]:
        operations.confirm_reception(host, by=by, at=at, on_behalf=True)
    operations.set_way(event, hosts[0].id, hosts[-1].id, 75, by=by, at=at)
    return [host.id for host in hosts]


def _members(event: Event, found: list[Organisation], hosts: list[int], by: User, at: datetime) -> None:
    """Firms with what they wish of hosts, and what hosts wish of some of them."""
    for n, firm in enumerate(islice((o for o in found if set(o.kinds) == {Kind.FIRM}), MEMBERS)):
        joined = events.register(
            event, firm, by=by, at=at, key=f"demo-delegation-{event.id}-{n:04}", seats=PEOPLE, by_staff=True
        )  # fmt: skip
        said = {host: WISHES[(n + 2 * m) % len(WISHES)] for m, host in enumerate(hosts)}
        talks = {host: TALKS[(n + m) % len(TALKS)] for m, host in enumerate(hosts)}
        wishing.wish(joined, said, talks, by=by, at=at, on_behalf=True)


def _echo(event: Event, officer: int, at: datetime) -> None:
    """What members and hosts say of visits, and three outcomes."""
    by, dice = by_id(officer), random.Random(5)
    stated = iter(
        (
            Statement(OutcomeKind.MOU, clock.today() - timedelta(days=80), note="Hợp tác thử nghiệm linh kiện"),
            Statement(
                OutcomeKind.CONTRACT, clock.today() - timedelta(days=41), Decimal("1800000000"), "VND",
                note="Gia công vỏ hộp số, giao trong 6 tháng",
            ),
            Statement(OutcomeKind.CONTRACT, clock.today() - timedelta(days=12), Decimal("26000"), "USD"),
        )
    )  # fmt: skip
    for member in queries.members(event)[:-1]:  # one has not answered yet
        for v in queries.visits_of(member):
            held = dice.random() < 0.95
            said = (
                {"held": held, "useful": dice.random() < 0.85, "label": dice.choice(LABELS)}
                if held
                else {"held": False}
            )
            reporting.report(member, v.visit.host_id, said, by=by, at=at, on_behalf=True)
            if held and dice.random() < 0.6:  # hosts answer less often
                of_host = {"held": True, "useful": dice.random() < 0.8, "label": dice.choice(LABELS)}
                reporting.report(member, v.visit.host_id, of_host, by_host=True, by=by, at=at, on_behalf=True)
        if (what := next(stated, None)) is not None and (visits := queries.visits_of(member)):
            for by_host in (False, True)[: 1 + (what.kind is OutcomeKind.MOU)]:  # of the memorandum both speak
                reporting.state_outcome(
                    member, visits[0].visit.host_id, what, by_host=by_host, by=by, at=at, on_behalf=True
                )
