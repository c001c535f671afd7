"""A meeting falls out: who in the hall takes its time, in which order, and who is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, outbox
from core.db import session, write
from core.errors import Conflict
from events import operations as events
from events.conferences import agenda
from events.conferences import operations as conference_operations
from events.conferences.comparing import between
from events.conferences.day import operations as day
from events.conferences.day.enums import FallsOut, Trouble
from events.conferences.day.presence import hall
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Meeting, TimetableVersion
from events.conferences.standby import operations, rules
from events.conferences.standby import queries as standby
from events.conferences.standby.models import StandbyOffer
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

YES, MUST, NO = Wish.YES, Wish.MUST, Wish.NO


def pair(firm, *said, fit=0.5, offers=0, met=False):
    return rules.Pair(firm, 100, fit, said or (None, None), offers, met)


@pytest.mark.parametrize(
    ("pairs", "order"),
    [
        ([pair(1, fit=0.9), pair(2, YES, None, fit=0.2), pair(3, YES, MUST, fit=0.1)], [3, 2, 1]),
        ([pair(1, fit=0.4), pair(2, fit=0.6)], [2, 1]),
        ([pair(1, fit=0.5), pair(2, fit=0.5, offers=2)], [2, 1]),
        ([pair(1, NO, MUST, fit=0.9), pair(2, YES, NO), pair(3, fit=0.1)], [3]),
        ([pair(1, YES, YES, met=True), pair(2)], [2]),
        ([pair(n, fit=n / 10) for n in range(9)], [8, 7, 6, 5, 4]),
        ([], []),
    ],
)
def test_mutual_wishes_come_first_then_one_sided_then_the_fit_and_no_veto_ever(pairs, order):
    assert [p.firm for p in rules.ranked(pairs)] == order


@pytest.mark.parametrize(("minutes", "taken"), [(-30, True), (0, True), (12, True), (13, False), (25, False)])
def test_a_freed_time_can_be_taken_until_half_of_it_is_over(minutes, taken):
    begins = clock.now()
    at = begins + timedelta(minutes=minutes)
    assert rules.can_be_taken(begins_at=begins, ends_at=begins + timedelta(minutes=25), at=at) is taken


# --- in the hall -----------------------------------------------------------------------------------------------


@pytest.fixture
def morning(held, cast):  # noqa: F811
    """Ten minutes before the first meetings: everybody is there, and nobody's limits are reached."""
    with write():
        held.conference.firm_maximum = held.conference.partner_maximum = 8
    held.at = min(s.begins_at for s in held.conference.slots) - timedelta(minutes=10)
    with write():
        for key in (*held.firms, *held.partners):
            day.check_in(held.participant(key), key=f"0123456789-{key:06d}", by=cast.officer, at=held.at)
    with clock.frozen(held.at):
        yield held


def fall_out(small, cast):
    """A firm whose meeting is in the first time is absent; what falls out, and those who are idle then."""
    first = min(small.conference.slots, key=lambda s: s.begins_at)
    published = agenda.version_in(small.conference, VersionState.PUBLISHED)
    m = next(m for m in published.meetings if m.slot_id == first.id)
    key, firm = m.id, m.firm_id
    with write():
        day.report(
            small.conference, Trouble.ABSENT, participant=small.participant(firm), by=cast.officer, at=small.at
        )
    return session.get(Meeting, key)


def free_pair(small, m):
    """Take a firm's own meeting with that partner off, so that the two may still meet; return the firm."""
    busy = {x.firm_id for x in m.timetable.meetings if x.slot_id == m.slot_id}
    idle = next(f for f in small.firms if f not in busy)
    key, partner = m.id, m.partner_id
    with write():
        for x in session.scalars(select(Meeting).where(Meeting.firm_id == idle, Meeting.partner_id == partner)).all():
            session.delete(x)
    return session.get(Meeting, key), idle


def opening(small, m):
    return next(o for o in standby.openings(hall(small.conference, at=small.at)) if o.meeting.id == m.id)


def test_the_one_left_alone_is_offered_those_who_are_there_and_free(morning, cast):
    m, idle = free_pair(morning, fall_out(morning, cast))
    found = opening(morning, m)
    assert found.why is FallsOut.AWAY and [p.id for p in found.left] == [m.partner_id]
    assert [(c.pair.firm, c.pair.partner, c.table.id) for c in found.chances] == [(idle, m.partner_id, m.table_id)]


