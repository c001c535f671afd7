"""A small filled site, so that pages have something to show, and the addresses of all its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from flask import Flask, url_for
from sqlalchemy import func, select

from core import clock
from core.db import db, session, write


def fill(cast: Any) -> None:
    """Events in each state with registrations, an award, a product; the people of the cast."""
    from companies.enums import NeedClass, NeedRole
    from companies.models import Award, NeedOffer, Product
    from events import operations
    from events.enums import EventKind, EventState
    from events.models import Event, RegistrationCounter

    at = clock.now()
    firm, rival, owner, other = cast.firm, cast.rival, cast.firm_owner, cast.rival_owner
    for person in (cast.administrator, cast.bank, cast.disabled):
        assert person.id
    with write():
        session.add(Product(organisation_id=firm.id, name_vi="Khuôn ép nhựa chính xác", name_en="Precision moulds"))
        session.add(
            NeedOffer(
                organisation_id=firm.id,
                role=NeedRole.NEED,
                kind=NeedClass.EQUIPMENT,
                text_vi="Máy phay CNC 5 trục",
                created_at=at,
            )
        )
        session.add(Award(organisation_id=firm.id, winner_name="Minh Hoạ 01", product_vi="Khuôn ép nhựa", year=2025))
        for number, kind in enumerate(EventKind):
            session.add(
                Event(
                    kind=kind,
                    state=EventState.DRAFT if number == 1 else EventState.PUBLISHED,
                    title_vi=f"Sự kiện số {number} về sản phẩm công nghiệp chủ lực của Thành phố",
                    title_en="" if number == 2 else f"Event {number}",
                    place_vi="Trung tâm Hội nghị Mẫu, phường Từ Liêm",
                    begins_at=at + timedelta(days=7 + number),
                    ends_at=at + timedelta(days=7 + number, hours=8),
                    capacity=1 if number == 0 else 40,
                    created_at=at,
                    counter=RegistrationCounter(last=0),
                )
            )
    _conference(cast)
    with clock.frozen(at - timedelta(days=6)):
        _delegation(cast, published=True)  # over by now: both sides say what came of it
    _delegation(cast, published=False)
    for organisation, user in ((firm, owner), (rival, other)):
        with write():
            first = session.scalars(select(Event).order_by(Event.id)).first()
            operations.register(first, organisation, by=user, at=at, key=f"k{user.id}")


def _conference(cast: Any) -> None:
    """A conference with suggestions, a wish, a published timetable and a draft."""
    from events.conferences import operations, suggestions, timetable
    from events.conferences.enums import Wish
    from events.conferences.models import TimetableVersion
    from tests.events.conferences.conftest import make_conference

    officer, small = cast.officer, make_conference(cast.officer, cast.firm)
    suggestions.refresh(small.conference_id)
    with write():
        one, other = small.participant(small.firms[0]), small.participant(small.partners[0])
        operations.wish(one, other, Wish.YES, by=officer, at=clock.now())
    version = timetable.generate(small.conference_id, by=officer).id
    with write():
        timetable.publish(session.get(TimetableVersion, version), by=officer, at=clock.now())
    timetable.generate(small.conference_id, by=officer)


def _delegation(cast: Any, *, published: bool) -> None:
    """A delegation whose second host is the bank: with a programme and an outcome of each side, or with a draft."""
    from events.conferences.delegations import planning, publishing, queries, reporting
    from events.conferences.delegations.models import VisitHost
    from events.conferences.enums import VersionState
    from events.conferences.outcomes.enums import OutcomeKind
    from events.conferences.outcomes.operations import Statement
    from tests.events.conferences.delegations.conftest import make_trip

    trip, by = make_trip(cast), cast.officer
    with write():
        host = session.get_one(VisitHost, trip.hosts[1])
        host.organisation_id, host.desks = cast.bank_organisation.id, 1
    planning.generate(trip.event_id, by=by)
    if not published:
        return
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        assert draft is not None
        publishing.publish(trip.event, draft, by=by, at=clock.now())
    with clock.frozen(trip.event.ends_at), write():
        member, stated = trip.registration(trip.firm), Statement(OutcomeKind.MOU, clock.today(), note="Hợp tác")
        for by_host in (False, True):
            said = {"at": clock.now(), "by": by, "by_host": by_host}
            reporting.report(member, trip.hosts[1], {"useful": True, "note": "Tốt"}, **said)
            reporting.state_outcome(member, trip.hosts[1], stated, **said)


# What the arguments of addresses are called, where it is not the name of their table.
TABLES = {"version": "timetable_version"}
WORDS = {"section": ["names", "contact"]}


PARTS = {"live.board"}  # of pages, that scripts lay in place of what is there


def pages(app: Flask) -> Iterator[str]:
    """The address of every GET endpoint, for the first row that each id names; of timetables also the last."""
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
            if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static") or rule.endpoint in PARTS:
                continue
            names = sorted(rule.arguments)
            if "/delegation" in rule.rule:
                for row in _delegations():
                    if set(names) <= set(row):
                        yield url_for(rule.endpoint, **{name: row[name] for name in names})
                continue
            if rule.endpoint == "visit_links.show":
                yield _link()
            for values in product(*(_values(name) for name in names)):
                yield url_for(rule.endpoint, **dict(zip(names, values, strict=True)))


def _delegations() -> list[dict[str, Any]]:
    """What the pages of each delegation are of: the first member, the last host, its programme and a visit."""
    from events.conferences.delegations.models import HostVisit, VisitHost, VisitOutcome, VisitPlan
    from events.models import Registration

    def one(column: Any, *where: Any) -> Any:
        return session.scalar(select(column).where(*where))

    found = []
    for event_id in session.scalars(select(VisitHost.event_id).distinct().order_by(VisitHost.event_id)):
        host = one(func.max(VisitHost.id), VisitHost.event_id == event_id)
        plan = one(func.max(VisitPlan.id), VisitPlan.event_id == event_id)
        row = {
            "event_id": event_id,
            "registration_id": one(func.min(Registration.id), Registration.event_id == event_id),
            "host_id": host,
            "plan_id": plan,
            "visit_id": one(func.min(HostVisit.id), HostVisit.plan_id == plan),
            "result_id": one(func.max(VisitOutcome.id), VisitOutcome.event_id == event_id),
            "language": "vi",
        }
        found.append({name: key for name, key in row.items() if key is not None})
    return found


def _link() -> str:
    """The personal link of a host of the first delegation, which is over."""
    from events.conferences.delegations import links
    from events.conferences.delegations.models import VisitHost
    from events.models import Event

    with write():
        host = session.scalars(select(VisitHost).order_by(VisitHost.id.desc())).all()[-2]
        event = session.get_one(Event, host.event_id)
        return "/" + links.issue(host, event, at=clock.now()).split("/", 3)[3].split("?")[0]


def _values(argument: str) -> list[Any]:
    if argument in WORDS:
        return WORDS[argument]
    name = argument.removesuffix("_id")
    table = db.metadata.tables.get(TABLES.get(name, name))
    if table is None or name == argument:
        return []
    first, last = session.execute(select(func.min(table.c.id), func.max(table.c.id))).one()
    found = {first, last} if name in ("version", "meeting") else {first}
    return sorted(found - {None})
