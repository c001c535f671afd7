"""A small conference with a published timetable; people of the cast stand behind two of its participants."""

from __future__ import annotations

import pytest

from core import clock
from core.db import session, write
from events.conferences import suggestions, timetable
from events.conferences.models import Meeting
from tests.events.conferences.conftest import make_conference


@pytest.fixture
def held(cast):
    """The conference; `held.firm` meets `held.partner`, people of the cast belong to both."""
    small = make_conference(cast.officer, cast.firm)
    bank, _people = cast.bank_organisation.id, (cast.firm_owner.id, cast.bank.id)
    with write():
        small.participant(small.partners[0]).organisation_id = bank
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    with write():
        timetable.publish(session.get(type(version), version.id), by=cast.officer, at=clock.now())
    small.firm, small.partner = small.firms[0], small.partners[0]
    assert session.query(Meeting).filter_by(firm_id=small.firm, partner_id=small.partner).count() == 1
    small.day = small.conference.event.begins_at
    return small
