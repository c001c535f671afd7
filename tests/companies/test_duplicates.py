"""Duplicates: proof and candidates as a table; merging moves everything, says what clashes, and can be undone."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from companies import directory, merging, moving, operations
from companies.duplicates import Reason, alike, candidates, compare, record
from companies.enums import GrantScope, MembershipRole, SupportKind
from companies.merges import OrganisationMerge, forget_what_moved
from companies.models import Award, Grant, Membership, NeedOffer, Organisation, Product, SupportReceived
from core import clock
from core.audit import AuditLine
from core.db import Base, session, write
from core.errors import Conflict
from events.conferences import suggestions, timetable
from events.conferences.models import Meeting, Participant
from events.enums import LIVE
from events.models import Registration
from tests.events.conferences.conftest import make_conference

A = {"names": ["Công ty CP Cơ khí Minh Hoạ"], "tax_code": "0090000019", "website": "https://www.minhhoa.vn/vi"}


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        ({"names": ["Tên khác hẳn"], "tax_code": "0090000019"}, {Reason.TAX_CODE}),
        ({"names": ["Tên khác hẳn"], "foreign_id": "00 9000 0019"}, {Reason.TAX_CODE}),
        ({"names": ["CTCP CO KHI MINH HÒA"]}, {Reason.NAME}),
        ({"names": ["Tổng công ty Cơ khí Minh Hoạ Việt Nam"], "tax_code": "0090000026"},
         {Reason.NAME, Reason.OTHER_CODE}),
        ({"names": ["Cơ khí Minh Hoạ TNHH MTV"], "tax_code": "0090000019001"}, {Reason.NAME, Reason.BRANCH}),
        ({"names": ["Công ty Cơ khí Minh Hoa's"]}, {Reason.NAME_ALIKE}),
        ({"names": ["Công ty Minh Hoạ Cơ khí"]}, {Reason.NAME_ALIKE}),
        ({"names": ["Công ty Dệt Thí Dụ"], "website": "http://minhhoa.vn"}, {Reason.WEBSITE}),
        ({"names": ["Công ty Dệt Thí Dụ"]}, set()),
    ],
)  # fmt: skip
def test_two_records_are_compared_by_code_name_and_contacts(other, reasons):
    assert set(compare(record(1, **A), record(2, **other))[1]) == reasons


@pytest.mark.parametrize(
    ("x", "y", "same"),
    [("co khi minh hoa", "co khi minh hoaa", True), ("minh hoa 01", "minh hoa 02", False), ("abc", "abd", False),
     ("dien tu", "dien co", False), ("a" * 200, "b" * 200, False)],
)  # fmt: skip
def test_numbers_in_names_tell_firms_apart(x, y, same):
    assert alike(x, y) is same


def test_candidates_are_ranked_proof_first_and_those_said_to_be_two_are_left_out():
    rows = [record(1, **A), record(2, names=["CTCP CO KHI MINH HÒA"]), record(3, names=["x"], tax_code="0090000019"),
            *(record(n, names=[f"Công ty Minh {n}"]) for n in range(10, 90))]  # fmt: skip
    assert [(p.first, p.second, p.proven) for p in candidates(rows)] == [(1, 3, True), (1, 2, False)]
    assert [(p.first, p.second) for p in candidates(rows, [(1, 3)])] == [(1, 2)]


# --- merging --------------------------------------------------------------------------------------------------


@pytest.fixture
def two(cast, make_organisation):
    """The firm of the cast, and a second record of it with rows of every kind; the same owner in both."""
    kept, owner, bank = cast.firm, cast.firm_owner, cast.bank_organisation
    gone = make_organisation(
        name_vi="CTCP Cơ khí Minh Hoạ 01", name_en="Minh Hoa 01", tax_code="0090000040", email="kanari@a.vn",
        certificates=["ISO 9001"], markets=["JP", "DE"], kinds=["firm", "corporation"],
        products=[{"name_vi": "Trục"}], needs_offers=[{"text_vi": "Vay"}],
    )  # fmt: skip
    at, guest = clock.now(), cast.university
    with write():
        kept = session.get(Organisation, kept.id)
        kept.markets = ["JP"]
        kept.hold(["CE"])
        product = session.scalars(select(Product)).one()
        operations.record_award(organisation=gone, product=product, year=2025, by="test", at=at)
        operations.record_support(gone.id, SupportKind.FAIR, on=clock.today(), by="test", at=at)
        session.add(Membership(user_id=owner.id, organisation_id=gone.id, role=MembershipRole.OWNER, since=at))
        session.add(Membership(user_id=guest.id, organisation_id=gone.id, role=MembershipRole.MEMBER, since=at))
        for firm, partner in ((kept.id, bank.id), (gone.id, bank.id), (gone.id, kept.id)):
            session.add(Grant(firm_id=firm, partner_id=partner, scope=GrantScope.FIGURES, at=at, by_id=owner.id))
    return kept.id, gone.id


def snapshot():
    """Every row of every table but those that tell of the act itself."""
    beside = {"audit_line", "organisation_merge", "directory_stamp"}
    return {
        table.name: sorted(
            str({name: value for name, value in row._mapping.items() if name not in ("version", "updated_at")})
            for row in session.execute(select(table))
        )
        for table in Base.metadata.sorted_tables
        if table.name not in beside
    }


def do(kept, gone, *take):
    with write():
        return merging.merge(kept, gone, take, by="test", at=clock.now()).id


def take_back(key):
    with write():
        merging.undo(session.get(OrganisationMerge, key), by="test", at=clock.now())


def test_everything_moves_and_what_both_have_stays_once(two, cast):
    kept, gone = two
    do(kept, gone, "tax_code")
    row = session.get(Organisation, kept)
    assert (row.name_vi, row.name_en, row.tax_code, row.email) == (
        "Công ty CP Cơ khí Minh Hoạ 01", "Minh Hoa 01", "0090000040", "kanari@a.vn",
    )  # fmt: skip
    assert (
        set(row.certificates) == {"CE", "ISO 9001"}
        and row.markets == ["JP", "DE"]
        and {k.value for k in row.kinds} == {"firm", "corporation"}
    )
    for model in (Product, NeedOffer, Award, SupportReceived):
        assert set(session.scalars(select(model.organisation_id))) == {kept}
    present = select(Membership.user_id).where(Membership.organisation_id == kept, Membership.left_at.is_(None))
    assert sorted(session.scalars(present)) == sorted([cast.firm_owner.id, cast.university.id])
    live = session.execute(select(Grant.firm_id, Grant.partner_id).where(Grant.withdrawn_at.is_(None))).all()
    assert live == [(kept, cast.bank_organisation.id)]
    assert moving.counts(gone).keys() <= {"sight_grant"}
    assert "minh hoa 01" in row.search_key and "0090000040" in row.search_key


def test_undoing_puts_every_row_back(two):
    before = snapshot()
    key = do(*two, "name_vi", "tax_code")
    assert snapshot() != before
    take_back(key)
    assert snapshot() == before
    acts = session.scalars(select(AuditLine.act).where(AuditLine.act.like("organisation.%merge"))).all()
    assert acts == ["organisation.merge", "organisation.unmerge"]
    with pytest.raises(Conflict):
        take_back(key)


def test_undoing_is_refused_in_words_when_something_was_changed_since(two):
    key = do(*two, "name_vi")
    with write():
        session.get(Organisation, two[0]).name_vi = "Tên mới"
    before = snapshot()
    with pytest.raises(Conflict, match="name_vi"):
        take_back(key)
    assert snapshot() == before


def test_a_record_is_merged_once_and_never_with_itself(two):
    kept, gone = two
    do(kept, gone)
    for pair in ((kept, gone), (gone, kept)):
        with pytest.raises(Conflict):
            do(*pair)


@pytest.mark.parametrize("published", [False, True])
def test_both_in_one_conference_keep_their_seats_and_all_meetings(cast, published):
    small = make_conference(cast.officer)
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    if published:
        with write():
            timetable.publish(session.merge(version), by=cast.officer, at=clock.now())
    meetings = session.scalar(select(func.count(Meeting.id)))
    a, b = (small.participant(key) for key in small.firms[:2])
    kept, gone, stays = a.organisation_id, b.organisation_id, a.id
    seats = session.scalar(select(func.sum(Registration.seats)).where(Registration.state.in_(LIVE)))
    pairs = set(session.execute(select(Meeting.firm_id, Meeting.partner_id)))
    twice = {p for f, p in pairs if f == a.id} & {p for f, p in pairs if f == b.id}
    assert {f for f, _p in pairs} >= {a.id, b.id}
    before = snapshot()
    key = do(kept, gone)
    after = set(session.execute(select(Meeting.firm_id, Meeting.partner_id)))
    assert after == {(stays if f == b.id else f, p) for f, p in pairs} and len(after) == meetings - len(twice)
    assert session.get(Participant, stays).delegates == 2
    assert session.scalar(select(func.sum(Registration.seats)).where(Registration.state.in_(LIVE))) == seats
    live = select(Registration.id).where(Registration.organisation_id == kept, Registration.state.in_(LIVE))
    assert session.get(Participant, stays).registration_id == session.scalars(live).one()
    take_back(key)
    assert snapshot() == before


def test_what_was_moved_is_forgotten_in_time_but_the_old_address_still_leads_on(two, monkeypatch):
    key = do(*two)
    with write():
        forget_what_moved(clock.now().replace(year=clock.now().year + 1))
    assert session.get(OrganisationMerge, key).moved == {}
    with pytest.raises(Conflict):
        take_back(key)


# --- pages ----------------------------------------------------------------------------------------------------


def test_an_officer_finds_compares_merges_and_undoes(two, browse, cast):
    kept, gone = two
    client = browse(cast.officer, "en")
    page = client.get("/organisations/duplicates").text
    assert f"/organisations/{kept}/merge/{gone}" in page and "Same name without legal words" in page
    page = client.get(f"/organisations/{kept}/merge/{gone}").text
    assert "0090000040" in page and 'name="take-tax_code" value="gone"' in page
    assert client.post(f"/organisations/{kept}/merge/{gone}", data={"take-tax_code": "gone"}).status_code == 302
    old = client.get(f"/organisations/{gone}?lang=en")
    assert (old.status_code, old.headers["Location"]) == (301, f"/organisations/{kept}?lang=en")
    sly = client.get(f"/organisations/{gone}?_external=1&_scheme=javascript&_anchor=x").headers["Location"]
    assert sly == f"/organisations/{kept}?_external=1&_scheme=javascript&_anchor=x"
    assert client.post(f"/organisations/{gone}/sight", data={}).status_code == 404
    assert "CTCP" not in browse(language="en").get("/organisations?q=minh+hoa").text
    key = session.scalars(select(OrganisationMerge.id)).one()
    assert browse(cast.firm_owner).post(f"/organisations/merges/{key}/undo").status_code == 404
    client.post(f"/organisations/merges/{key}/undo")
    assert client.get(f"/organisations/{gone}").status_code == 200


def test_not_a_duplicate_is_remembered(two, browse, cast):
    kept, gone = two
    client = browse(cast.officer, "en")
    for _twice in range(2):
        assert client.post(f"/organisations/{gone}/apart/{kept}").status_code == 302
    assert f"/organisations/{kept}/merge/{gone}" not in client.get("/organisations/duplicates").text


def test_the_officers_screen_names_possible_duplicates(two, browse, cast):
    assert "may be one organisation" in browse(cast.officer, "en").get("/desk").text
    assert directory.lacking_counts(["website"])["website"] == 4
    do(*two)
    assert directory.lacking_counts(["website"])["website"] == 3
