"""Lists as spreadsheets: what a reader may not see is not in the file; long ones wait their turn."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from companies import operations
from companies.models import Award, Product
from core import clock, downloads, task_runner
from core.audit import AuditLine
from core.db import session, write
from core.downloads import Download
from core.tasks import Task

LISTS = (
    "organisations",
    "organisations/products",
    "organisations/awards",
    "organisations/review",
    "organisations/members",
)


@pytest.fixture
def filled(cast):
    """Two firms with people, figures, a product and a title."""
    owner, rival = cast.firm_owner, cast.rival_owner
    with write():
        cast.firm.email, cast.rival.email = "zqmail@firm.example", "zqmail@rival.example"
        for firm in (cast.firm, cast.rival):
            operations.state_figures(firm, 2025, {"revenue_vnd": 987654321}, by=None, at=clock.now())
            session.add(Product(organisation_id=firm.id, name_vi=f"=SUM({firm.id})", hs="8483"))
        session.add(Award(organisation_id=cast.firm.id, winner_name=cast.firm.name, product_vi="Trục", year=2025))
    return owner, rival


def cells(data):
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).active.iter_rows()]


def words(data):
    return {str(cell) for row in cells(data) for cell in row if cell is not None}


def test_each_reader_gets_what_he_may_see(cast, browse, filled):
    nobody, owner, officer = browse(), browse(filled[0]), browse(cast.officer)
    public = words(nobody.get("/organisations.xlsx").data)
    assert {"zqmail@firm.example", "987654321"}.isdisjoint(public) and cast.firm.name in public
    own = words(owner.get("/organisations.xlsx").data)
    assert "zqmail@firm.example" in own and "zqmail@rival.example" not in own
    assert {"zqmail@firm.example", "zqmail@rival.example", "987654321"} <= words(
        officer.get("/organisations.xlsx").data
    )
    for name in LISTS[1:3]:
        assert "zqmail@firm.example" not in words(nobody.get(f"/{name}.xlsx").data)
    for name in LISTS[3:]:
        assert nobody.get(f"/{name}.xlsx").status_code == 302
        assert owner.get(f"/{name}.xlsx").status_code == 403
        assert officer.get(f"/{name}.xlsx").status_code == 200
    assert filled[1].email in words(officer.get("/organisations/members.xlsx").data)
    assert "list:members" in set(session.scalars(select(AuditLine.subject)))


def test_a_list_is_narrowed_as_the_page_is(cast, browse, filled):
    client = browse(cast.officer)
    assert cast.rival.name not in words(client.get("/organisations.xlsx?status=recognised").data)
    assert "2025" not in words(client.get("/organisations/awards.xlsx?year=2019").data)
    assert words(client.get("/organisations/review.xlsx?q=Đối+Thủ").data) & {cast.rival.name, cast.firm.name} == {
        cast.rival.name
    }


def test_text_like_a_formula_stays_text(cast, browse, filled):
    sheet = load_workbook(io.BytesIO(browse().get("/organisations/products.xlsx").data)).active
    assert {c.data_type for row in sheet.iter_rows() for c in row if str(c.value).startswith("=")} == {"s"}


def test_a_long_list_is_written_by_a_task_for_its_reader_alone(cast, browse, filled, monkeypatch):
    monkeypatch.setattr("core.downloads.AT_ONCE", 1)
    owner, other = browse(filled[0]), browse(filled[1])
    asking = owner.get("/organisations.xlsx?q=minh").location
    assert asking is None or "/downloads/new" in asking
    asking = owner.get("/organisations.xlsx").location
    assert owner.get(asking).status_code == 200
    assert "/tasks/" in owner.post(asking).location
    task_runner.run_waiting()
    row = session.scalars(select(Download)).one()
    assert session.get(Task, row.task_id).result["url"] == f"/downloads/{row.id}"
    found = words(owner.get(f"/downloads/{row.id}").data)
    assert "zqmail@firm.example" in found and "zqmail@rival.example" not in found
    assert other.get(f"/downloads/{row.id}").status_code == 404
    assert browse().get("/organisations.xlsx").location.startswith("/downloads/new")
    assert owner.get("/downloads/new?listing=members").status_code == 403
    assert owner.get("/downloads/new?listing=nothing").status_code == 404


def test_rights_count_at_the_moment_of_writing(cast, browse, filled, monkeypatch):
    monkeypatch.setattr("core.downloads.AT_ONCE", 0)
    client = browse(cast.officer)
    client.post("/downloads/new?listing=members")
    with write():
        cast.officer.disabled_at = clock.now()
    task_runner.run_waiting()
    assert session.scalars(select(Download)).one().file_id is None


def test_many_long_lists_wait_and_are_limited(cast, browse, filled):
    """H65"""
    client = browse(cast.officer)
    answers = [client.post(f"/downloads/new?listing=awards&year={2000 + n}").status_code for n in range(20)]
    assert answers == [302] * downloads.OPEN_EACH + [429] * (20 - downloads.OPEN_EACH)
    assert client.post("/downloads/new?listing=awards&year=2000").status_code == 302, "the same again is the same"
    assert len(session.scalars(select(Download)).all()) == downloads.OPEN_EACH
    for turn in range(40):
        task_runner.run_waiting()
        answers.append(client.post(f"/downloads/new?listing=awards&year={3000 + turn}").status_code)
    assert len(session.scalars(select(Download)).all()) == downloads.A_DAY_EACH
    assert answers[-1] == 429


def test_a_list_of_three_costs_as_many_queries_as_one_of_one(cast, browse, filled, queries):
    client, seen = browse(cast.officer), []
    for _turn in range(2):
        queries.clear()
        client.get("/organisations.xlsx")
        seen.append(len(queries))
        assert cast.bank_organisation.id
    assert seen[0] == seen[1]
