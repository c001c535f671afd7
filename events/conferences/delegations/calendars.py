"""The calendars of members and hosts: visits of the published programme, for phones to subscribe to."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from companies.queries import language_of
from core import audit
from core.db import session
from core.documents import ics
from core.i18n import _, force_locale, pick
from events.conferences.delegations import queries
from events.conferences.delegations.models import HostVisit, MemberCalendar, VisitHost, Visitor
from events.enums import EventState
from events.models import Event, Registration


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


def open_for_hosts(hosts: Iterable[VisitHost]) -> None:
    """The same for hosts."""
    for host in hosts:
        host.calendar_key = host.calendar_key or secrets.token_urlsafe(32)
    session.flush()


def renew_of_host(host: VisitHost, *, by: object, at: datetime) -> None:
    """A new address of a host."""
    host.calendar_key = secrets.token_urlsafe(32)
    session.flush()
    audit.record("delegation.calendar_renewed", host, by=by, at=at)


def feed(registration: Registration, visits: Sequence[HostVisit], *, at: datetime) -> bytes:
    """The visits of a member, in Vietnamese: members are organisations of Hanoi. Called off with the event."""
    event = registration.event
    with force_locale("vi"):
        title = pick(event, "title").text
        rows = [
            _entry(
                event,
                visit,
                f"visit-{visit.host_id}-{registration.id}",
                _("Visit to %(name)s", name=pick(visit.host.organisation, "name").text),
                f"{title}\n{_('Group %(number)d', number=visit.group_number)}",
            )
            for visit in visits
        ]
        for visit in visits:
            rows += _talks(event, visit, pick(visit.host.organisation, "name").text, [registration.id])
        return ics.calendar(title, rows, at=at)


def feed_of_host(event: Event, host: VisitHost, visits: Sequence[HostVisit], *, at: datetime) -> bytes:
    """Who comes to a host when, and whom its people meet, in the host's language: abroad it is English."""
    with force_locale(language_of(host.organisation)):
        title, rows = pick(event, "title").text, []
        for visit in visits:
            coming = [f"{_name(v)} ({v.registration.seats})" for v in visit.coming]
            said = _("Reception: group %(number)d", number=visit.group_number)
            about = "\n".join([title, *coming])
            rows.append(_entry(event, visit, f"reception-{host.id}-{visit.group_number}", said, about))
            for v in visit.coming:
                rows += _talks(event, visit, _name(v), [v.registration_id])
        return ics.calendar(title, rows, at=at)


def _name(visitor: Visitor) -> str:
    return pick(visitor.registration.organisation, "name").text


def _entry(event: Event, visit: HostVisit, uid: str, title: str, about: str) -> ics.Event:
    return ics.Event(
        uid=f"{uid}@{event.id}.spcncl",
        start=visit.begins_at,
        end=visit.ends_at,
        title=title,
        location=visit.host.address,
        description=about,
        cancelled=event.state is EventState.CANCELLED or visit.called_off,
    )


def _talks(event: Event, visit: HostVisit, other: str, of: Collection[int]) -> list[ics.Event]:
    """The 1:1 meetings of these members in a visit, entries beside it; `other`: whom one meets."""
    return [
        ics.Event(
            uid=f"talk-{visit.host_id}-{v.registration_id}@{event.id}.spcncl",
            start=v.talk_from,
            end=v.talk_until,
            title=_("1:1 meeting with %(name)s", name=other),
            location=visit.host.address,
            description=f"{pick(event, 'title').text}\n{_('Desk %(number)d', number=v.desk or 1)}",
            cancelled=event.state is EventState.CANCELLED or visit.called_off,
        )
        for v in visit.visitors
        if v.registration_id in of and v.talk_from is not None and v.talk_until is not None
    ]
