"""What people are told by mail: plain functions that return a subject and a text in the language now in force.

`tell` and `tell_everybody` put them into the outbox, each in the language of the one who is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from accounts import notices
from accounts.models import User
from core.i18n import _, pick
from core.urls import in_letter
from events import queries
from events.enums import RegistrationState
from events.models import Event, Registration

Notice = Callable[[Registration], tuple[str, str]]


def received(registration: Registration) -> tuple[str, str]:
    """The registration is confirmed, or stands on the waiting list."""
    if registration.state is RegistrationState.WAITING:
        return (
            _("Waiting list: %(event)s", event=_title(registration.event)),
            _(
                "All seats of this event are taken. %(who)s is number %(position)d on the waiting list. "
                "We write at once when a seat becomes free.",
                who=_who(registration),
                position=queries.position(registration),
            ),
        )
    return (
        _("Registration confirmed: %(event)s", event=_title(registration.event)),
        _(
            "The registration of %(who)s is confirmed. Registration number: %(number)d.",
            who=_who(registration),
            number=registration.number,
        ),
    )


def promoted(registration: Registration) -> tuple[str, str]:
    """A seat became free for a registration that waited."""
    return (
        _("A seat is free for you: %(event)s", event=_title(registration.event)),
        _(
            "A seat has become free, and the registration of %(who)s is now confirmed. If you cannot come, please "
            "withdraw on the page of the event so that the next one can.",
            who=_who(registration),
        ),
    )


def invited(registration: Registration) -> tuple[str, str]:
    """The organiser invites an organisation."""
    return (
        _("Invitation: %(event)s", event=_title(registration.event)),
        _(
            "%(who)s is invited to this event. Please accept or decline the invitation on the page of the event. "
            "An accepted invitation takes a seat while seats last.",
            who=_who(registration),
        ),
    )


def withdrawn(registration: Registration) -> tuple[str, str]:
    """A registration was withdrawn."""
    return (
        _("Registration withdrawn: %(event)s", event=_title(registration.event)),
        _("The registration of %(who)s has been withdrawn. No seat is kept any more.", who=_who(registration)),
    )


def cancelled(registration: Registration) -> tuple[str, str]:
    """The event does not take place."""
    event = registration.event
    return (
        _("Cancelled: %(event)s", event=_title(event)),
        _(
            "The organiser has cancelled this event. Reason: %(reason)s",
            reason=pick(event, "cancelled_reason").text,
        ),
    )


def moved(before: str) -> Notice:
    """The event takes place at another time or place; `before` says when and where it was to be."""

    def notice(registration: Registration) -> tuple[str, str]:
        return (
            _("New time or place: %(event)s", event=_title(registration.event)),
            _(
                "The time or place of this event has changed. Before: %(before)s. Please see below what holds now. "
                "Your registration stays as it is; you can withdraw it on the page of the event.",
                before=before,
            ),
        )

    return notice


def when_and_where(event: Event) -> str:
    """Time and place on one line."""
    return "; ".join(part for part in (event.period, pick(event, "place").text, event.address) if part)


def tell(registration: Registration, kind: str, notice: Notice, *, at: datetime) -> None:
    """Tell who registered; where he was staff or has left, all who belong to the organisation."""
    for user in queries.people_of(registration):
        _send(user, registration, kind, notice, at, f"registration:{registration.id}:{kind}:{user.id}")


def tell_everybody(event: Event, kind: str, notice: Notice, *, at: datetime) -> int:
    """Tell everybody with a live registration, once each; return how many."""
    people = queries.pairs(queries.people_concerned(event))
    for user, registration in people:
        _send(user, registration, kind, notice, at, f"event:{event.id}:{kind}:{event.version}:{user.id}")
    return len(people)


def _send(user: User, registration: Registration, kind: str, notice: Notice, at: datetime, key: str) -> None:
    def words() -> tuple[str, Sequence[str]]:
        subject, paragraph = notice(registration)
        return subject, (paragraph, _facts(registration.event))

    notices.tell(user, kind, words, at=at, key=key)


def _facts(event: Event) -> str:
    place = ", ".join(p for p in (pick(event, "place").text, event.address) if p)
    lines = (
        _title(event),
        _("Time: %(period)s (Hanoi time)", period=event.period),
        _("Place: %(place)s", place=place) if place else "",
        _("Page of the event: %(url)s", url=in_letter("events.show", event_id=event.id)),
    )
    return "\n".join(filter(None, lines))


def _title(event: Event) -> str:
    return pick(event, "title").text


def _who(registration: Registration) -> str:
    if registration.organisation is None:
        return registration.user.name
    return pick(registration.organisation, "name").text
