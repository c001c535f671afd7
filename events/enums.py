"""Kinds and states of events and registrations, with their labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class EventKind(StrEnum):
    """What an event is; fairs, classes and conferences have more to them in packages of their own."""

    FAIR = "fair"
    CLASS = "class"
    CONFERENCE = "conference"
    DELEGATION = "delegation"
    BRIEFING = "briefing"


class EventState(StrEnum):
    """Where an event stands. Only staff know of a draft."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    DONE = "done"


class Organiser(StrEnum):
    """Who holds the event."""

    DEPARTMENT = "department"
    PROMOTION_CENTRE = "promotion_centre"


class RegistrationState(StrEnum):
    """Where a registration stands. Only a confirmed one holds seats."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    INVITED = "invited"
    CANCELLED = "cancelled"
    DECLINED = "declined"


LIVE = (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.INVITED)

EVENT_KIND_LABELS = {
    EventKind.FAIR: _l("Trade fair"),
    EventKind.CLASS: _l("Class"),
    EventKind.CONFERENCE: _l("Business-matching conference"),
    EventKind.DELEGATION: _l("Trade delegation"),
    EventKind.BRIEFING: _l("Briefing"),
}
EVENT_STATE_LABELS = {
    EventState.DRAFT: _l("Draft"),
    EventState.PUBLISHED: _l("Published"),
    EventState.CANCELLED: _l("Cancelled"),
    EventState.DONE: _l("Over"),
}
ORGANISER_LABELS = {
    Organiser.DEPARTMENT: _l("Hanoi Department of Industry and Trade"),
    Organiser.PROMOTION_CENTRE: _l("Hanoi Promotion Centre for Investment, Trade and Tourism"),
}
REGISTRATION_STATE_LABELS = {
    RegistrationState.CONFIRMED: _l("Confirmed"),
    RegistrationState.WAITING: _l("On the waiting list"),
    RegistrationState.INVITED: _l("Invited"),
    RegistrationState.CANCELLED: _l("Withdrawn"),
    RegistrationState.DECLINED: _l("Invitation declined"),
}
