"""The site reminds by itself: on a stated day, once, nobody who has answered; an officer sees it and can stop it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from companies.enums import Kind, MembershipRole
from companies.models import Membership, Organisation
from core import clock, outbox
from core.db import session, write
from events.conferences import operations as conferences
from events.conferences.choosing import operations as choosing
from events.conferences.enums import ReminderKind, Side, Wish
from events.conferences.reminders import Reminder
from events.conferences.reminding import operations, queries, rules
from events.models import Registration
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

CLOSES = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
BEGINS = datetime(2026, 12, 24, 1, 0, tzinfo=UTC)
OPEN, CLOSE = datetime(2026, 12, 1, 2, 0, tzinfo=UTC), datetime(2026, 12, 15, 10, 0, tzinfo=UTC)


def at(month, day, hour=1, minute=0):
    """An hour of UTC; 1 is eight in the morning in Hanoi."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "invited", "begins", "ends"),
    [
        (ReminderKind.INVITATION, at(11, 20, 9), at(11, 25), CLOSES),
        (ReminderKind.INVITATION, at(11, 20, 18), at(11, 26), CLOSES),  # that is the 21st in Hanoi
        (ReminderKind.INVITATION, at(12, 17), None, None),  # registration is closed by then
        (ReminderKind.LAST_CALL, at(11, 20), at(12, 17), CLOSES),
        (ReminderKind.LAST_CALL, at(12, 16, 9), at(12, 18, 9), CLOSES),  # invited a moment ago
        (ReminderKind.PROFILE, None, at(11, 24), OPEN),
        (ReminderKind.WISHES, None, at(12, 12), CLOSE),
        (ReminderKind.CONFIRM, None, at(12, 22), BEGINS),
    ],
)
def test_the_schedule_is_stated_by_the_dates_of_the_conference(kind, invited, begins, ends):
    dates = rules.Dates(closes_at=CLOSES, begins_at=BEGINS, wishes_open_at=OPEN, wishes_close_at=CLOSE)
    found = rules.window(kind, dates, invited_at=invited)
    assert found == (rules.Window(begins, ends) if begins else None)


def test_without_its_date_nothing_is_sent_and_a_letter_by_hand_counts():
    bare = rules.Dates(closes_at=CLOSES, begins_at=BEGINS)
    assert [k for k in ReminderKind if rules.window(k, bare)] == [ReminderKind.LAST_CALL, ReminderKind.CONFIRM]
    window = rules.Window(at(12, 12), CLOSE)
    assert rules.after_a_letter(ReminderKind.PROFILE, window, at(12, 1)) is None
    assert rules.after_a_letter(ReminderKind.WISHES, window, at(12, 1)) == window
    assert rules.after_a_letter(ReminderKind.WISHES, window, at(12, 11, 9)).begins_at == at(12, 13, 9)
    assert rules.after_a_letter(ReminderKind.WISHES, window, at(12, 14)) is None


# --- a conference in a month -----------------------------------------------------------------------------------


@pytest.fixture
def ahead(small, cast):
    """The small conference in a month, to which the bank and the supplier of the cast are invited."""
    now, bank, supplier = clock.now(), cast.bank_organisation.id, cast.supplier_organisation.id
    with write():
        event, conference = small.conference.event, small.conference
        with session.no_autoflush:
            event.begins_at, event.ends_at = (
                moment + timedelta(days=30) for moment in (event.begins_at, event.ends_at)
            )
            conference.wishes_open_at, conference.wishes_close_at = now + timedelta(days=9), now + timedelta(days=20)
        chosen = session.scalars(select(Organisation).where(Organisation.id.in_([bank, supplier]))).all()
        for o, kind in ((o, Kind.BANK if o.id == bank else Kind.TECHNOLOGY_SUPPLIER) for o in chosen):
            choosing.invite_partners(small.conference, [o], kind, by=cast.officer, at=now)
    return small


