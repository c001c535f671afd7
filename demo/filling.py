"""What an empty demo is filled with, in order: organisations, events, one conference computed before one's eyes."""

from __future__ import annotations

import time
from typing import Any

from core import clock
from core.db import session, write
from demo import conference, delegation, past, people, personal_data, preparing, profiles
from demo import directory as demo_directory
from demo import events as demo_events
from demo import organisations as demo_organisations
from demo import portal as demo_portal
from events.conferences.browsing import ranking


def fill() -> None:
    """Everything, into an empty database, in an application context."""
    at = clock.now()
    with step("Accounts"), write():
        officer = people.make_staff(at=at).id
    with step("Organisations, products, needs and offers, by the import"), write():
        demo_organisations.load(by=people.by_id(officer), at=at)
    with step("People of organisations"), write():
        people.make_members(at=at)
        people.make_joiners(by=people.by_id(officer), at=at)
        personal_data.load(by=people.by_id(officer), at=at)
        demo_directory.load(by=people.by_id(officer), at=at)
    with step("Certificates, years and details of some firms"), write():
        profiles.load(by=people.by_id(officer), at=at)
    profiles.photograph(by=people.by_id(officer), at=at)
    with step("The year's events, and the participants of the demo conference"), write():
        demo_events.load(by=people.by_id(officer), at=at)
    session.rollback()
    with step("A conference of last season, and what its (invented) answers teach"):
        past.load(officer)
    with step("Introductions, what firms say of their situation, news"), write():
        demo_portal.load(by=people.by_id(officer), at=at)
    session.rollback()
    conference.compute(officer)
    with step("First answers to it; candidates for the next conference, a few of them decided"):
        preparing.answer(conference.shown().id, officer)
        preparing.choose(officer)
    session.rollback()
    with step("The firms ranked for every partner who browses"):
        ranking.rank_first(clock.now())
    with step("A delegation, its hosts and its programme of visits"):
        delegation.load(officer)


class step:
    """Prints what is being done and how long it took; a word, as it is used like one."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began = time.perf_counter()
        print(f"  {self.what} …", end="", flush=True)

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        print(f" {time.perf_counter() - self.began:.1f} s" if kind is None else " failed", flush=True)