@pytest.mark.parametrize("who", ["firm", "partner"])
def test_a_veto_of_either_side_is_never_proposed(morning, cast, who):
    m, idle = free_pair(morning, fall_out(morning, cast))
    sides = morning.participant(idle), morning.participant(m.partner_id)
    says, of = sides if who == "firm" else sides[::-1]
    with write():
        conference_operations.wish(says, of, NO, by=cast.officer, at=morning.at, on_behalf=True)
    assert opening(morning, m).chances == []


def test_who_is_not_in_the_hall_is_not_proposed(morning, cast):
    m, idle = free_pair(morning, fall_out(morning, cast))
    with write():
        day.check_in(
            morning.participant(idle), key="another-key-16-ch", by=cast.officer, left=True,
            at=morning.at + timedelta(minutes=1),
        )  # fmt: skip
    assert opening(morning, m).chances == []


def test_one_click_gives_the_time_and_tells_both_sides(morning, cast, browse):
    people = {morning.firm: cast.firm_owner.email, morning.partner: cast.bank.email}
    m, idle = free_pair(morning, fall_out(morning, cast))
    old = m.timetable
    seen = {(x.firm_id, x.partner_id, x.slot_id) for x in old.meetings}
    data = {"meeting": m.id, "firm": idle, "partner": m.partner_id}
    partner, slot, table, absent = m.partner_id, m.slot_id, m.table_id, m.firm_id
    path = f"/conferences/{morning.conference_id}/standby"
    client = browse(cast.officer)
    assert client.post(path, data=data).status_code == 302
    version = agenda.version_in(morning.conference, VersionState.PUBLISHED)
    now = {(x.firm_id, x.partner_id, x.slot_id): x for x in version.meetings}
    assert now[idle, partner, slot].table_id == table and now.keys() - seen == {(idle, partner, slot)}
    assert {key[0] for key in seen - now.keys()} == {absent}
    told = {x.recipient for x in session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "day.changed"))}
    concerned = {key for c in between(old, version) for key in c.pair}
    assert {idle, partner} <= concerned and told == {people[key] for key in concerned if key in people}
    assert client.post(path, data=data).status_code == 409  # somebody else was quicker


def test_meetings_of_others_that_cannot_be_held_stay_until_the_next_plan_and_nobody_hears_of_them(
    morning, cast, browse
):
    """Another firm left, and its meetings of the whole day fall out: they are a matter of the next plan."""
    m, idle = free_pair(morning, fall_out(morning, cast))
    fallen, partner, absent = m.id, m.partner_id, m.firm_id
    gone = next(f for f in morning.firms if f not in (idle, absent, morning.firm))
    with write():
        left = morning.participant(gone)
        day.report(morning.conference, Trouble.LEFT, participant=left, by=cast.officer, at=morning.at)
    before = {x.pair: (x.slot_id, x.table_id) for x in session.get(Meeting, fallen).timetable.meetings}
    chance = opening(morning, session.get(Meeting, fallen)).chances[0]
    off = {x.pair for x in chance.instead}
    client, path = browse(cast.officer, "en"), f"/conferences/{morning.conference_id}/standby"
    page = client.get(path).get_data(as_text=True)
    assert "cannot be held as planned" in page
    data = {"meeting": fallen, "firm": chance.firm.id, "partner": chance.partner.id}
    assert client.post(path, data=data).status_code == 302
    session.rollback()
    version = agenda.version_in(morning.conference, VersionState.PUBLISHED)
    now = {x.pair: (x.slot_id, x.table_id) for x in version.meetings}
    assert {pair for pair in before if pair not in now} == off and absent in {key for pair in off for key in pair}
    assert all(now[pair] == before[pair] for pair in before.keys() - off)
    assert now.keys() - before.keys() == {(idle, partner)}
    told = session.scalars(select(outbox.Mail.dedupe_key).where(outbox.Mail.kind == "day.changed")).all()
    assert gone not in {int(key.split(":")[2]) for key in told}


