"""The demo's events, loaded through the operations that officers use."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from core import clock
from core.db import session, write
from demo import events, organisations
from events.conferences.models import Conference, Participant
from events.conferences.operations import Side
from events.enums import EventState, RegistrationState
from events.models import Event, Registration


def load(by) -> dict[str, Event]:
    with write():
        return events.load(by=by, at=clock.now())


def test_the_demo_has_a_year_of_drafts_and_one_conference_with_everybody(app, cast):
    officer = cast.officer
    with write():
        organisations.load(by=officer, at=clock.now())
    made = load(officer)
    kinds = Counter(event.kind.value for event in made.values())
    assert {key for key, event in made.items() if event.state is EventState.PUBLISHED} == {"matching-days"}
    assert kinds["fair"] == 1 and kinds["class"] >= 6 and kinds["conference"] >= 6
    days = made["matching-days"]
    states = Counter(session.scalars(select(Registration.state).where(Registration.event_id == days.id)))
    sides = Counter(session.scalars(select(Participant.side)))
    assert set(states) == {RegistrationState.CONFIRMED}
    assert sides[Side.FIRM] >= 50 and sides[Side.PARTNER] >= 30
    assert states.total() == sides.total()
    conference = session.scalars(select(Conference).where(Conference.event_id == days.id)).one()
    begins = [clock.local(slot.begins_at).strftime("%H:%M") for slot in conference.slots]
    assert begins == ["08:30", "09:00", "09:50", "10:20", "13:30", "14:00", "14:50", "15:20"] * 2
    assert session.scalars(select(Participant.delegates).where(Participant.delegates > 1)).all() == [2, 2, 2]


def test_loading_the_demo_again_makes_nothing_twice(app, cast):
    assert load(cast.officer)
    assert load(cast.officer) == {}
