"""The year's picture: wished, planned, held, useful, followed up and outcomes, by kind of partner."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from companies.enums import Kind
from core import clock
from core.db import session, write
from events.conferences import operations
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Meeting, TimetableVersion
from events.conferences.outcomes.enums import Label, OutcomeKind
from events.conferences.outcomes.models import MeetingReport, Outcome
from events.conferences.past.models import PastList, PastMeeting
from events.conferences.year.figures import lines, rows, years


@pytest.fixture
def told(small, cast):
    """Two wishes, a published timetable, one meeting reported and with an outcome by both sides; one imported."""
    at, officer = clock.now(), cast.officer
    with write():
        for one, other in ((small.firms[0], small.partners[0]), (small.partners[0], small.firms[0])):
            operations.wish(small.participant(one), small.participant(other), Wish.YES, by=officer, at=at)
        operations.wish(small.participant(small.firms[1]), small.participant(small.partners[0]), Wish.NO,
                        by=officer, at=at)  # fmt: skip
    with write():
        slots, tables = small.conference.slots, small.conference.tables
        version = TimetableVersion(
            conference_id=small.conference_id, number=1, state=VersionState.PUBLISHED, made_at=at
        )
        version.meetings = [
            Meeting(firm_id=small.firms[n], partner_id=small.partners[n], slot_id=slots[0].id, table_id=tables[n].id)
            for n in range(2)
        ]
        past = PastList(name="x", at=at, applied_at=at)
        session.add_all([version, past])
        session.flush()
        pair = small.firms[0], small.partners[0]
        for one, other, useful in ((*pair, True), (*reversed(pair), False)):
            who = {"conference_id": small.conference_id, "participant_id": one, "other_id": other}
            session.add(MeetingReport(**who, held=True, useful=useful, label=Label.NEGOTIATING, at=at))
            session.add(Outcome(**who, kind=OutcomeKind.MOU, on=at.date(), stated_at=at))
        firm, bank = (small.participant(key).organisation_id for key in pair)
        session.add(
            PastMeeting(
                list_id=past.id, firm_id=firm, partner_id=bank, kind=Kind.FDI, title="Cũ", on=date(2026, 3, 1)
            )
        )
    return small


def test_each_kind_of_partner_has_its_figures_and_all_stand_in_the_last_line(told):
    bank, fdi, supplier, every = lines(rows(2026))
    assert (bank.kind, fdi.kind, supplier.kind, every.kind) == (Kind.BANK, Kind.FDI, Kind.TECHNOLOGY_SUPPLIER, None)
    assert (bank.wished, bank.held, bank.useful, bank.followed_up, bank.outcomes) == (1, 1, 1, 1, 1)
    assert (fdi.planned, fdi.held, fdi.imported, fdi.followed_up) == (1, 1, 1, 0)
    assert (bank.planned, supplier.planned, supplier.held, supplier.outcomes) == (1, 1, 0, 0)
    assert (every.conferences, every.firms, every.partners) == (2, 6, 3)
    assert (every.planned, every.held, every.imported) == (3, 2, 1)


def test_another_year_is_empty_and_says_what_to_do(told, cast, browse):
    assert years() == [2026] and [line.planned for line in lines(rows(2025))] == [0]
    officer = browse(cast.officer, "en")
    assert "No conference in this year" in officer.get("/conferences/year?year=2025").text
    assert "Followed up" in officer.get("/conferences/year").text
    assert browse(cast.bank).get("/conferences/year").status_code == 403


def test_the_spreadsheet_holds_the_figures_and_the_rows_behind_them(told, cast, browse):
    book = openpyxl.load_workbook(io.BytesIO(browse(cast.officer, "en").get("/conferences/year.xlsx").data))
    assert book.sheetnames == ["2026", "The meetings", "Outcomes", "Past meetings"]
    assert [row[0] for row in book["2026"].values] == [
        "Kind of partner", "Bank", "FDI firm", "Technology supplier", "All kinds",
    ]  # fmt: skip
    assert [book[name].max_row for name in ("Outcomes", "Past meetings")] == [3, 2]


def test_the_picture_asks_no_more_for_more(told, cast, browse, queries):
    officer, counted = browse(cast.officer), []
    for meetings in (2, 1):
        with write():
            if meetings == 1:
                session.delete(session.scalars(select(Meeting).where(Meeting.firm_id == told.firms[1])).one())
                session.delete(session.scalars(select(MeetingReport).limit(1)).one())
        officer.get("/conferences/year")
        del queries[:]
        officer.get("/conferences/year")
        counted.append(len(queries))
    assert counted[0] == counted[1]
