"""Consents and requests about personal data of the demo's invented people."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import queries
from accounts.models import User
from accounts.privacy import cases, consent, receiving
from accounts.privacy.enums import CaseKind, Channel, Purpose
from core import clock


def load(*, by: User, at: datetime) -> None:
    """A consent, a request that is overdue, and one that came today."""
    emails = ("chu@cokhi01.example", "giamdoc@chinhxac03.example", "xuatkhau@cokhi01.example")
    first, second, third = (_person(email) for email in emails)
    first.phone = "+84243000111"
    for purpose in (Purpose.NEWS, Purpose.PHONE):
        consent.give(first, purpose, shown=1, by=first, at=at - timedelta(days=30))
    cases.file(second, CaseKind.CORRECTION, "Họ tên của tôi thiếu dấu.", by=second, at=at - timedelta(days=9))
    waiting = cases.file(third, CaseKind.ACCESS, "", by=third, at=at - timedelta(days=3))
    cases.answer(
        waiting, "Bạn có thể tải toàn bộ dữ liệu ở trang Dữ liệu của tôi.", third_parties=False, by=by, at=at
    )
    by_phone = receiving.Arrival(Channel.PHONE, clock.local(at - timedelta(days=2)).date(), taken_by=by)
    receiving.take_withdrawal(first, Purpose.PHONE, arrival=by_phone, by=by, at=at)
    cases.file(third, CaseKind.OBJECTION, "Không dùng ảnh của tôi ở hội chợ.", by=first, at=at)


def _person(email: str) -> User:
    user = queries.by_email(email)
    assert user is not None  # one of the demo's accounts
    return user
