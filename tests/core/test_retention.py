"""How long rows stay: each table's rule, carried out by the job; what is due is read off the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts.models import FailedSignIn, SignIn, Token
from accounts.privacy.enums import CaseKind, CaseState, Channel, Purpose
from accounts.privacy.models import Consent, DataCase
from core import files, retention
from core.db import session, write
from core.lease import JobRun
from jobs import upkeep
from tests.conftest import NOON

DAY = timedelta(days=1)


def sign_in(user):
    return SignIn(key_hash="a" * 64, user_id=user.id, created_at=NOON, seen_at=NOON)


def failure(user):
    return FailedSignIn(account_hash="a" * 64, place_hash="b" * 64, at=NOON)


def link(user):
    return Token(purpose="test", key_hash="a" * 64, user_id=user.id, created_at=NOON, expires_at=NOON)


def consent(user):
    return Consent(
        user_id=user.id, purpose=Purpose.NEWS, text_version=1, text_sha256="a" * 64, language="vi", given_at=NOON,
        channel=Channel.SITE, withdrawn_at=NOON,
    )  # fmt: skip


def request(user):
    return DataCase(
        user_id=user.id, kind=CaseKind.ACCESS, state=CaseState.DONE, received_at=NOON, closed_at=NOON,
        answer_due=NOON.date(), done_due=NOON.date(),
    )  # fmt: skip


def line_of_ledger(user):
    return JobRun(name="x", period_key="y", holder="z", started_at=NOON, finished_at=NOON)


def unused_file(user):
    return files.StoredFile(key="ab", name="x", media_type="x", size=1, sha256="c" * 64, created_at=NOON)


def purge(at):
    for _table, rule in retention.rules():
        with write():
            rule(at)


def count(model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(
    ("make", "days"),
    [
        (sign_in, 400), (failure, 1), (link, 30), (consent, 5 * 365), (request, 5 * 365), (line_of_ledger, 400),
        (unused_file, 1),
    ],
)  # fmt: skip
def test_a_row_stays_its_time_and_not_longer(cast, make, days):
    row = make(cast.bank)
    with write():
        session.add(row)
    model = type(row)
    purge(NOON + days * DAY)
    assert count(model) == 1
    purge(NOON + days * DAY + timedelta(seconds=1))
    assert count(model) == 0


def test_what_is_in_force_has_no_end(cast):
    present = consent(cast.bank)
    present.withdrawn_at = None
    with write():
        session.add(present)
    purge(NOON + 10_000 * DAY)
    assert count(Consent) == 1


def test_a_purge_that_was_missed_is_made_up_for(cast):
    row = sign_in(cast.bank)
    with write():
        session.add(row)
    upkeep.purge(NOON + 3_000 * DAY)
    assert count(SignIn) == 0
