"""Lists as long as the import takes, each of one sheet, and the way that a list goes when a task takes it in."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterable
from itertools import islice, pairwise
from typing import Any

from werkzeug.datastructures import FileStorage

from accounts.models import User
from benchmarks.crowd.organisations import PROCESSES, THINGS, tax_codes
from companies import places, uploads
from companies.columns import AWARDS, ORGANISATIONS, PRODUCTS, SHEETS
from companies.enums import Sector
from companies.import_runs import ImportRun
from core import clock, files
from core.db import get, write
from core.documents import xlsx
from core.documents.tables import Table


def _sheet(name: str, rows: Iterable[dict[str, Any]]) -> bytes:
    columns = [column.name for column in SHEETS[name]]
    return xlsx.write([Table(name, columns, ([row.get(column) for column in columns] for row in rows))])


def organisations(count: int, **changed: Any) -> bytes:
    """Firms with every column of a common list filled in."""
    dice, communes = random.Random(1), list(places.communes())
    rows = []
    for number, code in enumerate(islice(tax_codes(), count), 1):
        (p_vi, p_en), (t_vi, t_en) = dice.choice(PROCESSES), dice.choice(THINGS)
        rows.append(
            {
                "tax_code": code, "name_vi": f"Công ty CP {t_vi.capitalize()} Giả Định {number:04d}",
                "name_en": f"Gia Dinh {t_en} {number:04d} JSC", "kinds": "firm",
                "sector": dice.choice(list(Sector)).value,
                "province": "Hà Nội", "commune": dice.choice(communes), "address": f"Số {number}, đường Giả Định",
                "website": f"https://gd{number}.example", "email": f"lienhe@gd{number}.example",
                "phone": f"0240{number:07d}", "employees": dice.randint(5, 900), "founded": dice.randint(1975, 2022),
                "revenue_vnd": f"{dice.randint(5, 900)} tỷ", "export_usd": f"{dice.randint(1, 80) * 50}.000",
                "certificates": "ISO 9001|ISO 14001", "markets": "VN|JP", "languages": "vi|en",
                "intro_vi": f"Doanh nghiệp {p_vi}, sản phẩm {t_vi}.", "intro_en": f"{p_en.capitalize()}; {t_en}.",
            } | changed
        )  # fmt: skip
    return _sheet(ORGANISATIONS, rows)


def products(count: int) -> bytes:
    """A product for each firm."""
    dice, rows = random.Random(2), []
    for code in islice(tax_codes(), count):
        vi, en = dice.choice(THINGS)
        rows.append(
            {"organisation": code, "name_vi": vi.capitalize(), "name_en": en, "hs": "8483", "capacity": "10 t"}
        )
    return _sheet(PRODUCTS, rows)


def awards(count: int) -> bytes:
    """Titles of the first firms."""
    dice, rows = random.Random(3), []
    for code in islice(tax_codes(), count):
        vi, en = dice.choice(THINGS)
        rows.append({"organisation": code, "product_vi": vi.capitalize(), "product_en": en,
                     "year": dice.randint(2019, 2026), "top10": dice.choice(("yes", "no"))})  # fmt: skip
    return _sheet(AWARDS, rows)


def take_in(data: bytes, by: int) -> str:
    """Upload, look, apply, in the transactions of the tasks; say how long each took."""
    received = files.receive(FileStorage(io.BytesIO(data), "dai.xlsx"), kind=files.Kind.SPREADSHEET)
    marks = [time.perf_counter()]
    with write():
        run = uploads.keep(received, source="", by=get(User, by), at=clock.now())
    found = uploads.look(run)
    assert found.preview is not None and not found.preview["faults"], found.preview
    with write():
        uploads.store(run, found, by=by, at=clock.now())
    marks.append(time.perf_counter())
    run_id, fingerprint = run.id, found.preview["fingerprint"]
    book = uploads.book_of(run)
    marks.append(time.perf_counter())
    with write():
        row = get(ImportRun, run_id)
        assert row is not None
        uploads.apply_run(row, book, fingerprint=fingerprint, by=by, at=clock.now())
    marks.append(time.perf_counter())
    look, read, save = (b - a for a, b in pairwise(marks))
    return f"look {look:.1f} s, read again {read:.1f} s, save {save:.1f} s"
