"""Reads of figures and contacts by others leave a line; one's own, and those that show nothing, leave none."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from companies.records import YearlyFigures
from core.audit import AuditLine
from core.db import session, write

pytestmark = pytest.mark.one_database


@pytest.fixture
def firm(cast):
    firm, _rival = cast.firm, cast.rival
    with write():
        firm.phone = "+842438254567"
        session.add(YearlyFigures(organisation_id=firm.id, year=2025, revenue_vnd=8_000_000_000))
    return firm


def lines():
    found = select(AuditLine).where(AuditLine.act.in_(("organisation.read", "organisation.export")))
    return [
        (line.act, line.actor, line.subject, line.detail) for line in session.scalars(found.order_by(AuditLine.id))
    ]


def test_an_officer_who_reads_figures_and_contacts_leaves_a_line(cast, browse, firm):
    officer = browse(cast.officer)
    officer.get(f"/organisations/{firm.id}")
    officer.get(f"/organisations/{cast.rival.id}")  # has neither
    who, columns = f"user:{cast.officer.id}", {"columns": ["revenue_vnd", "phone"]}
    assert lines() == [("organisation.read", who, f"organisation:{firm.id}", columns)]


@pytest.mark.parametrize("reader", ["firm_owner", "rival_owner", "bank", None])
def test_who_reads_his_own_or_sees_none_leaves_no_line(cast, browse, firm, reader):
    assert browse(reader and getattr(cast, reader)).get(f"/organisations/{firm.id}").status_code == 200
    assert lines() == []


def test_a_page_of_editing_counts_by_what_it_shows(cast, browse, firm):
    officer = browse(cast.officer)
    for page in ("edit/names", "edit/contact", "figures"):
        assert officer.get(f"/organisations/{firm.id}/{page}").status_code == 200
    assert [detail["columns"] for _act, _who, _subject, detail in lines()] == [["phone"], ["revenue_vnd"]]


def test_a_file_names_the_columns_and_the_organisations_in_one_line(cast, browse, firm):
    browse(cast.officer).get("/organisations.xlsx")
    browse(cast.rival_owner).get("/organisations.xlsx")
    browse().get("/organisations.xlsx")
    taken = {"columns": ["phone", "revenue_vnd"], "organisations": [firm.id]}
    assert lines() == [("organisation.export", f"user:{cast.officer.id}", "organisation:*", taken)]
