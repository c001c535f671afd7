"""The week's news by mail: to those who agreed, once a week, nearest sectors first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.privacy import consent
from accounts.privacy.enums import Purpose
from companies.enums import Sector
from core import clock
from core.db import session, write
from core.outbox import Mail
from portal.news import digest
from portal.news.enums import NewsKind
from portal.news.models import NewsItem, NewsSector
from tests.conftest import NOON  # Sunday, the last day of a week

pytestmark = pytest.mark.one_database

MONDAY = NOON + timedelta(days=1)


@pytest.fixture
def items(cast):
    firm, bank = cast.firm_owner, cast.bank
    with write():
        cast.firm.sector = Sector.MECHANICAL
        for title, sectors, published in (
            ("Máy dệt", [Sector.TEXTILE], NOON),
            ("Máy CNC", [Sector.MECHANICAL], NOON - timedelta(days=1)),
            ("Tuần trước nữa", [], NOON - timedelta(days=8)),
            ("Bản thảo", [], None),
        ):
            rows = [NewsSector(sector=sector) for sector in sectors]
            kind = next(iter(NewsKind))
            session.add(
                NewsItem(kind=kind, title_vi=title, sector_rows=rows, published_at=published, created_at=NOON)
            )
    return firm, bank


def agree(user):
    with write():
        consent.give(user, Purpose.NEWS, shown=1, by=user, at=clock.now())


def mails():
    return session.scalars(select(Mail).where(Mail.kind == "news.week").order_by(Mail.id)).all()


def test_only_who_agreed_gets_it_and_once_a_week(items):
    firm, _bank = items
    digest.send(MONDAY)
    assert mails() == []
    agree(firm)
    for hours in (0, 24, 6 * 24):
        digest.send(MONDAY + timedelta(hours=hours))
    (mail,) = mails()
    assert mail.recipient == firm.email
    assert mail.body.index("Máy CNC") < mail.body.index("Máy dệt"), "his sector first"
    assert "Tuần trước nữa" not in mail.body and "Bản thảo" not in mail.body
    assert "/account/consents" in mail.body


def test_who_withdrew_gets_none_and_a_week_without_news_brings_none(items):
    firm, bank = items
    agree(firm)
    agree(bank)
    with write():
        consent.withdraw(firm, Purpose.NEWS, by=firm, at=clock.now())
    digest.send(MONDAY)
    assert [mail.recipient for mail in mails()] == [bank.email]
    digest.send(MONDAY + timedelta(days=7))
    assert len(mails()) == 1


def test_a_mail_that_waits_is_not_sent_after_a_withdrawal(items):
    firm, bank = items
    agree(firm)
    agree(bank)
    digest.send(MONDAY)
    with write():
        consent.withdraw(firm, Purpose.NEWS, by=firm, at=clock.now())
    assert {mail.recipient: mail.state for mail in mails()} == {firm.email: "failed", bank.email: "waiting"}