def turn(when):
    """The timer's turn, twice over, as the second finds nothing to do: (kind, to whom) of the mails it added."""
    session.rollback()
    before = set(session.scalars(select(outbox.Mail.id)))
    for _twice in range(2):
        with clock.frozen(when):
            operations.remind_all(when)
        session.rollback()
    rows = session.scalars(select(outbox.Mail).where(outbox.Mail.id.not_in(before)))
    return sorted((m.kind, m.recipient) for m in rows)


def test_the_silent_are_reminded_on_the_stated_days_and_who_answers_is_not(ahead, cast):
    now, bank, supplier = clock.now(), cast.bank.email, cast.supplier.email
    assert turn(now + timedelta(days=4)) == []
    assert turn(now + timedelta(days=5)) == [("conference.invited", bank), ("conference.invited", supplier)]
    with write():
        mine = select(Registration).where(Registration.organisation_id == cast.bank_organisation.id)
        choosing.decline(session.scalars(mine).one(), by=cast.bank, at=now)
    late = queries.dates_of(ahead.conference).closes_at
    [last] = [p for p in queries.planned(ahead.conference, at=now) if p.kind is ReminderKind.LAST_CALL]
    assert [one.organisation.id for one in last.waited] == [cast.supplier_organisation.id]
    assert turn(late - timedelta(days=2)) == [("conference.invited", supplier)]
    assert turn(late - timedelta(hours=1)) == []


def test_profiles_and_wishes_are_asked_for_once_and_an_officer_can_stop_it(ahead, cast, browse):
    now, owner, officer = clock.now(), cast.firm_owner, cast.officer
    with write():  # the cast's firm stands behind a participant with an empty profile
        firm = ahead.participant(ahead.firms[0]).organisation
        session.add(Membership(organisation_id=firm.id, user_id=owner.id, role=MembershipRole.OWNER, since=now))
        firm.needs_offers[:], firm.products[:], firm.intro_vi, firm.intro_en = [], [], "", ""
    page, path = browse(officer), f"/conferences/{ahead.conference_id}/reminders"
    assert firm.name_vi in page.get(path).get_data(as_text=True).split('id="sent"')[0]
    page.post(path, data={"kind": "invitation", "stop": "1"})
    assert turn(now + timedelta(days=7)) == [("conference.profile", owner.email)]
    assert turn(now + timedelta(days=8)) == []
    closing = now + timedelta(days=18)
    page.post(path, data={"kind": "wishes", "stop": "1"})
    assert turn(closing) == []
    page.post(path, data={"kind": "wishes", "stop": "0"})
    with write():
        one, other = ahead.participant(ahead.firms[0]), ahead.participant(ahead.partners[0])
        conferences.wish(one, other, Wish.YES, by=owner, at=now, on_behalf=True)
    assert turn(closing) == []  # who has one wish is not asked, and nobody else has people
    with write():
        conferences.wish(one, other, None, by=owner, at=now, on_behalf=True)
    assert turn(closing) == [("wishes.remind", owner.email)]
    shown = page.get(path).get_data(as_text=True).split('id="sent"')[1]
    assert firm.name_vi in shown and "Hồ sơ còn quá sơ sài" in shown
    assert page.post(path, data={"kind": "nonsense", "stop": "1"}).status_code == 404
    rows = session.scalars(select(Reminder).where(Reminder.kind == ReminderKind.WISHES)).all()
    assert {row.side for row in rows} == {Side.FIRM, Side.PARTNER} and not any(row.by_hand for row in rows)


def test_open_meetings_are_asked_for_two_days_before_the_last_day(held, cast, browse):  # noqa: F811
    until = held.day - timedelta(hours=1)
    with write():
        held.conference.confirm_until = until
    browse(cast.bank).post(
        f"/conferences/{held.conference_id}/participants/{held.partner}/confirm", data={"comes": "yes"}
    )
    assert turn(until - timedelta(days=2, hours=12)) == []
    assert turn(until - timedelta(hours=30)) == [("meeting.confirm", cast.firm_owner.email)]
    assert turn(until) == []
