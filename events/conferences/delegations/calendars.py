"""The calendar of a member: its visits of the published programme, for phones to subscribe to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from core import audit
from core.db import session
from core.documents import ics
from core.i18n import _, force_locale, pick
from events.conferences.delegations import queries
from events.conferences.delegations.models import HostVisit, MemberCalendar
from events.enums import EventState
from events.models import Registration


def open_for(keys: Collection[int]) -> None:
    """Give each of these members a calendar address that it does not have yet. Run in a write block."""
    known = queries.calendars(keys)
    session.add_all(MemberCalendar(registration_id=key) for key in sorted(set(keys) - set(known)))
    session.flush()


def renew(registration: Registration, *, by: object, at: datetime) -> None:
    """A new address; who knows the old one reads nothing there any more."""
    known = queries.calendars([registration.id]).get(registration.id)
    if known is not None:
        session.delete(known)
        session.flush()
    session.add(MemberCalendar(registration_id=registration.id))
    session.flush()
    audit.record("delegation.calendar_renewed", registration, by=by, at=at)


def feed(registration: Registration, visits: Sequence[HostVisit], *, at: datetime) -> bytes:
    """The visits as appointments, in Vietnamese: members are organisations of Hanoi. Called off with the event."""
    event = registration.event
    with force_locale("vi"):
        title = pick(event, "title").text
        rows = [
            ics.Event(
                uid=f"visit-{visit.host_id}-{registration.id}@{event.id}.spcncl",
                start=visit.begins_at,
                end=visit.ends_at,
                title=_("Visit to %(name)s", name=pick(visit.host.organisation, "name").text),
                location=visit.host.address,
                description=f"{title}\n{_('Group %(number)d', number=visit.group_number)}",
                cancelled=event.state is EventState.CANCELLED or visit.called_off,
            )
            for visit in visits
        ]
        return ics.calendar(title, [*rows, *_talks(registration, visits, title)], at=at)


def _talks(registration: Registration, visits: Sequence[HostVisit], title: str) -> list[ics.Event]:
    """The member's own 1:1 meetings, entries beside the visits in which they are."""
    off = registration.event.state is EventState.CANCELLED
    return [
        ics.Event(
            uid=f"talk-{visit.host_id}-{registration.id}@{registration.event_id}.spcncl",
            start=v.talk_from,
            end=v.talk_until,
            title=_("1:1 meeting with %(name)s", name=pick(visit.host.organisation, "name").text),
            location=visit.host.address,
            description=f"{title}\n{_('Desk %(number)d', number=v.desk or 1)}",
            cancelled=off or visit.called_off,
        )
        for visit in visits
        for v in visit.visitors
        if v.registration_id == registration.id and v.talk_from is not None and v.talk_until is not None
    ]
