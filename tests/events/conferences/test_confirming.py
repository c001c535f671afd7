"""Participants confirm or decline their meetings, name who comes, and share figures with one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from companies.enums import GrantScope
from companies.models import Grant
from core import clock, outbox
from core.db import session, write
from core.errors import Conflict, Invalid
from events.conferences import agenda, confirmations, confirming, operations, replanning, timetable
from events.conferences.enums import Wish
from events.conferences.models import Confirmation, Delegate, TimetableVersion
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture
from tests.events.conferences.outcomes.test_outcomes import pages


def answers(small):
    session.rollback()
    return {pair: row.comes for pair, row in confirmations.said(small.conference).items()}


def test_a_meeting_is_confirmed_by_both_sides_apart(held, browse, cast):  # noqa: F811
    browse(cast.firm_owner).post(f"{pages(held, held.firm)}/confirm", data={"other": held.partner, "comes": "yes"})
    assert answers(held) == {(held.firm, held.partner): True}
    page = browse(cast.bank, "en").get(f"{pages(held, held.partner)}/schedule").get_data(as_text=True)
    assert "They have confirmed" in page and "You have confirmed" not in page


def test_one_click_confirms_all_that_are_open(held, browse, cast):  # noqa: F811
    browse(cast.bank).post(f"{pages(held, held.partner)}/confirm", data={"comes": "yes"})
    mine = agenda.published_meetings(held.participant(held.partner))
    assert len(answers(held)) == len(mine) > 1 and all(answers(held).values())


def test_a_no_needs_a_reason_which_the_other_side_never_reads(held, browse, cast):  # noqa: F811
    with pytest.raises(Invalid), write():
        firm, bank = held.participant(held.firm), held.participant(held.partner)
        confirming.answer(firm, bank, False, " ", by=cast.firm_owner, at=clock.now())
    data = {"other": held.partner, "comes": "no", "reason": "CANARY trùng lịch"}
    for _twice in range(2):
        browse(cast.firm_owner).post(f"{pages(held, held.firm)}/confirm", data=data)
    assert answers(held) == {(held.firm, held.partner): False}
    [mail] = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "meeting.declined")).all()
    assert mail.recipient == cast.bank.email and "CANARY" not in mail.body
    page = browse(cast.bank).get(f"{pages(held, held.partner)}/schedule").get_data(as_text=True)
    assert "CANARY" not in page and "Họ không đến được" in page
    assert confirmations.declined(held.conference) == {(held.firm, held.partner)}


def test_a_no_binds_every_later_plan_until_its_own_side_wishes_anew(held, cast):  # noqa: F811
    owner, officer, pair = cast.firm_owner, cast.officer, (held.firm, held.partner)
    with write():
        firm, bank = map(held.participant, pair)
        confirming.answer(firm, bank, False, "Trùng lịch", by=owner, at=clock.now())
    for _twice in range(2):  # the first plan drops the meeting, the second knows of it no more
        version = replanning.replan(held.conference_id, by=officer, at=clock.now())
        assert pair not in {m.pair for m in version.meetings}
        with write():
            timetable.publish(session.get(TimetableVersion, version.id), by=officer, at=clock.now())
    assert confirmations.declined(held.conference) == set() and set(confirmations.refusals(held.conference)) == {pair}
    later = clock.now() + timedelta(hours=1)
    with write():
        firm, bank = map(held.participant, pair)
        operations.wish(bank, firm, Wish.MUST, by=officer, at=later, on_behalf=True)
    assert set(confirmations.refusals(held.conference)) == {pair}
    with write():
        firm, bank = map(held.participant, pair)
        operations.wish(firm, bank, Wish.MUST, by=officer, at=later, on_behalf=True)
    assert confirmations.refusals(held.conference) == {}


def test_after_the_date_only_the_officer_answers(held, cast, browse):  # noqa: F811
    with write():
        held.conference.confirm_until = clock.now() + timedelta(hours=1)
    late = clock.now() + timedelta(hours=2)
    firm, bank = held.participant(held.firm), held.participant(held.partner)
    owner, officer = cast.firm_owner, cast.officer
    with pytest.raises(Conflict), write():
        confirming.answer(firm, bank, True, by=owner, at=late)
    with write():
        confirming.answer(firm, bank, True, by=officer, at=late, on_behalf=True)
    assert answers(held) == {(held.firm, held.partner): True}


def test_an_answer_is_void_once_the_meeting_is_at_another_time(held, cast):  # noqa: F811
    owner = cast.firm_owner
    with write():
        firm, bank = held.participant(held.firm), held.participant(held.partner)
        confirming.answer(firm, bank, True, by=owner, at=clock.now())
    with write():
        meeting = agenda.published_meeting(held.participant(held.firm), held.participant(held.partner))
        free = next(s.id for s in held.conference.slots if s.id != meeting.slot_id)
        meeting.slot_id = free
    assert answers(held) == {}
    assert session.scalars(select(Confirmation)).one()


def test_who_has_not_answered_is_reminded_once_a_day(held, browse, cast):  # noqa: F811
    browse(cast.firm_owner).post(f"{pages(held, held.firm)}/confirm", data={"comes": "yes"})
    officer = browse(cast.officer)
    for _twice in range(2):
        officer.post(f"/conferences/{held.conference_id}/confirmations/remind")
    session.rollback()
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "meeting.confirm")).all()
    assert [m.recipient for m in mails] == [cast.bank.email]


def test_people_are_named_now_or_later_and_removed(held, browse, cast):  # noqa: F811
    client, path = browse(cast.firm_owner), pages(held, held.firm)
    assert client.post(f"{path}/delegates", data={"name": "Người Thí Dụ", "function": "Xuất khẩu"}).status_code == 302
    again = client.post(f"{path}/delegates", data={"name": "Nguoi Thi Du"})
    assert again.status_code == 409 and 'value="Nguoi Thi Du"' in again.get_data(as_text=True)
    session.rollback()
    delegate = session.scalars(select(Delegate)).one()
    assert browse(cast.bank).post(f"{path}/delegates/{delegate.id}/remove").status_code == 404
    client.post(f"{path}/delegates/{delegate.id}/remove")
    session.rollback()
    assert session.scalars(select(Delegate)).all() == []


def test_figures_are_shared_and_hidden_again_with_one_click_by_the_owner_alone(held, browse, cast):  # noqa: F811
    path, data = f"{pages(held, held.firm)}/sharing", {"other": held.partner, "scope": "figures", "give": "1"}
    for person, status in ((cast.officer, 403), (cast.firm_colleague, 403), (cast.bank, 404), (cast.firm_owner, 302)):
        assert browse(person).post(path, data=data).status_code == status
    session.rollback()
    grant = session.scalars(select(Grant)).one()
    assert (grant.firm_id, grant.partner_id, grant.scope) == (
        cast.firm.id,
        cast.bank_organisation.id,
        GrantScope.FIGURES,
    )
    browse(cast.firm_owner).post(path, data=data | {"give": "0"})
    session.rollback()
    assert session.scalars(select(Grant)).one().withdrawn_at is not None


def test_reports_of_meetings_are_what_the_engine_learns_from(held, browse, cast):  # noqa: F811
    from events.conferences.enums import Report
    from events.conferences.outcomes import operations
    from events.conferences.outcomes.queries import reports_to_learn_from

    at, owner = held.day + timedelta(hours=9), cast.firm_owner
    with write():
        firm, bank = held.participant(held.firm), held.participant(held.partner)
        operations.report(firm, bank, {"useful": False}, by=owner, at=at)
        operations.report(bank, firm, {"held": False}, by=owner, at=at)
    assert reports_to_learn_from([held.conference_id]) == {
        (held.firm, held.partner): Report.NOT_USEFUL,
        (held.partner, held.firm): Report.NOT_HELD,
    }
