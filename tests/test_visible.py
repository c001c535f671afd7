"""Rows that the access table cannot tell apart, because a row before them in the address or a rule keeps others out:
lists of them hold those rows for the right people, too."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from companies.enums import SupportKind, Visibility
from companies.models import NeedOffer, SupportReceived
from core import clock
from core.access import visible_to
from core.db import session, write
from events.conferences.delegations.models import HostVisit
from events.conferences.models import Conference, Delegate, Meeting, Slot
from events.conferences.outcomes.models import Outcome
from events.enums import EventKind, EventState
from events.models import Event, RegistrationCounter
from portal.news.enums import NewsKind
from portal.news.models import NewsItem
from tests.test_access import PEOPLE, actor_of, rows

__all__ = ["rows"]  # the fixture
OFFICERS = {"administrator", "officer"}
OWN = OFFICERS | {"firm_owner", "firm_colleague"}


def test_lists_of_drafts_and_of_what_a_side_keeps_hold_them_for_the_right_people_alone(cast, rows):
    at, people = clock.now(), {name: actor_of(getattr(cast, name, None)) for name in PEOPLE}
    with write():
        draft = Event(kind=EventKind.CONFERENCE, state=EventState.DRAFT, title_vi="Nháp", begins_at=at,
                      ends_at=at + timedelta(hours=8),
                      created_at=at, counter=RegistrationCounter(last=0))  # fmt: skip
        news = NewsItem(kind=NewsKind.FAIR, title_vi="Bản nháp", created_at=at)
        support = SupportReceived(organisation_id=cast.firm.id, kind=next(iter(SupportKind)), on=at.date())
        session.add_all([draft, news, support])
        session.get(NeedOffer, rows[NeedOffer]).visibility = Visibility.MATCHED
        session.flush()
        conference = session.get(Conference, rows[Conference])
        kept, conference.event_id = conference.event_id, draft.id
        session.flush()
        keys = {**rows, Event: draft.id, NewsItem: news.id, SupportReceived: support.id}
        keys[Slot] = session.scalars(select(Slot.id)).first()
        told = {model: _seen(people, model, keys[model]) for model in EXPECTED}
        conference.event_id = kept
    assert {model.__name__: names for model, names in told.items()} == {m.__name__: n for m, n in EXPECTED.items()}


EXPECTED = {
    Event: OFFICERS, Conference: OFFICERS, NewsItem: OFFICERS, Meeting: OFFICERS, Slot: OFFICERS, HostVisit: OFFICERS,
    Outcome: OWN, Delegate: OWN, SupportReceived: OWN, NeedOffer: OWN,
}  # fmt: skip


def _seen(people, model, key):
    """Who finds the row in a list."""
    return {
        name
        for name, actor in people.items()
        if session.scalars(select(model.id).where(visible_to(actor, model), model.id == key)).all()
    }
