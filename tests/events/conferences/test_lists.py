"""What stands on the lists besides the fit: advice, marks, what was shown, who met before, who is seen how often."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import aliased

from companies.enums import Band, Kind, SupportKind
from companies.models import Award, SupportReceived
from companies.operations import state_figures
from core import audit, clock
from core.db import get, session, write
from core.errors import Invalid
from events import operations as events
from events.conferences import (
    advice,
    agenda,
    freshness,
    history,
    lift,
    operations,
    positions,
    queries,
    ranked_lists,
    rules,
    suggestions,
    timetable,
)
from events.conferences.enums import Side, VersionState
from events.conferences.exposure import exposure
from events.conferences.models import Conference, Participant, PositionShown, Suggestion
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.models import MeetingReport
from matching.profiles import Part, Profile
from tests.events.conferences.conftest import make_conference, make_event


def ranks(participant_id):
    rows = session.execute(
        select(Suggestion.other_id, Suggestion.rank).where(Suggestion.participant_id == participant_id)
    )
    return dict(iter(rows))


def path(small, participant_id, page="suggestions"):
    return f"/conferences/{small.conference_id}/participants/{participant_id}/{page}"


# --- what to add to the profile --------------------------------------------------------------------------------


def test_a_profile_is_told_what_the_kinds_of_partner_look_at():
    bare = Profile("1", (Part("need", "part", vi="Gia công trục thép chính xác"),))
    for_buyers = [a.text for a in advice.advice(bare, Side.FIRM, ["fdi"])]
    for_banks = [a.text for a in advice.advice(bare, Side.FIRM, ["bank"])]
    assert advice.ADVICE["add_certificates"].text in for_buyers
    assert advice.ADVICE["add_certificates"].text not in for_banks
    assert advice.ADVICE["add_english"].text in for_buyers
    assert advice.ADVICE["add_english"].text not in for_banks
    assert advice.ADVICE["add_offers"].text == for_banks[0]


def test_a_partner_is_not_asked_for_what_only_firms_have():
    bank = Profile("1", (Part("offer", "loan", vi="Cho vay vốn lưu động ngắn hạn"),))
    texts = [a.text for a in advice.advice(bank, Side.PARTNER, ["bank"])]
    assert advice.ADVICE["add_sectors"].text not in texts
    assert advice.ADVICE["add_english"].text not in texts


def test_every_advice_leads_to_a_page_that_its_reader_may_open(cast, browse):
    small = make_conference(cast.officer, cast.firm)
    owner = browse(cast.firm_owner)
    for line in advice.ADVICE.values():
        section = {key: value for key, value in line.arguments.items() if not key.startswith("_")}
        with owner.application.test_request_context():
            address = url_for(line.endpoint, organisation_id=cast.firm.id, **section)
        assert owner.get(address).status_code == 200, address
    page = owner.get(path(small, small.firms[0])).text
    assert 'class="advice"' in page


# --- what was shown --------------------------------------------------------------------------------------------


def shown():
    return session.execute(
        select(PositionShown.participant_id, PositionShown.other_id, PositionShown.rank, PositionShown.day)
    ).all()


def test_what_a_participants_own_people_see_is_recorded_once_a_day(cast, browse):
    small = make_conference(cast.officer, cast.firm)
    suggestions.refresh(small.conference_id)
    firm, expected, today = small.firms[0], ranks(small.firms[0]), clock.today()
    owner = browse(cast.firm_owner)
    for _n in range(2):
        assert owner.get(path(small, firm)).status_code == 200
    assert set(shown()) == {(firm, other, rank, today) for other, rank in expected.items()}
    with clock.frozen(clock.now() + timedelta(days=1)):
        browse(cast.firm_owner).get(path(small, firm))
    assert len(shown()) == 2 * len(expected)
    assert positions.best_shown(small.conference_id) == {(firm, other): rank for other, rank in expected.items()}


def test_what_an_officer_looks_at_is_not_recorded(small, cast, browse):
    suggestions.refresh(small.conference_id)
    assert browse(cast.officer).get(path(small, small.firms[0])).status_code == 200
    assert shown() == []


def test_who_left_meanwhile_is_not_recorded(small):
    with write():
        positions.record(small.participant(small.firms[0]), {small.partners[0]: 1, 10**6: 2}, on=clock.today())
    assert [(row.other_id, row.rank) for row in shown()] == [(small.partners[0], 1)]


# --- the organiser's lift --------------------------------------------------------------------------------------


def title(small, participant_id, **columns):
    row = Award(
        organisation_id=small.participant(participant_id).organisation_id,
        winner_name="Minh Hoạ",
        year=clock.today().year,
        **columns,
    )
    session.add(row)
    session.flush()


@pytest.fixture
def titled(small):
    """The last firm of every partner's list holds a title; so does another, which had support this year."""
    suggestions.refresh(small.conference_id)
    order = sorted(small.firms, key=lambda key: ranks(small.partners[0])[key])
    with write():
        title(small, order[-1])
        title(small, order[-2])
        session.add(
            SupportReceived(
                organisation_id=small.participant(order[-2]).organisation_id,
                kind=next(iter(SupportKind)),
                on=clock.today(),
            )
        )
    return small, order[-1], order[-2]


