"""Consent: unticked, provable, withdrawn as easily as given, and what asks hears no at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.privacy import cases, consent, queries, texts
from accounts.privacy.enums import CaseKind, CaseState, Channel, Purpose
from accounts.privacy.models import Consent
from core import clock
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict
from tests.conftest import NOON

pytestmark = pytest.mark.one_database

NEWS = Purpose.NEWS


def agree(user, purpose=NEWS, by=None):
    with write():
        return consent.give(user, purpose, shown=1, by=by or user, at=clock.now())


def test_silence_is_no_consent_and_no_box_is_ticked_beforehand(cast, browse):
    assert not any(consent.allowed(cast.firm_owner, purpose) for purpose in Purpose)
    page = browse(cast.firm_owner).get("/account/consents").text
    assert page.count('type="checkbox"') == len(Purpose)
    assert "checked" not in page


def test_a_consent_keeps_who_what_which_text_when_and_how(cast):
    row = agree(cast.firm_owner)
    assert (row.user_id, row.purpose, row.text_version, row.given_at, row.channel, row.given_by_id) == (
        cast.firm_owner.id, NEWS, 1, NOON, Channel.SITE, cast.firm_owner.id,
    )  # fmt: skip
    assert row.text_sha256 == texts.TEXTS[NEWS][0].sha256
    assert queries.who_agreed(NEWS, [cast.firm_owner.id, cast.bank.id]) == {cast.firm_owner.id}
    assert not consent.allowed(cast.firm_owner, Purpose.PHOTOS)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_gives_with_a_tick_and_withdraws_with_a_button(cast, browse, language):
    browser = browse(cast.firm_owner, language)
    refused = browser.post("/account/consents/news/give", data={"news-shown": "1"})
    assert refused.status_code == 422
    assert texts.TEXTS[NEWS][0][language][:40] in refused.text
    browser.post("/account/consents/news/give", data={"news-shown": "1", "news-agree": "y"})
    assert consent.allowed(cast.firm_owner, NEWS)
    assert browser.post("/account/consents/news/withdraw").status_code == 302
    assert not consent.allowed(cast.firm_owner, NEWS)
    assert browser.post("/account/consents/everything/give").status_code == 404


def test_a_withdrawal_stops_at_once_and_the_history_stays(cast):
    agree(cast.firm_owner)
    with clock.frozen(NOON + timedelta(days=3)), write():
        consent.withdraw(cast.firm_owner, NEWS, by=cast.firm_owner, at=clock.now())
    assert not consent.allowed(cast.firm_owner, NEWS)
    agree(cast.firm_owner)
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [row.withdrawn_at for row in rows] == [NOON + timedelta(days=3), None]
    acts = session.scalars(select(AuditLine.act).where(AuditLine.act.startswith("consent")).order_by(AuditLine.id))
    assert list(acts) == ["consent.give", "consent.withdraw", "consent.give"]


def test_giving_and_withdrawing_twice_is_once(cast):
    assert agree(cast.firm_owner).id == agree(cast.firm_owner).id
    for _turn in range(2):
        with write():
            consent.withdraw(cast.firm_owner, NEWS, by=cast.firm_owner, at=clock.now())
    assert len(queries.consents_of(cast.firm_owner.id)) == 1


def test_nobody_agrees_to_a_text_that_he_was_not_shown(cast, monkeypatch):
    agree(cast.firm_owner)
    newer = (*texts.TEXTS[NEWS], texts.ConsentText(vi="Bản mới", en="New wording"))
    monkeypatch.setattr(texts, "TEXTS", {**texts.TEXTS, NEWS: newer})
    with pytest.raises(Conflict), write():
        consent.give(cast.firm_owner, NEWS, shown=1, by=cast.firm_owner, at=clock.now())
    with write():
        consent.give(cast.firm_owner, NEWS, shown=2, by=cast.firm_owner, at=clock.now())
    present, before = queries.consents_of(cast.firm_owner.id)
    assert (present.text_version, before.text_version, before.withdrawn_at) == (2, 1, NOON)


@pytest.mark.parametrize("kind", [CaseKind.RESTRICTION, CaseKind.OBJECTION])
def test_a_restriction_holds_from_the_moment_it_is_asked_for_until_it_is_lifted(cast, kind):
    officer = cast.officer
    agree(cast.firm_owner)
    with write():
        case = cases.file(cast.firm_owner, kind, "Không dùng nữa", by=cast.firm_owner, at=clock.now())
    assert not consent.allowed(cast.firm_owner, NEWS)
    with write():
        cases.close(case, CaseState.DONE, "Đã dừng", by=officer, at=clock.now())
    assert not consent.allowed(cast.firm_owner, NEWS)
    with write():
        cases.lift(case, by=officer, at=clock.now())
    assert consent.allowed(cast.firm_owner, NEWS)


def test_a_locked_account_agrees_to_nothing(cast):
    agree(cast.disabled)
    assert queries.who_agreed(NEWS, [cast.disabled.id]) == set()
