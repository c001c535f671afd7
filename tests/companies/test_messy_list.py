"""A list as a commune sends it, with headings of its own, units in them, and faults: from upload to corrected."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from companies import guessing, headings, importing
from companies.import_runs import ImportColumn, ImportRun
from companies.models import Organisation
from core import clock, task_runner
from core.db import session
from core.documents import csv, xlsx
from core.documents.tables import Sheet, Table
from vietnamese import legacy

MESSY = Path("demo/data/messy_list.csv").read_bytes()
URL = "/organisations/import"
WANTED = {
    "STT": "", "Tên DN": "name_vi", "Mã số doanh nghiệp": "tax_code", "Địa chỉ trụ sở chính": "address",
    "Xã/phường": "commune", "Ngày cấp ĐKKD": "", "SĐT liên hệ": "phone", "Địa chỉ email": "email",
    "Số LĐ": "employees", "Doanh thu năm 2025 (tỷ đồng)": "revenue_vnd", "Kim ngạch XK (nghìn USD)": "export_usd",
    "Ghi chú nội bộ": "",
}  # fmt: skip


def send(client, data, name="ds-xa.csv", source="UBND xã Thí Dụ"):
    return client.post(
        URL, data={"file": (io.BytesIO(data), name), "source": source}, content_type="multipart/form-data"
    )


def fields(page):
    """The form of the page about columns, as it would be posted unchanged."""
    found = dict(re.findall(r'<input type="hidden" name="(was-\d)" value="(\w*)"', page))
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)">(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="(\w*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def organisations():
    return session.scalars(select(Organisation).order_by(Organisation.tax_code.nulls_last())).all()


def proposed(app, remembered=None):
    return guessing.propose(guessing.head_of(csv.read(MESSY)), remembered or {})


def test_headings_are_proposed_by_likeness_under_a_title_whatever_their_marks(app):
    layout = proposed(app)
    assert (layout.sheet, layout.row, layout.sure) == ("organisations", 4, False)
    assert {guess.heading: guess.column for guess in layout.guesses} == WANTED
    assert {guess.heading: guess.power for guess in layout.guesses if guess.power} == {
        "Doanh thu năm 2025 (tỷ đồng)": 9, "Kim ngạch XK (nghìn USD)": 3,
    }  # fmt: skip
    bare = csv.read(MESSY.decode().translate(str.maketrans("ĐđốãỉêâịạăŨ", "DdoaieaiaaU")).encode())
    found = guessing.propose(guessing.head_of(bare), {})
    assert found.sheet == "organisations" and sum(bool(g.column) for g in found.guesses) >= 8


def test_what_was_told_is_sure_the_next_time(app):
    remembered = {("organisations", g.key): g.column for g in proposed(app).guesses}
    assert proposed(app, remembered).sure
    remembered["organisations", "ghi chu noi bo"] = "source"
    assert proposed(app, remembered).guesses[-1].column == "source"


@pytest.mark.parametrize("heading", ["colour", "Ngày cấp", "Người đại diện", "Chức vụ", "Mã QR", "x"])
def test_what_is_like_nothing_of_ours_is_left_out(app, heading):
    rows = csv.read(f"Tên công ty,MST,{heading}\na,0090000019,c\n".encode())
    guess = guessing.propose(rows, {}).guesses[2]
    assert (guess.column, guess.sure) == ("", False)


@pytest.mark.parametrize("text", ["(" * 30_000, "a" * 30_000 + "!", "ọ" * 30_000, "Ø " * 15_000, "((a)" * 7_000])
def test_endless_headings_take_no_time(app, text):
    """H53"""
    rows = csv.read(f"Tên công ty,MST,{text}\n{text},0090000019,{text}\n".encode())
    began = time.process_time()
    assert guessing.propose(rows, {}).guesses[2].column == ""
    headings.find(rows)
    legacy.font_of([text] * 3)
    assert time.process_time() - began < 0.5


def test_an_officer_corrects_columns_and_cells_and_imports_the_list(cast, browse):
    client = browse(cast.officer)
    columns = send(client, MESSY).location + "/columns"
    page = client.get(columns[: -len("/columns")], follow_redirects=True).text
    form = fields(page)
    assert form["column-0-9"] == "revenue_vnd" and "1.000.000.000" in page and "Nhựa Thử Nghiệm 71" in page
    answer = client.post(columns, data=form | {"column-0-11": "", "kind": "firm"})
    assert answer.status_code == 302
    found = client.get(answer.location).text
    assert "fingerprint" not in found and not organisations()

    report = client.get(f"{answer.location}/faults.xlsx")
    book = load_workbook(io.BytesIO(report.data))
    sheet = book.active
    marked = {c.coordinate for row in sheet.iter_rows() for c in row if c.comment}
    assert marked == {"E7", "G7", "H7", "I7", "C9"}
    assert "Quận Ba Đình" not in (sheet["A7"].value or "") and "Quận Ba Đình" in sheet["E7"].comment.text
    last = sheet.max_column
    assert sheet.cell(4, last).value == "Nội dung lỗi" and "dòng 5" in sheet.cell(9, last).value

    english = load_workbook(io.BytesIO(browse(cast.officer, "en").get(f"{answer.location}/faults.xlsx").data)).active
    assert english.cell(4, last).value == "What is wrong" and "row 5" in english.cell(9, last).value

    for cell, value in {
        "E7": "Ba Đình",
        "G7": "0243 999 0073",
        "H7": "detmay73@thunghiem.example",
        "I7": 300,
    }.items():
        sheet[cell] = value
    sheet.delete_rows(9)
    out = io.BytesIO()
    book.save(out)
    again = client.get(send(client, out.getvalue(), "ds-xa-da-sua.xlsx").location)
    assert again.status_code == 200, "the columns of this source are known"
    address = again.request.path
    mark = re.search(r'fingerprint" value="(\w+)"', again.text)
    assert mark, again.text
    assert client.post(f"{address}/apply", data={"fingerprint": mark[1]}).status_code == 302
    one, two, three, four = organisations()
    assert (one.revenue_vnd, one.export_usd) == (Decimal("86500000000"), Decimal("1250500"))
    assert (two.tax_code, two.commune, two.employees) == ("0090007021", "Hòa Lạc", 1240)
    assert (two.revenue_vnd, two.export_usd) == (Decimal(1203) * 10**9, Decimal(20_000_000))
    assert (three.revenue_vnd, three.commune, three.email) == (
        Decimal("45200000000"),
        "Ba Đình",
        "detmay73@thunghiem.example",
    )
    assert (four.tax_code, four.phone, {k.value for k in four.kinds}) == (None, "+84399900074", {"firm"})


def test_the_same_file_twice_changes_nothing_and_says_so(cast, browse, workbook):
    client = browse(cast.officer, "en")
    data = workbook(organisations=[{"tax_code": "0090000019", "name_vi": "A", "kinds": "firm"}])
    first = send(client, data, "a.xlsx").location
    mark = re.search(r'fingerprint" value="(\w+)"', client.get(first).text)[1]
    client.post(f"{first}/apply", data={"fingerprint": mark})
    again = client.get(send(client, data, "a.xlsx").location).text
    assert "There is nothing to import." in again and "The same file was imported" in again
    assert "fingerprint" not in again


def test_one_source_does_not_teach_another_and_nameless_lists_teach_nothing(cast, browse):
    client = browse(cast.officer)
    for source in ("UBND xã Thí Dụ", ""):
        columns = send(client, MESSY, source=source).location + "/columns"
        client.post(columns, data=fields(client.get(columns).text) | {"kind": "firm"})
    assert set(session.scalars(select(ImportColumn.source_key))) == {"ubnd xa thi du"}
    for source, status in (("ubnd xã thí dụ", 200), ("Hiệp hội Thí Dụ", 302), ("", 302)):
        assert client.get(send(client, MESSY, source=source).location).status_code == status


def test_another_kind_of_sheet_shows_its_columns_before_anything_is_saved(cast, browse):
    client = browse(cast.officer)
    columns = send(client, MESSY).location + "/columns"
    form = fields(client.get(columns).text)
    other = client.post(columns, data=form | {"sheet-0": "products"})
    assert other.status_code == 200 and fields(other.text)["was-0"] == "products"
    nothing = client.post(columns, data={"was-0": "", "sheet-0": ""})
    assert nothing.status_code == 422 and 'role="alert"' in nothing.text


def test_a_long_list_is_looked_at_and_imported_by_a_task_with_the_same_outcome(cast, browse, monkeypatch):
    monkeypatch.setattr("companies.uploads.SHORT", 100)
    client = browse(cast.officer)
    lines = "".join(f"Công ty Thử {n},firm\n" for n in range(40))
    answer = send(client, f"name_vi,kinds\n{lines}".encode(), "dai.csv")
    assert "/tasks/" in answer.location
    run = session.scalars(select(ImportRun)).one()
    assert client.get(f"{URL}/{run.id}").location == answer.location
    task_runner.run_waiting()
    page = client.get(f"{URL}/{run.id}").text
    mark = re.search(r'fingerprint" value="(\w+)"', page)[1]
    assert "/tasks/" in client.post(f"{URL}/{run.id}/apply", data={"fingerprint": mark}).location
    task_runner.run_waiting()
    assert session.scalar(select(func.count()).select_from(Organisation)) == 40
    assert 'id="changes"' not in client.get(f"{URL}/{run.id}").text


def test_a_long_file_that_is_no_list_is_told_by_the_task(cast, browse, monkeypatch):
    monkeypatch.setattr("companies.uploads.SHORT", 1)
    client = browse(cast.officer, "en")
    send(client, b"colour,taste\nred,sweet\n", "a.csv")
    task_runner.run_waiting()
    run = session.scalars(select(ImportRun)).one()
    page = client.get(f"{URL}/{run.id}").text
    assert "This file cannot be imported." in page and "fingerprint" not in page


# --- emptied fields, partial rows, letters -------------------------------------------------------------------

FIRM = {"tax_code": "0090000019", "name_vi": "Công ty Một", "kinds": "firm"}


@pytest.mark.parametrize("word", ["(xoá)", "(xóa)", "(XOÁ)", "( clear )", unicodedata.normalize("NFD", "(xoá)")])
def test_a_word_in_brackets_empties_a_field_and_a_blank_cell_does_not(load, workbook, word):
    load(workbook(organisations=[FIRM | {"email": "a@a.vn", "zone": "KCN", "markets": "VN|JP"}]))
    load(workbook(organisations=[{"tax_code": "0090000019", "email": word, "zone": "", "markets": word}]))
    (firm,) = organisations()
    assert (firm.email, firm.zone, firm.markets, firm.name_vi) == (None, "KCN", [], "Công ty Một")


@pytest.mark.parametrize(
    ("column", "row"), [("tax_code", FIRM | {"tax_code": "(xoá)"}), ("kinds", FIRM | {"kinds": "(clear)"})]
)
def test_what_identifies_a_row_is_never_emptied(app, workbook, column, row):
    faults = importing.read([workbook(organisations=[row])], today=clock.today()).faults
    assert [fault.column for fault in faults] == [column]


def test_the_last_name_stays(app, load, workbook):
    load(workbook(organisations=[FIRM]))
    with pytest.raises(Exception, match=r"tên|name"):
        load(workbook(organisations=[{"tax_code": "0090000019", "name_vi": "(xoá)"}]))


OLD_FONTS = {
    "TCVN3": "C«ng ty Cæ phÇn C¬ khÝ Hµ Néi, ®­êng NguyÔn Tr·i, quËn Thanh Xu©n, s¶n xuÊt, th­¬ng m¹i",
    "VNI": "Coâng ty Coå phaàn Cô khí Haø Noäi, ñöôøng Nguyeãn Traõi, quaän Thanh Xuaân, saûn xuaát, thöông maïi",
}
MODERN = "Công ty Cổ phần Cơ khí Hà Nội, đường Nguyễn Trãi, quận Thanh Xuân, sản xuất, thương mại"


@pytest.mark.parametrize("font", OLD_FONTS)
def test_old_fonts_are_converted_when_many_words_prove_them(app, font):
    text = OLD_FONTS[font]
    for data in (f'a\n"{text}"\n'.encode(), f'a\n"{text}"\n'.encode("latin-1")):
        assert csv.read(data).rows[1].values == (MODERN,)
    assert xlsx.read(xlsx.write([Table("x", ["a"], [[text], ["Đã là Unicode"]])]))[0].rows[1].values == (MODERN,)


@pytest.mark.parametrize("text", ["C«ng ty Cæ phÇn C¬ khÝ", "Coâng ty Coå phaàn"])
def test_old_fonts_are_refused_by_their_name_when_few_words_prove_them(app, text):
    with pytest.raises(Exception, match=r"TCVN3|VNI"):
        csv.read(f"a\n{text}\n".encode("latin-1"))


@pytest.mark.parametrize(
    "text", ["Müller Größe São Paulo Zoë Citroën", "Ångström AB", "Công ty cà phê Hà Nội", "façade"]
)
def test_other_languages_are_not_taken_for_old_fonts(app, text):
    assert csv.read(f"a\n{text}\n".encode()).rows[1].values == (text,)


def test_utf_16_without_a_mark_is_read(app):
    assert csv.read("tax_code;name_vi\n1;Đỗ Hà\n".encode("utf-16-le")).rows[1].values == ("1", "Đỗ Hà")


def test_a_sheet_is_empty_or_told(app):
    assert guessing.propose(Sheet("x", csv.read(b"a,b\n1,2\n").rows), {}).sheet == ""