def test_only_recognised_firms_without_support_this_year_are_lifted(titled):
    small, last, _supported = titled
    chosen = lift.without_support(
        small.conference, [small.participant(key).organisation_id for key in small.firms], on=clock.today()
    )
    assert chosen == {small.participant(last).organisation_id}


def test_the_lift_moves_marks_and_is_recorded_but_leaves_the_fit(titled, cast):
    small, last, supported = titled
    bank = small.partners[0]
    rows = session.scalars(ranked_lists.suggestions(small.participant(bank))).unique()
    before = {row.other_id: row.fit for row in rows}
    was = ranks(bank)[last]
    with write():
        lift.set_points(small.conference, 30, by=cast.officer, at=clock.now())
    assert freshness.is_stale(small.conference)
    suggestions.refresh(small.conference_id)
    assert not freshness.is_stale(small.conference)
    after = session.scalars(ranked_lists.suggestions(small.participant(bank))).unique().all()
    assert {row.other_id: row.fit for row in after} == before
    assert {row.other_id for row in after if row.lifted} == {last}
    assert ranks(bank)[last] < was
    assert not any(
        row.lifted for key in small.firms for row in session.scalars(ranked_lists.suggestions(small.participant(key)))
    )
    line = session.scalars(select(audit.AuditLine).where(audit.AuditLine.act == "conference.lift")).one()
    assert line.detail["points"] == 30 and line.detail["before"] == 0
    assert supported != last


def test_the_lift_is_told_on_the_list_and_off_by_default(titled, cast, browse):
    small, last, _supported = titled
    officer, page = browse(cast.officer, "en"), path(small, small.partners[0])
    assert "Lifted by the organiser" not in officer.get(page).text
    answer = officer.post(f"/conferences/{small.conference_id}/fairness", data={"points": "10"})
    assert answer.status_code == 302
    stale = officer.get(page).text
    assert "This list is not up to date" in stale and "Lifted by the organiser" not in stale
    suggestions.refresh(small.conference_id)
    text = officer.get(page).text
    assert text.count("Lifted by the organiser") == 1 and "10 points more" in text
    assert "This list is not up to date" not in text
    assert "Lifted by the organiser" not in officer.get(path(small, last)).text


def test_a_lift_that_would_hide_what_fits_is_refused(small, cast, browse):
    for points in ("31", "-1", "viele", ""):
        answer = browse(cast.officer).post(f"/conferences/{small.conference_id}/fairness", data={"points": points})
        assert answer.status_code == 422, points
    with pytest.raises(Invalid), write():
        lift.set_points(small.conference, 31, by=cast.officer, at=clock.now())
    assert small.conference.lift_points == 0


# --- who is seen -----------------------------------------------------------------------------------------------


