"""A whole conference in the middle of its day, of any size: wished, published, half of it held, and one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from benchmarks.crowd import conference as crowd
from benchmarks.crowd.organisations import workbook
from companies.models import Membership
from core import clock
from core.db import get, session, write
from events.conferences import agenda, queries, suggestions, timetable
from events.conferences.choosing import operations as choosing
from events.conferences.choosing import queries as candidate_queries
from events.conferences.choosing import ranking
from events.conferences.choosing.enums import CandidateState
from events.conferences.day.models import Arrival
from events.conferences.enums import Side, VersionState
from events.conferences.models import Conference, Meeting, Participant, Slot, TimetableVersion
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.models import MeetingReport

SLOTS = 16


@dataclass(frozen=True)
class Gathering:
    """What a reader needs to find his way about: ids, and who sits behind which participant."""

    conference: int
    version: int  # the published one
    officer: int
    firms: dict[int, int]  # participant -> user
    partners: dict[int, int]
    tables: list[int]  # the partners' own
    feeds: list[str]  # paths of the partners' calendars


def gather(firms: int, partners: int) -> Gathering:
    """Make it in the site's database, which has to be empty, by the functions that the pages call."""
    officer = crowd.officer()
    upload = crowd.upload(workbook(firms, partners), officer)
    crowd.apply(upload, crowd.preview(upload), officer)
    crowd.people()
    conference = crowd.set_up(SLOTS, officer)
    crowd.join(conference, officer)
    crowd.say_presence(conference, officer)
    suggestions.refresh(conference)
    crowd.wish(conference, officer)
    version = timetable.generate(conference, by=officer).id
    with write():
        timetable.publish(_row(TimetableVersion, version), by=officer, at=clock.now())
    _choose(conference, officer)
    _meet_before(conference, version, officer)
    with write():
        move_to(conference, clock.now())
        _arrive(conference)
        _report(conference, version)
    return _found(conference, version, officer)


def _choose(conference: int, officer: int) -> None:
    """The firms are ranked as candidates, and every second one is chosen."""
    ranking.rank(conference, by=officer)
    with write():
        found = session.scalars(candidate_queries.candidates(_row(Conference, conference))).unique().all()
        choosing.decide(found[::2], CandidateState.CHOSEN, "", by=officer, at=clock.now())


def _meet_before(conference: int, version: int, officer: int) -> None:
    """A year ago the same organisations had a conference: each firm met the partner after the one of today."""
    earlier = crowd.set_up(SLOTS, officer)
    crowd.join(earlier, officer)
    with write():
        now, then = _row(Conference, conference), _row(Conference, earlier)
        there = {(p.organisation_id, p.side): p.id for p in queries.all_participants(then)}
        people = {p.id: p for p in queries.all_participants(now)}
        partners = [key for (_organisation, side), key in there.items() if side is Side.PARTNER]
        after = dict(zip(partners, [*partners[1:], partners[0]], strict=True))
        old = TimetableVersion(
            conference_id=earlier, number=1, state=VersionState.PUBLISHED, made_at=clock.now(), quality={}, unmet=[]
        )
        session.add(old)
        session.flush()
        slots = dict(zip([s.id for s in now.slots], [s.id for s in then.slots], strict=True))
        rows = [
            {
                "version_id": old.id,
                "firm_id": there[people[m.firm_id].organisation_id, Side.FIRM],
                "partner_id": after[there[people[m.partner_id].organisation_id, Side.PARTNER]],
                "slot_id": slots[m.slot_id],
                "table_id": then.tables[0].id,
            }
            for m in agenda.meetings(_row(TimetableVersion, version))
        ]
        session.execute(insert(Meeting), rows)
        shift(then, -timedelta(days=365))


def move_to(conference_id: int, moment: datetime) -> None:
    """Move the conference so that the meeting in the middle of its day began five minutes before that moment."""
    conference = _row(Conference, conference_id)
    middle = conference.slots[len(conference.slots) // 2]
    shift(conference, moment - timedelta(minutes=5) - middle.begins_at)


def shift(conference: Conference, by: timedelta) -> None:
    """Move a conference with its meeting times, telling nobody."""
    event = conference.event
    event.begins_at, event.ends_at = event.begins_at + by, event.ends_at + by
    for slot in conference.slots:
        slot.begins_at, slot.ends_at = slot.begins_at + by, slot.ends_at + by
    session.flush()


def _arrive(conference: int) -> None:
    """Nine of ten came in."""
    at = clock.now()
    keys = session.scalars(select(Participant.id).where(Participant.conference_id == conference)).all()
    rows = [
        {"participant_id": key, "at": at, "sent_at": at, "key": f"arrival-{key:012d}"} for key in keys if key % 10
    ]
    session.execute(insert(Arrival), rows)


def _report(conference: int, version: int) -> None:
    """Of the meetings that have begun two firms of three and every second partner say what came of them."""
    at = clock.now()
    begun = session.execute(
        select(Meeting.firm_id, Meeting.partner_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.version_id == version, Slot.begins_at < at)
    ).all()
    rows = [
        {"conference_id": conference, "participant_id": who, "other_id": other, "at": at} | _said(n)
        for firm, partner in begun
        for who, other, n in ((firm, partner, firm % 3), (partner, firm, partner % 2 * 2))
        if n
    ]
    session.execute(insert(MeetingReport), rows)


def _said(number: int) -> dict[str, Any]:
    return {"held": True, "useful": number == 2, "label": Label.FOLLOW_UP if number == 2 else None}


def _found(conference: int, version: int, officer: int) -> Gathering:
    user = dict(iter(session.execute(select(Membership.organisation_id, Membership.user_id))))
    found = _row(Conference, conference)
    people = queries.all_participants(found)
    return Gathering(
        conference,
        version,
        officer,
        {p.id: user[p.organisation_id] for p in people if p.side is Side.FIRM},
        {p.id: user[p.organisation_id] for p in people if p.side is Side.PARTNER},
        [t.id for t in found.tables if t.owner_id is not None],
        [f"/calendar/{p.feed_key}.ics" for p in people if p.side is Side.PARTNER],
    )


def _row(model: Any, key: int) -> Any:
    found = get(model, key)
    assert found is not None
    return found
