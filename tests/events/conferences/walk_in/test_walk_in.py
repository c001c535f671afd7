"""Somebody comes without having registered: found or entered, admitted once, ranked, and fitted into free times."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from companies.enums import Kind
from companies.models import NeedOffer, Organisation
from core import clock, outbox, tasks
from core.access import Actor
from core.db import get, session, write
from core.errors import Conflict
from events import operations as events
from events.conferences import agenda, ranked_lists, replanning, suggestions
from events.conferences.comparing import between
from events.conferences.day import queries as day
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Participant
from events.conferences.walk_in import operations, rules
from events.conferences.walk_in.models import WalkIn
from events.enums import RegistrationState
from events.models import Event, Registration
from tests.events.conferences.conftest import make_conference
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

KEY = "0123456789abcdef"


@pytest.mark.parametrize(
    ("role", "admits", "decides"),
    [("door_staff", True, False), ("officer", True, True), ("administrator", True, True),
     ("council_member", False, False), ("introducer", False, False), (None, False, False)],
)  # fmt: skip
def test_a_clerk_admits_and_an_officer_decides_what_needs_a_judgement(role, admits, decides):
    actor = Actor(1, frozenset({role} if role else ()))
    assert (rules.admit(actor), rules.decide(actor)) == (admits, decides)


@pytest.mark.parametrize(("said", "enough"), [("", False), ("   a ", False), ("Giám đốc đồng ý", True)])
def test_a_reason_says_something(said, enough):
    assert rules.reason_given(said) is enough


def post(client, conference_id, **fields):
    fields = {"key": KEY, "kind": "firm"} | fields
    return client.post(f"/conferences/{conference_id}/walk-in", data=fields)


@pytest.mark.parametrize("text", ["doi thu", "ĐỐI THỦ 02", "0090000026", "0090 000 026"])
def test_an_organisation_is_found_by_name_without_marks_or_by_tax_code(small, cast, browse, text):
    rival, path = cast.rival, f"/conferences/{small.conference_id}/walk-in/found?q={text}"
    groups = browse(cast.door_staff).get(path).get_json()["groups"]
    assert [item["label"] for item in groups[0]["items"]] == [rival.name_vi]
    assert groups[0]["items"][0]["url"].endswith(f"organisation={rival.id}")


def test_a_clerk_admits_an_organisation_that_we_know_and_it_is_there_at_once(small, cast, browse):
    clerk, rival = cast.door_staff, cast.rival.id
    answer = post(browse(clerk), small.conference_id, organisation=rival, person="Bà Thí Dụ",
                  about="equipment", words="Tìm máy phay CNC 5 trục")  # fmt: skip
    assert answer.status_code == 302
    row = session.scalars(select(WalkIn)).one()
    guest = next(g for g in day.guests(small.conference) if g.id == row.participant_id)
    assert (row.by_id, row.entered, row.reason, guest.there) == (clerk.id, False, "", True)
    assert row.participant.registration.number == 10 and row.participant.registration.ticket_code
    assert [n.text_vi for n in session.scalars(select(NeedOffer).where(NeedOffer.organisation_id == rival))] == [
        "Tìm máy phay CNC 5 trục"
    ]
    assert not [t for t in small.conference.tables if t.owner_id == row.participant_id]
    page = browse(clerk).get(answer.location).get_data(as_text=True)
    assert "Bà Thí Dụ" not in page and cast.rival.name_vi in page
    assert browse(clerk).get(f"{answer.location}/badge.pdf").data[:4] == b"%PDF"
    assert browse(clerk).get(f"{answer.location}/sheet.pdf").status_code == 403
    assert browse(cast.officer).get(f"{answer.location}/sheet.pdf").data[:4] == b"%PDF"


def test_the_newcomer_is_ranked_at_once_for_himself_and_for_the_others(small, cast, browse):
    suggestions.refresh(small.conference_id)
    post(browse(cast.door_staff), small.conference_id, organisation=cast.rival.id)
    task = session.scalars(select(tasks.Task).where(tasks.Task.kind == "suggestions")).one()
    assert task.arguments == {"conference_id": small.conference_id}
    suggestions.refresh(small.conference_id)  # what the job process does with it
    newcomer = session.scalars(select(WalkIn)).one().participant
    listed = {s.other_id for s in session.scalars(ranked_lists.suggestions(newcomer)).unique()}
    assert listed == set(small.partners) and newcomer.id in ranked_lists.scores(small.conference).firm_ids


def test_a_new_organisation_needs_name_kind_and_contact_and_its_person_is_invited(small, cast, browse):
    clerk = browse(cast.door_staff)
    assert post(clerk, small.conference_id, name="Cơ sở Mới").status_code == 422  # who comes?
    answer = post(clerk, small.conference_id, name="Cơ sở Thí Dụ Mới", person="Ông Mới", email="moi@cast.example")
    assert answer.status_code == 302
    row = session.scalars(select(WalkIn)).one()
    made = row.participant.organisation
    assert row.entered and made.kinds == {Kind.FIRM} and "Hội nghị kết nối" in made.source
    assert [m.recipient for m in session.scalars(select(outbox.Mail))] == ["moi@cast.example"]


@pytest.mark.parametrize("fields", [{"tax_code": "0090000026"}, {"name": "CTCP CO KHI DOI THU 02"}])
def test_what_is_known_is_never_entered_again_but_offered(small, cast, browse, fields):
    rival = cast.rival
    data = {"name": "Một tên khác", "person": "Ông Thí Dụ"} | fields
    answer = post(browse(cast.door_staff), small.conference_id, another="y", **data)
    assert answer.status_code == 409 and f"organisation={rival.id}" in answer.get_data(as_text=True)
    assert session.scalars(select(WalkIn)).all() == []


def test_an_officer_says_that_it_is_another_one_of_nearly_the_same_name(small, cast, browse):
    assert cast.rival
    data = {"name": "Công ty TNHH Cơ khí Đối Thủ 02", "person": "Ông Thí Dụ", "another": "y"}
    assert post(browse(cast.officer), small.conference_id, **data).status_code == 302
    assert len(session.scalars(select(Organisation).where(Organisation.search_key.contains("doi thu 02"))).all()) == 2


def full(small, seats):
    with write():
        get(Event, small.conference.event_id).capacity = seats


def test_seats_are_respected_and_only_an_officer_goes_beyond_with_a_reason(small, cast, browse):
    full(small, 9)
    rival = cast.rival.id
    clerk, officer = browse(cast.door_staff), browse(cast.officer)
    assert post(clerk, small.conference_id, organisation=rival, reason="Giám đốc đồng ý").status_code == 409
    assert post(officer, small.conference_id, organisation=rival).status_code == 409
    assert post(officer, small.conference_id, organisation=rival, reason="ừ").status_code == 422
    assert session.scalars(select(Registration).where(Registration.organisation_id == rival)).all() == []
    assert post(officer, small.conference_id, organisation=rival, reason="Giám đốc đồng ý").status_code == 302
    row = session.scalars(select(WalkIn)).one()
    assert row.reason == "Giám đốc đồng ý" and row.participant.registration.state is RegistrationState.CONFIRMED


def test_who_waits_for_a_seat_is_let_in_by_an_officer_and_by_nobody_else(small, cast, browse):
    full(small, 9)
    rival, officer = cast.rival.id, cast.officer
    with write():
        get(Event, small.conference.event_id).waiting_list = True
    with write():
        event = get(Event, small.conference.event_id)
        events.register(event, get(Organisation, rival), by=officer, at=clock.now(), key=KEY, by_staff=True)
    assert post(browse(cast.door_staff), small.conference_id, organisation=rival).status_code == 409
    answer = post(
        browse(officer), small.conference_id, organisation=rival, reason="Diễn giả", key="another-key-16-ch"
    )
    assert answer.status_code == 302
    states = session.scalars(select(Registration.state).where(Registration.organisation_id == rival)).all()
    assert states == [RegistrationState.CONFIRMED]


def test_a_form_sent_twice_and_a_colleague_a_moment_later_admit_once(small, cast, browse):
    rival = cast.rival.id
    first = post(browse(cast.door_staff), small.conference_id, organisation=rival)
    again = post(browse(cast.door_staff), small.conference_id, organisation=rival)
    other = post(browse(cast.officer), small.conference_id, organisation=rival, key="another-key-16-ch")
    assert first.location == again.location == other.location
    with pytest.raises(Conflict), write():
        operations.admit(
            small.conference, get(Organisation, small.participant(small.firms[1]).organisation_id),
            operations.Coming(Kind.FIRM), key="a-third-key-16-chars", by=cast.officer, at=clock.now(),
        )  # fmt: skip


def test_two_clerks_at_once_make_one_participant_and_one_record(app, cast):
    """On both databases: all of it runs behind the lock on the event."""
    small, clerk, rival = make_conference(cast.officer), cast.door_staff.id, cast.rival.id
    session.rollback()
    start, said = threading.Barrier(4), []

    def at_the_door(n: int) -> None:
        with app.app_context():
            from accounts.models import User

            start.wait()
            try:
                with clock.frozen(clock.now()), write():
                    conference, by = get(Conference, small.conference_id), get(User, clerk)
                    coming, rest = operations.Coming(Kind.FIRM, "Ông Thí Dụ"), {"key": f"{KEY}{n}", "by": by}
                    if n % 2:
                        operations.admit(conference, get(Organisation, rival), coming, **rest, at=clock.now())
                    else:
                        stranger = operations.Stranger("Cơ sở Hoàn Toàn Mới")
                        operations.enter(conference, stranger, coming, **rest, at=clock.now())
                said.append("admitted")
            except operations.Known:
                said.append("known")

    clerks = [threading.Thread(target=at_the_door, args=(n,)) for n in range(4)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    assert sorted(said) == ["admitted", "admitted", "admitted", "known"]
    assert len(session.scalars(select(WalkIn)).all()) == 2
    assert len(session.scalars(select(Organisation).where(Organisation.search_key.contains("hoan toan"))).all()) == 1
    assert len(session.scalars(select(Participant).where(Participant.organisation_id == rival)).all()) == 1


def test_a_newcomer_is_fitted_into_free_times_and_everybody_keeps_his_meetings(held, cast, browse):  # noqa: F811
    officer = cast.officer
    post(
        browse(cast.door_staff),
        held.conference_id,
        organisation=cast.rival.id,
        about="loan",
        words="Vay vốn lưu động",
    )
    with write():
        held.conference.partner_maximum = 8  # the partners have as many as they want already
    suggestions.refresh(held.conference_id)
    newcomer = session.scalars(select(WalkIn)).one().participant_id
    draft = replanning.replan(held.conference_id, by=officer, at=clock.now(), only_free=True)
    published = agenda.version_in(held.conference, VersionState.PUBLISHED)
    found = between(published, draft)
    assert {str(c.kind) for c in found} == {"added"} and newcomer in {c.pair[0] for c in found}


def test_the_page_of_the_door_leads_to_a_walk_in_and_keeps_what_is_typed_without_a_connection(small, cast, browse):
    clerk = browse(cast.door_staff, "en")
    assert f"/conferences/{small.conference_id}/walk-in" in clerk.get(
        f"/conferences/{small.conference_id}/door"
    ).get_data(as_text=True)
    page = clerk.get(f"/conferences/{small.conference_id}/walk-in?q=minh").get_data(as_text=True)
    assert "data-offline" in page and "cannot be checked" in page and "registered" in page


def test_the_search_asks_as_much_for_eight_as_for_one(small, cast, browse, queries):
    clerk, path = browse(cast.door_staff), f"/conferences/{small.conference_id}/walk-in"
    clerk.get(path)
    counts = []
    for text in ("Minh Hoạ 11", "Minh Hoạ"):
        queries.clear()
        assert "Minh Hoạ 11" in clerk.get(f"{path}?q={text}").get_data(as_text=True)
        counts.append(len(queries))
    assert counts[0] == counts[1]
