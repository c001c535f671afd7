"""Mail and calendars carry no secret to anybody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from core.outbox import Mail
from events.conferences.delegations import calendars, links
from events.conferences.delegations.models import VisitHost
from events.conferences.models import Participant
from events.models import Event
from tests.canary.planting import HOST
from tests.canary.reading import leaks, seen, squeezed, words_of

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


def test_the_personal_link_and_calendar_of_a_host_tell_nothing_that_members_keep_to_themselves(site, client):
    secrets = [*site.secrets["a"], *site.secrets["b"]]
    with write():
        host = session.scalars(select(VisitHost)).one()
        calendars.open_for_hosts([host])
        key = links.issue(host, session.get_one(Event, host.event_id), at=clock.now()).rpartition("/")[2]
    pages = {name: words_of(client.get(f"/visits/{key}{name}")) for name in ("", "/programme.pdf")}
    pages["feed"] = words_of(client.get(f"/calendar/hosts/{host.calendar_key}.ics"))
    assert leaks(pages, secrets, {HOST}) == set()
    own = [s for s in secrets if s.tier == HOST]
    assert len(own) == 4 and seen({"": pages[""]}, own) == {s.word for s in own}