def test_the_page_of_fairness_counts_places_by_size_and_by_partner(small):
    with write():
        for n, key in enumerate(small.firms):
            organisation = small.participant(key).organisation
            figures = {"employees": 5 if n < 2 else 150 if n < 5 else None, "revenue_vnd": Decimal(10**9)}
            state_figures(organisation, 2025, figures, by=None, at=clock.now())
    suggestions.refresh(small.conference_id)
    found = exposure(small.conference, queries.all_participants(small.conference))
    assert [(b.band, b.firms) for b in found.bands] == [(Band.MICRO, 2), (Band.MEDIUM, 3), (None, 1)]
    rows = session.scalars(select(Suggestion)).all()
    assert sum(b.places for b in found.bands) == sum(row.participant_id in small.partners for row in rows)
    assert sum(b.share_of_places for b in found.bands) == pytest.approx(1)
    assert sum(b.attention * b.firms for b in found.bands) == pytest.approx(6)
    assert {line.partner.id: line.lists for line in found.partners} == dict.fromkeys(small.partners, 6)
    assert found.unseen == [] and found.lists == 6 and found.opened == 0


def test_the_page_of_fairness_opens_with_and_without_lists(small, cast, browse):
    officer, page = browse(cast.officer, "en"), f"/conferences/{small.conference_id}/fairness"
    assert "There are no suggestions yet" in officer.get(page).text
    suggestions.refresh(small.conference_id)
    text = officer.get(page).text
    assert "Which engine made these lists" in text and "Amount and term of the loan" in text
    assert browse(cast.firm_owner).get(page).status_code == 403


def test_the_page_of_fairness_costs_the_same_for_any_number_of_participants(small, cast, browse, queries):
    suggestions.refresh(small.conference_id)
    officer, page = browse(cast.officer), f"/conferences/{small.conference_id}/fairness"
    officer.get(page)
    del queries[:]
    officer.get(page)
    many = len(queries)
    with write():
        for key in small.firms[3:]:
            operations.leave(small.participant(key), by=cast.officer, at=clock.now())
    suggestions.refresh(small.conference_id)
    del queries[:]
    officer.get(page)
    assert len(queries) == many


# --- met before ------------------------------------------------------------------------------------------------


@pytest.fixture
def second(cast):
    """Two conferences: the meetings of the first are over when the second is looked at; the same three meet again."""
    first = make_conference(cast.officer, cast.firm)
    suggestions.refresh(first.conference_id)
    version = timetable.generate(first.conference_id, by=cast.officer)
    with write():
        timetable.publish(version, by=cast.officer, at=clock.now())
        event = make_event(cast.officer, days=30)
        events.publish(event, by=cast.officer, at=clock.now())
        setup = operations.Setup(
            [Kind.BANK, Kind.TECHNOLOGY_SUPPLIER],
            [rules.Session(event.begins_at, event.begins_at + timedelta(hours=3))],
            firm_limits=(0, 3),
            partner_limits=(0, 6),
        )
        conference = operations.set_up(event, setup, by=cast.officer, at=clock.now())
        for key in (first.firms[0], *first.partners):
            old = first.participant(key)
            operations.join(
                conference, old.organisation, old.side, old.kind, by=cast.officer, at=clock.now(), on_behalf=True
            )
        key = conference.id
    suggestions.refresh(key)
    return first, key


def test_those_who_met_in_a_published_timetable_before_are_known(second):
    first, key = second
    meetings = agenda.version_in(first.conference, VersionState.PUBLISHED).meetings
    pairs = {(m.firm.organisation_id, m.partner.organisation_id) for m in meetings if m.firm_id == first.firms[0]}
    day = meetings[0].slot.day
    conference, own = get(Conference, key), first.participant(first.firms[0]).organisation_id
    assert history.met_before(conference, at=clock.now()) == {}  # the first conference is still to come
    later = clock.now() + timedelta(days=10)
    both = {**dict.fromkeys(pairs, day), **{(b, a): day for a, b in pairs}}
    assert history.met_before(conference, at=later) == both
    assert history.met_before(conference, at=later, of=[own]) == both
    assert history.met_before(first.conference, at=later) == {}
    assert pairs


