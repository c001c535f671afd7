"""A list with an organisation and a product on each row is read at once: organisations by tax code, all products."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from companies import guessing, uploads
from companies.columns import BOTH
from companies.models import Organisation, Product
from core import clock
from core.db import session
from core.documents import xlsx
from core.documents.tables import Table

HEAD = ["STT", "Mã số thuế", "Tên doanh nghiệp", "Địa chỉ", "Tên sản phẩm", "Mã HS", "Doanh thu (tỷ đồng)"]
ROWS = [
    [1, "0090000019", "Công ty Một", "Lô 1", "Trục cam", "8483", "12,5"],
    [2, "0090000019", "Công ty Một", None, "Vỏ động cơ", "8409", None],
    [3, "0090000026", "Công ty Hai", "Lô 2", "Khuôn", "8480", 3],
    [4, "0090000019", None, None, "Bánh răng", None, None],
]


def book(rows, head=HEAD):
    return xlsx.write([Table("DS SPCNCL", head, rows)])


def upload(client, data):
    return client.post("/organisations/import", data={"file": (io.BytesIO(data), "ds.xlsx")})


def columns(client, answer):
    """Confirm what is proposed for each column."""
    run = answer.location.rpartition("/")[2]
    page = client.get(answer.location, follow_redirects=True)
    assert "mỗi dòng một sản phẩm" in page.text
    (layout,) = uploads.layouts(session.get(uploads.ImportRun, int(run)))
    data = {f"column-0-{guess.index}": guess.column for guess in layout.guesses}
    told = {"sheet-0": layout.sheet, "was-0": layout.sheet, "kind": "firm", **data}
    return client.post(f"/organisations/import/{run}/columns", data=told)


def test_one_upload_takes_organisations_and_their_products(cast, browse):
    officer = browse(cast.officer)
    shown = columns(officer, upload(officer, book(ROWS)))
    page = officer.get(shown.location).text
    fingerprint = session.scalars(select(uploads.ImportRun)).one().preview["fingerprint"]
    assert "Trục cam" in page
    officer.post(f"{shown.location}/apply", data={"fingerprint": fingerprint})
    session.rollback()
    firms = {o.tax_code: o for o in session.scalars(select(Organisation).where(Organisation.tax_code.is_not(None)))}
    assert set(firms) == {"0090000019", "0090000026"}
    assert {p.name_vi for p in firms["0090000019"].products} == {"Trục cam", "Vỏ động cơ", "Bánh răng"}
    assert (firms["0090000019"].address, firms["0090000019"].revenue_vnd) == ("Lô 1", 12_500_000_000)
    assert session.scalars(select(Product).where(Product.name_vi == "Khuôn")).one().hs == "8480"


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        ([5, "0090000026", "Công ty Hai", "Lô 9", "Đồ gá", None, None], "D6", "Dòng 4"),
        ([5, "0090000027", "Công ty Ba", None, "Đồ gá", None, None], "B6", "số kiểm tra"),
        ([5, "0090000033", "Công ty Ba", None, "Đồ gá", "84x", None], "F6", "HS"),
        ([5, None, None, None, "Đồ gá", None, None], "C6", "cần"),
    ],
)
def test_faults_stand_beside_their_cells(app, row, cell, words):
    data = book([*ROWS, row])
    layouts = uploads._recognise(uploads.importing.sheets_of(data), "")
    proposed = guessing.propose(uploads.importing.sheets_of(data)[0], {})
    told = uploads._layout({proposed.name: proposed.told()}, ["firm"])
    found = uploads.look_at(data, layouts | told, source="", at=clock.now(), name="ds.xlsx")
    assert proposed.sheet == BOTH
    assert [fault["cell"] for fault in found.preview["faults"]] == [cell], found.preview["faults"]


def test_a_list_with_each_organisation_once_is_no_such_list(app):
    (sheet,) = uploads.importing.sheets_of(book([ROWS[0], ROWS[2]]))
    assert guessing.propose(sheet, {}).sheet != BOTH
