"""The report: figures that follow from rows, a draft for Word in both languages, every row in a spreadsheet."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook

from core import clock
from core.db import session, write
from core.documents import docx
from events.conferences import confirming
from events.conferences.choosing import operations as choosing
from events.conferences.choosing import queries as candidates
from events.conferences.choosing import ranking
from events.conferences.choosing.enums import CandidateState
from events.conferences.day import operations as day
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes.enums import OutcomeKind
from events.conferences.report.figures import figures, rows
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

HOSTILE = "{{ 7*7 }} {%p for x in y %} <w:br/> & \x01 =1+1"


@pytest.fixture
def told(held, cast):  # noqa: F811
    """The conference is over: one decision, one confirmation, one arrival, one meeting reported, one outcome."""
    officer, owner, bank_user = cast.officer, cast.firm_owner, cast.bank
    evening = held.day + timedelta(hours=9)
    ranking.rank(held.conference_id, by=officer)
    with write():
        held.conference.criteria_vi = HOSTILE
        firm, bank = held.participant(held.firm), held.participant(held.partner)
        row = candidates.by_organisation(held.conference)[cast.firm.id]
        choosing.decide([row], CandidateState.CHOSEN, "", by=officer, at=clock.now())
        for one, other, by in ((firm, bank, owner), (bank, firm, bank_user)):
            confirming.answer(one, other, True, by=by, at=clock.now())
        day.check_in(firm, key="0123456789abcdef", by=officer, at=held.day)
        outcomes.report(firm, bank, {"useful": True}, by=owner, at=evening)
        outcomes.report(bank, firm, {"useful": True}, by=bank_user, at=evening)
        what = outcomes.Statement(OutcomeKind.LOAN, date(2026, 11, 23), amount=5_000_000_000, currency="VND")
        outcomes.state_outcome(firm, bank, what, by=owner, at=evening)
    held.evening = evening
    return held


def test_every_figure_follows_from_the_rows(told):
    found = rows(told.conference)
    f = figures(told.conference, found, at=told.evening)
    assert (f.firms, f.partners, f.arrived) == (6, 3, 1)
    assert f.candidates[CandidateState.CHOSEN] == 1
    assert (f.planned, f.confirmed, f.declined) == (len(found.meetings), 1, 0)
    assert (f.held, f.useful, f.useful_to_both) == (1, 1, 1)
    assert f.unanswered == f.begun - 1 > 0
    assert f.outcomes[OutcomeKind.LOAN].amounts == {"VND": 5_000_000_000}


def test_before_the_first_meeting_nothing_is_held_or_missing(held):  # noqa: F811
    f = figures(held.conference, rows(held.conference), at=clock.now())
    assert (f.begun, f.held, f.unanswered) == (0, 0, 0) and f.planned > 0


def words(data):
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_draft_for_the_city_has_the_official_head_and_blank_number_and_date(told, browse, cast):
    with clock.frozen(told.evening):
        data = browse(cast.officer).get(f"/conferences/{told.conference_id}/report.vi.docx").data
    text = words(data)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and "DỰ THẢO" in text and "Nơi nhận:" in text
    assert "Số:         /BC-SCT" in text and text.count("BÁO CÁO") == 1
    assert "(5.000.000.000 đồng)" in text, "sums are written as Vietnamese writes them"
    assert "năm 2026, Sở Công Thương báo cáo" in text and text.count("./.") == 1
    drawn = Document(io.BytesIO(data))
    head = [p for row in drawn.tables[0].rows for cell in row.cells for p in cell.paragraphs if p.text]
    assert len(head) == 6 and not any(p.paragraph_format.left_indent for p in head), "indents break names in two"
    last = [p for p in drawn.paragraphs if p.text][-1]
    assert last.text.endswith("báo cáo./."), "the text ends so, in its last sentence"


def test_the_english_report_is_english_throughout(told, browse, cast):
    with clock.frozen(told.evening):
        text = words(browse(cast.officer).get(f"/conferences/{told.conference_id}/report.en.docx").data)
    assert "REPORT" in text and "Held" in text and "CỘNG HÒA" not in text


def test_what_people_typed_is_never_template_or_markup(told, browse, cast):
    with clock.frozen(told.evening):
        text = words(browse(cast.officer).get(f"/conferences/{told.conference_id}/report.vi.docx").data)
    assert "{{ 7*7 }} {%p for x in y %} <w:br/> &" in text and "49" not in text.split("2. ")[1].split("3. ")[0]


def test_a_template_reaches_nothing_but_its_data():
    with pytest.raises(LookupError):
        docx.render("../../app.py", {})


def test_the_spreadsheet_has_every_row(told, browse, cast):
    with clock.frozen(told.evening):
        data = browse(cast.officer, "en").get(f"/conferences/{told.conference_id}/report.xlsx").data
    book = load_workbook(io.BytesIO(data))
    found = rows(told.conference)
    f = figures(told.conference, found, at=told.evening)
    sizes = {sheet.title: sheet.max_row - 1 for sheet in book.worksheets}
    assert sizes == {
        "Participants": len(found.participants),
        "Candidates": len(found.candidates),
        "Wishes": f.wishes["given"],
        "The meetings": len(found.meetings),
        "Confirmations": len(found.answers),
        "Outcomes": 1,
        "Declined meetings": 0,
    }


def test_the_report_asks_the_database_the_same_number_of_times_for_more_rows(told, browse, cast, queries):
    with clock.frozen(told.evening):
        client, path = browse(cast.officer), f"/conferences/{told.conference_id}/report"
        assert client.get(path).status_code == 200
        session.rollback()
        del queries[:]
        client.get(path)
        assert len(queries) <= 30
