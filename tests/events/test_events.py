"""Making, changing, moving, cancelling and finishing events."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import clock, outbox
from core.access import NOBODY, Actor
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict, Invalid
from events import month, operations, queries
from events.details import Details, Schedule
from events.enums import EventKind, EventState
from events.models import Event, Registration


def mails(kind: str) -> dict[str, outbox.Mail]:
    rows = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == kind))
    return {row.recipient.split("@")[0]: row for row in rows}


def acts(event) -> list[str]:
    rows = session.scalars(select(AuditLine).where(AuditLine.subject == f"event:{event.id}").order_by(AuditLine.id))
    return [row.act for row in rows]


def later(event, **change):
    return Schedule(
        begins_at=event.begins_at + timedelta(**change),
        ends_at=event.ends_at + timedelta(**change),
        place_vi=event.place_vi,
        place_en=event.place_en,
        address=event.address,
    )


def test_a_cancelled_event_tells_everybody_once_in_his_language_why(make_event, join, cast):
    assert cast.firm_colleague and cast.rival_owner
    with write():
        cast.rival_owner.language = "en"
    event = make_event(capacity=1)
    join(event, cast.firm, cast.firm_owner)
    join(event, cast.rival, cast.rival_owner)
    join(event, None, cast.firm_owner)
    with write():
        told = operations.cancel_event(
            event, reason_vi="Bão số 9", reason_en="Typhoon no. 9", by=cast.officer, at=clock.now()
        )
    found = mails("event.cancelled")
    assert told == 3
    assert set(found) == {"firm_owner", "firm_colleague", "rival_owner"}
    assert "Typhoon no. 9" in found["rival_owner"].body and "Bão số 9" not in found["rival_owner"].body
    assert "Class on production" in found["rival_owner"].subject
    assert "Bão số 9" in found["firm_owner"].body and "Lớp quản trị" in found["firm_owner"].subject
    assert acts(event) == ["event.create", "event.publish", "event.cancel"]


def test_who_withdrew_or_left_the_organisation_is_not_told(make_event, join, cast):
    from companies.models import Membership

    assert cast.firm_colleague and cast.rival_owner
    event = make_event()
    join(event, cast.firm, cast.firm_owner)
    gone = join(event, cast.rival, cast.rival_owner)
    with write():
        operations.cancel(gone, by=cast.rival_owner, at=clock.now())
        session.scalars(
            select(Membership).where(Membership.user_id == cast.firm_colleague.id)
        ).one().left_at = clock.now()
    with write():
        operations.cancel_event(event, reason_vi="Bão", reason_en="Storm", by=cast.officer, at=clock.now())
    assert set(mails("event.cancelled")) == {"firm_owner"}


def test_a_cancellation_needs_its_reason_in_both_languages(make_event, cast):
    event = make_event()
    for reasons, field in ((("", "Storm"), "reason_vi"), (("Bão", " "), "reason_en")):
        with pytest.raises(Invalid) as refused, write():
            operations.cancel_event(
                event, reason_vi=reasons[0], reason_en=reasons[1], by=cast.officer, at=clock.now()
            )
        assert refused.value.field == field
    assert event.state is EventState.PUBLISHED


def test_an_event_that_is_put_off_remembers_its_first_day_and_tells_everybody_each_time(make_event, join, cast):
    event = make_event()
    join(event, cast.firm, cast.firm_owner)
    first = event.begins_at
    for days in (7, 2):
        with write():
            assert operations.move(event, later(event, days=days), by=cast.officer, at=clock.now()) == 1
    assert event.postponed_from == first
    assert event.begins_at == first + timedelta(days=9)
    rows = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "event.moved")).all()
    assert [row.recipient for row in rows] == ["firm_owner@cast.example"] * 2
    assert session.scalars(select(Registration.state)).all() == ["confirmed"]


def test_another_hour_on_the_same_day_is_no_postponement(make_event, join, cast):
    event = make_event()
    join(event, cast.firm, cast.firm_owner)
    with write():
        operations.move(event, later(event, hours=1), by=cast.officer, at=clock.now())
    assert event.postponed_from is None
    assert set(mails("event.moved")) == {"firm_owner"}


def test_moving_a_draft_or_moving_nothing_tells_nobody(make_event, join, cast):
    draft, event = make_event(published=False), make_event()
    join(event, cast.firm, cast.firm_owner)
    with write():
        assert operations.move(draft, later(draft, days=1), by=cast.officer, at=clock.now()) == 0
        assert operations.move(event, later(event), by=cast.officer, at=clock.now()) == 0
    assert mails("event.moved") == {}
    assert acts(event) == ["event.create", "event.publish"]


def test_a_published_event_is_not_moved_into_the_past(make_event, cast):
    event = make_event()
    with pytest.raises(Invalid) as refused, write():
        operations.move(event, later(event, days=-31), by=cast.officer, at=clock.now())
    assert refused.value.field == "begins_at"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title_vi": "", "title_en": ""}, "title_vi"),
        ({"registration_closes_at": 60}, "registration_closes_at"),
        ({"registration_opens_at": 31}, "registration_opens_at"),
        ({"registration_opens_at": 5, "registration_closes_at": 5}, "registration_opens_at"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_field(make_event, cast, change, field):
    event = make_event()
    change = {k: clock.now() + timedelta(days=v) if isinstance(v, int) else v for k, v in change.items()}
    with pytest.raises(Invalid) as refused, write():
        operations.edit(event, Details(**{"title_vi": "Lớp", **change}), by=cast.officer, at=clock.now())
    assert refused.value.field == field


def test_an_event_has_to_end_after_it_begins_and_within_a_month(app, cast):
    at, officer = clock.now(), cast.officer
    for days in (0, -1, 32):
        with pytest.raises(Invalid) as refused, write():
            operations.create(
                EventKind.FAIR,
                Details(title_vi="Hội chợ"),
                Schedule(begins_at=at, ends_at=at + timedelta(days=days)),
                by=officer,
                at=at,
            )
        assert refused.value.field == "ends_at"


def test_an_event_is_published_once_and_not_after_it_would_have_begun(make_event, cast):
    event, late = make_event(), make_event(published=False)
    with pytest.raises(Conflict), write():
        operations.publish(event, by=cast.officer, at=clock.now())
    with pytest.raises(Conflict), write():
        operations.publish(late, by=cast.officer, at=late.begins_at)


def test_a_cancelled_event_cannot_be_changed(make_event, cast):
    event = make_event()
    with write():
        operations.cancel_event(event, reason_vi="Bão", reason_en="Storm", by=cast.officer, at=clock.now())
    with pytest.raises(Conflict), write():
        operations.edit(event, Details(title_vi="Khác"), by=cast.officer, at=clock.now())
    with pytest.raises(Conflict), write():
        operations.move(event, later(event, days=1), by=cast.officer, at=clock.now())
    with pytest.raises(Conflict), write():
        operations.cancel_event(event, reason_vi="Bão", reason_en="Storm", by=cast.officer, at=clock.now())


def test_events_that_have_ended_are_done_and_others_stay(make_event, cast):
    event, draft, far = make_event(), make_event(published=False), make_event(days=90)
    operations.finish_past(event.ends_at)
    assert [e.state for e in (event, draft, far)] == [EventState.DONE, EventState.DRAFT, EventState.PUBLISHED]


def test_the_list_twin_agrees_with_what_each_may_see(make_event, cast):
    draft, event = make_event(published=False), make_event()
    staff = Actor(cast.officer.id, frozenset({"officer"}))
    firm = Actor(cast.firm_owner.id, frozenset(), {"organisation": frozenset({cast.firm.id})})
    for who, seen in ((staff, {draft.id, event.id}), (firm, {event.id}), (NOBODY, {event.id})):
        assert set(session.scalars(select(Event.id).where(queries.events_visible_to(who)))) == seen


def test_a_firm_knows_its_own_registrations_only(make_event, join, cast):
    event = make_event()
    own, rival = join(event, cast.firm, cast.firm_owner), join(event, cast.rival, cast.rival_owner)
    alone = join(event, None, cast.firm_colleague)
    ties = {"organisation": frozenset({cast.firm.id})}
    for who, seen in (
        (Actor(cast.officer.id, frozenset({"officer"})), {own.id, rival.id, alone.id}),
        (Actor(cast.firm_owner.id, frozenset(), ties), {own.id}),
        (Actor(cast.firm_colleague.id, frozenset(), ties), {own.id, alone.id}),
        (Actor(cast.bank.id), set()),
        (NOBODY, set()),
    ):
        assert set(session.scalars(select(Registration.id).where(queries.registrations_visible_to(who)))) == seen


def test_the_days_of_an_event_are_days_in_hanoi(make_event):
    event = make_event()  # begins at nine in Hanoi
    assert event.days == [date(2026, 12, 22), date(2026, 12, 23), date(2026, 12, 24)]
    assert event.period == "22/12/2026, 09:00 – 24/12/2026, 17:00"


def test_a_month_shows_events_that_reach_into_it(make_event):
    event = make_event(days=38)  # 30 December to 1 January
    assert event.days[0] == date(2026, 12, 30)
    for first in (date(2026, 12, 1), date(2027, 1, 1)):
        assert session.scalars(queries.calendar(month=first, at=clock.now())).all() == [event]
    assert session.scalars(queries.calendar(month=date(2027, 2, 1), at=clock.now())).all() == []
    picture = month.picture(date(2027, 1, 1), [event])
    assert [d.date for week in picture.weeks for d in week if d.events] == event.days
    assert (picture.before, picture.after) == (date(2026, 12, 1), date(2027, 2, 1))


@pytest.mark.parametrize("text", [None, "", "2026", "2026-13", "2026-00", "1999-01", "2026-1-1", "٢٠٢٦-01", "x-y"])
def test_what_is_no_month_is_ignored(text):
    assert month.read(text) is None
