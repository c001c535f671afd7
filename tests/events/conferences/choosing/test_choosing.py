"""Candidates ranked by the stated criteria, chosen and declined with reasons, invited with links of their own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from companies.enums import Kind, NeedRole, Sector, SupportKind
from companies.models import Award, SupportReceived
from core import clock, outbox
from core.db import session, write
from core.errors import Conflict, Invalid
from events.conferences import operations as conferences
from events.conferences import queries as conference_queries
from events.conferences.choosing import operations, queries, ranking, rules
from events.conferences.choosing.enums import CandidateState, Criterion
from events.conferences.enums import Side
from events.conferences.reminders import Reminder
from events.enums import RegistrationState
from tests.events.conferences.conftest import organisation

BEST = dict.fromkeys((c.value for c in Criterion), 1.0)


@pytest.mark.parametrize(
    ("marks", "weights", "points"),
    [
        (BEST, {c.value: 1 for c in Criterion}, 100),
        ({**BEST, "recognised": 0.0}, {"recognised": 1, "sector": 1}, 50),
        ({**BEST, "recognised": 0.0}, {"sector": 3}, 100),
        (BEST, {}, 0),
        ({"potential": 0.5, "complete": 0.25}, {"potential": 1, "complete": 3}, 31.25),
    ],
)
def test_points_are_the_weighted_mean_of_what_counts(marks, weights, points):
    assert rules.points(marks, weights) == points


def test_marks_follow_the_stated_criteria():
    marks = rules.marks(
        recognised=True, sector="it", sectors={"mechanical"}, supported=True, complete=0.5, fits=[0.1, 0.9, 0.8, 0.7]
    )
    assert marks == {
        Criterion.RECOGNISED: 1.0,
        Criterion.SECTOR: 0.0,
        Criterion.NO_SUPPORT: 0.0,
        Criterion.COMPLETE: 0.5,
        Criterion.POTENTIAL: pytest.approx(0.8),
    }


@pytest.fixture
def firms(small, cast):
    """Three more firms beside those that take part: recognised, recognised but supported this year, neither."""
    at, officer = clock.now(), cast.officer
    with write():
        found = []
        for n in range(3):
            o = organisation(f"Công ty CP Ứng Viên {n}", Kind.FIRM, NeedRole.NEED, "Vay vốn lưu động", "Loan", True)
            o.email = f"firm{n}@uv.example"
            if n < 2:
                session.add(Award(organisation_id=o.id, winner_name=o.name_vi, product_vi="Trục", year=at.year))
            if n == 1:
                session.add(SupportReceived(organisation_id=o.id, kind=SupportKind("fair"), on=date(at.year, 2, 1)))
            found.append(o.id)
    ranking.rank(small.conference_id, by=officer)
    return found


def of(small, firm):
    session.rollback()
    return queries.by_organisation(small.conference)[firm]


def ids(*rows):
    return [row.id for row in rows]


def test_recognised_firms_without_support_stand_before_others(small, firms):
    first, second, third = (of(small, key).points for key in firms)
    assert first > second > third


def test_who_takes_part_already_is_a_candidate_too_and_a_decision_survives_a_new_ranking(small, firms, cast):
    with write():
        operations.decide([of_now(small, firms[2])], CandidateState.DECLINED, "Không đúng lĩnh vực", by=cast.officer,
                          at=clock.now())  # fmt: skip
    ranking.rank(small.conference_id, by=cast.officer)
    row = of(small, firms[2])
    assert (row.state, row.reason) == (CandidateState.DECLINED, "Không đúng lĩnh vực")
    assert len(queries.by_organisation(small.conference)) == len(firms) + len(small.firms)


def of_now(small, firm):
    return queries.by_organisation(small.conference)[firm]


@pytest.mark.parametrize(
    ("wanted", "chosen", "more"), [(None, 3, 0), ((50, 70), 0, 70), ((50, 70), 65, 5), ((50, 70), 80, 0)]
)
def test_the_plan_says_how_many_more_are_wanted(wanted, chosen, more):
    assert rules.still_wanted(wanted, chosen) == more


def test_the_first_of_those_not_decided_are_chosen_at_once_and_the_officer_stays_where_he_was(
    small, firms, browse, cast
):
    path = f"/conferences/{small.conference_id}/candidates"
    order = [c.organisation_id for c in session.scalars(queries.candidates(small.conference))]
    answer = browse(cast.officer).post(f"{path}/decide?q=Minh&page=2", data={"first": 2, "state": "chosen"})
    assert answer.location == f"{path}?q=Minh&page=2"
    chosen = session.scalars(queries.candidates(small.conference, state=CandidateState.CHOSEN)).all()
    assert [c.organisation_id for c in chosen] == order[:2]


def test_nobody_is_declined_without_a_reason(small, firms, browse, cast):
    with pytest.raises(Invalid), write():
        operations.decide([of_now(small, firms[0])], CandidateState.DECLINED, " ", by=cast.officer, at=clock.now())
    path = f"/conferences/{small.conference_id}/candidates/decide"
    page = browse(cast.officer).post(path, data={"candidate": of(small, firms[0]).id, "state": "declined"})
    assert page.status_code == 422 and of(small, firms[0]).state is CandidateState.PROPOSED


def test_the_criteria_can_be_weighed_otherwise_and_points_follow(small, firms, browse, cast):
    data = {"recognised": 0, "sector": 5, "no_support": 0, "complete": 0, "potential": 0, "sectors": ["it"]}
    assert (
        browse(cast.officer).post(f"/conferences/{small.conference_id}/candidates/criteria", data=data).status_code
        == 302
    )
    assert {row.points for row in queries.by_organisation(small.conference).values()} == {0.0}
    with write():
        operations.state_criteria(small.conference, {c.value: 1 for c in Criterion}, [Sector.MECHANICAL.value],
                                  by=cast.officer, at=clock.now())  # fmt: skip
    assert of(small, firms[0]).marks["sector"] == 1.0


def invite(small, firms, cast, browse):
    officer = browse(cast.officer)
    chosen = ids(*(of(small, key) for key in firms[:2]))
    path = f"/conferences/{small.conference_id}/candidates"
    assert officer.post(f"{path}/decide", data={"candidate": chosen, "state": "chosen"}).status_code == 302
    assert officer.post(f"{path}/invite").status_code == 302
    session.rollback()
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "conference.invited")).all()
    return {m.recipient: re.search(r"/invitations/\S+", m.body).group() for m in mails}


def test_a_firm_accepts_by_the_link_in_its_mail_without_signing_in(small, firms, cast, browse):
    links = invite(small, firms, cast, browse)
    assert set(links) == {"firm0@uv.example", "firm1@uv.example"}
    anyone = browse()
    page = anyone.get(links["firm0@uv.example"]).get_data(as_text=True)
    assert "Công ty CP Ứng Viên 0" in page
    assert of(small, firms[0]).registration.state is RegistrationState.INVITED  # looking changes nothing
    assert anyone.post(links["firm0@uv.example"], data={"answer": "accept"}).status_code == 302
    found = conference_queries.participant_of(small.conference, firms[0], Side.FIRM)
    assert found is not None and of(small, firms[0]).registration.state is RegistrationState.CONFIRMED
    assert anyone.post(links["firm0@uv.example"], data={"answer": "decline"}).status_code in (404, 410)
    assert "You take part" in anyone.get(links["firm0@uv.example"].partition("?")[0] + "?lang=en").text
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert anyone.get(links["firm0@uv.example"]).status_code == 404
    assert of(small, firms[0]).registration.state is RegistrationState.CONFIRMED


def test_the_last_seat_goes_once_and_the_next_waits(small, firms, cast, browse):
    with write():
        small.conference.event.capacity = len(small.firms) + len(small.partners) + 1
    links = invite(small, firms, cast, browse)
    for address in ("firm0@uv.example", "firm1@uv.example"):
        assert browse().post(links[address], data={"answer": "accept"}).status_code == 302
    states = [of(small, key).registration.state for key in firms[:2]]
    assert states == [RegistrationState.CONFIRMED, RegistrationState.WAITING]


def test_who_declines_is_free_and_the_decision_stays_on_record(small, firms, cast, browse):
    links = invite(small, firms, cast, browse)
    browse().post(links["firm1@uv.example"], data={"answer": "decline"})
    row = of(small, firms[1])
    assert (row.registration.state, row.state) == (RegistrationState.DECLINED, CandidateState.CHOSEN)


def test_an_invited_firm_is_not_decided_away(small, firms, cast, browse):
    invite(small, firms, cast, browse)
    with pytest.raises(Conflict), write():
        operations.decide(
            [of_now(small, firms[0])], CandidateState.DECLINED, "Lý do", by=cast.officer, at=clock.now()
        )


def test_the_silent_are_reminded_by_the_officer_and_the_reminder_is_on_record(small, firms, cast, browse):
    invite(small, firms, cast, browse)
    with write():
        event = small.conference.event
        with session.no_autoflush:
            event.begins_at, event.ends_at = (at + timedelta(days=30) for at in (event.begins_at, event.ends_at))

    def mails():
        session.rollback()
        return len(session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "conference.invited")).all())

    assert mails() == 2
    for expected in (4, 6):
        with clock.frozen(clock.now() + timedelta(days=expected)):
            browse(cast.officer).post(f"/conferences/{small.conference_id}/candidates/remind")
        assert mails() == expected
    assert [row.by_hand for row in session.scalars(select(Reminder))] == [True] * 4


@pytest.mark.parametrize("how", ["left", "locked"])
def test_a_persons_link_dies_with_his_membership_or_his_account(small, cast, browse, how):
    from companies.models import Membership

    owner, firm = cast.rival_owner, cast.rival.id
    ranking.rank(small.conference_id, by=cast.officer)
    links = invite(small, [firm], cast, browse)
    link = links[owner.email]
    with write():
        if how == "left":
            session.scalars(select(Membership).where(Membership.user_id == owner.id)).one().left_at = clock.now()
        else:
            owner.disabled_at = clock.now()
    assert browse().post(link, data={"answer": "accept"}).status_code == 404


def test_too_empty_a_profile_is_asked_for_what_it_lacks(small, cast, browse):
    officer, firm = cast.officer, cast.firm
    _owner = cast.firm_owner
    with write():
        conferences.join(small.conference, firm, Side.FIRM, Kind.FIRM, by=officer, at=clock.now(), on_behalf=True)
    page = browse(officer).get(f"/conferences/{small.conference_id}/profiles").get_data(as_text=True)
    assert "Công ty CP Cơ khí Minh Hoạ 01" in page and "Công ty CP Minh Hoạ 10" not in page
    browse(officer).post(f"/conferences/{small.conference_id}/profiles/ask")
    [mail] = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "conference.profile")).all()
    assert mail.recipient == cast.firm_owner.email and "Nhu cầu" in mail.body


def test_the_list_of_candidates_asks_no_more_for_more(small, firms, browse, cast, queries):
    officer = browse(cast.officer)
    path = f"/conferences/{small.conference_id}/candidates"
    officer.get(path)
    del queries[:]
    officer.get(f"{path}?q=Ung+Vien+0")
    few = len(queries)
    del queries[:]
    officer.get(path)
    assert len(queries) <= few
