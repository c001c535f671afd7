"""What people say on paper or by telephone counts from the day on which it came, and shows how it came."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.models import User
from accounts.privacy import consent, queries
from accounts.privacy.enums import CaseKind, Channel, Purpose, Statement
from accounts.privacy.models import Consent, DataCase, Receipt
from core import clock
from core.audit import AuditLine
from core.db import session, write
from core.outbox import Mail
from tests.conftest import NOON  # a Sunday

pytestmark = pytest.mark.one_database

PATH = "/admin/data-requests/receive"
LAST_WEEK = "16/11/2026"


@pytest.fixture
def enter(cast, browse):
    """An officer's colleague enters something of the firm's owner."""
    office = browse(cast.administrator)

    def send(statement, **values):
        data = {"email": cast.firm_owner.email, "statement": statement, "purpose": "news:1", "text_language": "vi",
                "channel": "paper", "received_on": LAST_WEEK, "taken_by": str(cast.officer.id),
                "reference": "Cặp 12/2026"}  # fmt: skip
        return office.post(PATH, data=data | values)

    return send


def receipts():
    session.rollback()
    return session.scalars(select(Receipt)).all()


def test_a_request_on_paper_is_due_from_the_day_on_which_it_came(cast, browse, enter):
    answer = enter("correction", words="Họ tên thiếu dấu")
    case = session.scalars(select(DataCase)).one()
    assert answer.location == f"/admin/data-requests/{case.id}"
    assert (case.answer_due, case.done_due) == (date(2026, 11, 18), date(2026, 12, 1))
    (receipt,) = receipts()
    assert (receipt.channel, receipt.received_on) == (Channel.PAPER, date(2026, 11, 16))
    assert (receipt.taken_by_id, receipt.entered_by_id) == (cast.officer.id, cast.administrator.id)
    page = browse(cast.officer).get(answer.location).text
    assert "Cặp 12/2026" in page and cast.officer.name in page and "16/11/2026" in page
    assert "bằng văn bản" in browse(cast.firm_owner).get("/account/requests").text
    assert "18/11/2026" in session.scalars(select(Mail)).one().body
    (line,) = session.scalars(select(AuditLine).where(AuditLine.act == "receipt.enter"))
    assert line.detail["received"] == "2026-11-16" and line.detail["taken_by"] == f"user:{cast.officer.id}"


def test_a_consent_and_its_withdrawal_by_telephone_hold_and_the_person_is_told(cast, browse, enter):
    assert enter(Statement.CONSENT).status_code == 302
    assert queries.who_agreed(Purpose.NEWS, [cast.firm_owner.id])
    assert enter(Statement.WITHDRAWAL, channel="phone", received_on="20/11/2026").status_code == 302
    assert not queries.who_agreed(Purpose.NEWS, [cast.firm_owner.id])
    row = session.scalars(select(Consent)).one()
    assert (row.channel, row.withdrawn_channel) == (Channel.PAPER, Channel.PHONE)
    assert [clock.local(at).date().day for at in (row.given_at, row.withdrawn_at)] == [16, 20]
    assert [r.statement for r in receipts()] == [Statement.CONSENT, Statement.WITHDRAWAL]
    page = browse(cast.firm_owner).get("/account/consents").text
    assert "16/11/2026" in page and "qua điện thoại" in page
    assert [m.recipient for m in session.scalars(select(Mail))] == [cast.firm_owner.email] * 2


def test_a_person_without_an_account_gets_one_with_what_was_entered(cast, browse, enter):
    address = "khach@trienlam.example"
    refused = enter(Statement.CONSENT, email=address)
    assert refused.status_code == 422 and "Cặp 12/2026" in refused.text
    assert enter(Statement.WITHDRAWAL, email=address, name="Khách Thí Dụ").status_code == 422
    assert enter(Statement.CONSENT, email=address, name="Khách Thí Dụ").status_code == 302
    session.rollback()
    person = session.scalars(select(User).where(User.email == address)).one()
    assert (person.name, person.roles, person.email_verified_at) == ("Khách Thí Dụ", [], None)
    assert queries.who_agreed(Purpose.NEWS, [person.id])
    mails = {m.kind: m for m in session.scalars(select(Mail))}
    assert set(mails) == {"account.welcome", "privacy.consent"} and mails["account.welcome"].sensitive
    assert enter(CaseKind.ACCESS.value, email=address).status_code == 302  # known from now on


def test_what_the_person_did_since_stands(cast, enter):
    owner = cast.firm_owner
    with clock.frozen(NOON - timedelta(days=2)), write():
        consent.give(owner, Purpose.NEWS, shown=1, by=owner, at=clock.now())
    assert enter(Statement.WITHDRAWAL).status_code == 409  # older than the consent
    with clock.frozen(NOON - timedelta(days=1)), write():
        consent.withdraw(owner, Purpose.NEWS, by=owner, at=clock.now())
    assert enter(Statement.CONSENT).status_code == 409  # older than the withdrawal
    assert enter(Statement.WITHDRAWAL, received_on="22/11/2026").status_code == 409  # nothing to withdraw
    assert receipts() == []


@pytest.mark.parametrize(
    "values",
    [
        {"email": "khong@co.example"}, {"received_on": "23/11/2026"}, {"received_on": "16/11/2020"},
        {"taken_by": "0"}, {"channel": "site"}, {"statement": CaseKind.CORRECTION.value, "words": " "},
        {"purpose": "news:9"}, {"received_on": ""},
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_what_was_typed_stays(enter, values):
    answer = enter(values.pop("statement", Statement.CONSENT), **values)
    assert answer.status_code == 422 and "Cặp 12/2026" in answer.text
    assert receipts() == []


def test_nobody_enters_what_he_says_himself(cast, enter):
    assert enter(Statement.CONSENT, email=cast.administrator.email).status_code == 403
    assert receipts() == []
