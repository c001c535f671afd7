"""Past conferences from a spreadsheet: faults by cell, preview, taken over, known to the history, deleted."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from companies.enums import Kind
from core import clock
from core.db import session
from core.task_runner import run_waiting
from events.conferences import history
from events.conferences.outcomes.enums import Label
from events.conferences.past import importing, operations
from events.conferences.past.models import PastList, PastMeeting

HEAD = ["firm", "partner", "day", "title", "outcome"]


def workbook(*rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (HEAD, *rows):
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


@pytest.fixture
def rows(cast):
    """The firm met the bank twice, named by codes and by names without marks."""
    _both = cast.firm, cast.bank_organisation, cast.rival
    return [
        ["0090000019", "0090000033", "15/10/2024", "Hội nghị ngân hàng 2024", "agreed"],
        ["cong ty cp co khi minh hoa 01", "Ngân hàng TMCP Thí Dụ", date(2025, 9, 1), "Hội nghị 2025", "Theo dõi"],
    ]


def post(client, data):
    return client.post("/conferences/past", data={"file": (io.BytesIO(data), "cũ.xlsx")})


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ([Kind.FIRM], Kind.FIRM),
        ([], Kind.FIRM),
        ([Kind.FDI, Kind.FIRM], Kind.FDI),
        ([Kind.BANK, Kind.AGENCY], Kind.BANK),
    ],
)
def test_a_partner_came_as_the_first_of_its_partner_kinds(kinds, kind):
    assert operations.came_as(kinds) is kind


def test_faults_are_told_by_cell(cast, rows):
    wrong = [
        ["Không có ai", "0090000033", "15/10/2024", "Hội nghị", None],
        ["0090000019", "0090000019", "15/10/2024", "Hội nghị", None],
        ["0090000019", "0090000033", "31/12/2030", "Hội nghị", None],
        ["0090000019", "0090000033", "15/10/2024", None, None],
        ["0090000019", "0090000033", "ngày nào đó", "Hội nghị", "tuyệt vời"],
        rows[0],
    ]
    found = importing.read(workbook(rows[0], *wrong), today=clock.today())
    assert [fault.cell for fault in found.faults] == ["D6", "C7", "E7", "A3", "B4", "C5", "A8"]


def test_a_list_is_looked_at_then_taken_over_once_and_then_known(cast, rows, browse):
    firm, bank, officer = cast.firm.id, cast.bank_organisation.id, browse(cast.officer)
    rows[1][4] = None
    here = post(officer, workbook(*rows)).headers["Location"]
    page = officer.get(here).text
    assert "Hội nghị ngân hàng 2024" in page and session.scalars(select(PastMeeting)).all() == []
    assert officer.post(f"{here}/take-over").status_code == 302
    found = session.scalars(select(PastMeeting).order_by(PastMeeting.on)).all()
    assert [(m.firm_id, m.partner_id, m.kind, m.label) for m in found] == [
        (firm, bank, Kind.BANK, Label.AGREED), (firm, bank, Kind.BANK, None),
    ]  # fmt: skip
    assert history.met_with(bank, at=clock.now()) == {firm: date(2025, 9, 1)}
    assert history.met_with(cast.rival.id, at=clock.now()) == {}
    assert officer.post(f"{here}/take-over").status_code == 409
    again = post(officer, workbook(*rows)).headers["Location"]
    officer.post(f"{again}/take-over")
    assert len(session.scalars(select(PastMeeting)).all()) == 2  # what is known stays as it is
    assert "Hội nghị 2025" in officer.get(here).text
    officer.post(f"{here}/delete")
    assert session.scalars(select(PastMeeting)).all() == [] and history.met_with(bank, at=clock.now()) == {}


def test_a_list_with_faults_is_shown_with_its_cells_and_cannot_be_taken_over(cast, rows, browse):
    officer = browse(cast.officer)
    rows[0][0] = "Không có ai"
    rows[1][4] = None
    here = post(officer, workbook(*rows)).headers["Location"]
    page = officer.get(here).text
    assert "A2" in page and "Không có ai" in page and "take-over" not in page
    assert officer.post(f"{here}/take-over").status_code == 409
    assert session.scalars(select(PastList.applied_at)).all() == [None]
    assert post(officer, b"a,b\n1,2\n").status_code == 422


def test_a_long_list_is_looked_at_and_taken_over_by_tasks_and_comes_back_with_its_faults(
    cast, rows, browse, monkeypatch
):
    firm, bank, officer = "0090000019", "0090000033", browse(cast.officer)
    monkeypatch.setattr(operations, "SHORT", 0)
    wrong = [[firm, bank, "15/10/2024", "Hội nghị", None], ["Không có ai", bank, "16/10/2024", "Hội nghị", None]]
    assert "/tasks/" in post(officer, workbook(*wrong)).headers["Location"]
    run_waiting()
    row = session.scalars(select(PastList)).one()
    here = f"/conferences/past/{row.id}"
    page = officer.get(here).text
    assert "A3" in page and "Không có ai" in page and f"{here}/faults.xlsx" in page and "take-over" not in page
    report = officer.get(f"{here}/faults.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(report)).active
    assert "Không có ai" in sheet["F3"].value and sheet["F2"].value is None and sheet["A3"].comment is not None
    assert browse(cast.bank).get(f"{here}/faults.xlsx").status_code == 404
    sheet["A3"] = firm
    mended = io.BytesIO()
    sheet.parent.save(mended)
    post(officer, mended.getvalue())  # the mended report is the next upload
    run_waiting()
    here = f"/conferences/past/{session.scalars(select(PastList.id).order_by(PastList.id.desc())).first()}"
    assert "/tasks/" in officer.post(f"{here}/take-over").headers["Location"]
    assert session.scalars(select(PastMeeting)).all() == []
    run_waiting()
    session.rollback()
    assert [m.on.day for m in session.scalars(select(PastMeeting).order_by(PastMeeting.on))] == [15, 16]
    empty, out = openpyxl.Workbook(), io.BytesIO()
    empty.active.append(["nothing", "of", "ours"])
    empty.save(out)
    post(officer, out.getvalue())
    run_waiting()
    last = session.scalars(select(PastList).order_by(PastList.id.desc())).first()
    assert "Không trang tính nào" in officer.get(f"/conferences/past/{last.id}").text


def test_only_officers_see_lists_of_past_meetings(cast, rows, browse):
    here = post(browse(cast.officer), workbook(rows[0])).headers["Location"]
    assert browse(cast.bank).get(here).status_code == 404
    assert browse(cast.bank).get("/conferences/past").status_code == 403
