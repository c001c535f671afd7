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
            for values in product(*(_values(name) for name in names)):
                yield url_for(rule.endpoint, **dict(zip(names, values, strict=True)))


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