def test_a_meeting_of_a_taker_that_falls_out_at_the_same_time_is_named_before_it_comes_off(morning, cast, browse):
    m, _idle = free_pair(morning, fall_out(morning, cast))
    fallen, slot, partner = m.id, m.slot_id, m.partner_id
    other = next(x for x in m.timetable.meetings if x.slot_id == slot and x.partner_id != partner)
    lonely, away = other.firm_id, other.partner_id
    with write():  # the firm of the other meeting is left alone too, and may meet this partner
        day.report(
            morning.conference, Trouble.ABSENT, participant=morning.participant(away), by=cast.officer, at=morning.at
        )
        for x in session.scalars(
            select(Meeting).where(Meeting.firm_id == lonely, Meeting.partner_id == partner)
        ).all():
            session.delete(x)
    chance = next(c for c in opening(morning, session.get(Meeting, fallen)).chances if c.pair.firm == lonely)
    assert {x.pair for x in chance.instead} == {session.get(Meeting, fallen).pair, (lonely, away)}
    client, path = browse(cast.officer, "en"), f"/conferences/{morning.conference_id}/standby"
    name = morning.participant(away).organisation.name_vi
    assert re.search(f"Takes off: [^<]*{name}", client.get(path).get_data(as_text=True))
    data = {"meeting": fallen, "firm": lonely, "partner": partner}
    assert client.post(path, data=data).status_code == 302
    session.rollback()
    version = agenda.version_in(morning.conference, VersionState.PUBLISHED)
    assert [x.pair for x in version.meetings if lonely in x.pair and x.slot_id == slot] == [(lonely, partner)]


def test_a_time_is_given_away_although_somebody_withdrew_after_its_meetings(morning, cast):
    """Who withdraws from the event leaves its meetings in the published timetable, past ones too."""
    m, idle = free_pair(morning, fall_out(morning, cast))
    fallen, partner = m.id, m.partner_id
    gone = next(f for f in morning.firms if f not in (idle, m.firm_id))
    with write():
        events.cancel(morning.participant(gone).registration, by=cast.officer, at=morning.at)
    with write():
        version, _told = operations.assign(morning.conference, fallen, idle, partner, by=cast.officer, at=morning.at)
    assert any(x.pair == (idle, partner) for x in version.meetings)
    assert any(x.firm_id == gone for x in version.meetings)


def test_the_other_freed_times_are_still_offered_after_one_was_given_away(morning, cast):
    m, idle = free_pair(morning, fall_out(morning, cast))
    slot, fallen, partner = m.slot_id, m.id, m.partner_id
    other, left = next(x.pair for x in m.timetable.meetings if x.slot_id == slot and x.partner_id != partner)
    with write():
        absent = morning.participant(other)
        day.report(morning.conference, Trouble.ABSENT, participant=absent, by=cast.officer, at=morning.at)
    with write():
        operations.assign(morning.conference, fallen, idle, partner, by=cast.officer, at=morning.at)
    still = [o for o in standby.openings(hall(morning.conference, at=morning.at)) if o.meeting.slot_id == slot]
    assert [[p.id for p in o.left] for o in still] == [[left]]


def test_a_draft_that_is_worked_on_is_not_thrown_away(morning, cast):
    m, idle = free_pair(morning, fall_out(morning, cast))
    from events.conferences import moves

    key, partner = m.id, m.partner_id
    with write():
        draft = moves.edit_copy(session.get(TimetableVersion, m.version_id), by=cast.officer, at=morning.at).id
    with pytest.raises(Conflict), write():
        operations.assign(morning.conference, key, idle, partner, by=cast.officer, at=morning.at)
    assert session.get(TimetableVersion, draft).state is VersionState.DRAFT


def test_a_participant_offers_itself_and_takes_that_back_as_easily(morning, cast, browse):
    owner = browse(cast.firm_owner, "en")
    path = f"/conferences/{morning.conference_id}/participants/{morning.firm}"
    for free, rows in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        assert owner.post(f"{path}/standby", data={"free": free}).status_code == 302
        assert len(session.scalars(select(StandbyOffer)).all()) == rows
        page = owner.get(f"{path}/schedule").get_data(as_text=True)
        assert ("Take me off the list" in page) is bool(rows)
    assert browse(cast.rival_owner).post(f"{path}/standby", data={"free": "1"}).status_code == 404


def test_the_page_asks_as_much_for_many_openings_as_for_one(morning, cast, browse, queries):
    client, path, counts = browse(cast.officer), f"/conferences/{morning.conference_id}/standby", []
    for absent in ((), morning.firms[:1], morning.firms[1:4]):
        for key in absent:
            with write():
                day.report(morning.conference, Trouble.ABSENT, participant=morning.participant(key),
                           by=cast.officer, at=morning.at)  # fmt: skip
        client.get(path)
        queries.clear()
        client.get(path)
        counts.append(len(queries))
    assert counts[1] == counts[2]
