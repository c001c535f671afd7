"""What conferences wait for from the reader's own organisations: an answer, wishes, a word on each meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import attention, clock
from core.access import Actor
from core.i18n import _, _l, ngettext, pick
from events import rules
from events.conferences import confirming
from events.conferences.models import Participant
from events.conferences.reminding import awaited

ANSWERED_WITHIN = timedelta(days=7)  # of a meeting, or of a question after months


def _entry(
    reader: Actor, kind: str, p: Participant, label: str, endpoint: str, due: datetime | None, number: int = 1
) -> attention.Entry:
    detail = pick(p.conference.event, "title").text
    if len(reader.ties["organisation"]) > 1:
        detail = f"{pick(p.organisation, 'name').text} · {detail}"
    return attention.Entry(
        f"{kind}:{p.id}",
        label,
        endpoint,
        {"conference_id": p.conference_id, "participant_id": p.id},
        number,
        due=clock.local(due).date() if due is not None else None,
        detail=detail,
    )


@attention.register("own.invitations", _l("Invitation"), to=rules.answers)
def invitations(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Invitations to events that the reader's organisations have not answered: one query."""
    for registration in awaited.invitations_to(reader, at=at):
        event = registration.event
        yield attention.Entry(
            f"own.invitations:{registration.id}",
            _("Answer the invitation: %(title)s", title=pick(event, "title").text),
            "events.show",
            {"event_id": event.id},
            due=clock.local(event.closes_at).date(),
        )


@attention.register("own.wishes", _l("Wishes"), to=rules.answers)
def wishes(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Conferences in which the reader's organisations may wish and have said nothing of anybody: one query."""
    lines = awaited.silent(at).where(awaited.wishes_close > at)
    for p, _lines in awaited.of_reader(lines, reader):
        closes_at = p.conference.wishes_close_at or p.conference.event.begins_at
        label = _("Say whom you would like to meet")
        yield _entry(reader, "own.wishes", p, label, "wishes.suggestions", closes_at)


@attention.register("own.confirming", _l("Timetable"), to=rules.answers)
def confirmations(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Published meetings that the reader's organisations have neither confirmed nor declined: one query."""
    for p, number in awaited.of_reader(awaited.unconfirmed(at), reader):
        label = ngettext("Confirm %(num)d meeting", "Confirm %(num)d meetings", number)
        until = confirming.until(p.conference)
        yield _entry(reader, "own.confirming", p, label, "schedule.show", until, number)


@attention.register("own.reports", _l("After the meetings"), to=rules.answers)
def reports(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Meetings that have begun, and of which the reader's organisations have said nothing: one query."""
    for p, number in awaited.of_reader(awaited.unreported(at), reader):
        label = ngettext("Say how %(num)d meeting was", "Say how %(num)d meetings were", number)
        due = p.conference.event.ends_at + ANSWERED_WITHIN
        yield _entry(reader, "own.reports", p, label, "outcomes.mine", due, number)


@attention.register("own.questions", _l("After months"), to=rules.answers)
def questions(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Questions after three and six months to which nothing was said since: one query."""
    for p, _lines in awaited.of_reader(awaited.asked_again(at), reader):
        yield _entry(reader, "own.questions", p, _("Say what came of your meetings"), "outcomes.mine", None)
