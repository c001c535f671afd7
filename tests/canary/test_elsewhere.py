"""Mail and calendars carry no secret to anybody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.db import session
from core.outbox import Mail
from events.conferences.models import Participant
from tests.canary.reading import leaks, squeezed, words_of

pytestmark = pytest.mark.one_database


def test_mails_tell_everybody_only_of_himself(app, site, cast):
    allowed = {"a": cast.firm_owner.email, "b": cast.rival_owner.email}
    mails = session.scalars(select(Mail)).all()
    assert len(mails) > 4
    for letter, address in allowed.items():
        others = {
            str(m.id): squeezed(f"{m.subject} {m.body} {m.html or ''}") for m in mails if m.recipient != address
        }
        assert leaks(others, site.secrets[letter]) == set()


def test_a_calendar_address_tells_of_its_own_meetings_only(app, site, client):
    for name in ("bank", "b"):
        key = session.get(Participant, site.participants[name]).feed_key
        text = words_of(client.get(f"/calendar/{key}.ics"))
        assert "minhhoạ01" not in text
        assert leaks({"feed": text}, [*site.secrets["a"], *site.secrets["b"]]) == set()
