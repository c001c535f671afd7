"""What people upload by mistake or on purpose, through the pages: a sentence, never a crash, nothing half written."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from benchmarks.crowd.organisations import workbook
from companies.import_runs import ImportRun
from companies.models import Organisation, OrganisationKind
from core.db import session
from core.files import StoredFile
from events.conferences.models import Participant
from events.models import Registration
from tests.test_story import NAMES, ROWS, Officer, count, named, text_of


@pytest.fixture
def officer(cast, browse):
    return Officer(browse(cast.officer))


def with_macros(data):
    """The same workbook as Excel saves it with macros, under the name of one without."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macros")
    return out.getvalue()


def with_cells(data, **cells):
    """The workbook with some cells of the sheet of organisations changed."""
    book = load_workbook(io.BytesIO(data))
    for address, value in cells.items():
        book["organisations"][address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BAD_FILES = {
    "macros": ("a.xlsx", with_macros),
    "named as one with macros": ("a.xlsm", with_macros),
    "half a file": ("a.xlsx", lambda data: data[: len(data) // 2]),
    "an old workbook": ("a.xls", lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data),
    "a picture": ("a.xlsx", lambda data: b"\x89PNG\r\n\x1a\n" + data),
    "a zip of something": ("a.xlsx", lambda data: zip_of("thu.txt", b"Xin chao")),
    "a bomb": ("a.xlsx", lambda data: zip_of("xl/workbook.xml", b"0" * 150_000_000)),
    "too large": ("a.csv", lambda data: b"tax_code,name_vi\n" + b"x,y\n" * 1_500_000),
    "nothing": ("a.xlsx", lambda data: b""),
    "the empty template": ("a.xlsx", None),
    "an old Vietnamese encoding": ("a.csv", lambda data: "tax_code,name_vi\n0090000019,C«ng ty\n".encode("latin-1")),
    "bytes": ("a.csv", lambda data: bytes(range(256)) * 20),
}  # fmt: skip


def zip_of(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_is_no_list_is_refused_with_a_sentence_and_leaves_nothing(officer, what):
    name, spoil = BAD_FILES[what]
    data = officer.fill_template(**({} if spoil is None else ROWS))
    answer = officer.upload(data if spoil is None else spoil(data), name)
    assert answer.status_code in (413, 422), answer.status_code
    assert 'role="alert"' in answer.text or answer.status_code == 413
    assert len(text_of(answer).strip()) > 40
    assert (count(Organisation), count(ImportRun), count(StoredFile)) == (0, 0, 0)


@pytest.mark.parametrize(
    "cells",
    [
        {"D3": "=1/0"},
        {"A3": "0090000018"},
        {"F3": "bí ẩn"},
        {"R3": -5},
        {"R3": "1e999"},
        {"D3": "x" * 10_000},
        {"C3": "Vietnam or so"},
        {"N3": "javascript:alert(1)"},
        {"O3": "a@b@c\nBcc: x@y.vn"},
    ],
)
def test_a_cell_that_cannot_be_is_named_and_nothing_is_imported(officer, cells):
    answer = officer.upload(with_cells(officer.fill_template(**ROWS), **cells))
    page = officer.client.get(answer.location) if answer.status_code == 302 else answer
    assert page.status_code in (200, 422)
    told = text_of(page)
    assert next(iter(cells)) in told, told
    assert "fingerprint" not in page.text
    assert count(Organisation) == 0


def test_words_like_formulas_and_markup_stay_words(officer, browse):
    name = "=HYPERLINK(\"http://x\") <script>alert('x')</script>"
    rows = [ROWS["organisations"][0] | {"name_vi": "Công ty " + name, "name_en": "@SUM(1)+cmd|' /C calc'!A0"}]
    out = io.BytesIO()
    book = load_workbook(io.BytesIO(officer.fill_template(organisations=rows)))
    book["organisations"]["E3"].data_type = "s"
    book.save(out)
    answer = officer.upload(out.getvalue())
    preview = officer.client.get(answer.location).text
    officer.post(f"{answer.location}/apply", fingerprint=re.search(r'fingerprint"[^>]*value="([^"]+)"', preview)[1])
    firm = session.scalars(select(Organisation)).one()
    for page in (preview, browse().get(f"/organisations/{firm.id}").text, browse().get("/organisations").text):
        assert "<script>alert('x')" not in page
    exported = load_workbook(io.BytesIO(officer.client.get("/organisations.xlsx").data))
    assert "f" not in {cell.data_type for line in exported.active.iter_rows() for cell in line}


def test_a_list_typed_on_a_mac_and_one_typed_on_windows_are_the_same_firm(officer):
    officer.import_list(**ROWS)
    apart = unicodedata.normalize("NFD", NAMES[0])
    assert apart != NAMES[0]
    officer.import_list(organisations=[ROWS["organisations"][0] | {"name_vi": apart, "zone": "KCN Thí Dụ"}])
    assert count(Organisation) == 3
    assert named(NAMES[0]).zone == "KCN Thí Dụ"


def test_five_hundred_firms_at_once_are_imported_and_take_part(officer):
    answer = officer.upload(workbook(500, 6))
    assert answer.status_code == 302, text_of(answer)
    page = officer.client.get(answer.location).text
    officer.post(f"{answer.location}/apply", fingerprint=re.search(r'fingerprint"[^>]*value="([^"]+)"', page)[1])
    assert count(Organisation) == 506
    conference = officer.make_conference()
    keys = session.scalars(
        select(Organisation.id)
        .join(OrganisationKind)
        .where(OrganisationKind.kind == "firm")
        .order_by(Organisation.id)
    ).all()
    officer.post(f"/conferences/{conference}/participants/add", kind="firm", organisation=[str(k) for k in keys])
    assert count(Participant) == count(Registration) == 500
    for path in ("/organisations", f"/conferences/{conference}/participants", f"/conferences/{conference}"):
        assert officer.read(path)
