"""Officers state how long titles hold, with the regulation; every status, list and interface follows at once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from companies import directory, operations, title_terms
from companies.directory import Filters
from companies.enums import Recognition
from companies.introducing import recognised
from companies.title_terms import TitleTerm
from core import clock
from core.audit import AuditLine
from core.db import session, write

PATH = "/organisations/title-terms"
SOURCE = "Quyết định 12/2026/QĐ-UBND, Điều 7"
TODAY = date(2026, 11, 22)


@pytest.fixture
def titles(cast):
    """A title of 2023 that holds by the usual term until the end of 2026, one of 2024, and one with a date."""
    firm = cast.firm
    with write():
        for year, until in ((2023, None), (2024, None), (2025, date(2026, 12, 1))):
            operations.record_award(
                organisation=firm, product_vi=f"Khuôn {year}", year=year, valid_until=until, by="test",
                at=clock.now(),
            )  # fmt: skip


def state(client, since, months, source=SOURCE):
    return client.post(PATH, data={"since": since, "months": months, "source": source})


def valid_in_open_data(browse):
    rows = browse().get("/open-data/recognised-products.json").json["data"]
    return {row["year"] for row in rows if row["valid"]}


def listed(status):
    session.rollback()
    return directory.find(Filters(recognition=status), on=TODAY).ids


def test_a_stated_term_changes_what_holds_everywhere_at_once(cast, titles, browse):
    officer = browse(cast.officer)
    assert {row.year for row in recognised.titles(on=TODAY)} == {2023, 2024, 2025}
    answer = state(officer, 2024, 12)  # titles of 2024 ended with 2025, those of 2023 still hold
    assert "2 danh hiệu" in officer.get(answer.location).text and SOURCE in officer.get(PATH).text
    assert {row.year for row in recognised.titles(on=TODAY)} == {2023, 2025}
    assert valid_in_open_data(browse) == {2023, 2025}
    state(officer, 2000, 12)
    assert listed(Recognition.RECOGNISED) == [cast.firm.id]  # by the date of its decision
    state(officer, 2025, 1)
    with write():
        next(award for award in cast.firm.awards if award.year == 2025).valid_until = None
    assert listed(Recognition.RECOGNISED) == [] and listed(Recognition.LAPSED) == [cast.firm.id]
    officer.post(f"{PATH}/2000/remove")
    assert listed(Recognition.RECOGNISED) == [cast.firm.id]
    acts = session.scalars(
        select(AuditLine.act).where(AuditLine.act.startswith("title_term")).order_by(AuditLine.id)
    ).all()
    assert acts == ["title_term.state"] * 3 + ["title_term.remove"]


def test_a_term_is_stated_anew_for_its_year_and_needs_a_regulation(cast, browse):
    officer = browse(cast.officer)
    state(officer, 2026, 24)
    state(officer, 2026, 30, "Quyết định khác")
    row = session.scalars(select(TitleTerm)).one()
    assert (row.months, row.source, row.by_id) == (30, "Quyết định khác", cast.officer.id)
    for refused in (state(officer, 2026, 0), state(officer, 1990, 24), state(officer, 2027, 24, " ")):
        assert refused.status_code == 422
    assert officer.post(f"{PATH}/2031/remove").status_code == 409
    assert browse(cast.firm_owner).get(PATH).status_code == 403
    assert {(term.since, term.months) for term in title_terms.present()} == {(2000, 36), (2026, 30)}
