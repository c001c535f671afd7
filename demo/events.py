"""Loads the demo's events: the year's plan as drafts, and one published conference with its participants.

`data/events.yaml` states days as offsets from the day of loading, so that the demo is never out of date.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from accounts.models import User
from companies import queries as companies
from companies.enums import Kind
from companies.models import Organisation
from core import clock
from demo import preparing
from events import operations, queries
from events.conferences import operations as conferences
from events.conferences.enums import Side
from events.conferences.models import Conference
from events.conferences.operations import Presence, Setup
from events.conferences.rules import Session
from events.details import Details, Schedule
from events.enums import EventKind, Organiser
from events.models import Event

DATA = Path(__file__).with_name("data")
Facts = Mapping[str, Any]


def load(*, by: User, at: datetime) -> dict[str, Event]:
    """Make the events of the file that are not there yet, in the caller's write block; key -> event."""
    stated = yaml.safe_load((DATA / "events.yaml").read_text("utf-8"))
    made = {}
    for facts in stated["events"]:
        if queries.by_title(facts["title_vi"]) is None:
            made[facts["key"]] = _event({**stated["defaults"], **facts}, by=by, at=at)
    return made


def _event(facts: Facts, *, by: User, at: datetime) -> Event:
    last = facts["start_offset_days"] + facts["days"] - 1
    event = operations.create(
        EventKind(facts["kind"]),
        Details(
            title_vi=facts["title_vi"],
            title_en=facts["title_en"],
            summary_vi=facts["summary_vi"],
            summary_en=facts["summary_en"],
            organiser=Organiser(facts["organiser"]),
            registration_opens_at=_moment(at, facts["registration_opens_offset_days"], "08:00"),
            registration_closes_at=_moment(at, facts["registration_closes_offset_days"], "17:00"),
            capacity=facts["capacity"],
            open_to=tuple(facts["open_to"]),
            plan_code=facts["plan_code"],
        ),
        Schedule(
            begins_at=_moment(at, facts["start_offset_days"], facts["begins"]),
            ends_at=_moment(at, last, facts["ends"]),
            place_vi=facts["place_vi"],
            place_en=facts["place_en"],
        ),
        by=by,
        at=at,
    )
    if facts["state"] == "published":
        operations.publish(event, by=by, at=at)
    if "conference" in facts:
        _conference(event, facts["conference"], facts["days"], by=by, at=at)
    return event


def _conference(event: Event, facts: Facts, days: int, *, by: User, at: datetime) -> None:
    step = timedelta(minutes=facts["meeting_minutes"] + facts["change_minutes"])
    meeting = timedelta(minutes=facts["meeting_minutes"])
    begins = [[_on(event, day, text) for text in block] for day in range(days) for block in facts["slots_each_day"]]
    conference = conferences.set_up(
        event,
        Setup(
            partner_kinds=[Kind(kind) for kind in facts["partner_kinds"]],
            sessions=[Session(run[0], run[-1] + meeting) for block in begins for run in _runs(block, step)],
            meeting_minutes=facts["meeting_minutes"],
            change_minutes=facts["change_minutes"],
            firm_limits=(facts["firm_minimum"], facts["firm_maximum"]),
            partner_limits=(facts["partner_minimum"], facts["partner_maximum"]),
            free_tables=facts["tables"]["free"],
            wishes_close_at=_moment(at, facts["wishes_close_offset_days"], "17:00"),
            **_prepared(facts.get("prepared", {}), at),
        ),
        by=by,
        at=at,
    )
    if "participants" in facts:
        _participants(conference, facts["participants"], by=by, at=at)
        preparing.furnish(conference, by=by, at=at)


def _prepared(facts: Facts, at: datetime) -> dict[str, Any]:
    """The dates and the written criteria, of a conference that has them already."""
    dates = {name: _moment(at, days, hour) for name, (days, hour) in facts.get("dates", {}).items()}
    return {**dates, **{name: facts[name].strip() for name in ("criteria_vi", "criteria_en") if name in facts}}


def _participants(conference: Conference, facts: Facts, *, by: User, at: datetime) -> None:
    """All organisations of the demo that fit, each on its side."""
    partner_kinds = [Kind(kind) for kind in conference.partner_kinds]
    for key, organisation in demo_organisations():
        kind = next((k for k in partner_kinds if k in organisation.kinds), None)
        firm = Kind.FIRM in organisation.kinds and facts["sides"].get(key) != "partner"
        if not firm and kind is None:
            continue
        side = Side.FIRM if firm else Side.PARTNER
        participant = conferences.join(
            conference, organisation, side, kind or Kind.FIRM, by=by, at=at, on_behalf=True
        )
        if delegates := facts["delegates"].get(key):
            conferences.set_presence(participant, Presence(None, None, delegates, []), by=by, at=at)


def demo_organisations() -> Iterator[tuple[str, Organisation]]:
    """(tax code or foreign id, organisation) of the invented ones; the real winners of past years stay out."""
    with (DATA / "organisations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = (
                companies.by_tax_code(row["tax_code"])
                if row["tax_code"]
                else companies.by_foreign_id(row["country"], row["foreign_id"])
            )
            if found is not None:
                yield row["tax_code"] or row["foreign_id"], found


def _moment(at: datetime, days: int, text: str) -> datetime:
    """The instant of that hour in Hanoi, so many days after the day of `at`."""
    return datetime.combine(clock.local(at).date() + timedelta(days=days), time.fromisoformat(text), clock.HANOI)


def _on(event: Event, day: int, text: str) -> datetime:
    return datetime.combine(event.days[day], time.fromisoformat(text), clock.HANOI)


def _runs(begins: list[datetime], step: timedelta) -> Iterator[list[datetime]]:
    """The parts of a list of beginnings between which there is no break."""
    run: list[datetime] = []
    for begin in begins:
        if run and begin - run[-1] != step:
            yield run
            run = []
        run.append(begin)
    yield run
