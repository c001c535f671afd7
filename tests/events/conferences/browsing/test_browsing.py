"""Partners browse the firms matched with them: list, filters, shortlist, side by side, spreadsheet."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
from sqlalchemy import select

from companies.models import Organisation
from core import clock
from core.audit import AuditLine
from core.db import session, write
from events.conferences.browsing import queries, ranking
from events.conferences.browsing.models import FirmMatch, SavedSearch, Star
from tests.events.conferences.browsing.conftest import REVENUE, SECRET, listed


def path(cast, rest=""):
    return f"/organisations/{cast.bank_organisation.id}/matches{rest}"


def names(page):
    return {n for n in range(10, 16) if f"Minh Hoạ {n}" in page.text}


def test_the_list_is_the_engine_s_with_reasons_the_best_first(ranked, cast, browse):
    rows = session.scalars(select(FirmMatch).order_by(FirmMatch.rank)).all()
    assert {row.firm_id for row in rows} == set(ranked)
    assert [row.fit for row in rows] == sorted((row.fit for row in rows), reverse=True)
    lenders = {ranked[0], ranked[4]}  # who look for a loan
    assert {row.firm_id for row in rows[:2]} == lenders
    page = browse(cast.bank, "en").get(path(cast))
    assert "What one needs is" in page.text and names(page) == set(range(10, 16))


def test_a_place_on_the_list_tells_nothing_that_a_partner_may_not_read(ranked, cast, browse):
    def stored():
        session.rollback()
        return {row.firm_id: (row.fit, row.reasons) for row in session.scalars(select(FirmMatch))}

    before = stored()
    assert SECRET not in str(before)
    with write():
        firm = session.get(Organisation, ranked[0])
        firm.needs_offers[1].text_vi = firm.needs_offers[1].text_en = "Something else altogether"
        firm.figures[0].revenue_vnd = 1
    ranking.rank([cast.bank_organisation.id], by=None)
    assert stored() == before


def test_the_list_is_narrowed(firms, cast, browse):
    bank, every = browse(cast.bank), set(range(10, 16))
    wanted = {
        "commune=Ho%C3%A0n+Ki%E1%BA%BFm": {10}, "certificate=iso+9001": {10}, "status=recognised": {10},
        "sector=mechanical": every, "sector=it": set(), "q=Minh+Hoa+12": {12}, "met=yes": set(), "met=no": every,
        "starred=1": set(), "sector=nonsense&met=x": every,
    }  # fmt: skip
    assert {query: names(bank.get(f"{path(cast)}?{query}")) for query in wanted} == wanted


def test_only_the_partner_s_own_people_open_its_list(firms, cast, browse):
    for person, status in (
        (cast.bank, 200), (cast.university, 403), (cast.rival_owner, 403), (cast.officer, 403), (None, 302),
    ):  # fmt: skip
        assert browse(person).get(path(cast)).status_code == status
        assert browse(person).get(path(cast, "/compare")).status_code == (302 if status == 200 else status)


def test_a_shortlist_is_kept_by_one_organisation_and_shown_to_no_other(firms, cast, browse):
    bank, university = browse(cast.bank), browse(cast.university)
    own = cast.university_organisation.id
    listed(own, firms)
    for _again in range(2):
        assert bank.post(path(cast, f"/{firms[2]}/star"), data={"star": "1"}).status_code == 302
    assert session.scalars(select(Star.firm_id)).all() == [firms[2]]
    assert names(bank.get(f"{path(cast)}?starred=1")) == {12}
    assert names(university.get(f"/organisations/{own}/matches?starred=1")) == set()
    assert "star-fill" not in university.get(f"/organisations/{own}/matches").text
    assert university.post(path(cast, f"/{firms[1]}/star"), data={"star": "1"}).status_code == 403
    bank.post(path(cast, f"/{firms[2]}/star"), data={"star": "0"})
    assert session.scalars(select(Star.firm_id)).all() == []


def test_a_search_is_saved_opened_and_deleted_by_its_own_people(firms, cast, browse):
    bank = browse(cast.bank, "en")
    refused = bank.post(path(cast, "/searches"), data={"name": "Tìm"})
    assert refused.status_code == 422 and "Set a filter first" in refused.text
    unnamed = bank.post(path(cast, "/searches?sector=it"), data={"name": " "})
    assert unnamed.status_code == 422
    for status in ("recognised", "none"):  # the same name again gets the new filters
        bank.post(path(cast, f"/searches?status={status}&nonsense=1"), data={"name": "Đạt"})
    [row] = session.scalars(select(SavedSearch)).all()
    assert (row.name, row.filters) == ("Đạt", {"status": "none"})
    assert "status=none" in bank.get(path(cast)).text
    delete = path(cast, f"/searches/{row.id}/delete")
    assert browse(cast.university).post(delete).status_code == 404
    own = f"/organisations/{cast.university_organisation.id}/matches/searches/{row.id}/delete"
    assert browse(cast.university).post(own).status_code == 404
    assert bank.post(delete).status_code == 302 and session.scalars(select(SavedSearch)).all() == []


def compare(client, cast, keys):
    return client.get(path(cast, "/compare?" + "&".join(f"firm={key}" for key in keys)))


def reads():
    session.rollback()
    return session.scalars(
        select(AuditLine.act).where(AuditLine.act.in_(("organisation.granted_read", "organisation.export")))
    ).all()


def test_two_to_four_firms_stand_side_by_side_without_what_is_not_granted(firms, cast, browse):
    bank = browse(cast.bank, "en")
    assert compare(bank, cast, firms[:1]).status_code == 302 and compare(bank, cast, firms[:5]).status_code == 302
    page = compare(bank, cast, firms[:3])
    assert names(page) == {10, 11, 12} and "120" in page.text
    assert SECRET not in page.text and "987" not in page.text and reads() == []


def test_granted_figures_are_shown_and_each_look_leaves_a_line(granted, firms, cast, browse):
    page = compare(browse(cast.bank, "en"), cast, firms[:2])
    assert "987" in page.text and reads() == ["organisation.granted_read"]
    assert SECRET + "@" not in page.text  # contacts were not granted


def sheet(client, cast):
    data = client.get(f"/organisations/matches.xlsx?organisation={cast.bank_organisation.id}").data
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    return {row[2]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


def test_the_spreadsheet_holds_what_its_reader_may_see(firms, cast, browse):
    rows = sheet(browse(cast.bank, "en"), cast)
    first = rows["Công ty CP Minh Hoạ 10"]
    assert len(rows) == 6 and (first["Employees"], first["Revenue (VND)"], first["E-mail"]) == (120, None, None)
    assert SECRET not in str(rows) and reads() == []
    assert sheet(browse(cast.university, "en"), cast) == {}
    assert browse(cast.firm_owner).get("/organisations/matches.xlsx").status_code == 403


def test_the_spreadsheet_with_granted_figures_leaves_a_line(granted, cast, browse):
    rows = sheet(browse(cast.bank, "en"), cast)
    assert rows["Công ty CP Minh Hoạ 10"]["Revenue (VND)"] == REVENUE and reads() == ["organisation.export"]


def test_lists_are_due_when_missing_or_old(firms, cast):
    university, at = cast.university_organisation.id, clock.now()
    assert set(queries.due(at)) == {university}
    assert set(queries.due(at + timedelta(hours=21))) == {university, cast.bank_organisation.id}
    assert set(queries.without_list()) == {university}
    ranking.rank_first(at)
    assert set(queries.due(at)) == set() == set(queries.without_list())
    ranking.rank_anew(at)
    assert set(queries.due(at)) == set()


def test_a_partner_without_a_list_asks_for_one(cast, browse):
    bank = browse(cast.bank)
    assert bank.get("/organisations/matches").headers["Location"] == path(cast)
    assert bank.get(path(cast)).status_code == 200
    assert "/tasks/" in bank.post(path(cast, "/rank")).headers["Location"]


def test_the_list_asks_no_more_for_more(firms, cast, browse, queries):
    bank = browse(cast.bank)
    counted = []
    for address in (f"{path(cast)}?q=Minh+Hoa+12", path(cast)):
        bank.get(address)
        del queries[:]
        bank.get(address)
        counted.append(len(queries))
    assert counted[1] <= counted[0]
