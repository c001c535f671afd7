"""What officers are told to do about delegations, and what members are reminded of: each once, from the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.access import actor_of
from core import attention, clock
from core.db import session, write
from core.outbox import Mail
from events.conferences.delegations import asking, operations, planning, publishing, queries, reporting, wishing
from events.conferences.delegations.models import VisitHost
from events.conferences.enums import VersionState, Wish


def entries(cast):
    session.rollback()
    found = attention.for_reader(actor_of(cast.officer.id), at=clock.now())
    return {s.entry.key.partition(":")[0]: s.entry for s in found if s.kind.name.startswith("delegations.")}


@pytest.fixture
def closing(trip):
    """Wishes close in two days."""
    with write():
        queries.delegation(trip.event).wishes_close_at = clock.now() + timedelta(days=2)
    return trip


def publish(trip, by):
    planning.generate(trip.event_id, by=by)
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        publishing.publish(trip.event, draft, by=by, at=clock.now())


def test_officers_are_told_what_is_missing_until_it_is_there(cast, closing):
    found = entries(cast)
    assert set(found) == {"delegations.hosts", "delegations.wishes", "delegations.programme"}
    assert (found["delegations.hosts"].count, found["delegations.wishes"].count) == (2, 2)
    with write():
        for host in queries.delegation(closing.event).hosts:
            operations.confirm_reception(host, by=cast.officer, at=clock.now())
        said = {closing.hosts[0]: Wish.YES}
        for member in (closing.firm, closing.rival):
            wishing.wish(closing.registration(member), said, {}, by=cast.officer, at=clock.now(), on_behalf=True)
    assert set(entries(cast)) == {"delegations.programme"}
    publish(closing, cast.officer)
    assert entries(cast) == {}


def test_after_the_delegation_visits_without_an_answer_are_counted(cast, closing):
    publish(closing, cast.officer)
    with clock.frozen(closing.event.ends_at + timedelta(days=1)):
        assert entries(cast)["delegations.outcomes"].count == 4
        with write():
            for member in (closing.firm, closing.rival):
                for v in queries.visits_of(closing.registration(member)):
                    reporting.report(v.registration, v.visit.host_id, {"held": True}, by=cast.officer, at=clock.now())
        assert entries(cast) == {}


def reminded():
    session.rollback()
    return [m.recipient for m in session.scalars(select(Mail).where(Mail.kind == "delegation.wishes"))]


def test_the_silent_are_reminded_once_when_wishes_close_soon(browse, cast, closing):
    assert cast.firm_owner and cast.rival_owner
    with write():
        said = {closing.hosts[0]: Wish.YES}
        wishing.wish(closing.registration(closing.firm), said, {}, by=cast.officer, at=clock.now(), on_behalf=True)
    asking.ask_wishes(clock.now() - timedelta(days=3))
    assert reminded() == []
    for _turn in range(2):
        asking.ask_wishes(clock.now())
    assert reminded() == [cast.rival_owner.email]
    with clock.frozen(clock.now() + timedelta(days=1)):
        browse(cast.officer).post(f"{closing.path}/wishes/remind")
    assert reminded() == [cast.rival_owner.email] * 2


def own(person):
    """What a member or a host finds on its home page."""
    session.rollback()
    found = attention.for_reader(actor_of(person.id), at=clock.now())
    return {s.entry.key.partition(":")[0]: s.entry.count for s in found}


def test_members_and_hosts_find_on_their_home_page_what_is_asked_of_them(cast, closing, browse):
    host_id, bank = closing.hosts[0], cast.bank_organisation.id
    with write():
        session.get(VisitHost, host_id).organisation_id = bank
    assert own(cast.firm_owner) == {"own.visit_wishes": 1}
    assert own(cast.bank) == {"own.receptions": 1}
    assert own(cast.supplier) == {}
    assert f"{closing.path}/hosts/{host_id}/reception" in browse(cast.bank).get("/").text
    with write():
        operations.confirm_reception(session.get(VisitHost, host_id), by=cast.bank, at=clock.now())
        wishing.wish(closing.registration(closing.firm), {host_id: Wish.YES}, {}, by=cast.firm_owner, at=clock.now())
    assert own(cast.firm_owner) == own(cast.bank) == {}
    publish(closing, cast.officer)
    with clock.frozen(closing.event.ends_at + timedelta(hours=1)):
        assert own(cast.firm_owner) == {"own.visits": 2}
        assert own(cast.bank) == {"own.visits.host": 2}
        assert f"{closing.path}/members/{closing.firm}" in browse(cast.firm_owner).get("/").text
