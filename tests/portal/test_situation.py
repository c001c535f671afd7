"""A firm answers on a phone, officers read, answer and report."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from accounts.enums import Role
from companies.models import Organisation
from core import clock
from core.db import session, write
from core.outbox import Mail
from portal.situation import notices, queries
from portal.situation.enums import CaseState, Matter
from portal.situation.models import SituationAnswer, SituationCase, SituationRound
from tests.test_access import actor_of


@pytest.fixture
def opened(app):
    """`opened(days)`: a round that closes in so many days. Return its id."""

    def make(closes_in=10, title="Quý IV"):
        with write():
            row = SituationRound(
                title_vi=title, opens_on=clock.today() - timedelta(days=1),
                closes_on=clock.today() + timedelta(days=closes_in), created_at=clock.now(),
            )  # fmt: skip
            session.add(row)
        return row.id

    return make


def fill(client, path, *, trend="up", difficulties=("capital",), words="", request=""):
    for step in ("production", "orders", "staff"):
        assert client.post(f"{path}/{step}", data={"trend": trend}).status_code == 302
    client.post(f"{path}/difficulties", data={"difficulties": list(difficulties), "difficulty_text": words})
    return client.post(f"{path}/request", data={"request_text": request})


def answered(round_id, firm, trend="up", difficulties=("capital",)):
    at = clock.now()
    with write():
        session.add(
            SituationAnswer(
                round_id=round_id, organisation_id=firm, production=trend, orders=trend, staff=trend,
                difficulties=list(difficulties), begun_at=at, saved_at=at, sent_at=at,
            )
        )  # fmt: skip


def case(matter=Matter.REQUEST):
    session.rollback()
    return session.scalars(select(SituationCase).where(SituationCase.matter == matter)).one()


def test_a_firm_answers_question_by_question_and_nothing_is_lost_when_it_stops(browse, cast, opened):
    path = f"/situation/{opened()}/{cast.firm.id}"
    firm = browse(cast.firm_owner)
    assert "/production" in firm.get("/situation").text
    assert firm.post(f"{path}/production", data={"trend": "down"}).location.endswith("/orders")
    assert 'value="down"' in firm.get(f"{path}/production").text.split("checked")[1][:200]
    assert session.scalars(select(SituationAnswer)).one().sent_at is None
    assert firm.post(path, follow_redirects=True).text.count("Hãy trả lời ba câu hỏi đầu") == 1
    assert fill(firm, path, request="Xin giới thiệu ngân hàng").location.endswith(path)
    assert firm.post(path).status_code == 302
    assert session.scalars(select(SituationAnswer)).one().sent_at is not None
    assert case().text == "Xin giới thiệu ngân hàng"


@pytest.mark.parametrize("step, data", [("production", {}), ("production", {"trend": "sideways"})])
def test_an_answer_that_is_none_of_the_offered_is_refused_in_words(browse, cast, opened, step, data):
    answer = browse(cast.firm_owner).post(f"/situation/{opened()}/{cast.firm.id}/{step}", data=data)
    assert answer.status_code == 422 and session.query(SituationAnswer).count() == 0


def test_a_question_that_does_not_exist_is_no_page(browse, cast, opened):
    assert browse(cast.firm_owner).get(f"/situation/{opened()}/{cast.firm.id}/salary").status_code == 404


def test_the_answer_of_last_time_is_shown(browse, cast, opened):
    answered(opened(title="Quý III"), cast.firm.id, "down")
    with write():
        session.scalars(select(SituationRound)).one().opens_on -= timedelta(days=90)
    page = browse(cast.firm_owner, "en").get(f"/situation/{opened()}/{cast.firm.id}/production").text
    assert "Last time you answered: Less" in page


def test_a_round_takes_no_answers_before_and_after_its_days(browse, cast, opened):
    key = opened(0)
    path = f"/situation/{key}/{cast.firm.id}"
    with clock.frozen(clock.now() + timedelta(days=1)):
        late = browse(cast.firm_owner)
        assert late.post(f"{path}/production", data={"trend": "up"}).status_code == 409
    with clock.frozen(clock.now() - timedelta(days=2)):
        assert browse(cast.firm_owner).get(path).status_code == 404


def test_nobody_answers_for_another_firm_or_reads_its_answers(browse, cast, opened):
    key = opened()
    path = f"/situation/{key}/{cast.firm.id}"
    fill(browse(cast.firm_owner), path, words="kanarilo")
    browse(cast.firm_owner).post(path)
    for person, status in ((cast.rival_owner, 403), (cast.bank, 404)):
        other = browse(person)
        assert other.get(path).status_code == status
        assert other.post(f"{path}/production", data={"trend": "up"}).status_code == status
        for page in ("/situation", f"/situation/{key}/results"):
            assert "kanarilo" not in other.get(page).text


def test_an_officer_answers_for_a_firm_that_telephones_and_for_nobody_who_is_no_firm(browse, cast, opened):
    key, officer = opened(), browse(cast.officer)
    path = f"/situation/{key}/{cast.firm.id}"
    assert officer.get(f"{path}/production").status_code == 403
    officer.post(f"/organisations/{cast.firm.id}/act")
    assert fill(officer, path).status_code == 302
    assert officer.post(path).status_code == 302
    session.rollback()
    assert session.scalars(select(SituationAnswer)).one().sent_at is not None
    assert officer.get(f"/situation/{key}/{cast.rival.id}/production").status_code == 403
    officer.post("/acting/stop")
    officer.post(f"/organisations/{cast.bank_organisation.id}/act")
    assert officer.get("/situation").status_code == 403


def test_officers_assign_answer_and_resolve_and_the_firm_reads_it(browse, cast, opened):
    path = f"/situation/{opened()}/{cast.firm.id}"
    firm, officer = browse(cast.firm_owner), browse(cast.officer)
    fill(firm, path, words="Thiếu thợ", request="Xin giới thiệu ngân hàng")
    firm.post(path)
    assert "2 ý kiến của doanh nghiệp" in officer.get("/desk").text
    page = f"/situation/office/cases/{case().id}"
    assert "Xin giới thiệu ngân hàng" in officer.get(page).text
    officer.post(f"{page}/assign", data={"version": case().version, "assignee": str(cast.administrator.id)})
    assert "Xin giới thiệu" in browse(cast.administrator).get("/situation/office?mine=1").text
    assert "Xin giới thiệu" not in officer.get("/situation/office?mine=1").text
    assert officer.post(f"{page}/reply", data={"version": case().version, "reply": ""}).status_code == 422
    officer.post(f"{page}/reply", data={"version": case().version, "reply": "Đã mời ba ngân hàng"})
    stale = officer.post(f"{page}/resolve", data={"version": 1, "outcome": "Cũ"})
    assert stale.status_code == 409
    officer.post(f"{page}/resolve", data={"version": case().version, "outcome": "Vay được 5 tỷ"})
    shown = firm.get("/situation").text
    assert "Đã mời ba ngân hàng" in shown and "Vay được 5 tỷ" in shown
    assert case().state is CaseState.RESOLVED
    mails = session.scalars(select(Mail).where(Mail.kind == "situation.reply")).all()
    assert {m.recipient for m in mails} == {cast.firm_owner.email} and len(mails) == 2
    assert all("ngân hàng" not in m.body for m in mails)  # the words stay on the site


def test_a_changed_word_is_open_again_and_an_emptied_one_goes(browse, cast, opened):
    path = f"/situation/{opened()}/{cast.firm.id}"
    firm, officer = browse(cast.firm_owner), browse(cast.officer)
    fill(firm, path, words="Thiếu thợ", request="Xin vay")
    firm.post(path)
    page = f"/situation/office/cases/{case().id}"
    officer.post(f"{page}/reply", data={"version": case().version, "reply": "Đang xem"})
    firm.post(f"{path}/request", data={"request_text": "Xin vay 5 tỷ"})
    assert (case().state, case().text, case().reply) == (CaseState.OPEN, "Xin vay 5 tỷ", "Đang xem")
    firm.post(f"{path}/difficulties", data={"difficulty_text": ""})
    assert session.query(SituationCase).filter_by(matter=Matter.DIFFICULTY).count() == 0


def test_officers_see_every_group_and_firms_none_of_fewer_than_five(cast, opened, make_firms):
    key = opened()
    for sector, number in {"food": 6, "it": 4, "textile": 5}.items():
        for firm in make_firms(number, sector):
            answered(key, firm, "up" if sector == "food" else "down", ["energy"] if sector == "it" else ["capital"])
    row = session.get(SituationRound, key)
    officer = queries.summary(row, actor_of(cast.officer))
    assert {s.value: t.firms for s, t in officer.sectors.items()} == {"food": 6, "it": 4, "textile": 5}
    assert queries.summary(row, actor_of(cast.firm_owner)).total.said == {}  # one more answer would tell whose it is
    with clock.frozen(clock.now() + timedelta(days=30)):
        firm = queries.summary(row, actor_of(cast.firm_owner))
    assert {s.value for s in firm.sectors} == {"food"} and firm.total.firms == 15
    assert firm.difficulties == {"capital": 11}  # energy was named by four


def test_with_fewer_than_five_answers_firms_see_nothing(browse, cast, opened, make_firms):
    key = opened()
    for firm in make_firms(4, "food"):
        answered(key, firm)
    path = f"/situation/{key}/results"
    assert "still open" in browse(cast.firm_owner, "en").get(path).text
    with clock.frozen(clock.now() + timedelta(days=30)):
        page = browse(cast.firm_owner, "en").get(path).text
    assert "Too few firms" in page and "<progress" not in page


@pytest.fixture
def make_firms(app):
    """`make_firms(3, "food")`: ids of that many new firms of that sector."""

    def make(number, sector):
        with write():
            rows = [Organisation(name_vi=f"Công ty {sector} {n}", sector=sector) for n in range(number)]
            session.add_all(rows)
        return [row.id for row in rows]

    return make


def test_the_report_holds_the_figures_and_every_word(browse, cast, opened):
    key = opened()
    path = f"/situation/{key}/{cast.firm.id}"
    firm = browse(cast.firm_owner)
    fill(firm, path, request="=HYPERLINK(1)")
    firm.post(path)
    data = browse(cast.officer).get(f"/situation/office/rounds/{key}/report.xlsx").data
    figures, cases = load_workbook(io.BytesIO(data)).worksheets
    assert figures.max_row == 3 and figures.cell(3, 2).value == 1
    assert (cases.cell(2, 3).value, cases.cell(2, 3).data_type) == ("=HYPERLINK(1)", "s")


def test_the_page_of_a_round_asks_the_database_as_often_for_one_answer_as_for_many(
    browse, cast, opened, queries, make_firms
):
    key, officer, counts = opened(), browse(cast.officer), []
    for number in (1, 6):
        for firm in make_firms(number, "food"):
            answered(key, firm)
        officer.get(f"/situation/office/rounds/{key}")
        queries.clear()
        officer.get(f"/situation/office/rounds/{key}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_firms_are_told_once_of_a_round_and_the_silent_once_before_it_closes(browse, cast, opened):
    people = [cast.firm_owner, cast.rival_owner, cast.bank]
    key = opened(5)

    def tell(days):
        with clock.frozen(clock.now() + timedelta(days=days)):
            notices.tell_due(clock.now())
            notices.tell_due(clock.now())
        session.rollback()
        return sorted((m.kind.removeprefix("situation."), m.recipient) for m in session.scalars(select(Mail)))

    both = [("opened", person.email) for person in people[:2]]
    assert tell(0) == both
    answered(key, cast.firm.id)
    assert tell(1) == both
    assert tell(2) == [*both, ("reminder", cast.rival_owner.email)]
    assert tell(6) == [*both, ("reminder", cast.rival_owner.email)]


def test_an_officer_opens_a_round_and_is_told_when_it_closes_before_it_opens(browse, cast):
    officer = browse(cast.officer)
    data = {"title_vi": "Quý I/2027", "opens_on": "01/01/2027", "closes_on": "31/12/2026"}
    refused = officer.post("/situation/office/rounds/new", data=data)
    assert refused.status_code == 422 and "Quý I/2027" in refused.text
    officer.post("/situation/office/rounds/new", data={**data, "closes_on": "31/01/2027"})
    assert session.scalars(select(SituationRound)).one().title_vi == "Quý I/2027"
    assert Role.OFFICER in {r.role for r in cast.officer.roles}
