"""Organisations as tests need them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from companies import applying, operations
from companies.models import NeedOffer, Product
from core import clock
from core.db import write
from core.documents import xlsx
from core.documents.tables import Table


@pytest.fixture
def make_organisation(app: Any) -> Callable[..., Any]:
    """`make_organisation(name_vi="...", kinds=["firm"])`, with `products=[...]` and `needs_offers=[...]` as dicts."""

    def make(**values: Any) -> Any:
        products, needs = values.pop("products", ()), values.pop("needs_offers", ())
        values = {"kinds": ["firm"], **values}
        with write():
            row = operations.create_organisation(values, by="test", at=clock.now())
            for product in products:
                operations.add_part(Product, row, product, by="test", at=clock.now())
            for need in needs:
                need = {"role": "need", "kind": "loan", **need}
                operations.add_part(NeedOffer, row, need, by="test", at=clock.now())
        return row

    return make


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """`workbook(organisations=[{"tax_code": ...}])`: an .xlsx with these sheets."""

    def make(**sheets: list[dict[str, Any]]) -> bytes:
        tables = []
        for name, rows in sheets.items():
            columns = list(dict.fromkeys(key for row in rows for key in row))
            tables.append(Table(name, columns, [[row.get(c) for c in columns] for row in rows]))
        return xlsx.write(tables)

    return make


@pytest.fixture
def load(app: Any) -> Callable[..., Any]:
    """`load(data)`: import it as the demo does."""

    def run(*contents: bytes) -> Any:
        with write():
            return applying.import_files(contents, by="test", at=clock.now())

    return run
