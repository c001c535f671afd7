"""Bodies introduce firms, officers decide, everybody sees what is his."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from accounts.enums import Role
from companies import operations as organisations
from companies.enums import Kind, MembershipRole
from companies.introducing import recognised
from companies.introducing.enums import IntroductionState
from companies.introducing.models import Introduction, RecognisedList
from companies.joining.models import Invitation
from companies.models import Organisation
from core import clock
from core.db import session, write
from core.documents import xlsx
from core.documents.tables import Table
from core.outbox import Mail

CODE, OTHER_CODE = "0090000058", "0090000065"
AFTER = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def colleague(cast):
    """An introducer of another body."""
    body = cast._organisation("Hiệp hội Thí Dụ", None, "association")
    return cast._member("other_introducer", body, "member", Role.INTRODUCER)


def say(client, **values):
    data = {"tax_code": CODE, "name": "Công ty Giới Thiệu", "in_hanoi": "yes", **values}
    return client.post("/introductions/new", data=data)


def only(**conditions):
    session.rollback()
    return session.scalars(select(Introduction).filter_by(**conditions)).one()


def send(client, rows, header=("tax_code", "name", "commune", "revenue_vnd")):
    data = xlsx.write([Table("Firms", list(header), rows)])
    return client.post("/introductions/list", data={"file": (io.BytesIO(data), "ds.xlsx")})


def test_an_introduction_is_made_accepted_and_becomes_an_organisation(browse, cast):
    introducer, officer = browse(cast.introducer), browse(cast.officer)
    assert say(introducer, sector="mechanical", ground="other", revenue_vnd="120 tỷ").status_code == 302
    row = only()
    assert (row.year, row.body_id, row.state) == (2027, cast.zone_board.id, IntroductionState.RECEIVED)
    assert "1 doanh nghiệp được giới thiệu" in officer.get("/desk").text
    page = officer.get(f"/introductions/office/{row.id}").text
    assert "120 tỷ" in page.replace("\xa0", " ") and "100 tỷ" in page.replace("\xa0", " ")
    officer.post(f"/introductions/office/{row.id}/accept", data={"version": row.version})
    firm = session.scalars(select(Organisation).where(Organisation.tax_code == CODE)).one()
    assert (firm.name_vi, firm.kinds, firm.sector) == ("Công ty Giới Thiệu", {Kind.FIRM}, "mechanical")
    assert only().organisation_id == firm.id
    mail = session.scalars(select(Mail)).one()
    assert mail.recipient == cast.introducer.email and "Công ty Giới Thiệu" in mail.subject


def test_accepting_ties_to_the_organisation_of_the_tax_code_and_leaves_what_it_says_of_itself(browse, cast):
    firm = cast.rival.id
    say(browse(cast.introducer), tax_code="0090 000 026", name="Tên khác", address="Chỗ khác")
    officer = browse(cast.officer)
    assert "Đối Thủ 02" in officer.get(f"/introductions/office/{only().id}").text
    officer.post(f"/introductions/office/{only().id}/accept", data={"version": only().version})
    assert only().organisation_id == firm
    assert session.get(Organisation, firm).name_vi == "Công ty CP Cơ khí Đối Thủ 02"
    assert session.get(Organisation, firm).address is None


def test_accepting_invites_the_firm_by_the_address_that_the_body_gave_and_the_body_sees_how_far_it_came(browse, cast):
    introducer, officer = browse(cast.introducer), browse(cast.officer)
    say(introducer, email="lienhe@gioithieu.example")
    path = f"/introductions/office/{only().id}"
    page = officer.get(path).text
    assert "checked" in re.search(r'<input[^>]*id="invite"[^>]*>', page)[0] and "lienhe@gioithieu.example" in page
    answer = {"version": only().version, "invite": "y", "email": "lienhe@gioithieu.example"}
    officer.post(f"{path}/accept", data=answer)
    officer.post(f"{path}/accept", data=answer)  # a second press
    asked = session.scalars(select(Invitation)).one()
    assert (asked.email, asked.role, asked.language) == ("lienhe@gioithieu.example", MembershipRole.OWNER, "vi")
    assert asked.organisation_id == only().organisation_id
    mails = {mail.recipient: mail for mail in session.scalars(select(Mail))}
    assert set(mails) == {cast.introducer.email, "lienhe@gioithieu.example"}
    assert "Công ty Giới Thiệu" in mails["lienhe@gioithieu.example"].subject
    assert "Đã chấp nhận và mời" in introducer.get("/introductions").text
    key = re.search(r"/invitation/(\S+)", mails["lienhe@gioithieu.example"].body)[1]
    password = "một mật khẩu đủ dài 93"
    joined = browse().post(f"/invitation/{key}", data={"name": "Bà Chủ", "password": password, "again": password})
    assert joined.status_code == 302
    page = introducer.get("/introductions").text
    assert "Đã tham gia trang" in page and "lienhe@" not in page


def test_a_firm_is_invited_once_and_only_where_nobody_acts_for_it(browse, cast, colleague):
    for introducer, code in ((cast.introducer, CODE), (colleague, CODE), (cast.introducer, cast.firm.tax_code)):
        say(browse(introducer), tax_code=code, email="mot@gioithieu.example")
    assert cast.firm_owner
    officer = browse(cast.officer)
    for row in session.scalars(select(Introduction).order_by(Introduction.id)).all():
        data = {"version": row.version, "invite": "y", "email": "MOT@gioithieu.example"}
        officer.post(f"/introductions/office/{row.id}/accept", data=data)
    session.rollback()
    assert [row.organisation.tax_code for row in session.scalars(select(Invitation))] == [CODE]


def test_an_invitation_needs_an_address_and_is_sent_to_nobody_unasked(browse, cast):
    say(browse(cast.introducer))
    officer, path = browse(cast.officer), f"/introductions/office/{only().id}"
    assert "checked" not in re.search(r'<input[^>]*id="invite"[^>]*>', officer.get(path).text)[0]  # no address
    refused = officer.post(f"{path}/accept", data={"version": only().version, "invite": "y"})
    assert refused.status_code == 422 and "Nhập địa chỉ nhận thư mời" in refused.text
    assert only().state is IntroductionState.RECEIVED
    officer.post(f"{path}/accept", data={"version": only().version, "email": "mot@gioithieu.example"})
    assert only().state is IntroductionState.ACCEPTED and session.query(Invitation).count() == 0


def test_a_refusal_needs_a_reason_which_the_body_reads(browse, cast):
    say(browse(cast.introducer))
    officer, path = browse(cast.officer), f"/introductions/office/{only().id}"
    assert officer.post(f"{path}/decline", data={"version": only().version, "reason": " "}).status_code == 422
    officer.post(f"{path}/decline", data={"version": only().version, "reason": "Chưa đủ doanh thu"})
    assert "Chưa đủ doanh thu" in browse(cast.introducer).get("/introductions").text
    assert "Chưa đủ doanh thu" in session.scalars(select(Mail)).one().body
    officer.post(f"{path}/reopen")
    assert (only().state, only().reason) == (IntroductionState.RECEIVED, None)


def test_of_two_officers_the_second_is_told_that_it_was_decided(browse, cast):
    say(browse(cast.introducer))
    path, version = f"/introductions/office/{only().id}", only().version
    browse(cast.officer).post(f"{path}/accept", data={"version": version})
    answer = browse(cast.administrator).post(f"{path}/decline", data={"version": version, "reason": "Muộn"})
    assert answer.status_code == 409 and only().state is IntroductionState.ACCEPTED


def test_an_introduction_is_corrected_and_withdrawn_until_the_last_day(browse, cast):
    introducer = browse(cast.introducer)
    say(introducer)
    path, version = f"/introductions/{only().id}", only().version
    page = introducer.get(path).text
    assert '<option selected value="yes">' in page  # what was said before is there to be corrected
    data = {"tax_code": CODE, "name": "Tên đúng", "in_hanoi": "no", "version": version}
    assert introducer.post(path, data=data).status_code == 302
    assert (only().name, only().in_hanoi) == ("Tên đúng", False)
    assert introducer.post(path, data={**data, "name": "Người thứ hai"}).status_code == 409  # an old page
    with clock.frozen(AFTER):
        late = browse(cast.introducer)
        assert late.post(path, data={**data, "version": only().version, "name": "Trễ"}).status_code == 409
        late.post(f"{path}/withdraw")
        assert only().state is IntroductionState.RECEIVED
        assert "Trễ" not in late.get(path).text
    introducer.post(f"{path}/withdraw")
    assert only().state is IntroductionState.WITHDRAWN
    assert say(introducer).status_code == 302  # withdrawn by mistake: once more


def test_an_officer_moves_the_last_day(browse, cast):
    officer = browse(cast.officer)
    with clock.frozen(datetime(2027, 3, 20, 2, 0, tzinfo=UTC)):
        officer = browse(cast.officer)
        officer.post("/introductions/office/closing", data={"closes_on": "15/04/2027"})
        refused = officer.post("/introductions/office/closing", data={"closes_on": "15/04/2029"})
        assert refused.status_code == 422
    with clock.frozen(AFTER):
        say(browse(cast.introducer))
        assert only().year == 2027


def test_a_firm_is_introduced_once_by_a_body_and_the_officer_sees_who_else_did(browse, cast, colleague):
    first, second = browse(cast.introducer), browse(colleague)
    say(first)
    assert say(first, name="Lần hai").status_code == 409
    assert say(second, name="Cũng giới thiệu").status_code == 302
    page = browse(cast.officer).get(f"/introductions/office/{only(name='Công ty Giới Thiệu').id}").text
    assert "Hiệp hội Thí Dụ" in page


def test_bodies_never_see_one_anothers_introductions(browse, cast, colleague):
    say(browse(cast.introducer), name="Kanari Một", note="kanarighichu")
    path = f"/introductions/{only().id}"
    other = browse(colleague)
    assert "Kanari Một" in browse(cast.introducer).get("/introductions").text
    assert "anari" not in other.get("/introductions").text
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/withdraw").status_code == 404
    assert "anari" not in say(other, name="Khác").get_data(as_text=True)


def test_the_role_alone_introduces_nothing(browse, cast):
    alone = cast._person("alone", Role.INTRODUCER)
    of_a_bank = cast._member("of_a_bank", cast.bank_organisation, "member", Role.INTRODUCER)
    for person in (alone, of_a_bank):
        assert browse(person).get("/introductions").status_code == 403


def test_a_list_is_taken_as_a_whole_and_sent_again_corrects(browse, cast):
    introducer = browse(cast.introducer)
    rows = [[CODE, "Công ty Một", "xã Hoà Lạc", "120 tỷ"], [OTHER_CODE, "Công ty Hai", None, 5_000_000_000]]
    assert send(introducer, rows).status_code == 302
    assert only(tax_code=CODE).commune == "Hòa Lạc" and only(tax_code=CODE).revenue_vnd == 120 * 10**9
    again = send(introducer, [rows[0], [OTHER_CODE, "Công ty Hai (mới)", None, 5_000_000_000]])
    assert again.status_code == 302
    assert only(tax_code=OTHER_CODE).name == "Công ty Hai (mới)"
    assert session.query(Introduction).count() == 2


def test_faults_of_a_list_name_their_cells_and_nothing_is_taken(browse, cast):
    rows = [
        [CODE, "Công ty Một", "Chốn Không Có", None],
        ["0090000059", "Công ty Hai", None, "nhiều"],
        [CODE, None, None, None],
    ]
    answer = send(browse(cast.introducer), rows)
    assert answer.status_code == 422
    cells = {"C2", "A3", "D3", "A4", "B4"}
    assert {cell for cell in (f"{c}{r}" for c in "ABCD" for r in range(1, 6)) if f">{cell}<" in answer.text} == cells
    assert session.query(Introduction).count() == 0


def test_the_template_can_be_filled_in_and_sent(browse, cast):
    introducer = browse(cast.introducer)
    book = load_workbook(io.BytesIO(introducer.get("/introductions/template.xlsx").data))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(3, header.index("tax_code") + 1, CODE)
    sheet.cell(3, header.index("name") + 1, "Công ty Mẫu")
    sheet.cell(3, header.index("ground") + 1, "Sản phẩm khởi nghiệp")
    saved = io.BytesIO()
    book.save(saved)
    saved.seek(0)
    assert introducer.post("/introductions/list", data={"file": (saved, "m.xlsx")}).status_code == 302
    assert only().ground == "start_up"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04hong", b"a,b\n1,2\n", b"tax_code,name\n"])
def test_a_file_that_is_no_list_is_refused_in_words(browse, cast, data):
    answer = browse(cast.introducer).post("/introductions/list", data={"file": (io.BytesIO(data), "x.csv")})
    assert answer.status_code == 422 and "Traceback" not in answer.text


def test_the_list_page_asks_the_database_as_often_for_one_firm_as_for_three(browse, cast, queries):
    introducer, counts = browse(cast.introducer), []
    for code in (CODE, OTHER_CODE, "0090000072"):
        say(introducer, tax_code=code)
        introducer.get("/introductions")
        queries.clear()
        introducer.get("/introductions")
        counts.append(len(queries))
    assert len(set(counts)) == 1


# --- the list of recognised firms -----------------------------------------------------------------------------


def award(firm, year=2025, **values):
    with write():
        organisations.record_award(
            organisation=firm, product_vi="Khuôn", year=year, by="test", at=clock.now(), **values
        )


def look(minutes=0):
    with clock.frozen(clock.now() + timedelta(minutes=minutes)):
        recognised.look(clock.now())
    session.rollback()
    return session.scalars(select(Mail).where(Mail.kind == "recognised.list").order_by(Mail.id)).all()


def test_a_changed_list_is_sent_once_to_every_body_when_it_has_settled(app, cast, colleague):
    people = {cast.introducer.email, colleague.email}
    assert cast.officer
    assert look() == []  # the first list is where one begins
    award(cast.firm)
    assert look() == [] and look(10) == []
    award(cast.rival)  # it goes on changing: the half hour begins anew
    assert look(20) == [] and look(45) == []
    sent = look(55)
    assert {mail.recipient for mail in sent} == people
    assert len(look(90)) == 2
    book = load_workbook(io.BytesIO(sent[0].attachments[0].data))
    assert {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} == {cast.firm.name, cast.rival.name}


def test_a_change_that_was_taken_back_before_it_was_sent_is_not_sent(app, cast):
    assert cast.introducer
    award(cast.firm)
    look()
    award(cast.rival)
    look(1)
    with write():
        session.delete(cast.rival.awards[0])
    assert look(2) == [] and look(60) == []
    assert session.query(RecognisedList).count() == 1


def test_the_list_changes_by_itself_when_a_title_ends(app, cast):
    assert cast.introducer
    award(cast.firm, valid_until=clock.today())
    look()
    assert look(24 * 60) == []
    assert len(look(25 * 60)) == 1


def test_an_introducer_downloads_the_list_as_it_is_now(browse, cast):
    award(cast.firm, top10=True)
    award(cast.rival, year=2019)  # does not hold any more
    book = load_workbook(io.BytesIO(browse(cast.introducer).get("/introductions/recognised.xlsx").data))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == [cast.firm.name]