def test_a_meeting_that_both_sides_report_as_not_held_is_none(second):
    first, _key = second
    meeting = agenda.version_in(first.conference, VersionState.PUBLISHED).meetings[0]
    firm, partner = meeting.firm, meeting.partner
    pair, later = (firm.organisation_id, partner.organisation_id), clock.now() + timedelta(days=10)
    known = []
    for one, other in ((firm, partner), (partner, firm)):
        with write():
            session.add(
                MeetingReport(
                    conference_id=first.conference_id, participant_id=one.id, other_id=other.id, held=False, at=later
                )
            )
        known.append(pair[1] in history.met_with(pair[0], at=later))
    assert known == [True, False]  # one side alone does not settle it
    assert history.met_with(pair[1], at=later).get(pair[0]) is None


def test_who_sees_something_coming_of_it_is_asked_to_continue_and_the_other_side_learns_nothing(second, cast, browse):
    first, key = second
    meeting = next(m for m in agenda.version_in(first.conference, VersionState.PUBLISHED).meetings
                   if m.firm_id == first.firms[0])  # fmt: skip
    firm, partner, later = meeting.firm, meeting.partner, clock.now() + timedelta(days=10)
    organisations = firm.organisation_id, partner.organisation_id

    def fits(own, other):
        session.rollback()
        mine, theirs = aliased(Participant), aliased(Participant)
        found = session.execute(
            select(Suggestion.rank).join(mine, mine.id == Suggestion.participant_id)
            .join(theirs, theirs.id == Suggestion.other_id)
            .where(mine.conference_id == key, mine.organisation_id == own, theirs.organisation_id == other)
        )  # fmt: skip
        return found.scalar_one()

    with clock.frozen(later):
        suggestions.refresh(key)
        lowered = fits(*organisations), fits(*organisations[::-1])
        with write():
            session.add(
                MeetingReport(conference_id=first.conference_id, participant_id=firm.id, other_id=partner.id,
                              held=True, label=Label.NEGOTIATING, at=later)
            )  # fmt: skip
        conference = get(Conference, key)
        assert history.wanted_again(conference) == {organisations}
        suggestions.refresh(key)
        assert fits(*organisations) == 1 <= lowered[0] and fits(*organisations[::-1]) == lowered[1]
        pages = {p.organisation_id: f"/conferences/{key}/participants/{p.id}/suggestions"
                 for p in queries.all_participants(get(Conference, key))}  # fmt: skip
        officer = browse(cast.officer, "en")
        mine, theirs = (officer.get(pages[o]).get_data(as_text=True) for o in organisations)
        assert "continue?" in mine and "continue?" not in theirs
        listed = officer.get(f"/conferences/{key}/continue").get_data(as_text=True)
        assert firm.organisation.name_vi in listed and "Negotiating" in listed
        with write():
            session.add(
                MeetingReport(conference_id=first.conference_id, participant_id=partner.id, other_id=firm.id,
                              held=True, label=Label.NO_INTEREST, at=later)
            )  # fmt: skip
        assert "Negotiating" not in officer.get(f"/conferences/{key}/continue").get_data(as_text=True)
    assert browse(cast.firm_owner).get(f"/conferences/{key}/continue").status_code == 403


def test_a_draft_of_an_earlier_conference_is_no_meeting(second):
    first, key = second
    version = agenda.version_in(first.conference, VersionState.PUBLISHED)
    with write():
        get(type(version), version.id).state = VersionState.SUPERSEDED
    assert history.met_before(get(Conference, key), at=clock.now() + timedelta(days=10)) == {}


def test_lists_board_and_schedule_say_who_met_before(second, cast, browse):
    _first, key = second
    officer_id = cast.officer
    version = timetable.generate(key, by=officer_id)
    with write():
        timetable.publish(version, by=officer_id, at=clock.now())
    number = version.id
    firm = session.scalars(
        select(Participant.id).where(Participant.conference_id == key, Participant.side == Side.FIRM)
    ).one()
    base = f"/conferences/{key}"
    meeting = get(type(version), number).meetings[0].id
    with clock.frozen(clock.now() + timedelta(days=10)):
        officer = browse(cast.officer, "en")
        pages = [
            f"{base}/participants/{firm}/suggestions",
            f"{base}/participants/{firm}/search",
            f"{base}/participants/{firm}/schedule",
            f"{base}/timetables/{number}",
        ]
        for page in pages:
            assert "Met before, " in officer.get(page).text, page
        assert officer.get(f"{base}/timetables/{number}/meetings/{meeting}").status_code == 200
