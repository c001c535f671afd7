"""What the directory's officers find: a second record of one firm, and buyers who ask for contacts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.models import User
from accounts.queries import by_email
from companies import operations, queries
from companies.contacting import operations as contacting
from companies.models import Product
from core.db import session

MAKER = "0090000019"
TWICE = {
    "name_vi": "CTCP CƠ KHÍ MINH HOẠ 01", "kinds": ["firm"], "website": "https://cokhi01.example",
    "province": "Hà Nội", "commune": "Thiên Lộc", "sector": "mechanical", "source": "Danh sách minh hoạ của hiệp hội",
}  # fmt: skip
WISHES = (
    ("muahang@mihon-motor.example", "We look for 20,000 cam shafts a year from next April; drawings on request."),
    ("sales@mihon-robotics.example", "We would like to show your engineers our cell for loading CNC lathes."),
)


def load(*, by: User, at: datetime) -> None:
    """One duplicate; one request that waits for the Department, one that was forwarded to the firm."""
    second = operations.create_organisation(TWICE, by=by, at=at)
    operations.add_part(Product, second, {"name_vi": "Bánh răng côn xoắn", "hs": "848340"}, by=by, at=at)
    maker = queries.by_tax_code(MAKER)
    if maker is None:
        return
    product = session.scalars(select(Product).where(Product.organisation_id == maker.id).limit(1)).one()
    for days, (email, purpose) in enumerate(WISHES, 1):
        asker = by_email(email)
        if asker is None:
            continue
        sent = at - timedelta(days=days)
        row = contacting.ask(
            maker, name=asker.name, email=asker.email, firm="", purpose=purpose, language="en", product=product,
            by=asker, at=sent,
        )  # fmt: skip
        if days == len(WISHES):
            contacting.forward(row.id, by=by, at=at)
