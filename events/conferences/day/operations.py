"""Verbs of the day: checking in, troubles and taking them back, publishing the rest and telling whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core import audit, clock
from core.db import get, session
from core.errors import Conflict, Invalid
from core.i18n import _, force_locale, pick
from core.urls import in_letter
from events.conferences import agenda, confirming, overruns, timetable, wording
from events.conferences.comparing import CHANGE_LABELS, Change, concerned
from events.conferences.day import channels, queries, rules
from events.conferences.day.enums import Trouble
from events.conferences.day.models import Arrival, TroubleRow
from events.conferences.models import Conference, Confirmation, Participant, Table, TimetableVersion
from events.conferences.notices import people_of
from events.conferences.replanning import differences
from events.enums import LIVE


def check_in(
    participant: Participant,
    *,
    key: str,
    by: Any,
    at: datetime,
    happened_at: datetime | None = None,
    left: bool = False,
) -> Arrival:
    """Note that a participant came, or went. Sent again under the same key, it counts once.

    Raise Conflict for a registration that was withdrawn.
    """
    if (known := queries.by_key(key)) is not None:
        return known
    if participant.registration.state not in LIVE:
        raise Conflict(_("This registration was withdrawn."))
    row = Arrival(
        participant_id=participant.id,
        left=left,
        at=rules.true_time(happened_at, sent_at=at),
        sent_at=at,
        key=key,
        by_id=getattr(by, "id", None),
    )
    session.add(row)
    session.flush()
    audit.record("participant.left" if left else "participant.arrive", row, by=by, at=at, participant=participant.id)
    return row


# --- troubles --------------------------------------------------------------------------------------------------


def times_of(conference: Conference) -> list[rules.Time]:
    """The meeting times for the rules, in order."""
    slots = conference.slots
    return [
        rules.Time(s.id, s.begins_at, s.ends_at, s.begins_block or (n > 0 and s.day != slots[n - 1].day))
        for n, s in enumerate(slots)
    ]


def report(
    conference: Conference,
    kind: Trouble,
    *,
    participant: Participant | None = None,
    other: Participant | None = None,
    table: Table | None = None,
    until: int | None = None,
    by: Any,
    at: datetime,
) -> TroubleRow:
    """Report a trouble: the times that it takes away are taken at once, the plan follows when it is made anew."""
    row = TroubleRow(conference_id=conference.id, kind=kind, at=at, by_id=getattr(by, "id", None), undo={})
    if kind is Trouble.TABLE:
        if table is None:
            raise Invalid(_("Choose the table."), field="table")
        row.table, row.undo = table, {"table": _close(table, rules.times_lost(kind, times_of(conference), at=at))}
    elif kind is Trouble.MEETING:
        row.participant, row.other = _both(participant, other)
        answer = confirming.answer(
            row.participant, row.other, False, _("Cancelled on the day"), by=by, at=at, on_behalf=True
        )
        row.undo = {"confirmation": answer.id}
    elif kind is Trouble.OVERRUN:
        row.participant, row.other = _both(participant, other)
        _must_take_longer(row.participant, row.other, at=at)
    else:
        row.participant = _one(participant)
        lost = rules.times_lost(kind, times_of(conference), at=at, until=until)
        row.undo = {"away": {str(row.participant.id): _send_away(row.participant, lost)}}
    session.add(row)
    session.flush()
    audit.record("trouble.report", row, by=by, at=at, kind=kind.value)
    return row


def _one(participant: Participant | None) -> Participant:
    if participant is None:
        raise Invalid(_("Choose the participant."), field="participant")
    return participant


def _both(participant: Participant | None, other: Participant | None) -> tuple[Participant, Participant]:
    if participant is None or other is None or agenda.published_meeting(participant, other) is None:
        raise Invalid(_("Choose a meeting of the published timetable."), field="participant")
    return participant, other


def _must_take_longer(one: Participant, other: Participant, *, at: datetime) -> None:
    """Raise Conflict where the meeting of these two cannot take the time after its own."""
    meeting = agenda.published_meeting(one, other)
    assert meeting is not None
    more = overruns.of(one.conference).get(meeting.pair, 0)
    if not rules.may_take_longer(times_of(one.conference), own=meeting.slot_id, more=more, at=at):
        raise Conflict(
            _("Nothing has to be moved: this meeting has not begun, is over long since, or a break comes after it.")
        )


def _send_away(participant: Participant, lost: set[int]) -> list[int]:
    """Take times from a participant; return those that it had."""
    taken = sorted(lost - set(participant.away_slots))
    participant.away_slots = sorted({*participant.away_slots, *taken})
    return taken


def _close(table: Table, lost: set[int]) -> list[int]:
    taken = sorted(lost - set(table.closed_slots))
    table.closed_slots = sorted({*table.closed_slots, *taken})
    return taken


def take_back(trouble: TroubleRow, *, by: Any, at: datetime) -> None:
    """It was an error, or it is over: what the trouble took away is given back."""
    if trouble.undone_at is not None:
        raise Conflict(_("This was taken back already."))
    undo: Mapping[str, Any] = trouble.undo
    for key, slots in undo.get("away", {}).items():
        participant = get(Participant, int(key))
        if participant is not None:
            participant.away_slots = sorted(set(participant.away_slots) - set(slots))
    if trouble.table is not None:
        trouble.table.closed_slots = sorted(set(trouble.table.closed_slots) - set(undo.get("table", [])))
    if (answer := undo.get("confirmation")) and (row := get(Confirmation, answer)) is not None:
        session.delete(row)
    trouble.undone_at = at
    session.flush()
    audit.record("trouble.take_back", trouble, by=by, at=at)


# --- the rest planned anew -------------------------------------------------------------------------------------


def publish(version: TimetableVersion, *, unheld: Collection[tuple[int, int]] = (), by: Any, at: datetime) -> int:
    """Publish a re-planned draft; tell those affected, and nobody else, what changes for them. Return how many."""
    found = differences(version)
    timetable.publish(version, by=by, at=at, tell=False, unheld=unheld)
    return _tell(version, found, at=at)


def _tell(version: TimetableVersion, found: list[Change], *, at: datetime) -> int:
    affected = concerned(found)
    rows = people_of(affected)
    for participant, user in rows:
        with force_locale(user.language):
            mine = [change for change in found if participant.id in change.pair]
            title = str(pick(version.conference.event, "title"))
            lines = [
                _("Your meetings at “%(title)s” have changed:", title=title),
                *(f"- {sentence(change, participant.id)}" for change in mine),
                in_letter("schedule.show", conference_id=version.conference_id, participant_id=participant.id),
            ]
            subject = _("Changed today: %(title)s", title=title)
            key = f"day:{version.id}:{participant.id}:{user.id}"
            channels.tell(user, subject, "\n".join(lines), key=key, at=at)
    return len(rows)


def sentence(change: Change, reader: int) -> str:
    """What a change means to one of the two, in a line."""
    m = change.meeting
    other = m.partner if m.firm_id == reader else m.firm
    name, label = wording.name(other), str(CHANGE_LABELS[change.kind])
    if change.after is None:
        assert change.before is not None
        return _("%(when)s with %(name)s: %(change)s", when=when(change.before), name=name, change=label)
    return _(
        "%(when)s with %(name)s, table %(table)s: %(change)s",
        when=when(change.after),
        name=name,
        table=change.after.table.label,
        change=label,
    )


def when(meeting: Any) -> str:
    """The hour; with the day where the conference has several."""
    slot = meeting.slot
    several = len(slot.conference.event.days) > 1
    return wording.slot_name(slot) if several else f"{clock.local(slot.begins_at):%H:%M}"
