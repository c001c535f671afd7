"""What of conferences needs an officer: answers that are missing shortly before their day, and timetables to make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import attention, dates
from core.access import Actor
from core.i18n import _, _l, ngettext
from events.attention import entry
from events.conferences import confirming
from events.conferences.models import Conference
from events.conferences.reminding import awaited
from events.conferences.rules import organise

BEFORE = timedelta(days=5)  # a date by which participants answer: time to telephone
PLANNED_BEFORE = timedelta(days=7)  # the day for which a timetable is promised
ANSWERED_WITHIN = timedelta(days=14)  # after a conference, who met should have said how it was
FILLED_BEFORE = timedelta(days=2)  # the conference: when freed times should have been offered on


def _entry(
    kind: str, conference: Conference, endpoint: str, number: int, due: datetime, detail: str
) -> attention.Entry:
    return entry(kind, conference.event, endpoint, detail, due=due, count=number, conference_id=conference.id)


@attention.register("conferences.invitations", _l("Invitations without an answer"), to=organise)
def invitations(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences whose registration closes soon, with invitations that nobody answered: one query."""
    for conference, number in awaited.invitations(at):
        closes_at = conference.event.closes_at
        if closes_at <= at + BEFORE:
            detail = ngettext(
                "%(num)d invitation is not answered; registration closes on %(day)s",
                "%(num)d invitations are not answered; registration closes on %(day)s",
                number,
                day=dates.day(closes_at),
            )
            yield _entry("conferences.invitations", conference, "choosing.index", number, closes_at, detail)


@attention.register("conferences.wishes", _l("Wishes of participants"), to=organise)
def wishes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences whose wishes close soon or have closed, with participants that said nothing: one query."""
    lines = awaited.silent(at).where(awaited.wishes_close <= at + BEFORE)
    for conference, number, _lines in awaited.by_conference(lines):
        closes_at = conference.wishes_close_at or conference.event.begins_at
        detail = ngettext(
            "%(num)d participant has said nothing of anybody; wishes are taken until %(day)s",
            "%(num)d participants have said nothing of anybody; wishes are taken until %(day)s",
            number,
            day=dates.day(closes_at),
        )
        yield _entry("conferences.wishes", conference, "reminding.index", number, closes_at, detail)


@attention.register("conferences.timetable", _l("Timetables to publish"), to=organise)
def timetables(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences whose timetable is promised for the coming days, and not published: one query."""
    for conference in awaited.without_timetable(at, ahead=PLANNED_BEFORE):
        due = conference.timetable_due_at or conference.event.begins_at - awaited.PROMISED_BEFORE
        detail = _("No timetable is published; it is due on %(day)s.", day=dates.day(due))
        yield _entry("conferences.timetable", conference, "conferences.show", 1, due, detail)


@attention.register("conferences.confirming", _l("Meetings to be confirmed"), to=organise)
def confirmations(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences whose meetings are to be confirmed within days, with participants that have not: one query."""
    lines = awaited.unconfirmed(at).where(awaited.confirm_until <= at + BEFORE)
    for conference, number, _lines in awaited.by_conference(lines):
        until = confirming.until(conference)
        detail = ngettext(
            "%(num)d participant has not confirmed its meetings; answers are taken until %(day)s",
            "%(num)d participants have not confirmed their meetings; answers are taken until %(day)s",
            number,
            day=dates.day(until),
        )
        yield _entry("conferences.confirming", conference, "reminding.index", number, until, detail)


@attention.register("conferences.declined", _l("Meetings that were declined"), to=organise)
def declined(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences to come with declined meetings on their timetable, whose times can be offered on: one query."""
    for conference, _participants, number in awaited.by_conference(awaited.declined(at)):
        detail = ngettext(
            "%(num)d meeting was declined; its time can be given to others",
            "%(num)d meetings were declined; their times can be given to others",
            number,
        )
        due = conference.event.begins_at - FILLED_BEFORE
        yield _entry("conferences.declined", conference, "conferences.show", number, due, detail)


@attention.register("conferences.outcomes", _l("What came of meetings"), to=organise)
def outcomes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences that are over, with participants that have not said how their meetings were: one query."""
    for conference, number, _lines in awaited.by_conference(awaited.unreported(at)):
        ends_at = conference.event.ends_at
        if ends_at <= at:
            detail = ngettext(
                "%(num)d participant has not said how its meetings were",
                "%(num)d participants have not said how their meetings were",
                number,
            )
            due = ends_at + ANSWERED_WITHIN
            yield _entry("conferences.outcomes", conference, "outcomes.overview", number, due, detail)
