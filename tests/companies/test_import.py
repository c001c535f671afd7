"""Reading a list and comparing it with the database: every fault names its place, blank cells change nothing."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from companies import applying, exports, importing, reconciling
from companies.enums import Kind, NeedClass, Sector
from companies.models import Award, NeedOffer, Organisation, Product
from companies.plans import What
from core import clock
from core.db import session, write
from core.errors import Invalid

FIRM = {"tax_code": "0090000019", "name_vi": "Công ty Một", "kinds": "firm"}
OTHER = {"tax_code": "0090000026", "name_vi": "Công ty Hai", "kinds": "firm"}
NEED = {"organisation": "0090000019", "role": "need", "class": "loan", "text_vi": "Vay vốn"}


def plan_of(*contents):
    return reconciling.reconcile(importing.read(contents, today=clock.today()))


def places(plan):
    return [(f.sheet, f.row, f.column) for f in plan.faults]


def firm():
    return session.scalars(select(Organisation).where(Organisation.tax_code == "0090000019")).one()


def test_every_column_of_an_organisation_arrives(load, workbook):
    row = FIRM | {
        "name_en": "One", "kinds": "firm|fdi", "sector": "mechanical", "vsic_version": 2018, "vsic": 2592,
        "province": "TP. Hà Nội", "commune": "phuong cua nam", "zone": "KCN Thăng Long", "address": "Lô 1",
        "website": "www.a.vn", "email": "A@a.vn", "phone": "024 3825 4567", "employees": 185, "founded": 2004,
        "revenue_vnd": "168 tỷ", "export_usd": "2.100.000,50", "certificates": "ISO 9001| IATF 16949 |ISO 9001",
        "markets": "VN|Nhật Bản", "languages": "vi|English", "intro_vi": "a\nb", "group": "Nhóm", "source": "x",
    }  # fmt: skip
    plan = load(workbook(organisations=[row]))
    assert plan.counts() == {"organisations": {"new": 1, "changed": 0, "unchanged": 0}}
    o = firm()
    assert (o.kinds, o.sector, o.vsic_version, o.vsic) == ({Kind.FIRM, Kind.FDI}, Sector.MECHANICAL, "2018", "2592")
    assert (o.province, o.commune, o.website, o.email) == ("Hà Nội", "Cửa Nam", "https://www.a.vn", "a@a.vn")
    assert (o.phone, o.employees, o.revenue_vnd) == ("+842438254567", 185, Decimal(168) * 10**9)
    assert (o.export_usd, o.certificates) == (Decimal("2100000.5"), ["ISO 9001", "IATF 16949"])
    assert (o.markets, o.languages, o.intro_vi, o.group_name) == (["VN", "JP"], ["vi", "en"], "a\nb", "Nhóm")


FAULTS = [
    ("organisations", FIRM | {"tax_code": "0090000018"}, "tax_code"),
    ("organisations", FIRM | {"kinds": "farm"}, "kinds"),
    ("organisations", FIRM | {"kinds": ""}, "kinds"),
    ("organisations", FIRM | {"sector": "x"}, "sector"),
    ("organisations", FIRM | {"name_vi": ""}, "name_vi"),
    ("organisations", FIRM | {"name_vi": "x" * 251}, "name_vi"),
    ("organisations", FIRM | {"website": "javascript:alert(1)"}, "website"),
    ("organisations", FIRM | {"email": "a@b"}, "email"),
    ("organisations", FIRM | {"phone": "n/a"}, "phone"),
    ("organisations", FIRM | {"employees": "12,5"}, "employees"),
    ("organisations", FIRM | {"employees": -1}, "employees"),
    ("organisations", FIRM | {"employees": "nhiều"}, "employees"),
    ("organisations", FIRM | {"revenue_vnd": "1 triệu 2 tỷ"}, "revenue_vnd"),
    ("organisations", FIRM | {"revenue_vnd": True}, "revenue_vnd"),
    ("organisations", FIRM | {"export_usd": 1e300}, "export_usd"),
    ("organisations", FIRM | {"founded": 2027}, "founded"),
    ("organisations", FIRM | {"founded": date(2004, 1, 1)}, "founded"),
    ("organisations", FIRM | {"vsic": "2592"}, "vsic"),
    ("organisations", FIRM | {"vsic": "2592", "vsic_version": "1993"}, "vsic_version"),
    ("organisations", FIRM | {"commune": "Quận Ba Đình"}, "commune"),
    ("organisations", FIRM | {"markets": "VN|Atlantis"}, "markets"),
    ("organisations", FIRM | {"tax_code": "", "foreign_id": "HRB 1"}, "foreign_id"),
    ("organisations", FIRM | {"intro_vi": "x" * 5001}, "intro_vi"),
    ("products", {"organisation": "0090000040", "name_vi": "Trục"}, "organisation"),
    ("products", {"organisation": "0090000019", "name_vi": "Trục", "hs": "848"}, "hs"),
    ("products", {"organisation": "0090000019", "capacity": "9"}, "name_vi"),
    ("needs_offers", NEED | {"role": "wish"}, "role"),
    ("needs_offers", NEED | {"class": "money"}, "class"),
    ("needs_offers", NEED | {"text_vi": "", "tags": "x"}, "text_vi"),
    ("needs_offers", NEED | {"amount_min": 5, "amount_max": 4}, "amount_min"),
    ("needs_offers", NEED | {"term_months_min": 5, "term_months_max": 4}, "term_months_min"),
    ("needs_offers", NEED | {"currency": "BTC"}, "currency"),
    ("needs_offers", NEED | {"valid_until_days": 1.5}, "valid_until_days"),
    ("needs_offers", NEED | {"visibility": "all"}, "visibility"),
    ("awards", {"product_vi": "Đèn", "year": 2021}, "organisation"),
    ("awards", {"name_vi": "X", "year": "31/12"}, "year"),
    ("awards", {"name_vi": "X", "valid_until": "31/02/2026"}, "valid_until"),
    ("awards", {"name_vi": "X", "top10": "maybe"}, "top10"),
]


@pytest.mark.parametrize(("sheet", "row", "column"), FAULTS)
def test_a_fault_names_sheet_row_and_column_and_nothing_is_saved(app, workbook, sheet, row, column):
    sheets = {"organisations": [OTHER, row]} if sheet == "organisations" else {"organisations": [FIRM], sheet: [row]}
    if sheet == "awards" and "organisation" not in row:
        sheets["awards"] = [row | {"organisation": ""}]
    plan = plan_of(workbook(**sheets))
    assert places(plan) == [(sheet, 3 if sheet == "organisations" else 2, column)]
    assert plan.faults[0].message and (plan.faults[0].cell or column not in row)
    with pytest.raises(Invalid), write():
        applying.apply(plan, by="test", at=clock.now())
    assert session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_messages_are_in_the_readers_language(app, workbook):
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        fault = plan_of(workbook(organisations=[FIRM | {"sector": "x"}])).faults[0]
    assert "not in the list" in fault.message


def test_blank_cells_blank_nothing(load, workbook):
    load(workbook(organisations=[FIRM | {"email": "a@a.vn", "employees": 5}]))
    plan = load(workbook(organisations=[FIRM | {"email": None, "employees": "  ", "zone": "KCN"}]))
    assert [(c.what, c.columns) for c in plan.changes] == [(What.CHANGED, ["zone"])]
    assert (firm().email, firm().employees, firm().zone) == ("a@a.vn", 5, "KCN")


def test_importing_twice_changes_nothing(load, workbook):
    data = workbook(
        organisations=[FIRM | {"kinds": "fdi|firm", "revenue_vnd": 1e9, "markets": "VN|JP", "country": "VN"}],
        products=[{"organisation": "0090000019", "name_vi": "Trục", "hs": "8483.10"}],
        needs_offers=[NEED | {"amount_min": 5, "valid_until_days": 30, "tags": "a|b"}],
        awards=[
            {"organisation": "0090000019", "product_vi": "Trục", "year": 2021, "top10": "yes", "first_time": "no"}
        ],
    )
    load(data)
    assert {c.what for c in load(data).changes} == {What.UNCHANGED}
    for model in (Organisation, Product, NeedOffer, Award):
        assert session.scalar(select(func.count()).select_from(model)) == 1


def test_a_firm_is_recognised_by_its_code_whatever_the_name(load, workbook):
    load(workbook(organisations=[FIRM]))
    plan = load(workbook(organisations=[{"tax_code": "0090 000 019", "name_vi": "Công ty Khác"}]))
    assert plan.changes[0].columns == ["name_vi"]
    assert firm().name_vi == "Công ty Khác"


@pytest.mark.parametrize("code", [90000019, "90000019", "0090000019", "００９００００019", "0090.000.019"])
def test_codes_survive_spreadsheets(load, workbook, code):
    load(workbook(organisations=[FIRM | {"tax_code": code}]))
    assert firm().name_vi == "Công ty Một"


def test_a_partner_abroad_is_recognised_by_country_and_number(load, workbook):
    row = {"foreign_id": "hrb 1", "country": "DE", "name_en": "Beispiel GmbH", "kinds": "technology_supplier"}
    load(workbook(organisations=[row, row | {"country": "AT"}]))
    plan = load(workbook(organisations=[row | {"name_en": "Beispiel AG"}]))
    assert [c.columns for c in plan.changes] == [["name_en"]]
    two = plan_of(workbook(products=[{"organisation": "HRB 1", "name_en": "x"}]))
    assert places(two) == [("products", 2, "organisation")]
    assert not plan_of(workbook(products=[{"organisation": "AT:HRB 1", "name_en": "x"}])).faults


def test_old_winners_are_recognised_by_their_exact_name_and_get_their_code_later(load, workbook):
    old = {"name_vi": "Công ty Cổ phần Rạng Đông", "kinds": "firm"}
    load(workbook(organisations=[old], awards=[{"name_vi": old["name_vi"], "product_vi": "Đèn", "year": 2021}]))
    assert load(workbook(organisations=[old])).changes[0].what is What.UNCHANGED
    plan = load(workbook(organisations=[old | {"tax_code": "0090000019"}]))
    assert (plan.changes[0].what, plan.changes[0].columns) == (What.CHANGED, ["tax_code"])
    assert [a.product_vi for a in firm().awards] == ["Đèn"]


def test_an_award_of_an_unknown_winner_keeps_the_name(load, workbook):
    load(workbook(awards=[{"name_vi": "Xưởng Cũ", "product_vi": "Gốm", "year": 2005}]))
    award = session.scalars(select(Award)).one()
    assert (award.organisation_id, award.winner_name, award.year) == (None, "Xưởng Cũ", 2005)


def test_the_same_firm_twice_in_a_file_is_a_fault(app, workbook):
    plan = plan_of(workbook(organisations=[FIRM, OTHER, FIRM | {"tax_code": "0090000019 "}]))
    assert places(plan) == [("organisations", 4, "tax_code")]
    assert "2" in plan.faults[0].message


def test_the_same_product_need_or_award_twice_is_a_fault(app, workbook):
    product = {"organisation": "0090000019", "name_vi": "Trục"}
    award = {"organisation": "0090000019", "product_vi": "Trục", "year": 2021}
    plan = plan_of(
        workbook(organisations=[FIRM], products=[product] * 2, needs_offers=[NEED] * 2, awards=[award] * 2)
    )
    assert places(plan) == [("products", 3, ""), ("needs_offers", 3, ""), ("awards", 3, "")]


def test_two_rows_that_mean_one_stored_product_are_a_fault(load, workbook):
    load(
        workbook(
            organisations=[FIRM], products=[{"organisation": "0090000019", "name_vi": "Trục", "name_en": "Shaft"}]
        )
    )
    rows = [{"organisation": "0090000019", "name_vi": "Trục"}, {"organisation": "0090000019", "name_en": "Shaft"}]
    assert places(plan_of(workbook(products=rows))) == [("products", 3, "")]


def test_a_bound_has_to_fit_the_stored_one(load, workbook):
    load(
        workbook(organisations=[FIRM], needs_offers=[NEED | {"amount_min": 10, "amount_max": 20, "currency": "USD"}])
    )
    plan = plan_of(workbook(needs_offers=[NEED | {"amount_max": 5}]))
    assert places(plan) == [("needs_offers", 2, "amount_max")]
    load(workbook(needs_offers=[NEED | {"amount_max": 15}]))
    need = session.scalars(select(NeedOffer)).one()
    assert (need.amount_min, need.amount_max, need.currency) == (10, 15, "USD")


def test_days_count_from_the_import(load, workbook):
    load(workbook(organisations=[FIRM], needs_offers=[NEED | {"valid_until_days": 240, "amount_min": "1.234,56"}]))
    need = session.scalars(select(NeedOffer)).one()
    assert need.valid_until == clock.today() + timedelta(days=240)
    assert (need.amount_min, need.currency, need.kind) == (Decimal("1234.56"), "VND", NeedClass.LOAN)


def test_labels_in_both_languages_name_columns_and_codes(load, workbook):
    load(
        workbook(
            Organisations=[{"Tax code": "0090000019", "Name in Vietnamese": "A", "Kinds": "Firm|Research institute"}]
        )
    )
    assert firm().kinds == {Kind.FIRM, Kind.INSTITUTE}


def test_decomposed_text_is_composed_and_invisible_characters_go(load, workbook):
    load(workbook(organisations=[FIRM | {"name_vi": unicodedata.normalize("NFD", "Công ty Rạng\u200b Đông")}]))
    assert firm().name_vi == "Công ty Rạng Đông"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_the_encodings_of_this_country(load, encoding, separator):
    lines = [["tax_code", "name_vi", "kinds"], ["0090000019", "Công ty Rạng Đông", "firm"]]
    text = "\r\n".join(separator.join(line) for line in lines)
    if encoding == "cp1258":
        parts = {"ô": "ô", "ạ": "a\u0323", "Đ": "Đ"}
        text = "".join(parts.get(c, c) for c in text)
    load(text.encode(encoding))
    assert firm().name_vi == "Công ty Rạng Đông"


def test_japanese_in_a_column_of_ours_is_kept_as_the_original(load, workbook):
    row = {"foreign_id": "JP-1", "country": "JP", "name_en": "Mihon", "kinds": "technology_supplier"}
    load(workbook(organisations=[row | {"intro_en": "溶接ロボットのメーカーです。"}]))
    o = session.scalars(select(Organisation)).one()
    assert (o.intro_en, o.intro_original, o.original_language) == (None, "溶接ロボットのメーカーです。", "ja")


def test_dates_come_as_date_cells_or_text(load, workbook):
    rows = [
        {"name_vi": "A", "year": 2021, "valid_until": date(2024, 12, 31)},
        {"name_vi": "B", "year": 2021, "valid_until": datetime(2024, 12, 31)},  # noqa: DTZ001 - as spreadsheets give it,
        {"name_vi": "C", "year": "2021", "valid_until": "31/12/2024"},
    ]
    load(workbook(awards=rows))
    assert {a.valid_until for a in session.scalars(select(Award))} == {date(2024, 12, 31)}


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 no zip", b"just text", b"a,b\n1,2\n", b"\xff\xfe\x00", b"%PDF-1.4", b"tax_code,name_vi\n"],
)
def test_wrong_files_are_refused_with_a_sentence(app, data):
    with pytest.raises(Invalid) as refused:
        importing.read([data], today=clock.today())
    assert len(str(refused.value)) > 10


def test_unknown_doubled_and_missing_headings_are_faults(app, workbook):
    plan = plan_of(b"tax_code,name_vi,kinds,colour,kinds,\n0090000019,A,firm,red,firm,stray\n")
    assert {(f.column, f.cell) for f in plan.faults} == {
        ("colour", "D1"),
        ("kinds", "C1"),
        ("kinds", "E1"),
        ("", "F2"),
    }


def test_a_sheet_that_nobody_understands_is_told(app, workbook):
    plan = plan_of(workbook(organisations=[FIRM], Other=[{"a": 1, "b": 2}]))
    assert [(f.sheet, f.row) for f in plan.faults] == [("Other", 1)]


def test_more_than_five_thousand_rows_are_refused(app):
    lines = "".join(f"Công ty {n},firm\n" for n in range(importing.MOST_ROWS + 1))
    with pytest.raises(Invalid, match=r"5000|5\.000|5,000"):
        importing.read([f"name_vi,kinds\n{lines}".encode()], today=clock.today())


def test_the_number_of_queries_does_not_grow_with_the_rows(app, load, queries):
    def data(n):
        lines = "".join(f"Công ty {i},firm,Trục {i}\n" for i in range(n))
        products = "".join(f"Công ty {i},Trục {i}\n" for i in range(n))
        return [("name_vi,kinds,zone\n" + lines).encode(), ("organisation,name_vi\n" + products).encode()]

    session.rollback()
    load(*data(3))
    queries.clear()
    plan_of(*data(3))
    few = len(queries)
    load(*data(30))
    session.rollback()
    queries.clear()
    plan_of(*data(30))
    assert len(queries) == few


def test_the_template_can_be_read_back_and_has_no_rows(app):
    with pytest.raises(Invalid, match=r"(no rows|không có dòng)"):
        importing.read([exports.template()], today=clock.today())


def test_the_demo_lists_load_without_a_fault(app):
    from demo import organisations

    with write():
        plan = organisations.load(by="test", at=clock.now())
    assert plan.counts()["organisations"]["new"] >= 100
    names = set(session.scalars(select(Organisation.name_vi).where(Organisation.tax_code.is_(None))))
    assert "Công ty Cổ phần Bóng đèn Phích nước Rạng Đông" in names
    assert not list(session.scalars(select(Award).where(Award.organisation_id.is_(None))))
