"""Requests: received, answered in time, extended once, done or refused; an alarm when the time runs out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.privacy import attention, cases, rules
from accounts.privacy.enums import CaseKind, CaseState
from core import clock
from core.access import Actor
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict, Invalid
from core.outbox import Mail
from tests.conftest import NOON  # a Sunday

pytestmark = pytest.mark.one_database

OFFICER = frozenset({"officer"})


def ask(user, kind=CaseKind.ACCESS, words=""):
    with write():
        return cases.file(user, kind, words, by=user, at=clock.now())


def mails(kind):
    return session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id)).all()


def test_a_request_has_its_dates_and_the_person_knows_them(cast):
    case = ask(cast.firm_owner)
    assert (case.answer_due, case.done_due) == (date(2026, 11, 25), date(2026, 12, 7))
    (mail,) = mails("privacy.received")
    assert mail.recipient == cast.firm_owner.email
    assert "25/11/2026" in mail.body and "07/12/2026" in mail.body


def test_one_request_of_a_kind_is_open_at_a_time_and_some_need_words(cast):
    ask(cast.firm_owner)
    with pytest.raises(Conflict):
        ask(cast.firm_owner)
    with pytest.raises(Invalid):
        ask(cast.firm_owner, CaseKind.CORRECTION)
    with write():
        cases.take_back(session.scalars(select(cases.DataCase)).one(), by=cast.firm_owner, at=clock.now())
    assert ask(cast.firm_owner).state is CaseState.RECEIVED


def test_the_line_of_a_request_is_told_and_recorded(cast, browse):
    case = ask(cast.firm_owner, CaseKind.CORRECTION, "Tên sai")
    office = browse(cast.officer)
    path = f"/admin/data-requests/{case.id}"
    assert "Tên sai" in office.get(path).text
    assert office.post(f"{path}/answer", data={"answer": ""}).status_code == 422
    assert office.post(f"{path}/answer", data={"answer": "Đang xem xét", "third_parties": "y"}).status_code == 302
    assert office.post(f"{path}/extend", data={"reason": "Chờ hồ sơ gốc"}).status_code == 302
    assert office.post(f"{path}/extend", data={"reason": "Thêm lần nữa"}).status_code == 409
    assert office.post(f"{path}/complete", data={"outcome": "Đã sửa tên"}).status_code == 302
    assert office.post(f"{path}/refuse", data={"outcome": "Thôi"}).status_code == 409
    session.refresh(case)
    assert (case.state, case.outcome, case.handled_by_id) == (CaseState.DONE, "Đã sửa tên", cast.officer.id)
    assert case.done_due == rules.done_due(case.kind, date(2026, 11, 22), third_parties=True, extended=True)
    assert [len(mails(f"privacy.{what}")) for what in ("answered", "extended", "done")] == [1, 1, 1]
    acts = session.scalars(select(AuditLine.act).where(AuditLine.subject == f"data_case:{case.id}"))
    assert list(acts) == [f"data_case.{act}" for act in ("file", "answer", "extend", "done")]


def test_time_that_is_over_is_not_extended(cast):
    officer, case = cast.officer, ask(cast.firm_owner)
    with clock.frozen(NOON + timedelta(days=30)), pytest.raises(Conflict), write():
        cases.extend(case, "Muộn rồi", by=officer, at=clock.now())


def test_nobody_decides_his_own_request(cast, browse):
    case = ask(cast.officer)
    assert browse(cast.officer).get(f"/admin/data-requests/{case.id}").status_code == 403
    assert browse(cast.administrator).get(f"/admin/data-requests/{case.id}").status_code == 200
    assert browse(cast.firm_owner).get(f"/admin/data-requests/{case.id}").status_code == 404


def test_officers_are_alarmed_once_for_each_term_that_runs_out(cast):
    officers = {cast.officer.email, cast.administrator.email}
    case = ask(cast.firm_owner)
    cases.warn_of_late(NOON + timedelta(days=3))  # Wednesday, the day of the answer
    assert mails("privacy.late") == []
    for _turn in range(2):
        cases.warn_of_late(NOON + timedelta(days=4))
    assert {mail.recipient for mail in mails("privacy.late")} == officers
    assert len(mails("privacy.late")) == 2
    with write():
        cases.answer(case, "Muộn, xin lỗi", third_parties=False, by=cast.officer, at=NOON + timedelta(days=4))
    cases.warn_of_late(NOON + timedelta(days=5))
    assert len(mails("privacy.late")) == 2
    cases.warn_of_late(NOON + timedelta(days=16))
    assert len(mails("privacy.late")) == 4
    assert not any(cast.firm_owner.name in mail.body for mail in mails("privacy.late"))


@pytest.mark.parametrize(("days", "begins"), [(0, "Answer request"), (4, "Overdue")])
def test_what_is_open_stands_on_the_officers_screen(cast, days, begins):
    from core.i18n import force_locale

    case = ask(cast.firm_owner)
    with force_locale("en"):
        (entry,) = attention.open_requests(Actor(cast.officer.id, OFFICER), NOON + timedelta(days=days))
    assert (entry.due, entry.label.startswith(begins)) == (case.answer_due, True)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_person_files_follows_and_takes_back_on_his_page(cast, browse, language):
    browser = browse(cast.bank, language)
    assert browser.post("/account/requests", data={"kind": "objection"}).status_code == 422
    assert browser.post("/account/requests", data={"kind": "access"}).status_code == 302
    case = session.scalars(select(cases.DataCase)).one()
    assert f"/account/requests/{case.id}/take-back" in browser.get("/account/requests").text
    assert browse(cast.firm_owner).post(f"/account/requests/{case.id}/take-back").status_code == 404
    assert browser.post(f"/account/requests/{case.id}/take-back").status_code == 302
    assert browser.post(f"/account/requests/{case.id}/take-back").status_code == 409
