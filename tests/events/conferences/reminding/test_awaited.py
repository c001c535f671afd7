"""What a conference waits for stands on the desk of officers, and on the home page of those who should answer."""

from __future__ import annotations

from datetime import timedelta

from companies.enums import Kind
from companies.models import Organisation
from core import attention, clock
from core.access import actor_of
from core.db import session, write
from events.conferences import confirming, operations
from events.conferences.choosing import operations as choosing
from events.conferences.enums import Wish
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes.models import FollowUp
from tests.events.conferences.conftest import make_conference
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture


def entries(person, kind):
    """(key, count, due) of what this person finds of a kind."""
    found = attention.for_reader(actor_of(person.id), at=clock.now())
    return [(s.entry.endpoint, s.entry.count, s.entry.due) for s in found if s.kind.name == kind]


def day(at):
    return clock.local(at).date()


def test_until_wishes_close_those_who_said_nothing_are_asked_and_counted(small, cast):
    bank = cast.bank_organisation.id
    with write():
        small.participant(small.partners[0]).organisation_id = bank
        small.conference.wishes_close_at = clock.now() + timedelta(hours=12)
    closes = day(small.conference.wishes_close_at)
    assert entries(cast.bank, "own.wishes") == [("wishes.suggestions", 1, closes)]
    assert entries(cast.officer, "conferences.wishes") == [("reminding.index", 9, closes)]
    assert entries(cast.rival_owner, "own.wishes") == entries(cast.bank, "conferences.wishes") == []
    with write():
        mine, other = small.participant(small.partners[0]), small.participant(small.firms[0])
        operations.wish(mine, other, Wish.YES, by=cast.bank, at=clock.now())
    assert entries(cast.bank, "own.wishes") == []
    assert entries(cast.officer, "conferences.wishes") == [("reminding.index", 8, closes)]
    with clock.frozen(small.conference.wishes_close_at + timedelta(minutes=1)):
        assert entries(cast.officer, "conferences.wishes") != []  # the Department can still telephone


def test_a_promised_timetable_is_due_until_it_is_published(small, cast, browse):
    with write():
        small.conference.timetable_due_at = clock.now() + timedelta(days=1)
    due = day(small.conference.timetable_due_at)
    assert entries(cast.officer, "conferences.timetable") == [("conferences.show", 1, due)]
    assert "Chưa công bố lịch gặp" in browse(cast.officer).get("/desk").text
    with write():
        small.conference.timetable_due_at = clock.now() + timedelta(days=8)
    assert entries(cast.officer, "conferences.timetable") == []


def test_a_published_timetable_waits_for_answers_and_a_refusal_for_the_officer(held, cast):  # noqa: F811
    [(endpoint, number, until)] = entries(cast.bank, "own.confirming")
    assert (endpoint, until) == ("schedule.show", day(confirming.until(held.conference)))
    [(_, silent, _due)] = entries(cast.officer, "conferences.confirming")
    assert entries(cast.officer, "conferences.timetable") == entries(cast.officer, "conferences.declined") == []
    with write():
        mine, other = held.participant(held.partner), held.participant(held.firm)
        confirming.answer(mine, other, False, "Bận", by=cast.bank, at=clock.now())
    assert [n for _, n, _ in entries(cast.bank, "own.confirming")] == [number - 1][: number - 1]
    assert [n for _, n, _ in entries(cast.officer, "conferences.confirming")] == [silent - (number == 1)]
    assert [n for _, n, _ in entries(cast.officer, "conferences.declined")] == [1]


def test_meetings_that_were_held_are_asked_of_both_sides_until_they_have_said(held, cast):  # noqa: F811
    assert entries(cast.firm_owner, "own.reports") == []
    with clock.frozen(held.conference.event.ends_at + timedelta(hours=1)):
        [(endpoint, number, _)] = entries(cast.firm_owner, "own.reports")
        [(_, silent, _due)] = entries(cast.officer, "conferences.outcomes")
        assert endpoint == "outcomes.mine"
        mine, other = held.participant(held.firm), held.participant(held.partner)
        with write():
            outcomes.report(mine, other, {"held": True}, by=cast.firm_owner, at=clock.now())
        assert sum(n for _, n, _ in entries(cast.firm_owner, "own.reports")) == number - 1
        assert [n for _, n, _ in entries(cast.officer, "conferences.outcomes")] == [silent - (number == 1)]
    with clock.frozen(held.conference.event.ends_at + timedelta(days=61)):
        assert entries(cast.firm_owner, "own.reports") == entries(cast.officer, "conferences.outcomes") == []


def test_a_question_after_months_stands_there_until_something_is_said(held, cast):  # noqa: F811
    with clock.frozen(held.conference.event.ends_at + timedelta(days=92)):
        with write():
            session.add(FollowUp(participant_id=held.firm, months=3, asked_at=clock.now()))
        assert [e for e, _, _ in entries(cast.firm_owner, "own.questions")] == ["outcomes.mine"]
        assert entries(cast.bank, "own.questions") == []
        with write():
            mine, other = held.participant(held.firm), held.participant(held.partner)
            outcomes.report(mine, other, {"held": True}, by=cast.firm_owner, at=clock.now())
        assert entries(cast.firm_owner, "own.questions") == []


def test_an_invitation_waits_for_who_is_invited_and_shortly_before_closing_for_the_officer(small, cast, browse):
    bank, officer = cast.bank_organisation.id, cast.officer
    with write():
        o = session.get(Organisation, bank)
        choosing.invite_partners(small.conference, [o], Kind.BANK, by=officer, at=clock.now())
    closes = day(small.conference.event.closes_at)
    assert entries(cast.bank, "own.invitations") == [("events.show", 1, closes)]
    assert entries(cast.officer, "conferences.invitations") == [("choosing.index", 1, closes)]
    home = browse(cast.bank).get("/").text
    assert "Trả lời lời mời: Hội nghị kết nối" in home and "/desk" not in home
    with write():
        event = small.conference.event
        event.ends_at, event.begins_at = event.ends_at + timedelta(days=30), event.begins_at + timedelta(days=30)
    assert entries(cast.officer, "conferences.invitations") == []
    assert entries(cast.bank, "own.invitations") != []


def test_however_many_conferences_wait_the_home_page_asks_the_database_as_often(cast, browse, queries):
    make_conference(cast.officer, cast.firm)
    mine = browse(cast.firm_owner)
    asked = []
    for waiting in (1, 3):
        mine.get("/")
        del queries[:]
        assert mine.get("/").text.count('id="own-wishes-') == waiting
        asked.append(len(queries))
        for _ in range(2):
            make_conference(cast.officer, cast.firm)
    assert asked[0] == asked[1]
