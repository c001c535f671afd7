"""Fuller profiles for a few clearly fictional firms: certificates with dates, years, details of needs, a drawing."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from companies import operations, photos
from companies.enums import NeedClass, NeedRole
from companies.models import NeedOffer, Organisation
from core import clock
from core.db import session, write

FIRMS = 12  # that are filled in
MOST_NEEDS = 400
PURPOSES = {"green": "green", "working capital": "working_capital", "investment": "investment", "export": "export"}
PROCESSES = {"CNC turning": "turning", "CNC milling": "milling", "welding": "welding", "sheet metal": "sheet_metal",
             "stamping": "stamping", "die casting": "casting", "mould": "tooling"}  # fmt: skip
HELD = ("ISO 9", "ISO 1", "ISO 2", "IATF", "HACCP", "GMP", "FSSC")


def load(*, by: Any, at: datetime) -> None:
    """In the caller's write block."""
    today = clock.local(at).date()
    firms = session.scalars(
        select(Organisation)
        .where(Organisation.tax_code.startswith("00900"))
        .order_by(Organisation.tax_code)
        .limit(FIRMS)
    ).all()
    for number, firm in enumerate(firms):
        _certificates(firm, number, today)
        _years(firm, by, at)
    for row in session.scalars(select(NeedOffer).where(NeedOffer.tags.is_not(None)).limit(MOST_NEEDS)):
        if details := _details(row):
            operations.edit_part(row, {"details": details}, version=None, by=by, at=at)


def photograph(*, by: Any, at: datetime) -> None:
    """One drawn picture on the first firm; files are written outside a write block."""
    firm = session.scalars(select(Organisation).where(Organisation.tax_code == "0090000019")).one()
    received = photos.receive(SimpleNamespace(filename="xuong.png", stream=io.BytesIO(_drawn())))
    words: dict[str, Any] = {
        "alt_vi": "Hình vẽ minh hoạ: trung tâm gia công",
        "alt_en": "Drawing: a machining centre",
    }
    with write():
        photos.add(firm, received, **words, by=by, at=at)


def _certificates(firm: Organisation, number: int, today: date) -> None:
    for place, row in enumerate(firm.certificate_rows):
        row.number = f"DEMO-{number + 1:02}{place + 1:02}"
        row.issuer = "Tổ chức chứng nhận Thí Dụ"
        row.valid_until = today + timedelta(days=25 if number == 0 and place == 0 else 200 + 37 * number + 90 * place)
        row.valid_from = row.valid_until - timedelta(days=3 * 365)


def _years(firm: Organisation, by: Any, at: datetime) -> None:
    if firm.figures_year is None:
        return
    for back, share in ((1, Decimal("0.86")), (2, Decimal("0.71"))):
        before = {
            name: value * share if isinstance(value, Decimal) else int(value * share)
            for name in ("employees", "revenue_vnd", "export_usd")
            if (value := getattr(firm, name)) is not None
        }
        year = firm.figures_year - back
        operations.state_figures(firm, year, before | {"source": "Số liệu minh hoạ"}, by=by, at=at)


def _details(row: NeedOffer) -> dict[str, Any]:
    """What the tags say, in the fields of the class."""
    tags = row.tags or []
    if row.kind is NeedClass.LOAN and row.role is NeedRole.NEED:
        found: dict[str, Any] = {"purposes": [code for tag, code in PURPOSES.items() if tag in tags]}
    elif row.kind in (NeedClass.PART_SUPPLY, NeedClass.PROCESS):
        found = {
            "processes": [code for tag, code in PROCESSES.items() if tag in tags],
            "certificates": [tag for tag in tags if tag.startswith(HELD)],
        }
    else:
        return {}
    return {name: value for name, value in found.items() if value}


def _drawn() -> bytes:
    picture = Image.new("RGB", (1200, 800), "#dfe6ec")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 620, 1200, 800), fill="#9aa5ae")
    pen.rounded_rectangle((220, 180, 980, 660), 24, fill="#f6f7f8", outline="#4b5a67", width=8)
    pen.rounded_rectangle((300, 260, 680, 600), 12, fill="#22384a")
    pen.rectangle((470, 260, 510, 430), fill="#c9d3da")
    pen.polygon(((470, 430), (510, 430), (490, 480)), fill="#e0a526")
    pen.rectangle((380, 520, 600, 560), fill="#8794a0")
    pen.rounded_rectangle((740, 260, 900, 420), 10, fill="#17507f")
    for row in range(3):
        for column in range(4):
            pen.ellipse((750 + column * 38, 450 + row * 38, 776 + column * 38, 476 + row * 38), fill="#4b5a67")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
