"""A small filled site, so that pages have something to show, and the addresses of all its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from sqlalchemy import func, select

from core import clock
from core.db import db, session, write


def fill(cast: Any) -> None:
    """Events in each state with registrations, an award, a product; the people of the cast."""
    from companies.models import Award, Product
    from events import operations
    from events.enums import EventKind, EventState
    from events.models import Event, RegistrationCounter

    at = clock.now()
    firm, rival, owner, other = cast.firm, cast.rival, cast.firm_owner, cast.rival_owner
    for person in (cast.administrator, cast.bank, cast.disabled):
        assert person.id
    with write():
        session.add(Product(organisation_id=firm.id, name_vi="Khuôn ép nhựa chính xác", name_en="Precision moulds"))
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
    for organisation, user in ((firm, owner), (rival, other)):
        with write():
            first = session.scalars(select(Event).order_by(Event.id)).first()
            operations.register(first, organisation, by=user, at=at, key=f"k{user.id}")


def pages(app: Flask) -> Iterator[str]:
    """The address of every GET endpoint, with the first row of the table that each id names."""
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
            if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
                continue
            values = {name: _first(name) for name in rule.arguments}
            if None not in values.values():
                yield url_for(rule.endpoint, **values)


def _first(argument: str) -> Any:
    table = db.metadata.tables.get(argument.removesuffix("_id"))
    if table is None or not argument.endswith("_id"):
        return None
    return session.scalar(select(func.min(table.c.id)))
