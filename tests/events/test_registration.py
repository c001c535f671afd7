"""Registering, waiting, moving up and withdrawing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, outbox
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict, Invalid
from events import operations, queries, rules
from events.enums import RegistrationState as State
from events.models import Registration


def mail() -> list[tuple[str, str]]:
    rows = session.scalars(select(outbox.Mail).order_by(outbox.Mail.id))
    return [(row.kind, row.recipient.split("@")[0]) for row in rows]


def states(event) -> list[tuple[int | None, str]]:
    rows = session.scalars(select(Registration).where(Registration.event_id == event.id).order_by(Registration.id))
    return [(r.number, r.state.value) for r in rows]


def test_seats_are_confirmed_while_they_last_and_the_rest_waits_in_order(make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    second = join(event, cast.rival, cast.rival_owner)
    third = join(event, cast.bank_organisation, cast.bank)
    assert states(event) == [(1, "confirmed"), (2, "waiting"), (3, "waiting")]
    assert [queries.position(r) for r in (first, second, third)] == [None, 1, 2]
    assert queries.seats_left(event) == 0
    assert mail() == [("registration.received", who) for who in ("firm_owner", "rival_owner", "bank")]


def test_an_event_without_a_limit_confirms_everybody(make_event, join, cast):
    event = make_event(capacity=None)
    join(event, cast.firm, cast.firm_owner)
    join(event, cast.rival, cast.rival_owner)
    assert states(event) == [(1, "confirmed"), (2, "confirmed")]
    assert queries.seats_left(event) is None


def test_a_withdrawal_promotes_the_first_who_waits_and_tells_him(make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    join(event, cast.rival, cast.rival_owner)
    join(event, cast.bank_organisation, cast.bank)
    with write():
        operations.cancel(first, by=cast.firm_owner, at=clock.now())
    assert states(event) == [(1, "cancelled"), (2, "confirmed"), (3, "waiting")]
    assert mail()[3:] == [("registration.withdrawn", "firm_owner"), ("registration.promoted", "rival_owner")]


def test_withdrawing_twice_promotes_once(make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    join(event, cast.rival, cast.rival_owner)
    join(event, cast.bank_organisation, cast.bank)
    for _ in range(2):
        with write():
            operations.cancel(first, by=cast.firm_owner, at=clock.now())
    assert states(event) == [(1, "cancelled"), (2, "confirmed"), (3, "waiting")]
    assert len(mail()) == 5


def test_who_withdrew_may_register_again_and_stands_at_the_end(make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    join(event, cast.rival, cast.rival_owner)
    with write():
        operations.cancel(first, by=cast.firm_owner, at=clock.now())
    join(event, cast.firm, cast.firm_owner)
    assert states(event) == [(1, "cancelled"), (2, "confirmed"), (3, "waiting")]


def test_the_same_form_sent_twice_registers_once(make_event, join, cast):
    event = make_event(capacity=5)
    first = join(event, cast.firm, cast.firm_owner, key="the-same-key-0001")
    again = join(event, cast.firm, cast.firm_owner, key="the-same-key-0001")
    assert first.id == again.id
    assert states(event) == [(1, "confirmed")]
    assert len(mail()) == 1


def test_an_organisation_registers_once_whoever_does_it(make_event, join, cast):
    event = make_event(capacity=5)
    join(event, cast.firm, cast.firm_owner)
    with pytest.raises(Conflict) as refused:
        join(event, cast.firm, cast.firm_colleague)
    assert refused.value.message is rules.REGISTERED_ALREADY
    assert states(event) == [(1, "confirmed")]


def test_the_database_itself_refuses_a_second_live_registration(make_event, join, cast):
    from sqlalchemy.exc import IntegrityError

    event = make_event()
    join(event, cast.firm, cast.firm_owner)
    with pytest.raises(IntegrityError), write():
        session.add(
            Registration(
                event_id=event.id,
                organisation_id=cast.firm.id,
                user_id=cast.firm_owner.id,
                state=State.WAITING,
                number=77,
                key="another",
                created_at=clock.now(),
            )
        )


def test_a_person_registers_for_himself_once(make_event, join, cast):
    event = make_event()
    join(event, None, cast.door_staff)
    with pytest.raises(Conflict):
        join(event, None, cast.door_staff)
    join(event, None, cast.introducer)
    assert states(event) == [(1, "confirmed"), (2, "confirmed")]


def test_numbers_have_no_gap_where_a_registration_was_refused(make_event, join, cast):
    event = make_event(capacity=1, waiting_list=False)
    first = join(event, cast.firm, cast.firm_owner)
    with pytest.raises(Conflict) as refused:
        join(event, cast.rival, cast.rival_owner)
    assert refused.value.message is rules.FULL
    with write():
        operations.cancel(first, by=cast.firm_owner, at=clock.now())
    join(event, cast.rival, cast.rival_owner)
    assert states(event) == [(1, "cancelled"), (2, "confirmed")]


def test_nobody_overtakes_one_who_needs_more_seats(make_event, join, cast):
    event = make_event(capacity=4)
    first = join(event, cast.firm, cast.firm_owner, seats=3)
    join(event, cast.rival, cast.rival_owner, seats=2)
    join(event, cast.bank_organisation, cast.bank, seats=1)
    assert states(event) == [(1, "confirmed"), (2, "waiting"), (3, "waiting")]
    with write():
        operations.cancel(first, by=cast.firm_owner, at=clock.now())
    assert states(event) == [(1, "cancelled"), (2, "confirmed"), (3, "confirmed")]


@pytest.mark.parametrize("seats", [0, -1, 51, 3])
def test_a_senseless_number_of_seats_is_refused(make_event, join, cast, seats):
    with pytest.raises(Invalid) as refused:
        join(make_event(capacity=2), cast.firm, cast.firm_owner, seats=seats)
    assert refused.value.field == "seats"


def test_more_seats_promote_and_fewer_evict_nobody(make_event, join, cast):
    event = make_event(capacity=1)
    for organisation, who in ((cast.firm, cast.firm_owner), (cast.rival, cast.rival_owner)):
        join(event, organisation, who)
    join(event, cast.bank_organisation, cast.bank)

    def resize(capacity):
        with write():
            details = operations.Details(title_vi=event.title_vi, capacity=capacity)
            return [r.number for r in operations.edit(event, details, by=cast.officer, at=clock.now())]

    assert resize(2) == [2]
    assert resize(1) == []
    assert states(event) == [(1, "confirmed"), (2, "confirmed"), (3, "waiting")]
    assert queries.seats_left(event) == 0
    assert resize(None) == [3]


def test_registration_opens_to_the_instant_and_closes_to_the_instant(make_event, join, cast):
    opens, closes = clock.now() + timedelta(days=1), clock.now() + timedelta(days=2)
    event = make_event(registration_opens_at=opens, registration_closes_at=closes)
    tick = timedelta(microseconds=1)
    for at, sentence in ((opens - tick, rules.NOT_OPEN_YET), (closes, rules.CLOSED)):
        with pytest.raises(Conflict) as refused:
            join(event, cast.firm, cast.firm_owner, at=at)
        assert refused.value.message is sentence
    join(event, cast.firm, cast.firm_owner, at=opens)
    join(event, cast.rival, cast.rival_owner, at=closes - tick)
    assert states(event) == [(1, "confirmed"), (2, "confirmed")]


def test_staff_register_on_behalf_outside_the_window_and_the_audit_says_for_whom(make_event, join, cast):
    assert cast.firm_owner
    event = make_event(registration_opens_at=clock.now() + timedelta(days=1))
    join(event, cast.firm, cast.officer, by_staff=True)
    line = session.scalars(select(AuditLine).where(AuditLine.act == "registration.create")).one()
    assert (line.actor, line.on_behalf_of) == (f"user:{cast.officer.id}", f"organisation:{cast.firm.id}")
    assert mail() == [("registration.received", "firm_owner")]


def test_a_draft_takes_no_registration_and_a_cancelled_event_neither(make_event, join, cast):
    draft = make_event(published=False)
    event = make_event()
    with write():
        operations.cancel_event(event, reason_vi="Bão", reason_en="A storm", by=cast.officer, at=clock.now())
    for refused_event, sentence in ((draft, rules.NOT_PUBLISHED), (event, rules.CANCELLED)):
        with pytest.raises(Conflict) as refused:
            join(refused_event, cast.firm, cast.firm_owner)
        assert refused.value.message is sentence
        with pytest.raises(Conflict):
            join(refused_event, cast.firm, cast.officer, by_staff=True)


def test_an_event_for_banks_takes_no_firm(make_event, join, cast):
    event = make_event(open_to=("bank", "credit_fund"))
    with pytest.raises(Conflict) as refused:
        join(event, cast.firm, cast.firm_owner)
    assert refused.value.message is rules.WRONG_KIND
    join(event, cast.bank_organisation, cast.bank)
    assert states(event) == [(1, "confirmed")]


def test_an_officer_promotes_whom_he_chooses_while_seats_last(make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    second = join(event, cast.rival, cast.rival_owner)
    third = join(event, cast.bank_organisation, cast.bank)
    with pytest.raises(Conflict) as refused, write():
        operations.promote(third, by=cast.officer, at=clock.now())
    assert refused.value.message is rules.TOO_FEW_SEATS
    with write():
        operations.cancel(first, by=cast.firm_owner, at=clock.now())
    with pytest.raises(Conflict) as refused, write():
        operations.promote(second, by=cast.officer, at=clock.now())
    assert refused.value.message is rules.NOT_WAITING
    assert states(event) == [(1, "cancelled"), (2, "confirmed"), (3, "waiting")]


def test_an_invitation_takes_no_seat_until_it_is_accepted(make_event, join, cast):
    assert cast.firm_owner and cast.rival_owner
    event = make_event(capacity=1)
    with write():
        invited = operations.invite(event, cast.firm, by=cast.officer, at=clock.now(), key="invite-1", side="firm")
        operations.invite(event, cast.rival, by=cast.officer, at=clock.now(), key="invite-2")
    assert queries.seats_left(event) == 1
    accepted = join(event, cast.firm, cast.firm_owner)
    assert (accepted.id, accepted.side, accepted.number) == (invited.id, "firm", 1)
    waits = join(event, cast.rival, cast.rival_owner)
    assert (waits.state, waits.number) == (State.WAITING, 2)


def test_a_declined_invitation_leaves_the_door_open(make_event, join, cast):
    assert cast.firm_owner
    event = make_event()
    with write():
        invited = operations.invite(event, cast.firm, by=cast.officer, at=clock.now(), key="invite-1")
    with write():
        operations.cancel(invited, by=cast.firm_owner, at=clock.now())
    assert invited.state is State.DECLINED
    join(event, cast.firm, cast.firm_owner)
    assert states(event) == [(None, "declined"), (1, "confirmed")]


def test_a_cancelled_event_promotes_nobody(make_event, join, cast):
    event = make_event(capacity=1)
    first = join(event, cast.firm, cast.firm_owner)
    join(event, cast.rival, cast.rival_owner)
    with write():
        operations.cancel_event(event, reason_vi="Bão", reason_en="A storm", by=cast.officer, at=clock.now())
        operations.cancel(first, by=cast.firm_owner, at=clock.now())
    assert states(event) == [(1, "cancelled"), (2, "waiting")]
