"""Incidents: 72 hours from the moment a breach is noticed, and everybody whose rows lie in its tables and period."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from accounts.privacy import attention, incidents
from accounts.privacy.models import Incident
from core import clock, outbox
from core.access import Actor
from core.db import session, write
from core.errors import Conflict
from tests.conftest import NOON

DAY = timedelta(days=1)


@pytest.fixture
def breach(cast):
    """The outbox was read by a stranger for a day; mail to the bank lies within, to the firm before."""
    by, firm, bank, _other = cast.administrator, cast.firm_owner, cast.bank, cast.supplier
    with write():
        outbox.enqueue("test", firm.email, "Trước", "…", at=NOON - 3 * DAY)
        outbox.enqueue("test", bank.email.upper().replace("CAST.EXAMPLE", "cast.example"), "Trong", "…", at=NOON)
        return incidents.record(
            title="Người lạ đọc thư", words="…", noticed_at=NOON, names=["mail"], since=NOON - DAY, until=NOON, by=by,
            at=NOON,
        )  # fmt: skip


def test_those_affected_are_found_by_tables_and_period(breach, cast):
    assert [(a.user.id, a.tables) for a in incidents.affected(breach)] == [(cast.bank.id, ["mail"])]
    with write():
        breach.since = breach.until = None
        breach.tables = ["mail", "membership"]
    found = {a.user.id: a.tables for a in incidents.affected(breach)}
    assert found == {
        cast.bank.id: ["mail", "membership"],
        cast.firm_owner.id: ["mail", "membership"],
        cast.supplier.id: ["membership"],
    }


@pytest.mark.parametrize(("hours", "words"), [(0, "72 hours are left"), (71, "1 hour is left"), (73, "Overdue")])
def test_the_page_counts_down(breach, cast, browse, hours, words):
    with clock.frozen(NOON + timedelta(hours=hours)):
        page = browse(cast.administrator, "en").get(f"/admin/incidents/{breach.id}").text
    assert words in page and cast.bank.email in page and cast.firm_owner.email not in page


def test_it_stands_on_the_screen_until_it_is_reported_once(breach, cast, browse):
    reader = Actor(cast.administrator.id, frozenset({"administrator"}))
    (entry,) = attention.unreported(reader, NOON)
    assert entry.due == clock.local(NOON + 3 * DAY).date()
    path = f"/admin/incidents/{breach.id}"
    admin = browse(cast.administrator)
    assert admin.post(f"{path}/report", data={"measures": ""}).status_code == 422
    assert admin.post(f"{path}/report", data={"measures": "Đã báo Cục A05"}).status_code == 302
    assert list(attention.unreported(reader, NOON)) == []
    with pytest.raises(Conflict), write():
        incidents.report(session.scalars(select(Incident)).one(), "Lần nữa", by=reader.user_id, at=NOON)


def test_an_administrator_records_one_and_takes_the_list_along(cast, browse):
    admin, _bank = browse(cast.administrator), cast.bank
    form = {"title": "Mất máy", "words": "Máy tính bị mất", "noticed_at": "2026-11-22T08:00", "tables": ["user"]}
    assert admin.post("/admin/incidents/new", data={**form, "noticed_at": "2026-11-23T08:00"}).status_code == 422
    made = admin.post("/admin/incidents/new", data=form)
    assert made.status_code == 302
    book = load_workbook(io.BytesIO(admin.get(f"{made.location}/affected.xlsx").data))
    emails = {row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    assert emails == {cast.administrator.email, cast.bank.email}
    assert browse(cast.officer).get("/admin/incidents").status_code == 403
