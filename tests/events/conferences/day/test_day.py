"""The day: the door, troubles, the rest planned anew, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from core import clock, outbox
from core.db import session, write
from core.errors import Conflict
from core.i18n import force_locale
from events.conferences import agenda, confirming, overruns, replanning, timetable
from events.conferences.comparing import between
from events.conferences.day import operations, rules
from events.conferences.day import queries as day
from events.conferences.day.enums import Trouble
from events.conferences.day.models import Arrival, TroubleRow
from events.conferences.enums import VersionState
from events.conferences.models import TimetableVersion
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

KEY = "0123456789abcdef"


def times(*minutes):
    at = clock.now()
    return [rules.Time(n, at + timedelta(minutes=m), at + timedelta(minutes=m + 25)) for n, m in enumerate(minutes)]


@pytest.mark.parametrize(
    ("kind", "until", "lost"),
    [
        (Trouble.ABSENT, None, {2, 3}),
        (Trouble.LEFT, None, {2, 3}),
        (Trouble.TABLE, None, {2, 3}),
        (Trouble.LATE, 3, {2}),
        (Trouble.LATE, 2, set()),
        (Trouble.LATE, 0, set()),
        (Trouble.MEETING, None, set()),
    ],
)
def test_a_trouble_takes_the_times_ahead_and_never_the_past(kind, until, lost):
    assert rules.times_lost(kind, times(-60, -10, 20, 50), at=clock.now(), until=until) == lost


@pytest.mark.parametrize(
    ("minutes", "longer", "shown"),
    [
        ((-60, -10, 20, 50), 0, [1, 2]),
        ((-60, -10, 20, 50), 1, [0, 1, 2]),  # what began before may last into the present time
        ((-60, -10, 20, 50), 5, [0, 1, 2]),
        ((20, 50), 2, [0]),  # before the first
        ((-60, -30), 1, [0, 1]),  # just over: named for a while
        ((-600,), 1, []),
    ],
)
def test_the_page_of_the_day_reads_the_times_of_now_and_next_alone(minutes, longer, shown):
    found, at = times(*minutes), clock.now()
    going_on, (_now, following) = rules.on_now(found, at=at), rules.now_and_next(found, at=at)
    assert rules.times_shown(found, going_on, following, longer=longer) == shown


@pytest.mark.parametrize(
    ("own", "more", "can"),
    [
        (1, 0, True),  # it runs; the next has not begun
        (0, 0, True),  # noticed late: the next has begun, and is not over
        (0, 1, True),
        (1, 1, False),  # then comes a break
        (2, 0, False),  # not begun
        (3, 0, False),  # the last of all
        (9, 0, False),
    ],
)
def test_a_meeting_takes_longer_until_a_break_and_not_before_it_began(own, more, can):
    slots = [replace(t, begins_block=t.id == 3) for t in times(-40, -10, 20, 80)]
    assert rules.may_take_longer(slots, own=own, more=more, at=clock.now()) is can


@pytest.mark.parametrize(
    ("before", "kept"),
    [(timedelta(minutes=40), True), (timedelta(hours=25), False), (timedelta(minutes=-3), False), (None, False)],
)
def test_a_check_in_kept_without_a_connection_has_its_true_time_within_a_day(before, kept):
    now = clock.now()
    stated = None if before is None else now - before
    assert rules.true_time(stated, sent_at=now) == (stated if kept else now)


# --- the door --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "opened"), [(3, False), (4, True), (5, True), (6, True), (7, True), (8, False)])
def test_the_door_is_open_from_the_day_before_until_the_day_after(today, opened):
    days = [date(2026, 12, 5), date(2026, 12, 6)]
    assert rules.door_is_open(days, today=date(2026, 12, today)) is opened


@pytest.mark.parametrize(("days", "opened"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_door_staff_keep_the_door_in_its_days_alone_and_officers_always(small, browse, cast, days, opened):
    conference, firm = small.conference_id, small.participant(small.firms[0])
    code, first = firm.registration.ticket_code, clock.local(small.conference.event.begins_at).replace(hour=0)
    day_of_it = first + timedelta(days=days)
    for at in (day_of_it, day_of_it + timedelta(hours=23, minutes=59)):
        with clock.frozen(at):
            clerk, officer, status = browse(cast.door_staff), browse(cast.officer), 200 if opened else 403
            for path in (f"/conferences/{conference}/door", f"/conferences/{conference}/walk-in", f"/door/{code}"):
                assert (clerk.get(path).status_code, officer.get(path).status_code) == (status, 200), (path, at)
            assert knock(clerk, small, small.firms[0], key=f"{KEY}{at:%d%H}").status_code == status
            assert [c.id for c in day.doors(clock.now())] == ([conference] if opened else [])


def test_a_clerk_reads_when_the_next_door_opens_and_whose_badge_is_of_another_day(small, browse, cast):
    title, code = small.conference.event.title_vi, small.participant(small.firms[0]).registration.ticket_code
    with clock.frozen(clock.now() - timedelta(days=1)):
        clerk = browse(cast.door_staff)
        assert title in clerk.get("/door").text and "23/11/2026" in clerk.get("/door").text
        refused = clerk.get(f"/door/{code}")
    assert refused.status_code == 403 and title in refused.text and cast.firm.name_vi not in refused.text


def knock(client, small, participant, **fields):
    data = {"participant": participant, "key": KEY, **fields}
    return client.post(f"/conferences/{small.conference_id}/door", data=data, headers={"Accept": "application/json"})


def test_door_staff_check_in_and_see_nothing_else(held, browse, cast):  # noqa: F811
    clerk = browse(cast.door_staff)
    assert cast.firm.name_vi in clerk.get(f"/conferences/{held.conference_id}/door").get_data(as_text=True)
    assert knock(clerk, held, held.firm).status_code == 200
    assert clerk.get(f"/conferences/{held.conference_id}/day").status_code == 403
    for person in (cast.firm_owner, cast.bank, cast.council_member):
        assert browse(person).get(f"/conferences/{held.conference_id}/door").status_code == 403


def test_the_same_check_in_sent_twice_counts_once_and_another_says_since_when(held, browse, cast):  # noqa: F811
    clerk = browse(cast.door_staff)
    early = int((clock.now() - timedelta(minutes=30)).timestamp())
    first = knock(clerk, held, held.firm, at=early).get_json()
    assert knock(clerk, held, held.firm, at=early).get_json()["at"] == first["at"] == "08:30"
    assert "08:30" in knock(clerk, held, held.firm, key="another-key-16-ch").get_json()["note"]
    session.rollback()
    assert len(session.scalars(select(Arrival)).all()) == 2
    assert [g.there for g in day.guests(held.conference)].count(True) == 1


def test_who_leaves_is_not_there_and_may_come_back(held, cast):  # noqa: F811
    clerk = cast.door_staff
    for n, left in enumerate((False, True, False)):
        with write():
            operations.check_in(held.participant(held.firm), key=f"{KEY}{n}", by=clerk, left=left,
                                at=clock.now() + timedelta(minutes=n))  # fmt: skip
        assert next(g for g in day.guests(held.conference) if g.id == held.firm).there is not left


def test_the_code_on_the_badge_opens_the_right_person_and_a_changed_one_nobody(held, browse, cast):  # noqa: F811
    code = held.participant(held.firm).registration.ticket_code
    clerk = browse(cast.door_staff)
    assert cast.firm.name_vi in clerk.get(f"/door/{code}").get_data(as_text=True)
    assert clerk.get(f"/door/{code[:-1]}{'A' if code[-1] != 'A' else 'B'}").status_code == 404
    assert browse(cast.firm_owner).get(f"/door/{code}").status_code == 403


def test_somebody_of_another_conference_is_not_let_in_here(held, browse, cast):  # noqa: F811
    answer = knock(browse(cast.door_staff), held, 999_999)
    assert answer.status_code == 422 and "error" in answer.get_json()


# --- troubles and the rest -------------------------------------------------------------------------------------


def published(small):
    session.rollback()
    return agenda.version_in(small.conference, VersionState.PUBLISHED)


def morning(small):
    """After the first meetings have begun."""
    first = min(s.begins_at for s in small.conference.slots)
    return first + timedelta(minutes=10)


def trouble(small, kind, by, at, **rows):
    with write():
        found = {name: small.participant(key) if isinstance(key, int) else key for name, key in rows.items()}
        return operations.report(small.conference, kind, **found, by=by, at=at)


def test_after_an_absence_the_past_stays_and_the_absent_meets_nobody(held, cast):  # noqa: F811
    officer, at = cast.officer, morning(held)
    before = [(m.firm_id, m.partner_id, m.slot_id, m.table_id) for m in published(held).meetings]
    past = {row for row in before if began(held, row[2], at)}
    trouble(held, Trouble.ABSENT, officer, at, participant=held.partner)
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    after = {(m.firm_id, m.partner_id, m.slot_id, m.table_id) for m in draft.meetings}
    assert past and past <= after
    assert not [row for row in after - past if held.partner in row[:2]]
    assert draft.frozen_until == at


def began(small, slot, at):
    return next(s.begins_at for s in small.conference.slots if s.id == slot) < at


def test_only_those_affected_are_told_and_what_changes_for_them(held, cast):  # noqa: F811
    officer, _owner, at = cast.officer, cast.firm_owner, morning(held)
    mine = [m for m in published(held).meetings if m.firm_id == held.firm and not began(held, m.slot_id, at)]
    others = {m.partner_id for m in mine}
    trouble(held, Trouble.ABSENT, officer, at, participant=held.firm)
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    found = between(published(held), draft)
    with write():
        operations.publish(session.get(TimetableVersion, draft.id), by=officer, at=at)
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "day.changed")).all()
    told = {m.recipient for m in mails}
    affected = {key for c in found for key in c.pair}
    people = {held.firm: cast.firm_owner.email, held.partner: cast.bank.email}
    assert told == {people[key] for key in affected if key in people}
    assert bool(others) == (cast.firm_owner.email in told)


@pytest.mark.parametrize("minutes", [20, 35])  # while it goes on; and when the next should have begun already
def test_a_meeting_that_takes_longer_keeps_both_people_and_the_table_and_others_give_way(held, cast, minutes):  # noqa: F811
    officer, slots = cast.officer, held.conference.slots
    at = slots[0].begins_at + timedelta(minutes=minutes)
    following = [m for m in published(held).meetings if m.slot_id == slots[1].id]
    long = next(m for m in published(held).meetings if m.slot_id == slots[0].id
                and any({m.firm_id, m.partner_id} & {*other.pair} for other in following))  # fmt: skip
    place, table, disturbed = long.pair, long.table_id, [m.pair for m in following if {*m.pair} & {*long.pair}]
    trouble(held, Trouble.OVERRUN, officer, at, participant=place[0], other=place[1])
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    after = {m.pair: m for m in draft.meetings}
    assert (after[place].slot_id, after[place].table_id) == (slots[0].id, table)
    during = [m for m in draft.meetings if m.slot_id == slots[1].id]
    assert not [m for m in during if {*m.pair} & {*place} or m.table_id == table]
    assert disturbed and all(after[p].slot_id not in (slots[0].id, slots[1].id) for p in disturbed if p in after)
    assert {*disturbed} & {*after}  # there is room later on
    found = between(published(held), draft)
    with write():
        operations.publish(session.get(TimetableVersion, draft.id), by=officer, at=at)
    told = set(session.scalars(select(outbox.Mail.recipient).where(outbox.Mail.kind == "day.changed")))
    affected, people = {key for c in found for key in c.pair}, {held.firm: cast.firm_owner, held.partner: cast.bank}
    assert told == {person.email for key, person in people.items() if key in affected}


def test_longer_than_the_times_allow_is_refused_in_words_and_taking_back_frees_the_time(held, browse, cast):  # noqa: F811
    slots, conference = held.conference.slots, held.conference
    last = max((m for m in published(held).meetings), key=lambda m: m.slot.begins_at)
    with pytest.raises(Conflict, match="break"), force_locale("en"):
        trouble(held, Trouble.OVERRUN, cast.officer, last.slot.begins_at - timedelta(hours=9),
                participant=last.firm_id, other=last.partner_id)  # fmt: skip
    first = next(m for m in published(held).meetings if m.slot_id == slots[0].id)
    with clock.frozen(slots[0].ends_at + timedelta(minutes=1)):  # between two times it can still be said
        client, path = browse(cast.officer, "en"), f"/conferences/{held.conference_id}/day"
        data = {"kind": "overrun", "participant": first.firm_id, "other": first.partner_id}
        assert client.post(f"{path}/troubles", data=data).status_code == 302
        page = client.get(path).get_data(as_text=True)
    assert "Just over" in page and "takes longer" in page
    assert {m.id for m, _n in overruns.lasting(conference)} == {first.id}
    with write():
        operations.take_back(session.scalars(select(TroubleRow)).one(), by=cast.officer, at=clock.now())
    assert not list(overruns.lasting(held.conference))


def test_a_lost_table_is_not_used_and_taking_it_back_opens_it_again(held, cast):  # noqa: F811
    officer, at = cast.officer, morning(held)
    used = next(m for m in published(held).meetings if not began(held, m.slot_id, at))
    table = used.table
    trouble(held, Trouble.TABLE, officer, at, table=table)
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    assert not [m for m in draft.meetings if m.table_id == table.id and not began(held, m.slot_id, at)]
    with write():
        operations.take_back(session.scalars(select(TroubleRow)).one(), by=officer, at=at)
    again = replanning.replan(held.conference_id, by=officer, at=at)
    assert between(published(held), again) == []
    with pytest.raises(Conflict), write():
        operations.take_back(session.scalars(select(TroubleRow)).one(), by=officer, at=at)


def test_a_cancelled_meeting_makes_room_and_comes_back_when_taken_back(held, cast):  # noqa: F811
    officer, at = cast.officer, held.day - timedelta(hours=1)
    trouble(held, Trouble.MEETING, officer, at, participant=held.firm, other=held.partner)
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    assert (held.firm, held.partner) not in {(m.firm_id, m.partner_id) for m in draft.meetings}
    assert draft.frozen_until is None
    with write():
        operations.take_back(session.scalars(select(TroubleRow)).one(), by=officer, at=at)
    again = replanning.replan(held.conference_id, by=officer, at=at)
    assert (held.firm, held.partner) in {(m.firm_id, m.partner_id) for m in again.meetings}


def test_declined_meetings_are_offered_on_and_announced_ones_stay(held, cast):  # noqa: F811
    owner, officer, at = cast.firm_owner, cast.officer, clock.now()
    with write():
        firm, bank = held.participant(held.firm), held.participant(held.partner)
        confirming.answer(firm, bank, False, "Bận", by=owner, at=at)
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    found = between(published(held), draft)
    gone = [c for c in found if c.kind == "dropped"]
    assert [c.pair for c in gone] == [(held.firm, held.partner)]
    assert not [c for c in found if c.kind == "moved"]


def test_a_draft_that_breaks_a_rule_ahead_is_not_published_though_the_past_may(held, cast):  # noqa: F811
    officer, at = cast.officer, morning(held)
    draft = replanning.replan(held.conference_id, by=officer, at=at)
    trouble(held, Trouble.ABSENT, officer, at, participant=held.partner)
    with pytest.raises(Conflict), write():
        timetable.publish(session.get(TimetableVersion, draft.id), by=officer, at=at)
    good = replanning.replan(held.conference_id, by=officer, at=at)
    with write():
        assert timetable.publish(session.get(TimetableVersion, good.id), by=officer, at=at) >= 0


def test_the_page_of_the_day_tells_what_the_plan_does_not_know(held, browse, cast):  # noqa: F811
    officer = cast.officer
    with clock.frozen(morning(held)):
        client = browse(officer, "en")
        path = f"/conferences/{held.conference_id}/day"
        assert "does not know of everything" not in client.get(path).get_data(as_text=True)
        data = {"kind": "absent", "participant": held.firm}
        assert client.post(f"{path}/troubles", data=data).status_code == 302
        assert "does not know of everything" in client.get(path).get_data(as_text=True)
        assert client.post(f"{path}/troubles", data={"kind": "meeting", "participant": held.firm}).status_code == 422
        version = replanning.replan(held.conference_id, by=officer, at=clock.now() + timedelta(seconds=1))
        page = client.get(f"/conferences/{held.conference_id}/timetables/{version.id}/changes").get_data(as_text=True)
        assert "Who has to be told what" in page
        assert (
            client.get(f"/conferences/{held.conference_id}/timetables/{version.id}/changes.pdf").data[:4] == b"%PDF"
        )


def test_the_screen_in_the_hall_names_nobody(held, browse, cast):  # noqa: F811
    with clock.frozen(morning(held)):
        page = browse(cast.door_staff).get(f"/conferences/{held.conference_id}/screen").get_data(as_text=True)
    assert cast.firm.name_vi not in page and "data-times" in page


@pytest.mark.parametrize(("days", "said"), [(1, "08:30"), (2, "24/11 08:30")])
def test_a_change_says_the_day_where_a_conference_has_several(days, said):
    begins = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    event = SimpleNamespace(days=[begins.date()] * days)
    slot = SimpleNamespace(begins_at=begins, conference=SimpleNamespace(event=event))
    assert operations.when(SimpleNamespace(slot=slot)) == said


def test_nobody_is_called_missing_before_the_doors_open(held, cast, browse):  # noqa: F811
    first, page = min(slot.begins_at for slot in held.conference.slots), f"/conferences/{held.conference_id}/day"
    for before, called in ((timedelta(hours=2), False), (timedelta(minutes=59), True)):
        with clock.frozen(first - before):
            assert ('id="missing"' in browse(cast.officer).get(page).text) is called
