"""Races for seats, against a live server of four processes, on both databases.

The control run switches the locks off: it has to oversell, or the whole suite proves nothing.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest

from core import clock
from tests.races.site import Post, join, withdraw

pytestmark = pytest.mark.live
SEATS = 30


def statuses(answers) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))


def test_without_locks_seats_are_oversold(site):
    with site.serve(TEST_SKIP_LOCKING="1") as unlocked:
        for _ in range(8):
            event = site.event(SEATS)
            unlocked.storm([join(event, person) for person in site.firms[:120]])
            if len(site.confirmed(event)) > SEATS:
                return
    pytest.fail("the control run never oversold: the races below prove nothing")


def test_a_thousand_firms_for_thirty_seats(site, server):
    event = site.event(SEATS)
    before = server.cpu_seconds()
    answers = server.storm([join(event, person) for person in site.firms])
    took = (server.cpu_seconds() - before) / 2  # seconds on a machine of two cores with nothing else to do
    rows = site.registrations(event)
    assert statuses(answers) == {302: 1000}
    assert [number for _, number, _, _ in rows] == list(range(1, 1001))  # in the order of commits, without a gap
    assert [state for _, _, state, _ in rows] == ["confirmed"] * SEATS + ["waiting"] * 970
    assert len(site.mails(event, "registration.received")) == 1000
    assert 0 < took <= 30, f"took {took:.1f} s"


def test_places_on_the_waiting_list_run_from_one_without_a_gap(site, server):
    from core.db import get, session
    from events import queries
    from events.models import Event

    event_id = site.event(5)
    server.storm([join(event_id, person) for person in site.firms[:60]])
    with site.app.app_context():
        event = get(Event, event_id)
        places = queries.positions(event)
        waiting = session.scalars(queries.waiting(event)).all()
        assert [places[row.id] for row in waiting] == [queries.position(row) for row in waiting] == list(range(1, 56))


def test_one_form_sent_a_hundred_times_registers_once(site, server):
    event, person = site.event(SEATS), site.firms[0]
    answers = server.storm([join(event, person, key="one-and-the-same-key")] * 100)
    assert set(answers) == {answers[0]} and answers[0].status == 302
    assert len(site.registrations(event)) == 1
    assert len(site.mails(event, "registration.received")) == 1


def test_twenty_tabs_register_once_and_the_others_are_told_so(site, server):
    event, person = site.event(SEATS), site.firms[0]
    assert statuses(server.storm([join(event, person) for _ in range(20)])) == {302: 1, 409: 19}
    assert len(site.registrations(event)) == 1


def test_thirty_withdraw_while_five_hundred_join(site, server):
    event = site.event(SEATS)
    first, others = site.firms[:SEATS], site.firms[SEATS : SEATS + 500]
    ids = site.fill(event, first)
    posts = [join(event, person) for person in others]
    posts += [withdraw(event, person, key) for person, key in zip(first, ids, strict=True)]
    random.Random(7).shuffle(posts)
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], len(site.confirmed(event)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    answers = server.storm(posts)
    done.set()
    watcher.join()
    promoted = site.promotions(event)
    assert statuses(answers) == {302: 530}
    assert most[0] <= SEATS
    assert site.confirmed(event) == list(range(SEATS + 1, 2 * SEATS + 1))  # the thirty who came first
    assert promoted == sorted(set(promoted))  # each once, in the order in which they joined
    assert len(site.mails(event, "registration.promoted")) == len(promoted)


@pytest.mark.parametrize("seats", [20, 50])
def test_the_number_of_seats_changes_while_people_join(site, server, seats):
    event = site.event(SEATS)
    posts = [join(event, person) for person in site.firms[:150]]
    edit = Post(site.officer, f"/events/{event}/edit", {
        "title_vi": "Lớp tập huấn", "organiser": "department", "capacity": seats, "waiting_list": "y",
    })  # fmt: skip
    posts.insert(40, edit)
    assert statuses(server.storm(posts)) == {302: 151}
    rows = site.registrations(event)
    confirmed = site.confirmed(event)
    assert {state for _, _, state, _ in rows} == {"confirmed", "waiting"}  # nobody was put out
    assert confirmed == list(range(1, len(confirmed) + 1))
    assert len(confirmed) == 50 if seats == 50 else 20 <= len(confirmed) <= SEATS


def test_a_seat_that_is_given_by_hand_and_by_itself_is_given_once(site, server):
    for _ in range(6):
        event = site.event(1)
        holder, second, third = site.firms[:3]
        ids = site.fill(event, [holder, second, third])
        by_hand = f"/events/{event}/registrations/{ids[2]}/promote"
        server.storm([withdraw(event, holder, ids[0]), Post(site.officer, by_hand, {})])
        assert len(site.confirmed(event)) == 1
        assert len(site.promotions(event)) == len(site.mails(event, "registration.promoted")) == 1


def test_nobody_gets_in_before_registration_opens(site, server):
    event = site.event(1000, opens_in=timedelta(seconds=1.5))
    opens = clock.now() + timedelta(seconds=1.5)
    posts = [join(event, person) for person in site.firms[:400]]
    answers = server.storm(posts[:100])
    while clock.now() < opens + timedelta(seconds=0.5):
        answers += server.storm(posts[100:150])
    created = [row[3] for row in site.registrations(event)]
    assert min(created) >= opens - timedelta(seconds=0.1)
    assert {answer.status for answer in answers} == {302, 409}
