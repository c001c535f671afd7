"""What came of a delegation: outcomes with evidence, the question after months, report, and the year's picture."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from core.errors import Conflict, Invalid
from core.outbox import Mail
from events.conferences.delegations import asking, figures, planning, publishing, queries, reporting, visited
from events.conferences.delegations.enums import Question
from events.conferences.enums import VersionState, Wish
from events.conferences.outcomes.enums import Label, OutcomeKind
from events.conferences.outcomes.operations import Statement

AMOUNT = Decimal("1200000000")


@pytest.fixture
def over(trip, cast):
    """The programme was published; the clock stands the day after."""
    assert cast.firm_owner and cast.rival_owner
    planning.generate(trip.event_id, by=cast.officer)
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        publishing.publish(trip.event, draft, by=cast.officer, at=clock.now())
    with clock.frozen(trip.event.ends_at + timedelta(days=1)):
        yield trip


def state(trip, cast, what, host=0, member=None):
    with write():
        registration = trip.registration(member or trip.firm)
        return reporting.state_outcome(registration, trip.hosts[host], what, by=cast.officer, at=clock.now()).id


def contract(day=None):
    return Statement(OutcomeKind.CONTRACT, day or clock.today(), AMOUNT, "VND", note="Gia công vỏ hộp số")


def test_a_member_states_an_outcome_with_evidence_and_takes_it_back(browse, cast, over):
    owner, page = browse(cast.firm_owner, "en"), f"{over.path}/members/{over.firm}"
    data = {"other": over.hosts[0], "kind": "contract", "on": clock.today().isoformat(), "amount": "1200000000",
            "currency": "VND", "evidence": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "hop-dong.pdf")}  # fmt: skip
    stated = owner.post(f"{page}/outcomes", data=data, follow_redirects=True)
    assert stated.status_code == 200 and "hop-dong.pdf" in stated.text and "1,200,000,000" in stated.text
    [row] = visited.stated([over.event_id])
    assert (row.amount, row.people, row.by_id) == (AMOUNT, None, cast.firm_owner.id)
    for reader, status in ((cast.officer, 200), (cast.rival_owner, 404)):
        assert browse(reader).get(f"{page}/outcomes/{row.id}/evidence").status_code == status
    key = row.id
    assert (
        browse(cast.rival_owner).post(f"{over.path}/members/{over.rival}/outcomes/{key}/withdraw").status_code == 404
    )
    owner.post(f"{page}/outcomes/{key}/withdraw")
    session.rollback()
    assert visited.stated([over.event_id]) == []


def test_nothing_typed_is_lost_when_an_outcome_cannot_be_taken(browse, cast, over):
    data = {
        "other": over.hosts[0],
        "kind": "mou",
        "on": (clock.today() + timedelta(days=2)).isoformat(),
        "note": "Biên bản",
        "currency": "VND",
    }
    answer = browse(cast.firm_owner, "en").post(f"{over.path}/members/{over.firm}/outcomes", data=data)
    assert answer.status_code == 422 and "Biên bản" in answer.text and "This day has not come yet" in answer.text


def test_only_what_was_visited_has_outcomes(cast, over):
    with pytest.raises(Invalid):
        state(over, cast, contract(clock.today() + timedelta(days=1)))
    with clock.frozen(over.event.begins_at - timedelta(hours=1)), pytest.raises(Conflict):
        state(over, cast, contract(date(2026, 11, 1)))


def mails(kind):
    session.rollback()
    return session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id)).all()


def test_members_are_asked_once_after_the_visits_and_again_after_three_and_six_months(browse, cast, client, over):
    with write():
        for v in queries.visits_of(over.registration(over.rival)):
            said = {"held": True, "label": Label.NO_INTEREST}
            reporting.report(v.registration, v.visit.host_id, said, by=cast.officer, at=clock.now())
    ended = over.event.ends_at
    for days in (1, 4, 5, 95, 96, 185, 260):
        with clock.frozen(ended + timedelta(days=days)):
            asking.ask_again(clock.now())
    assert [m.recipient for m in mails("delegation.visits")] == [cast.firm_owner.email]
    asked = mails("delegation.ask_again")
    assert [m.recipient for m in asked] == [cast.firm_owner.email] * 2  # the rival sees no interest anywhere
    assert ["3 tháng" in m.subject + m.body for m in asked] == [True, False]
    path = re.search(r"/asked/visits/\S+", asked[0].body).group().split("?")[0]
    with clock.frozen(ended + timedelta(days=96)):
        page = client.get(path)
        assert page.status_code == 200 and "Nhà máy Thí Dụ 0" in page.text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        data = {f"h{over.hosts[0]}": "agreed", "h999": "agreed", f"h{over.hosts[1]}": "nonsense"}
        assert client.post(path, data=data | ({"csrf_token": token.group(1)} if token else {})).status_code == 302
        assert "are recorded" in client.get(f"{path}?lang=en").text
        assert client.post(path, data={f"h{over.hosts[0]}": "no_interest"}).status_code == 404  # once
    said = {host: row.label for host, row in visited.reports_of(over.registration(over.firm)).items()}
    assert said == {over.hosts[0]: Label.AGREED}
    assert queries.asked([over.firm], Question.AFTER_3)[over.firm].answered_at is not None


def test_the_figures_of_a_report_are_those_of_its_rows(browse, cast, over):
    first = queries.visits_of(over.registration(over.firm))[0]
    with write():
        said = {"held": True, "useful": True, "label": Label.NEGOTIATING}
        reporting.report(first.registration, first.visit.host_id, said, by=cast.officer, at=clock.now())
    state(over, cast, contract())
    state(over, cast, Statement(OutcomeKind.MOU, clock.today()), host=1, member=over.rival)
    found = figures.figures(figures.rows([over.event_id]), at=clock.now())
    assert (found.members, found.people, found.hosts, found.planned) == (2, 4, 2, 4)
    assert (found.held, found.not_held, found.silent, found.useful, found.followed_up) == (1, 0, 3, 1, 1)
    assert found.outcomes[OutcomeKind.CONTRACT].amounts == {"VND": AMOUNT} and found.stated == 2
    officer = browse(cast.officer, "en")
    page = officer.get(f"{over.path}/report").text
    assert "1 (VND 1,200,000,000)" in page and "Delegation to Hai Phong" in page
    for language in ("vi", "en"):
        assert officer.get(f"{over.path}/report.{language}.docx").data.startswith(b"PK")
    book = openpyxl.load_workbook(io.BytesIO(officer.get(f"{over.path}/report.xlsx").data))
    assert [sheet.max_row - 1 for sheet in book] == [2, 2, 4, 2]
    assert browse(cast.firm_owner).get(f"{over.path}/report").status_code == 403


def test_the_years_picture_counts_delegations_beside_the_target_of_the_plan(browse, cast, over):
    state(over, cast, contract())
    year = over.event.begins_at.year
    page = browse(cast.officer, "en").get(f"/conferences/year?year={year}").text
    assert "Task V.3b of the yearly plan asks for 1 to 3 delegations a year; there are 1." in page
    assert figures.of_year(year - 1).events == []
    book = openpyxl.load_workbook(
        io.BytesIO(browse(cast.officer, "en").get(f"/conferences/year.xlsx?year={year}").data)
    )
    assert [cell.value for cell in book["Delegations"][2]] == [1, 2, 2, 0, 4, 0, 0, 0, 0, 1]


def test_a_wish_is_counted_when_it_is_one(cast, over):
    from events.conferences.delegations import wishing

    with write():
        said = {over.hosts[0]: Wish.MUST, over.hosts[1]: Wish.NO}
        wishing.wish(over.registration(over.firm), said, {}, by=cast.officer, at=clock.now(), on_behalf=True)
    assert figures.rows([over.event_id]).wished == 1
