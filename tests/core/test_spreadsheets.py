"""Spreadsheets in: hostile ones refused within bounds. Out: text stays text, numbers stay numbers."""

from __future__ import annotations

import io
import tracemalloc
import unicodedata
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core import archives
from core.documents import csv, spreadsheets, xlsx
from core.documents.tables import Table, column_name
from core.errors import Invalid

HOSTILE = ['=HYPERLINK("http://x")', "=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1"]


@pytest.fixture(autouse=True)
def _texts(app):
    """Messages need an app."""


def book(*rows, prepare=lambda workbook, sheet: None):
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    prepare(workbook, sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_parts(data, **changes):
    """The archive with parts replaced or added; `__` in a name stands for a slash."""
    changes = {name.replace("__", "/"): content for name, content in changes.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in changes:
                new.writestr(entry, old.read(entry))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def with_sheet(xml):
    return with_parts(book(["a"]), **{"xl/worksheets/sheet1.xml": SHEET % xml})


def values(data):
    return [row.values for row in xlsx.read(data)[0].rows]


def test_values_come_with_their_types_and_the_row_numbers_that_people_see():
    data = book(
        ["Tên", "Doanh thu", "Ngày", "Có"],
        [],
        ["  Công ty\u200b  Hoà  ", -1234.5, date(2026, 11, 22), True],
        [None, 7.0, time(9, 30), ""],
    )
    sheet = xlsx.read(data)[0]
    assert [(r.number, r.values) for r in sheet.rows] == [
        (1, ("Tên", "Doanh thu", "Ngày", "Có")),
        (3, ("Công ty Hoà", -1234.5, date(2026, 11, 22), True)),
        (4, (None, 7, time(9, 30))),
    ]
    assert sheet.rows[1].where(1) == "B3"


def test_columns_are_named_as_in_a_spreadsheet():
    assert [column_name(i) for i in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_both_date_systems_give_the_same_day():
    def epoch_1904(workbook, sheet):
        workbook.epoch = CALENDAR_MAC_1904

    for prepare in (lambda w, s: None, epoch_1904):
        assert values(book([date(2026, 2, 28)], prepare=prepare)) == [(date(2026, 2, 28),)]


def test_an_impossible_date_stays_text_for_the_import_to_judge():
    assert values(book(["31/02/2026", "1.234,56"])) == [("31/02/2026", "1.234,56")]


def test_a_formula_counts_as_its_stored_value_and_one_without_is_named():
    computed = with_sheet(b'<row r="2"><c r="B2"><f>1+1</f><v>2</v></c></row>')
    assert values(computed) == [(None, 2)]
    with pytest.raises(Invalid, match="B7"):
        xlsx.read(with_sheet(b'<row r="7"><c r="B7"><f>1+1</f></c></row>'))


def test_an_error_value_is_named():
    with pytest.raises(Invalid, match=r"C4.*#REF!"):
        xlsx.read(with_sheet(b'<row r="4"><c r="C4" t="e"><v>#REF!</v></c></row>'))


def test_hidden_sheets_are_not_read_and_merged_cells_hold_their_first_value():
    def prepare(workbook, sheet):
        sheet.merge_cells("A1:B1")
        workbook.create_sheet("Ẩn").append(["secret"])
        workbook["Ẩn"].sheet_state = "hidden"

    sheets = xlsx.read(book(["a", None, "c"], prepare=prepare))
    assert [[r.values for r in s.rows] for s in sheets] == [[("a", None, "c")]]


def test_a_million_empty_formatted_rows_are_refused_at_once():
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (i, i) for i in range(1, archives.MOST_ROWS + 2))
    with pytest.raises(Invalid, match="100000"):
        xlsx.read(with_sheet(rows))


def test_a_row_far_below_is_refused_rather_than_overlooked():
    with pytest.raises(Invalid, match="100000"):
        xlsx.read(with_sheet(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))


def test_too_many_rows_columns_or_cells_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    with pytest.raises(Invalid, match="20000"):
        xlsx.read(book(*[["x"]] * 4))
    with pytest.raises(Invalid, match="200"):
        xlsx.read(book(["x"] * 201))
    monkeypatch.setattr(archives, "MOST_ELEMENTS", 50)
    with pytest.raises(Invalid):
        xlsx.read(book(*[["x"] * 10] * 10))


def test_a_zip_bomb_is_refused_in_bounded_memory():
    bomb = with_parts(book(["a"]), **{"xl/worksheets/sheet1.xml": b" " * (200 * 2**20)})
    assert len(bomb) < 300_000
    tracemalloc.start()
    with pytest.raises(Invalid, match="80 MB"):
        xlsx.read(bomb)
    lying = bytearray(bomb)
    size = (200 * 2**20).to_bytes(4, "little")
    assert lying.count(size) >= 1
    with pytest.raises(Invalid):
        xlsx.read(bytes(lying.replace(size, (1_000).to_bytes(4, "little"))))
    assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    tracemalloc.stop()


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">%s]>' % b""
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<x>&b;&b;&b;&b;</x>"
)


PARTS = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/x.rels"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("xml", [DTD + b"<x>&a;</x>", LAUGHS, LAUGHS.decode().encode("utf-16")])
def test_a_document_type_is_refused_in_every_part(part, xml):
    with pytest.raises(Invalid):
        xlsx.read(with_parts(book(["a"]), **{part: xml}))


def test_macros_nested_archives_and_other_files_are_refused():
    plain = book(["a"])
    types = zipfile.ZipFile(io.BytesIO(plain)).read("[Content_Types].xml")
    for hostile in (
        with_parts(plain, **{"xl/vbaProject.bin": b"x"}),
        with_parts(plain, **{"[Content_Types].xml": types.replace(b"sheet.main", b"sheet.macroEnabled.main")}),
        with_parts(plain, **{"xl/embeddings/inner.xlsx": plain}),
        with_parts(plain, **{"xl/workbook.xml": None}),
        with_parts(plain, **{"xl/workbook.xml": b"<not closed"}),
        with_parts(plain, **{f"xl/media/{i}.png": b"" for i in range(2_001)}),
        plain[:-30],
        plain[: len(plain) // 2],
        b"PK\x03\x04" + b"\x00" * 100,
        b"",
        b"<html></html>",
    ):
        with pytest.raises(Invalid):
            xlsx.read(hostile)


def test_parts_that_contradict_each_other_are_told_as_damage():
    for xml in (b'<row r="x"><c r="A1"><v>1</v></c></row>', b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'):
        with pytest.raises(Invalid):
            xlsx.read(with_sheet(xml))


def test_text_that_begins_like_a_formula_is_written_as_text_and_numbers_stay_numbers():
    data = xlsx.write([Table("Firms", ["=1+1", "n"], [[text, -5] for text in HOSTILE])])
    sheet = load_workbook(io.BytesIO(data)).active
    assert {c.data_type for row in sheet.iter_rows(max_col=1) for c in row} == {"s"}
    assert [c.value for c in sheet["B"][1:]] == [-5] * len(HOSTILE)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold


def test_dates_instants_and_decimals_are_typed():
    at = datetime(2026, 11, 22, 2, tzinfo=UTC)
    cells = [at, date(2026, 1, 2), time(9, 5), Decimal("1.5"), None, True, float("nan")]
    (row,) = load_workbook(io.BytesIO(xlsx.write([Table("x", ["a"], [cells])]))).active.iter_rows(min_row=2)
    assert [str(c.value) for c in row][:3] == ["2026-11-22 09:00:00", "2026-01-02 00:00:00", "09:05:00"]
    assert [c.value for c in row][3:6] == [1.5, None, True]
    assert [c.number_format for c in row][:3] == ["dd/mm/yyyy hh:mm", "dd/mm/yyyy", "hh:mm"]


def test_control_characters_and_lone_surrogates_do_not_break_an_export():
    nasty = "a\x00\x01\x0bb\ud800c\ufffe"
    data = xlsx.write([Table("x", [nasty], [[nasty]])])
    assert load_workbook(io.BytesIO(data)).active["A2"].value == "abc"
    assert csv.write(Table("x", [nasty], [[nasty]])).decode("utf-8-sig") == "abc\r\nabc\r\n"


def test_sheets_get_names_that_excel_takes():
    data = xlsx.write([Table(name, ["a"], []) for name in ("a/b:c*?[]", "x" * 40, "x" * 40, "", "'q'")])
    names = load_workbook(io.BytesIO(data)).sheetnames
    assert names == ["a b c", "x" * 31, "x" * 29 + " 2", "Sheet", "q"]


def test_csv_prefixes_text_like_a_formula_and_nothing_else():
    table = Table("x", ["a"], [[t, -5, -1.5, "Đỗ, Hà", Decimal("-2")] for t in HOSTILE])
    data = csv.write(table)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = csv.read(data).rows[1:]
    assert all(r.values[0].startswith("'") for r in rows)
    assert {r.values[1:] for r in rows} == {("-5", "-1.5", "Đỗ, Hà", "-2")}


TEXT = "Mã số thuế;Tên\r\n0090000019;Công ty Cổ phần Cơ khí Đường Sắt\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_csv_is_read_in_the_encodings_of_this_country(encoding):
    text = "".join(map(tone_apart, TEXT)) if encoding == "cp1258" else TEXT
    assert [r.values for r in csv.read(text.encode(encoding)).rows] == [
        ("Mã số thuế", "Tên"),
        ("0090000019", "Công ty Cổ phần Cơ khí Đường Sắt"),
    ]


def tone_apart(character):
    """Windows writes the five tone marks as characters of their own."""
    decomposed = unicodedata.normalize("NFD", character)
    tones = "".join(c for c in decomposed if c in "\u0300\u0309\u0303\u0301\u0323")
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in tones)) + tones


@pytest.mark.parametrize(
    "data",
    [
        "C«ng ty Cæ phÇn C¬ khÝ".encode("latin-1"),  # TCVN3
        b"\xff\xfeabc",
        b"a,b\n\x00",
        b"\x89PNG\r\n\x1a\n\x00\x81\x90",
        "Müller, Größe".encode("latin-1"),
        b'"' + b"x" * 200_000 + b'"',
        b"," * 300,
    ],
)
def test_csv_that_cannot_be_understood_is_told_so(data):
    with pytest.raises(Invalid):
        csv.read(data)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_out(separator):
    data = f'Tên{separator}Ghi chú\n"A{separator} B"{separator}"hai\ndòng"\n'.encode()
    assert csv.read(data).rows[1].values == (f"A{separator} B".replace("\t ", " "), "hai\ndòng")


def test_an_uploaded_table_is_read_whichever_format_it_has():
    assert spreadsheets.read(book(["a", 1])).rows[0].values == ("a", 1)
    assert spreadsheets.read(b"a,1\n").rows[0].values == ("a", "1")
    for empty in (book(), b"\n\n"):
        with pytest.raises(Invalid):
            spreadsheets.read(empty)
