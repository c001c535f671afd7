"""My data: every row that refers to the person, in his language; and the register made of the same tags."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from accounts.privacy import cases, register
from accounts.privacy.enums import CaseKind
from core import clock, outbox
from core.audit import AuditLine
from core.db import session, write
from core.i18n import force_locale


@pytest.fixture
def owner(cast):
    _ = cast.firm_owner, cast.rival_owner
    with write():
        outbox.enqueue("test", cast.firm_owner.email, "Riêng tư", "Thư của chủ", at=clock.now())
        outbox.enqueue("test", cast.rival_owner.email, "Riêng tư", "Thư của đối thủ", at=clock.now())
    return cast.firm_owner


def test_the_file_for_programs_holds_what_is_his_and_nothing_of_others(owner, browse, cast):
    answer = browse(owner).get("/account/data.json")
    tables = {table["table"]: table for table in json.loads(answer.text)["tables"]}
    assert {"user", "sign_in", "membership", "mail", "audit_line"} <= set(tables)
    assert tables["user"]["rows"][0]["email"] == owner.email
    assert [row["body"] for row in tables["mail"]["rows"]] == ["Thư của chủ"]
    assert tables["user"]["columns"]["email"] == "Địa chỉ thư điện tử"
    for canary in (cast.rival_owner.email, "đối thủ", owner.password_hash, "password_hash", "key_hash"):
        assert canary not in answer.text
    assert "my_data.export" in set(session.scalars(select(AuditLine.act)))


def test_an_officers_file_tells_that_he_dealt_with_a_request_and_not_what_the_person_said(cast, browse):
    person, officer = cast.firm_owner, cast.officer
    with write():
        case = cases.file(person, CaseKind.CORRECTION, "Tên tôi sai", by=person, at=clock.now())
        cases.answer(case, "Sẽ sửa", third_parties=False, by=officer, at=clock.now())
    for address in ("/account/data.json", "/account/data"):
        assert "Tên tôi sai" in browse(cast.firm_owner).get(address).text
        assert "Tên tôi sai" not in browse(cast.officer).get(address).text
    tables = json.loads(browse(cast.officer).get("/account/data.json").text)["tables"]
    (row,) = next(table for table in tables if table["table"] == "data_case")["rows"]
    assert (row["kind"], row["words"], row["answer"]) == ("correction", None, None)


@pytest.mark.parametrize(
    ("language", "sheet", "header", "people", "role"),
    [
        ("vi", "Tài khoản", "Họ và tên", "Người của tổ chức", "Người phụ trách"),
        ("en", "Accounts", "Full name", "People of organisations", "Owner"),
    ],
)
def test_the_file_for_people_is_in_their_language(owner, browse, language, sheet, header, people, role):
    book = load_workbook(io.BytesIO(browse(owner, language).get("/account/data.xlsx").data))
    assert header in [cell.value for cell in book[sheet][1]]
    (values,) = ([cell.value for cell in row] for row in book[people].iter_rows(min_row=2))
    assert role in values
    assert any("Minh Hoạ 01" in str(value) for value in values), "the organisation is named beside its number"


def test_the_page_shows_it_and_name_and_phone_are_corrected_at_once(owner, browse):
    browser = browse(owner)
    page = browser.get("/account/data").text
    assert owner.email in page and "Thư của chủ" in page
    assert browser.post("/account/data", data={"name": "Tên mới", "phone": "abc"}).status_code == 422
    assert browser.post("/account/data", data={"name": "Tên mới", "phone": "024 3825 4567"}).status_code == 302
    session.refresh(owner)
    assert (owner.name, owner.phone) == ("Tên mới", "+842438254567")
    line = session.scalars(select(AuditLine).where(AuditLine.act == "account.correct")).one()
    assert line.detail == {"columns": ["name", "phone"]}


def test_the_page_takes_the_same_number_of_queries_for_more_rows(owner, browse, queries):
    browser = browse(owner)
    browser.get("/account/data")
    queries.clear()
    browser.get("/account/data")
    before = len(queries)
    with write():
        for number in range(5):
            outbox.enqueue("test", owner.email, f"Thư {number}", "…", at=clock.now())
    queries.clear()
    browser.get("/account/data")
    assert len(queries) == before


def test_the_register_is_read_off_the_tags(app):
    with force_locale("en"):
        concerned, others = register.lines()
    by_table = {line.table: line for line in concerned}
    assert ("Contact phone", "personal") in by_table["organisation"].columns
    assert ("Revenue", "confidential") in by_table["yearly_figures"].columns
    assert by_table["sign_in"].retention == "Deleted after 400 days"
    assert by_table["audit_line"].on_deletion == ["kept under a pseudonym"]
    assert "lease" in {line.table for line in others}


def test_administrators_read_the_register(cast, browse):
    assert browse(cast.administrator).get("/admin/processing-register").status_code == 200
    book = load_workbook(io.BytesIO(browse(cast.administrator).get("/admin/processing-register.xlsx").data))
    assert book.worksheets[0].max_row > 20
    assert browse(cast.officer).get("/admin/processing-register").status_code == 403
